"""Machine keys on a person's page: made and shown once by the security administrator, listed, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry
from core.ids import uuid7
from core.notify.models import Notification
from directory.models import AccessToken
from directory.services.tokens import TokenRefused, bearer_of
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_organisation(code="H1")


@pytest.fixture
def doctor(hospital):
    return make_person(hospital, "requester", username="doctor")


@pytest.fixture
def security(hospital):
    return sign_in(Client(), make_person(hospital, "security_admin", language="en"))


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def make(client, person, **changes):
    form = {"form_key": uuid7(), "label": "CT 1", "scopes": ["dicomweb"], "organisation_code": "H1"}
    return client.post(f"/directory/people/{person.pk}/keys/add/", form | {"last_day": day(30)} | changes)


def test_a_key_is_made_shown_once_works_and_is_revoked(security, doctor, hospital):
    # When the security administrator makes a key
    key = uuid7()
    made = make(security, doctor, form_key=key)
    # Then it stands in this answer, which nobody keeps, and works
    secret = made.context["secret"]
    assert (made.status_code, secret in made.content.decode()) == (200, True)
    assert "no-store" in made["Cache-Control"]
    bearer = bearer_of(f"Bearer {secret}", scope="dicomweb", now=timezone.now())
    assert (bearer.actor.person_id, bearer.organisation_id, bearer.token_id) == (doctor.pk, hospital.pk, key)
    # and it is listed without the secret, in the trail, and the person is told
    page = security.get(f"/directory/people/{doctor.pk}/").content.decode()
    assert ("CT 1" in page, secret in page) == (True, False)
    assert AuditEntry.objects.get(action="token.created").subject_id == str(key)
    assert Notification.objects.get(person=doctor).kind == "directory.key_made"
    # A second click makes no second key and shows no secret again
    second = make(security, doctor, form_key=key)
    assert (second.status_code, AccessToken.objects.count()) == (422, 1)
    # and revoked it opens nothing
    security.post(f"/directory/people/{doctor.pk}/keys/{key}/revoke/")
    with pytest.raises(TokenRefused):
        bearer_of(f"Bearer {secret}", scope="dicomweb", now=timezone.now())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": ""}, "last_day"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "2099-01-01"}, "last_day"),
        ({"last_day": "0001-01-01"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["lti"]}, "scopes"),
        ({"organisation_code": "NOWHERE"}, "organisation_code"),
        ({"label": ""}, "label"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(security, doctor, changes, field):
    answer = make(security, doctor, **changes)
    assert (answer.status_code, list(answer.context["new_key"].errors)) == (422, [field])
    assert not AccessToken.objects.exists()


def test_nobody_else_makes_one(security, doctor, hospital):
    guard = make_person(hospital, "security_admin")
    answers = [
        make(sign_in(Client(), make_person(hospital, "system_admin")), doctor).status_code,
        make(sign_in(Client(), make_person(hospital, "audit_admin")), doctor).status_code,
        make(sign_in(Client(), doctor), doctor).status_code,
        make(sign_in(Client(), make_person(make_organisation(), "security_admin")), doctor).status_code,
        make(sign_in(Client(), guard), guard).status_code,
        make(security, doctor, organisation_code=make_organisation(code="FAR").code).status_code,
    ]
    assert answers == [403, 403, 403, 404, 403, 403]
    assert (AccessToken.objects.count(), Notification.objects.count()) == (0, 0)
