"""The pictures of the seeded courses, among the site's own images. Where each comes from: README.md beside them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model

HERE = Path(__file__).resolve().parent


def picture(line: str, at: datetime) -> dict[str, Any]:
    """The value of an image block from `file | what it shows | caption`; the image is uploaded at `at`."""
    name, shows, caption = (part.strip() for part in line.split("|"))
    with (HERE / name).open("rb") as file:
        image = get_image_model()(title=caption[:255], description=shows[:255], file=ImageFile(file, name=name))
        image.save()
    type(image).objects.filter(pk=image.pk).update(created_at=at)
    return {"image": image.pk, "alt": shows, "caption": caption}
