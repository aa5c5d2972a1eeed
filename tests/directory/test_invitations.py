"""Somebody new: invited by an administrator, in by the link, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.ids import uuid7
from directory.models import Invitation, Person
from directory.services import invitations
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
ANSWERS = {"username": "New.Doctor", "password1": "long-enough-1", "password2": "long-enough-1", "consent": "on"}


@pytest.fixture
def hospital():
    return make_organisation()


@pytest.fixture
def admin(hospital):
    return make_person(hospital, "system_admin", language="en")


@pytest.fixture
def invitation(admin, hospital):
    return invitations.invite(
        actor=make_actor(admin), invitation_id=uuid7(), organisation_id=hospital.pk, name="新医生", title="住院医师",
        email="new@example.org", phone="", now=timezone.now(),
    )  # fmt: skip


def _path(invitation: Invitation) -> str:
    return "/" + invitations.link(invitation).split("/", 3)[3]


def test_invited_by_form_sent_by_job_and_accepted_once(admin, hospital, run_jobs):
    client = sign_in(Client(), admin)
    form = {"form_key": str(uuid7()), "name": "新医生", "email": "new@example.org", "title": "住院医师"}
    for _click in range(2):
        assert client.post(f"/directory/organisations/{hospital.pk}/invite/", form).status_code == 302
    run_jobs()
    assert len(mail.outbox) == 1
    invitation = Invitation.objects.get()
    assert invitations.link(invitation) in mail.outbox[0].body

    guest = Client()
    assert guest.get(_path(invitation)).status_code == 200
    done = guest.post(_path(invitation), ANSWERS)

    assert done["Location"] == "/accounts/login/"
    person = Person.objects.get(username="new.doctor")
    assert person.agreed_to_terms_at is not None
    assert person.memberships.get().organisation == hospital
    assert guest.post("/accounts/login/", {"login": "new.doctor", "password": "long-enough-1"})["Location"] == "/home/"
    assert Client().get(_path(invitation)).status_code == 404


def test_wrong_old_and_foreign_links_read_alike(invitation):
    path = _path(invitation)
    other = path.replace(str(invitation.pk), str(uuid7()))
    assert [Client().get(p).status_code for p in (path[:-3] + "/", other, "/accounts/invitation/x/y/")] == [404] * 3
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(path, ANSWERS).status_code == 404
    assert not Person.objects.filter(username="new.doctor").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"password1": "123"}, "password1"), ({"password2": "other-other-1"}, "password2"), ({"consent": ""}, "consent"),
     ({"username": "x y"}, "username")],
)  # fmt: skip
def test_refused_beside_the_field(invitation, change, field):
    answer = Client().post(_path(invitation), ANSWERS | change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Invitation.objects.get().accepted_at is None


def test_taken_user_name_is_refused(invitation, hospital):
    make_person(hospital, username="new.doctor")
    answer = Client().post(_path(invitation), ANSWERS)
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors


def test_only_the_system_administrator_of_the_place_invites(hospital):
    for person in (make_person(hospital, "security_admin"), make_person(hospital)):
        assert sign_in(Client(), person).get(f"/directory/organisations/{hospital.pk}/invite/").status_code == 403
    elsewhere = make_person(make_organisation(), "system_admin")
    assert sign_in(Client(), elsewhere).get(f"/directory/organisations/{hospital.pk}/invite/").status_code == 404


def test_known_address_is_refused(admin, hospital):
    make_person(hospital, email="known@example.org")
    form = {"form_key": str(uuid7()), "name": "x", "email": "Known@example.org"}
    answer = sign_in(Client(), admin).post(f"/directory/organisations/{hospital.pk}/invite/", form)
    assert answer.status_code == 422
    assert not Invitation.objects.exists()
