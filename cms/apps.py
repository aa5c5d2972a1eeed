from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Courses and library")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casebook.events import CaseVersionWithdrawn
        from cms import audit_words, editing_rights, handlers, references, reviewing, shell
        from cms.blocks import ImageBlock, KeyMessageBlock, TextBlock
        from core.content import register_block, register_reviewed
        from core.outbox import subscribe
        from media_pipeline.events import VideoWithdrawn
        from peer_review.api import register_subject
        from peer_review.events import ReviewersChanged, RoundDecided

        for block in (TextBlock(), KeyMessageBlock(), ImageBlock()):
            register_block(block)
        register_subject(
            kind="course",
            label=_("Course"),
            rubric="course",
            permission="course.review",
            render=reviewing.render_manifest,
            answerable_ids=reviewing.answerable_ids,
            staffable_ids=reviewing.staffable_ids,
            leads=reviewing.leads,
        )
        subscribe(RoundDecided, handlers.on_round_decided, name="cms.apply_decision")
        subscribe(ReviewersChanged, handlers.on_reviewers_changed, name="cms.note_reviewers")
        subscribe(CaseVersionWithdrawn, handlers.on_case_withdrawn, name="cms.void_case")
        subscribe(VideoWithdrawn, handlers.on_video_withdrawn, name="cms.void_video")
        register_reviewed(references.published)
        shell.register()
        audit_words.register()
        editing_rights.register()
