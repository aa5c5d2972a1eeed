"""One table of routes for both archives; only the identified one stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter
from django.views.decorators.csrf import csrf_exempt

from media_pipeline.rest import qido, stow, wado
from media_pipeline.rest.sides import IDENTIFIED, TEACHING, Side


class UidConverter:
    regex = r"[0-9.]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(UidConverter, "uid")

_study = "studies/<uid:study_uid>"
_series = _study + "/series/<uid:series_uid>"
_instance = _series + "/instances/<uid:sop_uid>"
_frames = _instance + "/frames/<str:numbers>"

RETRIEVE: tuple[tuple[str, Callable[..., Any], str], ...] = (
    (_study, wado.study, "study"),
    (_study + "/metadata", wado.metadata, "study_metadata"),
    (_study + "/thumbnail", wado.thumbnail, "study_thumbnail"),
    (_study + "/series", qido.series, "search_series"),
    (_study + "/instances", qido.instances, "search_study_instances"),
    (_series, wado.series, "series"),
    (_series + "/metadata", wado.metadata, "series_metadata"),
    (_series + "/thumbnail", wado.thumbnail, "series_thumbnail"),
    (_series + "/instances", qido.instances, "search_instances"),
    (_instance, wado.instance, "instance"),
    (_instance + "/metadata", wado.metadata, "instance_metadata"),
    (_instance + "/thumbnail", wado.thumbnail, "instance_thumbnail"),
    (_instance + "/rendered", wado.rendered, "instance_rendered"),
    (_frames, wado.frames, "frames"),
    (_frames + "/rendered", wado.rendered, "frames_rendered"),
)


@csrf_exempt
def studies(request: HttpRequest) -> HttpResponseBase:
    """GET searches, POST stores."""
    return stow.store(request) if request.method == "POST" else qido.studies(request, IDENTIFIED)


@csrf_exempt
def study(request: HttpRequest, study_uid: str) -> HttpResponseBase:
    """GET retrieves, POST stores."""
    return stow.store(request, study_uid) if request.method == "POST" else wado.study(request, IDENTIFIED, study_uid)


def _routes(prefix: str, side: Side, name: str) -> list[URLPattern]:
    return [path(f"{prefix}/{route}", view, {"side": side}, f"{name}_{part}") for route, view, part in RETRIEVE]


urlpatterns = [
    path("dicomweb/studies", studies, name="dicomweb_studies"),
    path("dicomweb/" + _study, study, name="dicomweb_study_or_store"),
    *_routes("dicomweb", IDENTIFIED, "dicomweb"),
    path("teaching/dicomweb/studies", qido.studies, {"side": TEACHING}, "teaching_dicomweb_studies"),
    *_routes("teaching/dicomweb", TEACHING, "teaching_dicomweb"),
]
