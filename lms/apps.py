from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = _("Learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.events import EditionOverlayChanged
        from core.outbox import subscribe
        from lms import audit_words, figures, handlers, shell

        subscribe(EditionOverlayChanged, handlers.on_overlay_changed, name="lms.regrade")
        shell.register()
        audit_words.register()
        figures.register()
