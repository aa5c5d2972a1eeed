"""Pictures of an edition: copies of their own, so that nobody changes or takes away what was reviewed."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import crypto

WIDE = "width-960|format-webp"  # Wagtail's words for a picture within a unit, in pixels
COVER = "fill-640x360|format-webp"  # the same for a card and a landing page, around the focal point
SMALL = "fill-400x225|format-webp|webpquality-70"  # the same for the card on a phone
FOLDER = "editions"
NAME = re.compile(rf"/{FOLDER}/([0-9A-Za-z_-]+\.webp)")


def kept(image: Any, look: str) -> dict[str, Any]:
    """A copy of a Wagtail image as it is now, named by its content: {"url", "width", "height"} (pixels).

    The library's own file may be replaced or deleted later; the copy stays. The same picture is kept once.
    """
    rendition = image.get_rendition(look)
    with rendition.file.open("rb") as file:
        content = file.read()
    name = f"{FOLDER}/{crypto.digest(content).rpartition(':')[2]}.webp"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(content))
    return {"url": default_storage.url(name), "width": rendition.width, "height": rendition.height}


def names_in(manifest: dict[str, Any]) -> list[str]:
    """The kept copies that a manifest shows, each once: names within FOLDER."""
    return sorted(set(NAME.findall(json.dumps(manifest))))
