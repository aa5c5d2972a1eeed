"""The blocks that cms itself owns: text, a key message, an image of the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from cms import pictures
from cms.richtext import clean, from_plain, is_plain, to_plain
from core.actor import Actor
from core.content import ContentBlock, FrozenNode, NotReady, Offer

FEATURES = ["bold", "italic", "ol", "ul", "link", "superscript", "subscript"]


class TextForm(forms.Form):
    """Heading and text; text as plain paragraphs, lists by "- "."""

    heading = forms.CharField(label=_("Heading"), max_length=120, required=False)
    text = forms.CharField(
        label=pgettext_lazy("course block", "Text"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("A blank line begins a paragraph, “- ” a list item, **two stars** make bold."),
    )

    def __init__(self, *args: Any, stored: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored

    def rich_text(self) -> str:
        """What is to be stored, of a valid form."""
        return from_plain(self.cleaned_data["text"])


class FormattedTextForm(TextForm):
    """A text that holds more than the plain form can show: it stays as it is here."""

    text = forms.CharField(
        label=pgettext_lazy("course block", "Text"),
        disabled=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("This text has links or other formatting. Change it in the full editor."),
    )

    def rich_text(self) -> str:
        """The stored text: what the disabled field shows of it has lost its formatting."""
        return self.stored


class TextBlock(ContentBlock):
    """A heading and rich text, frozen as HTML."""

    kind: ClassVar[str] = "text"
    label = pgettext_lazy("course block", "Text")
    icon = "text"
    template = "cms/blocks/text.html"

    def editor(self, offer: Offer | None = None) -> blocks.Block:
        return blocks.StructBlock(
            [
                ("heading", blocks.CharBlock(label=_("Heading"), required=False, max_length=120)),
                ("text", blocks.RichTextBlock(label=pgettext_lazy("course block", "Text"), features=FEATURES)),
            ],
            label=self.label,
        )

    def plain_form(self, *, actor: Actor, now: datetime, data: Any = None, initial: Any = None) -> forms.Form:
        held = initial or {}
        shown = {"heading": held.get("heading", ""), "text": to_plain(held.get("text", ""))}
        form_class = TextForm if is_plain(held.get("text", "")) else FormattedTextForm
        return form_class(data, initial=shown, stored=held.get("text", ""))

    def raw_value(self, form: forms.Form) -> dict[str, Any]:
        return {"heading": form.cleaned_data["heading"], "text": form.rich_text()}  # type: ignore[attr-defined]

    def freeze(self, raw: Mapping[str, Any], *, key: str, now: datetime) -> FrozenNode:
        text = clean(raw.get("text", ""))
        if not to_plain(text):
            raise NotReady(_("A text block is empty."))
        heading = raw.get("heading", "")
        return FrozenNode(
            key=key,
            kind=self.kind,
            html=render_to_string(self.template, {"heading": heading, "text": text}),
            text=f"{heading}\n{to_plain(text)}".strip(),
        )

    def describe(self, node: FrozenNode, *, now: datetime) -> str:
        return node.text.split("\n")[0][:60]


class KeyMessageBlock(TextBlock):
    """What to remember or what never to do, set apart from the text."""

    kind = "key_message"
    label = _("Key message")
    icon = "circle-alert"
    template = "cms/blocks/key_message.html"


class ImageForm(forms.Form):
    image: Any = forms.ModelChoiceField(label=_("Picture"), queryset=None)
    alt = forms.CharField(label=_("What the picture shows"), max_length=300)
    caption = forms.CharField(label=_("Caption"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["image"].queryset = get_image_model().objects.order_by("-created_at")[:200]  # type: ignore[attr-defined]


class ImageBlock(ContentBlock):
    """A drawing or photograph of the site's own images. Never an image that came from a case: those are CaseBlocks.

    The first one of a course stands on its card and its landing page, also for visitors.
    """

    kind = "image"
    label = _("Picture")
    icon = "image"

    def editor(self, offer: Offer | None = None) -> blocks.Block:
        return blocks.StructBlock(
            [
                ("image", ImageChooserBlock(label=_("Picture"))),
                ("alt", blocks.CharBlock(label=_("What the picture shows"), max_length=300)),
                ("caption", blocks.CharBlock(label=_("Caption"), required=False, max_length=300)),
            ],
            label=self.label,
        )

    def plain_form(self, *, actor: Actor, now: datetime, data: Any = None, initial: Any = None) -> forms.Form:
        return ImageForm(data, initial=initial)

    def raw_value(self, form: forms.Form) -> dict[str, Any]:
        cleaned = form.cleaned_data
        return {"image": cleaned["image"].pk, "alt": cleaned["alt"], "caption": cleaned["caption"]}

    def freeze(self, raw: Mapping[str, Any], *, key: str, now: datetime) -> FrozenNode:
        image = get_image_model().objects.filter(pk=raw.get("image")).first()
        if image is None:
            raise NotReady(_("An image block has no image."))
        if not raw.get("alt"):
            raise NotReady(_("An image has no description for those who cannot see it."))
        try:
            shown, cover, small = (
                pictures.kept(image, look) for look in (pictures.WIDE, pictures.COVER, pictures.SMALL)
            )
        except OSError:  # SourceImageIOError of Wagtail is one
            raise NotReady(_("The file of an image is missing. Choose the image again, or another one.")) from None
        context = {"shown": shown, "alt": raw["alt"], "caption": raw.get("caption", "")}
        return FrozenNode(
            key=key,
            kind=self.kind,
            html=render_to_string("cms/blocks/image.html", context),
            text=f"{raw['alt']}\n{raw.get('caption', '')}".strip(),
            facts={"cover": cover | {"small": small["url"], "alt": raw["alt"]}},
        )
