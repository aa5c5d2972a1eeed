from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeerReviewConfig(AppConfig):
    name = "peer_review"
    verbose_name = _("Peer review")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from peer_review import audit_words, events, shell  # noqa: F401  (the event type must be known to the outbox)

        audit_words.register()
        shell.register()
