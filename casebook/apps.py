from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasebookConfig(AppConfig):
    name = "casebook"
    verbose_name = _("Casebook")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casebook import audit_words, figures, handlers, notices, presenting
        from casebook.blocks import CaseBlock
        from casebook.services import indexing
        from consult_bridge.events import ConsentGiven, OpinionAmended, ReportSigned
        from core.content import register_block
        from core.outbox import subscribe
        from core.search import SearchKind, register_rebuilder, register_search_kind
        from media_pipeline.events import ReleaseClosedEvent, ReleaseOpened, ReleaseRefused
        from peer_review.events import ReviewersChanged, RoundDecided

        register_block(CaseBlock())
        presenting.register()
        audit_words.register()
        figures.register()
        notices.register()
        register_search_kind(SearchKind(indexing.KIND, _("Teaching cases"), icon="microscope", order=20))
        register_rebuilder(indexing.KIND, indexing.published_ids, indexing.entries)
        subscribe(ConsentGiven, handlers.on_consent_given, name="casebook.wake_proposals")
        subscribe(ReportSigned, handlers.on_report_signed, name="casebook.note_amendment")
        subscribe(OpinionAmended, handlers.on_opinion_amended, name="casebook.note_amended_opinion")
        subscribe(ReleaseOpened, handlers.on_release_changed, name="casebook.note_opened_release")
        subscribe(ReleaseRefused, handlers.on_release_changed, name="casebook.note_refused_release")
        subscribe(ReleaseClosedEvent, handlers.on_release_closed, name="casebook.withdraw_versions")
        subscribe(RoundDecided, handlers.on_round_decided, name="casebook.note_decision")
        subscribe(ReviewersChanged, handlers.on_reviewers_changed, name="casebook.note_reviewers")
