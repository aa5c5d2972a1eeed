"""The form behind a course's landing page in Wagtail's editor: its face is picked from pictures, not from names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from cms import faces
from cms.drawings import COMPUTED, COMPUTED_HINT


class FaceSelect(forms.RadioSelect):
    """Each drawing as it will stand on the card; its words are for who cannot see it. The first choice is none."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices = [(drawn, label) for drawn, label in self.choices if drawn]
        shown = {"name": name, "value": value or "", "choices": choices, "id": (attrs or {}).get("id", f"id_{name}")}
        words = {"group": _("drawing"), "computed": COMPUTED, "computed_hint": COMPUTED_HINT}
        return render_to_string("cms/admin/faces.html", shown | words)


class FaceForm(WagtailAdminPageForm):
    """A picture must be one that this person may choose, still, wide enough, and told in words."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        image = cleaned.get("face_image")
        if "face_image" in self.changed_data and image is not None and not self._may_choose(image):
            self.add_error("face_image", _("You may not put this into a course."))
            return cleaned
        texts = {"drawing": cleaned.get("face", ""), "alt": cleaned.get("face_alt", "")}
        for field, sentences in faces.faults(image=image, **texts).items():
            self.add_error(field, sentences)
        return cleaned

    def _may_choose(self, image: Any) -> bool:
        policy = policy_registry.get_by_type(get_image_model())
        allowed = policy.instances_user_has_any_permission_for(self.for_user, ["choose"])
        return bool(allowed.filter(pk=image.pk).exists())
