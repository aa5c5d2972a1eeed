from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaPipelineConfig(AppConfig):
    name = "media_pipeline"
    verbose_name = _("Media pipeline")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.content import register_block

        import_module("media_pipeline.checks")
        import_module("media_pipeline.tasks")
        import_module("media_pipeline.handlers").listen()
        import_module("media_pipeline.shell").register()
        import_module("media_pipeline.audit_words").register()
        register_block(import_module("media_pipeline.blocks").VideoBlock())
