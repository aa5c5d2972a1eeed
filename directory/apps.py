from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Directory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import Tags, register

        from core.notify import register_address_book
        from core.ui.figures import register_areas
        from core.ui.registry import register_scopes
        from directory import areas, audit_words, shell, tasks  # noqa: F401 (its jobs are registered by the import)
        from directory.selectors import address_of
        from directory.services.demo_guard import check_demo_people
        from directory.web import sign_in_trail
        from directory.web.scope_choices import scope_choices

        register(check_demo_people, Tags.database)
        register_address_book(address_of)
        register_scopes(scope_choices)
        register_areas(areas.areas_of)
        sign_in_trail.connect()
        shell.register()
        audit_words.register()
