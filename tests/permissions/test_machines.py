"""Machines at the DICOMweb door: keys of county A and of county B, expired, revoked, made up; and websockets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config.routing import websocket_urlpatterns
from core.actor import SYSTEM
from directory.models import AccessToken
from directory.services.tokens import create_token, revoke_token
from media_pipeline.models import IdentifiedStudy
from tests.factories.consults import make_bridge
from tests.factories.people import make_actor, make_person
from tests.permissions.asking import BODY, CONTENT_TYPE
from tests.permissions.objects.consults import PATIENT, dicomweb_ids, stow_form
from tests.permissions.ways import address, existing

pytestmark = pytest.mark.django_db
STUDIES = "/dicomweb/studies"
#: Addresses of websockets that are routed, and the permission each asks for. There is none yet.
WEBSOCKETS: dict[str, str] = {}


@pytest.fixture
def bridge(db):
    return make_bridge()


def key_of(organisation, *scopes, role="requester", **fields):
    """A machine key of somebody of `organisation`; returns its row and a client that uses it."""
    person = make_person(organisation, role)
    row, secret = create_token(
        actor=SYSTEM, person=person, scopes=scopes or ["dicomweb"], label="影像", now=timezone.now()
    )
    if fields:
        AccessToken.objects.filter(pk=row.pk).update(**fields)
    return row, Client(headers={"authorization": f"Bearer {secret}", "accept": "application/json"})


def stow(client, name):
    form = stow_form(name)
    return client.post(STUDIES, form[BODY], content_type=form[CONTENT_TYPE])


def test_a_key_stores_and_reads_for_its_own_organisation_only(bridge):
    _row, own = key_of(bridge.hospital)
    _row, sibling = key_of(bridge.sibling)
    assert stow(own, "machine").status_code == 200
    study = IdentifiedStudy.unscoped.get()
    assert (study.organisation_id, study.patient_id) == (bridge.hospital.pk, PATIENT)

    assert len(own.get(STUDIES).json()) == 1
    assert sibling.get(STUDIES).json() == []
    patterns = existing()
    for name, ids in dicomweb_ids(study, "dicomweb").items():
        url, nothing = (address(f"media_pipeline:{name}", patterns[f"media_pipeline:{name}"], i) for i in (ids, {}))
        assert own.get(url).status_code == 200, name
        foreign, missing = sibling.get(url), sibling.get(nothing)
        assert (foreign.status_code, missing.status_code) == (404, 404), name
        assert foreign.content.decode().replace(url, "") == missing.content.decode().replace(nothing, ""), name

    assert stow(sibling, "machine").status_code == 200
    assert list(IdentifiedStudy.unscoped.order_by("created_at").values_list("organisation_id", flat=True)) == [
        bridge.hospital.pk,
        bridge.sibling.pk,
    ]
    assert len(own.get(STUDIES).json()) == len(sibling.get(STUDIES).json()) == 1


def test_a_key_that_does_not_count_opens_nothing(bridge):
    long_ago = timezone.now() - timedelta(days=400)
    revoked_row, revoked = key_of(bridge.hospital)
    revoke_token(
        actor=make_actor(make_person(bridge.hospital, "security_admin")), token_id=revoked_row.pk, now=timezone.now()
    )
    _row, expired = key_of(bridge.hospital, created_at=long_ago, expires_at=long_ago + timedelta(days=1))
    strangers = {"revoked": revoked, "expired": expired, "none": Client(headers={"accept": "application/json"})}
    strangers["made up"] = Client(headers={"authorization": "Bearer xlt_made_up", "accept": "application/json"})
    for what, client in strangers.items():
        assert client.get(STUDIES).status_code == 401, what
        assert stow(client, "refused").status_code == 401, what
    _row, learner = key_of(bridge.hospital, role="author")
    assert (learner.get(STUDIES).status_code, stow(learner, "refused").status_code) == (403, 403)
    assert IdentifiedStudy.unscoped.count() == 0


def test_each_websocket_address_is_listed():
    routed = {str(pattern.pattern) for pattern in websocket_urlpatterns}
    assert routed == WEBSOCKETS.keys(), "list it in WEBSOCKETS, and test it as each role, own and foreign"
