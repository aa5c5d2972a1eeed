from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import tasks as tasks  # jobs register themselves
        from core.audit import own_words
        from core.keys.checks import check_keys
        from core.notify.kinds import check_subjects
        from core.rebuilding import register_rebuild
        from core.search.rebuilding import rebuild
        from core.ui import navigation

        checks.register(check_subjects)
        checks.register(check_keys, checks.Tags.security, deploy=True)
        navigation.register()
        own_words.register()
        register_rebuild("search", rebuild)
