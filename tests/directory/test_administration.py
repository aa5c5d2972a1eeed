"""Three administrators, three persons: each does their part and cannot do another's."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from directory.errors import AlreadyGranted, OwnRights, SeparationOfDuties
from directory.models import Organisation, Person, RoleGrant
from directory.selectors import actor_of
from directory.services.administration import create_organisation
from directory.services.grants import end_grant, grant_role
from tests.factories.people import grant_role as hold
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_organisation(kind="authority", code="QJ-TEST")


@pytest.fixture
def hospital(province):
    return make_organisation(province)


@pytest.fixture
def doctor(hospital):
    return make_person(hospital, username="doctor", name="林晓禾")


@pytest.fixture
def admins(province):
    return {
        role: make_person(province, role, language="en") for role in ("system_admin", "security_admin", "audit_admin")
    }


def _client(person) -> Client:
    return sign_in(Client(), person)


def test_each_administrator_opens_the_own_pages_only(admins, doctor):
    person = f"/directory/people/{doctor.pk}/"
    opened = {
        role: [
            _client(p).get(address).status_code for address in ("/directory/", "/directory/people/", person, "/audit/")
        ]
        for role, p in admins.items()
    }
    assert opened == {
        "system_admin": [200, 200, 200, 403],
        "security_admin": [403, 200, 200, 403],
        "audit_admin": [403, 403, 403, 200],
    }
    assert [_client(doctor).get(a).status_code for a in ("/directory/", person, "/audit/")] == [403, 403, 403]


def test_security_gives_and_ends_a_role(admins, doctor, hospital):
    client = _client(admins["security_admin"])

    given = client.post(
        f"/directory/people/{doctor.pk}/grants/add/", {"role": "requester", "organisation_code": hospital.code}
    )

    assert given.status_code == 302
    grant = RoleGrant.objects.get(person=doctor)
    assert (grant.role, grant.organisation, grant.granted_by_id) == ("requester", hospital, admins["security_admin"].pk)
    assert actor_of(doctor, timezone.now(), is_mfa_verified=True).may("consult.request", hospital.path)

    client.post(f"/directory/people/{doctor.pk}/grants/{grant.pk}/end/")

    assert not actor_of(doctor, timezone.now(), is_mfa_verified=True).may("consult.request")
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["grant.given", "grant.ended"]


def test_system_administrator_can_give_no_role(admins, doctor, hospital, now):
    client = _client(admins["system_admin"])
    answer = client.post(
        f"/directory/people/{doctor.pk}/grants/add/", {"role": "requester", "organisation_code": hospital.code}
    )
    assert answer.status_code == 403
    with pytest.raises(Forbidden):
        grant_role(
            actor=make_actor(admins["audit_admin"]), person_id=doctor.pk, role="expert", organisation_id=hospital.pk,
            ends_at=None, now=now,
        )  # fmt: skip
    assert not RoleGrant.objects.filter(person=doctor).exists()


def _give(actor, person, role, organisation, now, **fields):
    return grant_role(
        actor=actor, person_id=person.pk, role=role, organisation_id=organisation.pk, now=now,
        **{"ends_at": None} | fields,
    )  # fmt: skip


def test_nobody_changes_the_own_roles(admins, province, now):
    security = admins["security_admin"]
    with pytest.raises(OwnRights):
        _give(make_actor(security), security, "expert", province, now)
    with pytest.raises(OwnRights):
        end_grant(actor=make_actor(security), grant_id=security.grants.get().pk, now=now)
    assert security.grants.get().ends_at is None


@pytest.mark.parametrize(
    ("held", "wanted"),
    [("system_admin", "audit_admin"), ("audit_admin", "security_admin"), ("requester", "system_admin"),
     ("system_admin", "expert")],
)  # fmt: skip
def test_duties_stay_separate(admins, hospital, now, held, wanted):
    person = make_person(hospital, held)
    with pytest.raises(SeparationOfDuties):
        _give(make_actor(admins["security_admin"]), person, wanted, hospital, now)
    assert person.grants.count() == 1


def test_the_same_role_is_given_once(admins, doctor, hospital, now):
    actor = make_actor(admins["security_admin"])
    _give(actor, doctor, "expert", hospital, now)
    with pytest.raises(AlreadyGranted):
        _give(actor, doctor, "expert", hospital, now + timedelta(minutes=1))


def test_security_of_one_hospital_has_no_reach_into_another(doctor, province, now):
    elsewhere = make_organisation(province)
    guard = make_person(elsewhere, "security_admin")
    grant = hold(doctor, "expert", doctor.memberships.get().organisation)
    assert _client(guard).get(f"/directory/people/{doctor.pk}/").status_code == 404
    with pytest.raises(NotFound):
        end_grant(actor=make_actor(guard), grant_id=grant.pk, now=now)


def test_system_administrator_keeps_organisations(admins, province):
    client = _client(admins["system_admin"])
    key = str(uuid7())
    form = {"form_key": key, "name": "新县医院", "name_en": "New hospital", "code": "NEW-1", "kind": "hospital"}

    for _click in range(2):
        assert client.post(f"/directory/organisations/{province.pk}/new/", form).status_code == 302

    made = Organisation.objects.get(code="NEW-1")
    assert (made.parent, made.level, made.path.startswith(province.path)) == (province, 1, True)
    client.post(f"/directory/organisations/{made.pk}/", {"name": "新县医院", "name_en": "", "authors_courses": "on"})
    made.refresh_from_db()
    assert (made.is_active, made.authors_courses) == (False, True)


def test_next_path_is_free_after_many(admins, province, now):
    actor = make_actor(admins["system_admin"])
    paths = [
        create_organisation(
            actor=actor, organisation_id=uuid7(), parent_id=province.pk, kind="hospital", code=f"N{n}", name=f"N{n}",
            name_en="", now=now,
        ).path
        for n in range(12)
    ]  # fmt: skip
    assert len(set(paths)) == 12
    assert all(path.startswith(province.path) and len(path) == len(province.path) + 5 for path in paths)


def test_closing_an_account_signs_it_out(admins, doctor):
    theirs = _client(doctor)
    assert theirs.get("/profile/").status_code == 200

    _client(admins["system_admin"]).post(
        f"/directory/people/{doctor.pk}/change/", {"name": "林晓禾", "email": "L@example.org", "phone": "13900001111"}
    )

    assert theirs.get("/profile/").status_code == 302
    doctor.refresh_from_db()
    assert (doctor.is_active, doctor.email, doctor.phone) == (False, "l@example.org", "+8613900001111")


def test_taken_number_is_refused_beside_the_field(admins, doctor, hospital):
    other = make_person(hospital)
    other.set_phone("13900001111")
    other.save()
    answer = _client(admins["system_admin"]).post(
        f"/directory/people/{doctor.pk}/change/", {"name": "x", "phone": "139 0000 1111", "is_active": "on"}
    )
    assert answer.status_code == 422
    assert "Another person has this number." in answer.content.decode()
    assert Person.objects.get(pk=doctor.pk).name == "林晓禾"


def test_lost_phone_is_reset_by_security(admins, doctor):
    Authenticator.objects.create(user=doctor, type="totp", data={"secret": "x"})
    reset, sure = f"/directory/people/{doctor.pk}/second-factor/reset/", {"is_sure": "yes"}
    assert _client(admins["system_admin"]).post(reset, sure).status_code == 403
    assert Authenticator.objects.exists()
    page = _client(admins["security_admin"]).get(f"/directory/people/{doctor.pk}/").content.decode()
    first, dialog = page.split('<dialog class="x-dialog" id="confirm-factor"')
    assert 'data-dialog="confirm-factor"' in first
    assert '<noscript><label class="x-check"><input type="checkbox" name="is_sure" value="yes" required>' in first
    assert "The person is signed out of every device now" in dialog
    assert f'action="{reset}"' in dialog
    assert '<input type="hidden" name="is_sure" value="yes">' in dialog
    assert _client(admins["security_admin"]).post(reset, sure).status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("answer", [{}, {"is_sure": ""}, {"is_sure": "on"}])
def test_a_factor_is_not_reset_before_it_is_confirmed(admins, doctor, answer):
    Authenticator.objects.create(user=doctor, type="totp", data={"secret": "x"})
    theirs = _client(doctor)
    before = AuditEntry.objects.filter(action="person.second_factor_reset").count()

    refused = _client(admins["security_admin"]).post(f"/directory/people/{doctor.pk}/second-factor/reset/", answer)

    assert refused.status_code == 422
    assert "The second factor was not reset" in refused.content.decode()
    assert Authenticator.objects.get().user == doctor
    assert theirs.get("/profile/").status_code == 200
    assert AuditEntry.objects.filter(action="person.second_factor_reset").count() == before == 0


def test_lists_cost_the_same_with_more_rows(admins, hospital, django_assert_max_num_queries):
    for _number in range(40):
        make_person(hospital)
    client = _client(admins["system_admin"])
    with django_assert_max_num_queries(16):
        client.get("/directory/people/")
