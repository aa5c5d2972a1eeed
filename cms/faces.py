"""The face of a course: the picture or drawing that its author chose for its card and the head of its page.

Without a choice the first picture of the course stands there, else the sign of its subject area.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from cms import pictures
from cms.drawings import COMPUTED, Drawing

LEAST = (640, 360)  # pixels: what the page of a course shows


def faults_of(image: Any) -> list[str]:
    """Why an image of the library cannot be a face, as sentences; none for a still one that is wide enough."""
    try:
        with image.open_file() as file, Image.open(file) as opened:
            is_moving, (width, height) = getattr(opened, "is_animated", False), ImageOps.exif_transpose(opened).size
    except (OSError, ValueError, Image.DecompressionBombError):
        return [_("The file of an image is missing. Choose the image again, or another one.")]
    if is_moving:
        return [_("The picture moves. A face is a still picture: choose another one.")]
    size = {"width": width, "height": height}
    if height > width:
        return [
            _(
                "The picture is higher than wide (%(width)s × %(height)s pixels). A face is wider than high: "
                "cut it to landscape format, or choose another one."
            )
            % size
        ]
    if width < LEAST[0] or height < LEAST[1]:
        return [
            _(
                "The picture is too small (%(width)s × %(height)s pixels). A face has at least 640 × 360 pixels: "
                "choose a larger one."
            )
            % size
        ]
    return []


def faults(*, drawing: str, image: Any, alt: str) -> dict[str, list[str]]:
    """What is wrong with a choice: field -> sentences."""
    if image is None:
        return {}
    found = {"face_image": faults_of(image)}
    if drawing:
        found["face"] = [_("Choose a drawing or a picture, not both.")]
    if not alt.strip():
        found["face_alt"] = [_("Say what the picture shows, for those who cannot see it.")]
    return {field: sentences for field, sentences in found.items() if sentences}


def freeze(page: Any) -> tuple[dict[str, Any], list[str]]:
    """The chosen face as it will stand in an edition, and what is wrong with it; ({}, []) without a choice.

    A drawing is {"drawn": its name}; a picture has "url", "width", "height" (pixels), "small" (the address of a copy
    for phones), "alt" in the language of the course and "alt_en", "" where the author gave none.
    """
    wrong = faults(drawing=page.face, image=page.face_image, alt=page.face_alt)
    if wrong:
        return {}, [sentence for sentences in wrong.values() for sentence in sentences]
    if page.face_image is None:
        return ({"drawn": page.face} if page.face in Drawing.values else {}), []
    try:
        shown, small = (pictures.kept(page.face_image, look) for look in (pictures.COVER, pictures.SMALL))
    except OSError:
        return {}, [_("The file of an image is missing. Choose the image again, or another one.")]
    words = {"alt": page.face_alt.strip(), "alt_en": page.face_alt_en.strip()}
    return shown | {"small": small["url"]} | words, []


def of_manifest(manifest: dict[str, Any]) -> dict[str, Any]:
    """The face that its author chose, else the first picture of the site's own in it, small; {} without any."""
    if chosen := manifest.get("face"):
        return chosen
    covers = (node["facts"].get("cover") for unit in manifest["units"] for node in unit["nodes"])
    return next((cover for cover in covers if cover), {})


def words_of(face: dict[str, Any]) -> str:
    """A chosen face as plain text; a picture also by the beginning of its digest, since two may be told alike."""
    if not face:
        return str(COMPUTED)
    if drawn := face.get("drawn"):
        return _("Drawing: %(name)s") % {"name": Drawing(drawn).label if drawn in Drawing.values else drawn}
    mark = face["url"].rpartition("/")[2][:8]
    return "\n".join(filter(None, [_("Picture %(mark)s") % {"mark": mark}, face["alt"], face["alt_en"]]))
