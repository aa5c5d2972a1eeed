"""The security administrator's panel: keys that run out and open invitations of the own organisations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.actor import SYSTEM
from directory.models import AccessToken, Invitation
from directory.services.tokens import create_token, revoke_token
from tests.factories.panels import cost_of, figures_of, offers, panel_of, status_of, titles_of
from tests.factories.people import make_organisation, make_person

pytestmark = pytest.mark.django_db
PANEL = "directory:security_panel"


def key_for(doctor, label, days):
    now = timezone.now()
    token, _secret = create_token(actor=SYSTEM, person=doctor, scopes=["dicomweb"], label=label, now=now)
    AccessToken.objects.filter(pk=token.pk).update(expires_at=now + timedelta(days=days))
    return token


def invite_to(organisation, email, days):
    now = timezone.now()
    return Invitation.objects.create(
        organisation=organisation,
        name="新人",
        email=email,
        invited_by_id=make_person(organisation).pk,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )


@pytest.fixture
def hospital():
    return make_organisation(make_organisation())


@pytest.fixture
def security(hospital):
    return make_person(hospital, "security_admin")


def test_what_ends_soon_and_is_open_is_counted_in_the_own_organisations(hospital, security):
    doctor = make_person(hospital, "requester")
    key_for(doctor, "CT", 5)
    key_for(doctor, "MR", 200)
    revoked = key_for(doctor, "US", 5)
    revoke_token(actor=SYSTEM, token_id=revoked.pk, now=timezone.now())
    invite_to(hospital, "a@example.org", 3)
    elsewhere = make_organisation()
    key_for(make_person(elsewhere, "requester"), "foreign", 5)
    invite_to(elsewhere, "b@example.org", 3)
    assert figures_of(security, PANEL) == [1, 1]
    assert titles_of(security, PANEL) == ["CT"]


def test_an_empty_panel_says_what_would_be_here(security):
    assert panel_of(security, PANEL).is_empty


def test_the_other_administrators_have_no_such_panel(hospital, security):
    for role in ("system_admin", "audit_admin"):
        other = make_person(hospital, role)
        assert status_of(other, PANEL) == 403
        assert not offers(other, PANEL)
    assert offers(security, PANEL)


def test_the_panel_costs_the_same_for_one_key_and_for_four(hospital, security):
    doctor = make_person(hospital, "requester")
    key_for(doctor, "CT", 5)
    cost = cost_of(security, PANEL)
    for number in range(3):
        key_for(doctor, f"CT {number}", 6)
    assert cost_of(security, PANEL) == cost
