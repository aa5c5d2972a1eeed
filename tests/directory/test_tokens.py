"""Machine keys: scoped, expiring, revocable, and never more than their person's own rights."""

import base64
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from core.actor import SYSTEM
from core.audit.models import AuditEntry
from core.errors import Invalid, NotFound
from directory.api import TokenRefused, actor_of_token, bearer_of
from directory.models import AccessToken
from directory.services.tokens import create_token, revoke_token
from tests.factories.people import make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make_person(make_organisation(), "requester")


@pytest.fixture
def secret(doctor, now):
    _token, secret = create_token(actor=SYSTEM, person=doctor, scopes=["dicomweb"], label="CT", now=now)
    return secret


def _basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def test_bearer_acts_with_the_scope_s_part_of_the_person_s_rights(doctor, secret, now):
    bearer = bearer_of(f"Bearer {secret}", scope="dicomweb", now=now)

    assert bearer.actor.person_id == doctor.pk
    assert bearer.actor.may("imaging.view")
    assert bearer.actor.may("imaging.upload")
    assert not bearer.actor.may("consult.request")
    assert bearer.organisation_id == doctor.memberships.get().organisation_id


def test_basic_needs_the_token_s_own_person(doctor, secret, now):
    for name in (doctor.username, str(doctor.pk)):
        assert actor_of_token(_basic(name, secret), scope="dicomweb", now=now).person_id == doctor.pk
    with pytest.raises(TokenRefused):
        actor_of_token(_basic(make_person().username, secret), scope="dicomweb", now=now)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer xlt_wrong", "Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Digest x"]
)
def test_anything_else_is_refused_alike(secret, header, now):
    with pytest.raises(TokenRefused):
        actor_of_token(header, scope="dicomweb", now=now)


def test_scope_expiry_and_inactive_person_refuse(doctor, secret, now):
    header = f"Bearer {secret}"
    with pytest.raises(TokenRefused):
        actor_of_token(header, scope="fhir", now=now)
    with pytest.raises(TokenRefused):
        actor_of_token(header, scope="dicomweb", now=now + timedelta(days=181))
    doctor.is_active = False
    doctor.save()
    with pytest.raises(TokenRefused):
        actor_of_token(header, scope="dicomweb", now=now)


def test_revoking_refuses_at_once_and_is_audited(doctor, secret, now):
    token = AccessToken.objects.get()

    revoke_token(actor=make_actor(doctor), token_id=token.pk, now=now)

    with pytest.raises(TokenRefused):
        actor_of_token(f"Bearer {secret}", scope="dicomweb", now=now)
    assert AuditEntry.objects.filter(action="token.revoked", subject_id=str(token.pk)).count() == 1


def test_stranger_cannot_revoke(secret, now):
    token = AccessToken.objects.get()
    with pytest.raises(NotFound):
        revoke_token(actor=make_actor(make_person()), token_id=token.pk, now=now)
    assert AccessToken.objects.get().revoked_at is None


def test_secret_is_not_stored(secret):
    token = AccessToken.objects.get()
    assert secret not in str(token.__dict__)


def test_use_is_noted_once_a_day(secret, now, django_assert_num_queries):
    actor_of_token(f"Bearer {secret}", scope="dicomweb", now=now)
    assert AccessToken.objects.get().last_used_on.isoformat() == "2026-11-22"
    with django_assert_num_queries(2):
        actor_of_token(f"Bearer {secret}", scope="dicomweb", now=now)


def test_unknown_scope_and_too_long_life_are_refused(doctor, now):
    with pytest.raises(Invalid):
        create_token(actor=SYSTEM, person=doctor, scopes=["everything"], label="x", now=now)
    with pytest.raises(Invalid):
        create_token(actor=SYSTEM, person=doctor, scopes=["fhir"], label="x", now=now, life=timedelta(days=400))
    assert not AccessToken.objects.exists()


def test_command_prints_a_secret_that_works(doctor):
    out = StringIO()
    call_command("create_token", doctor.username, "--scope", "fhir", "--scope", "dicomweb", stdout=out)
    token = AccessToken.objects.get()
    assert token.scopes == ["dicomweb", "fhir"]
    assert actor_of_token(f"Bearer {out.getvalue().strip()}", scope="fhir", now=token.created_at)
