from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Assessment")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessment import audit_words
        from assessment.blocks import QuizBlock
        from core.content import register_block
        from core.ui.registry import NavigationItem, register_navigation

        audit_words.register()
        register_block(QuizBlock())
        register_navigation(
            NavigationItem(
                "questions", _("Question bank"), "assessment:questions", "list-checks", 57, permission="question.edit"
            )
        )
