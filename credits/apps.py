from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditsConfig(AppConfig):
    name = "credits"
    verbose_name = _("Credits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.api import register_remark
        from cms.events import EditionPublished
        from core.outbox import subscribe
        from credits import audit_words, figures, handlers, shell
        from credits import tasks as tasks  # registers its jobs
        from credits.services.activities import remark_on_length
        from lms.events import CompletionRecorded

        subscribe(CompletionRecorded, handlers.on_completion, name="credits.enter")
        subscribe(EditionPublished, handlers.on_edition, name="credits.announce")
        register_remark("credits.length", remark_on_length)
        shell.register()
        audit_words.register()
        figures.register()
