"""The house with doors that it must never have: each hands out something identified to whoever asks.

Addresses of `test_crawl_of_a_leaking_site.py` alone. `/noticeboard/` names the leaking doors, `/quiet/` names none.
"""

from __future__ import annotations

import io
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from PIL import Image

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as house
from consult_bridge.seed.names import CANARY_NAMES
from core import documents
from media_pipeline import stores
from media_pipeline.imaging.rendering import Look, render_identified
from media_pipeline.models import IdentifiedInstance

__all__ = ["FRAME", "NAME", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]

NAME = CANARY_NAMES[0]
FRAME = 60
TEMPLATE = Path(__file__).with_name("leak.typ")


def noticeboard(request: HttpRequest) -> HttpResponse:
    """Every way in which a page names an address: a link, a picture, a fragment that a script fetches."""
    return HttpResponse(
        '<a href="stored/">File</a><img src="frame/" alt=""><a href="page/">People</a>'
        '<div hx-get="/noticeboard/data/"></div><object data="document/"></object>'
    )


def quiet(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<a href="/courses/">Courses</a>')


def stored(request: HttpRequest) -> HttpResponse:
    """The file of the identified store, as it is kept."""
    with stores.identified().open(IdentifiedInstance.objects.get().path) as kept:
        return HttpResponse(kept.read(), content_type="application/dicom")


def frame(request: HttpRequest) -> HttpResponse:
    """A rendered identified frame, scaled and encoded anew: no byte and no pixel is as it is kept."""
    picture, out = render_identified(IdentifiedInstance.objects.get(), FRAME, Look()), io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.resize((image.width // 2, image.height // 2)).save(out, "JPEG", quality=70)
    return HttpResponse(out.getvalue(), content_type="image/jpeg")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<ul><li>{NAME}</li></ul>")


def data(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"people": [{"name": NAME}]})


def document(request: HttpRequest) -> HttpResponse:
    pdf = documents.render(TEMPLATE, data={"name": NAME}, now=timezone.now())
    return HttpResponse(pdf, content_type="application/pdf")


urlpatterns = [
    path("noticeboard/", noticeboard),
    path("noticeboard/stored/", stored),
    path("noticeboard/frame/", frame),
    path("noticeboard/page/", page),
    path("noticeboard/data/", data),
    path("noticeboard/document/", document),
    path("quiet/", quiet),
    *house,
]
