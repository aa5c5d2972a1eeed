"""The composition root as an app: it makes the Celery application the current one wherever Django is loaded."""

from django.apps import AppConfig


class CompositionConfig(AppConfig):
    name = "config"
    label = "composition"

    def ready(self) -> None:
        """Tasks of every process, web included, go to our broker. Not in `config/__init__.py`: set-up imports that
        before Celery is installed."""
        from config import (
            celery,  # noqa: F401  (its import creates the application)
            operations,
            starting,
        )

        starting.refuse_without_sms_driver()
        operations.register()
