"""Wagtail's log of the site's pictures, that tells the house's trail as well."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry
from wagtail.models.audit_log import ModelLogEntryManager


class PictureLogManager(ModelLogEntryManager):
    def log_action(self, instance: Any, action: str, **kwargs: Any) -> Any:
        """As Wagtail writes its line; a line of a person is also recorded in the audit trail."""
        from cms.services.pictures import note_picture

        entry = super().log_action(instance, action, **kwargs)
        if entry.user_id is not None:
            note_picture(picture_id=instance.pk, action=action, person_id=entry.user_id, now=entry.timestamp)
        return entry


class PictureLogEntry(ModelLogEntry):
    """Registered for images in Wagtail's log registry (`register_log_actions`); the rows are Wagtail's own."""

    objects = PictureLogManager()

    class Meta:
        proxy = True
        verbose_name = _("log of the site’s pictures")
