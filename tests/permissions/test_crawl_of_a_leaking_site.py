"""The crawl walks the real house with leaking doors beside its own, through real requests, and names each of them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from media_pipeline import api, cage, stores
from media_pipeline.imaging.rendering import Look, render_identified
from media_pipeline.models import IdentifiedInstance
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in
from tests.permissions.crawl import Answer, Secrets, crawl
from tests.permissions.leaking_site import FRAME, NAME

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.permissions.leaking_site")]

ECHO = Path(__file__).parent.parent / "data" / "dicom" / "us_cine" / "color3d_jpeg_baseline.dcm"
HOME = "http://testserver"
STARTS = ("/", "/home/", "/courses/", "/cases/", "/consults/", "/imaging/studies/", "/search/?q=超声", "/quiet/")


@pytest.fixture
def county(db):
    return make_organisation(make_organisation(kind="authority"))


@pytest.fixture
def secrets(county, run_jobs):
    """A stored study of the county, a frame of it as its doctor sees it, and a patient's name."""
    now = timezone.now()
    sender = make_actor(make_person(county, "requester"), now)
    api.store_instances(actor=sender, organisation_id=county.pk, source="form", files=[ECHO], now=now)
    run_jobs(now)
    kept = IdentifiedInstance.objects.get()
    found = Secrets(names=(NAME,))
    found.add_file(Path(stores.identified().path(kept.path)))
    found.add_picture(render_identified(kept, FRAME, Look()), f"frame {FRAME}")
    yield found
    cage.close_all()


@pytest.fixture(params=["visitor", "learner"])
def fetch(request, county):
    """Django's own client, as somebody who may see nothing of it; follows redirects as a browser does."""
    client = Client(raise_request_exception=False)
    if request.param == "learner":
        sign_in(client, make_person(county, "learner"))

    def get(url: str) -> Answer:
        parts = urlsplit(url)
        answer = client.get(parts.path + (f"?{parts.query}" if parts.query else ""), follow=True)
        final = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        media_type = answer.get("Content-Type", "").split(";")[0]
        return Answer(HOME + final.removeprefix(HOME), answer.status_code, media_type, answer.getvalue())

    return get


def starts(*more: str) -> list[str]:
    return [HOME + url for url in (*STARTS, *more)]


def test_each_leaking_door_is_named_by_what_it_leaks(fetch, secrets):
    # when the crawl finds a page of the house that names them
    leaks, failures = crawl(fetch, starts("/noticeboard/"), secrets)
    # then each of the five is named, and no other page
    kept = Path(IdentifiedInstance.objects.get().path).name
    said = {}
    for leak in leaks:
        said.setdefault(leak.url.removeprefix(HOME), set()).add(leak.what)
    assert said == {
        "/noticeboard/stored/": {f"file {kept}", f"part of {kept}"},
        "/noticeboard/frame/": {f"like frame {FRAME}"},
        "/noticeboard/page/": {f"name {NAME}"},
        "/noticeboard/data/": {f"name {NAME}"},
        "/noticeboard/document/": {f"name {NAME}"},
    }
    assert failures == []


def test_without_links_to_them_the_same_addresses_are_clean(fetch, secrets):
    assert crawl(fetch, starts(), secrets) == ([], [])
