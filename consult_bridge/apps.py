from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultBridgeConfig(AppConfig):
    name = "consult_bridge"
    verbose_name = _("Consult bridge")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from consult_bridge import audit_words, figures, handlers, notices, shell
        from consult_bridge import tasks as tasks  # registers its jobs

        handlers.listen()
        notices.register()
        shell.register()
        audit_words.register()
        figures.register()
