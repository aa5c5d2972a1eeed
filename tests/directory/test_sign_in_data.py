"""Whoever may write a telephone number into an account cannot sign in with it (ADR 0019)."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from core.errors import Forbidden
from core.notify.models import Notification
from directory.errors import OwnSignInOnly
from directory.models import Person
from directory.services.administration import change_person, reset_second_factor
from directory.services.sign_in import end_sessions
from tests.factories.people import grant_role, make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
SMS, SMS_CODE, RESET = "/accounts/login/code/", "/accounts/login/code/confirm/", "/accounts/password/reset/"
PASSWORD = "long-enough-1"


@pytest.fixture
def province():
    return make_organisation(kind="authority")


@pytest.fixture
def hospital(province):
    return make_organisation(province)


@pytest.fixture
def system_admin(province):
    return make_person(province, "system_admin", language="en")


@pytest.fixture
def editor(hospital):
    person = make_person(hospital, "editor", password=PASSWORD, email="editor@example.org", language="en")
    person.set_phone("13900001111")
    person.phone_verified_at = person.email_verified_at = person.joined_at = person.grants.get().starts_at
    person.save()
    return person


def _texts(log) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _code_in(text: str) -> str:
    return "".join(filter(str.isdigit, text))[:6]


def _change(client: Client, person, **fields):
    data = {"name": person.name, "email": person.email, "phone": person.phone or "", "is_active": "on"} | fields
    return client.post(f"/directory/people/{person.pk}/change/", data)


def test_a_number_written_by_an_administrator_signs_nobody_in(system_admin, editor, sms_log):
    # given a session of the editor, and an administrator who writes a number of their own
    theirs = sign_in(Client(), editor)
    assert theirs.get("/profile/").status_code == 200
    assert _change(sign_in(Client(), system_admin), editor, phone="13912345671").status_code == 302

    # when a code is asked for at that number
    visitor = Client()
    visitor.post(SMS, {"phone": "13912345671"})

    # then none is sent, and the editor's sessions have ended
    assert [text for text in _texts(sms_log) if text["phone"] == "+8613912345671"] == []
    assert "_auth_user_id" not in visitor.session
    assert theirs.get("/profile/")["Location"].startswith("/accounts/login/")
    editor.refresh_from_db()
    assert (editor.phone, editor.phone_verified_at) == ("+8613912345671", None)


def test_the_former_addresses_are_told(system_admin, editor, sms_log, run_jobs):
    _change(sign_in(Client(), system_admin), editor, phone="13912345671", email="evil@example.org")
    run_jobs()

    assert [text["phone"] for text in _texts(sms_log)] == ["+8613900001111"]
    assert [message.to for message in mail.outbox] == [["editor@example.org"]]
    told = Notification.objects.filter(person=editor.pk)
    assert [row.kind for row in told] == ["directory.address_changed", "directory.address_changed"]


def test_an_address_written_by_an_administrator_resets_no_password(system_admin, editor):
    # given the confirmed address works
    Client().post(RESET, {"email": "editor@example.org"})
    assert [message.to for message in mail.outbox] == [["editor@example.org"]]
    mail.outbox.clear()

    # when an administrator writes another one
    _change(sign_in(Client(), system_admin), editor, email="evil@example.org")
    Client().post(RESET, {"email": "evil@example.org"})
    Client().post(SMS, {"email": "evil@example.org"})

    # then nothing goes there
    assert mail.outbox == []


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
@pytest.mark.parametrize("field", ["phone", "email"])
def test_nobody_else_changes_how_an_administrator_signs_in(system_admin, province, now, role, field):
    # given another administrator
    other = make_person(province, role, password=PASSWORD)
    values = {"name": other.name, "name_en": "", "email": "", "phone": "", "is_active": True}
    written = {"phone": "13912345670", "email": "evil@example.org"}[field]

    # when the system administrator writes it, by the service and by the page
    with pytest.raises(OwnSignInOnly):
        change_person(actor=make_actor(system_admin, now), person_id=other.pk, now=now, **(values | {field: written}))
    _change(sign_in(Client(), system_admin), other, **{field: written})

    # then nothing changed
    other.refresh_from_db()
    assert (other.phone, other.email, other.sessions_end_at) == (None, "", None)


def test_the_owner_changes_the_own_number_with_the_password_and_the_code(editor, sms_log):
    # given a session
    client = sign_in(Client(), editor, second_factor=False)

    # when the password is wrong, no code is sent
    refused = client.post("/profile/phone/", {"address": "139 1234 5672", "password": "wrong"})
    assert (refused.status_code, _texts(sms_log)) == (422, [])

    # when it is right, and the code comes back after one slip
    asked = client.post("/profile/phone/", {"address": "139 1234 5672", "password": PASSWORD})
    assert asked["Location"] == "/profile/code/"
    code = _code_in(_texts(sms_log)[-1]["text"])
    slip = f"{(int(code) + 1) % 1_000_000:06d}"
    assert client.post("/profile/code/", {"code": slip}).status_code == 422
    assert Person.objects.get(pk=editor.pk).phone == "+8613900001111"
    assert client.post("/profile/code/", {"code": code})["Location"] == "/profile/"

    # then the new number signs in
    editor.refresh_from_db()
    assert (editor.phone, editor.phone_verified_at is not None) == ("+8613912345672", True)
    visitor = Client()
    visitor.post(SMS, {"phone": "13912345672"})
    visitor.post(SMS_CODE, {"code": _code_in(_texts(sms_log)[-1]["text"])})
    assert visitor.session["_auth_user_id"] == str(editor.pk)


def test_the_code_may_be_mistyped_five_times(editor, sms_log):
    client = sign_in(Client(), editor)
    client.post("/profile/phone/", {"address": "13912345672", "password": PASSWORD})
    code = _code_in(_texts(sms_log)[-1]["text"])
    slip = f"{(int(code) + 1) % 1_000_000:06d}"

    answers = [client.post("/profile/code/", {"code": slip}).status_code for _slip in range(5)]

    assert answers == [422] * 5
    assert client.post("/profile/code/", {"code": code}).status_code == 409
    assert Person.objects.get(pk=editor.pk).phone == "+8613900001111"


def test_an_unconfirmed_address_is_confirmed_from_the_profile(editor):
    Person.objects.filter(pk=editor.pk).update(email_verified_at=None)
    client = sign_in(Client(), editor)
    assert "not confirmed" in client.get("/profile/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    client.post("/profile/email/", {"address": "editor@example.org", "password": PASSWORD})
    client.post("/profile/code/", {"code": _code_in(mail.outbox[-1].body)})

    assert Person.objects.get(pk=editor.pk).email_verified_at is not None


@pytest.mark.parametrize("password", [PASSWORD, None])
def test_a_text_message_alone_sets_no_second_factor_up(hospital, sms_log, password):
    # given a doctor whose role needs a factor that is not set up, signed in by a text message
    doctor = make_person(hospital, "requester", password=password, language="en")
    doctor.set_phone("13900003333")
    doctor.phone_verified_at = doctor.grants.get().starts_at
    doctor.save()
    client = Client()
    client.post(SMS, {"phone": "13900003333"})
    client.post(SMS_CODE, {"code": _code_in(_texts(sms_log)[-1]["text"])})
    assert client.session["_auth_user_id"] == str(doctor.pk)

    # when the page that sets it up is opened and sent
    opened = client.get("/accounts/2fa/totp/activate/")
    sent = client.post("/accounts/2fa/totp/activate/", {"code": "123456"})

    # then the password comes first
    if password:
        assert opened["Location"].startswith("/accounts/reauthenticate/")
        assert sent["Location"].startswith("/accounts/reauthenticate/")
    else:
        assert (opened.status_code, sent.status_code) == (403, 403)
    assert not Authenticator.objects.filter(user=doctor).exists()


def _details(person) -> dict:
    return {"person_id": person.pk, "name": "x", "name_en": "", "email": "", "phone": "", "is_active": False}


def test_people_without_a_membership_belong_to_the_administrator_of_the_root(province, hospital, now):
    # given somebody who works nowhere and holds nothing, and administrators of a hospital and of the root
    nobody = make_person(None)
    county = make_person(hospital, "system_admin")
    top = make_person(province, "system_admin")

    # when the hospital's administrator tries
    with pytest.raises(Forbidden):
        change_person(actor=make_actor(county, now), now=now, **_details(nobody))
    assert sign_in(Client(), county).get(f"/directory/people/{nobody.pk}/").status_code == 404

    # then nothing changed, and the root's may
    nobody.refresh_from_db()
    assert nobody.is_active
    assert sign_in(Client(), top).get(f"/directory/people/{nobody.pk}/").status_code == 200
    change_person(actor=make_actor(top, now), now=now, **_details(nobody))
    nobody.refresh_from_db()
    assert not nobody.is_active


def test_the_right_must_reach_every_grant_of_the_person(province, hospital, now):
    # given an auditor of the province without a membership, and one who works in the hospital and acts for the province
    auditor, doctor = make_person(None), make_person(hospital)
    grant_role(auditor, "audit_admin", province)
    grant_role(doctor, "supervisor", province)
    system, security = make_person(hospital, "system_admin"), make_person(hospital, "security_admin")

    # when the hospital's administrators try
    for person in (auditor, doctor):
        with pytest.raises(Forbidden):
            change_person(actor=make_actor(system, now), now=now, **_details(person))
        with pytest.raises(Forbidden):
            reset_second_factor(actor=make_actor(security, now), person_id=person.pk, now=now)
        with pytest.raises(Forbidden):
            end_sessions(actor=make_actor(security, now), person_id=person.pk, now=now)
        person.refresh_from_db()

        # then nothing changed
        assert (person.is_active, person.sessions_end_at) == (True, None)
    assert sign_in(Client(), system).get(f"/directory/people/{auditor.pk}/").status_code == 404


def test_a_visitor_has_no_address_page():
    assert Client().get("/profile/phone/").status_code == 302


@pytest.mark.parametrize("day", ["9999-12-31", "2100-01-01"])
def test_the_last_day_of_a_role_stays_within_the_calendar(province, hospital, day):
    person = make_person(hospital)
    client = sign_in(Client(), make_person(province, "security_admin", language="en"))

    answer = client.post(
        f"/directory/people/{person.pk}/grants/add/",
        {"role": "author", "organisation_code": hospital.code, "ends_on": day},
    )

    assert answer.status_code == 422
    assert "before the year 2100" in answer.content.decode()
    assert not person.grants.exists()


def test_a_role_shows_its_last_day_to_who_gives_it_and_to_who_has_it(province, hospital):
    # given a role whose last day is 31 December, stored as the midnight after it
    person, officer = make_person(hospital, language="en"), make_person(province, "security_admin", language="en")
    given = {"role": "author", "organisation_code": hospital.code, "ends_on": "2098-12-31"}
    client = sign_in(Client(), officer)
    assert client.post(f"/directory/people/{person.pk}/grants/add/", given).status_code == 302
    # then
    for page in (client.get(f"/directory/people/{person.pk}/"), sign_in(Client(), person).get("/profile/")):
        text = page.content.decode()
        assert ("31 December 2098" in text, "1 January 2099" in text) == (True, False)
