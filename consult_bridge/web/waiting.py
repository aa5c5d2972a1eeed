"""What a consult's page waits for: images that are read, a PDF that is made. Each line asks for itself again by
`?fragment=` (the page's script), so that what is typed beside it stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult_bridge.models import Consult, Opinion
from consult_bridge.selectors.documents import documents_being_made, documents_given_up
from consult_bridge.selectors.drafts import files_being_read
from consult_bridge.selectors.opinions import opinion_versions
from consult_bridge.selectors.versions import Versions
from consult_bridge.states import OPEN
from core.ui.access import actor_of


@dataclass(frozen=True, slots=True)
class NoImages:
    """Why this person sees no image of the consult."""

    sentence: str
    is_being_read: bool = False


def why_no_images(consult: Consult, *, has_studies: bool) -> NoImages:
    if has_studies and consult.state in OPEN:
        return NoImages(_("Triage sees no images: they are open to the doctors who ask, write and check."))
    if has_studies:
        return NoImages(
            _("The images of this consult are not shared with you. They are shared while a consult is open.")
        )
    number = files_being_read(consult) if consult.state in OPEN else 0
    if number:
        words = ngettext(
            "%(n)d image file is being read. It need not be sent again.",
            "%(n)d image files are being read. They need not be sent again.",
            number,
        )
        return NoImages(words % {"n": number}, is_being_read=True)
    return NoImages(_("No images belong to this consult."))


def opinion_context(versions: Versions[Opinion]) -> dict[str, Any]:
    """The opinion with its versions, and which PDF of it is there, is being made, or could not be made."""
    in_force = versions.in_force
    return {
        "opinion": versions.current,
        "in_force": in_force,
        "earlier_opinions": versions.earlier,
        "has_document": in_force is not None and hasattr(in_force, "document"),
        "given_up": documents_given_up([in_force] if in_force else []),
        "is_being_made": bool(documents_being_made([in_force] if in_force else [])),
    }


def fragment(request: HttpRequest, consult: Consult) -> HttpResponse:
    """The line that asked, as it is now."""
    if request.GET.get("fragment") == "opinion-pdf":
        shown = opinion_context(opinion_versions(actor_of(request), consult))
        return render(request, "consult_bridge/parts/opinion_file.html", {"consult": consult, **shown})
    number = files_being_read(consult)
    why = why_no_images(consult, has_studies=False)
    return render(
        request, "consult_bridge/parts/no_images.html", {"consult": consult, "why": why, "was_read": not number}
    )
