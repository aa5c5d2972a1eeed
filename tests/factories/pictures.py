"""Images as somebody uploads them to the site's library."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(file, "PNG")
    return file.getvalue()


def upload(colour: str) -> Any:
    image = get_image_model()(title="心尖四腔", file=ImageFile(io.BytesIO(png(colour)), name="apex.png"))
    image.save()
    return image
