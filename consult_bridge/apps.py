from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultBridgeConfig(AppConfig):
    name = "consult_bridge"
    verbose_name = _("Consult bridge")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from consult_bridge import figures, handlers, notices, shell, tasks  # noqa: F401 (tasks registers its jobs)

        handlers.listen()
        notices.register()
        shell.register()
        figures.register()
