"""Sign-in over HTTP: by password and second factor, by text message, by the demo's one click."""

import json
from random import Random

import pytest
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from core.audit.models import AuditEntry
from directory import seed as directory_seed
from directory.models import Person
from directory.seed.demo_people import PASSWORD, TOTP_SECRET
from directory.services.demo_guard import check_demo_people
from directory.services.sign_in import end_sessions
from tests.factories.people import LONG_AGO, grant_role, make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
LOGIN, SECOND, SMS, SMS_CODE = (
    "/accounts/login/",
    "/accounts/2fa/authenticate/",
    "/accounts/login/code/",
    "/accounts/login/code/confirm/",
)


@pytest.fixture
def hospital():
    return make_organisation()


@pytest.fixture
def learner(hospital):
    return make_person(hospital, username="village", password="long-enough-1", email="v@example.org")


@pytest.fixture
def doctor(hospital):
    person = make_person(hospital, "requester", username="doctor", password="long-enough-1")
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": get_mfa_adapter().encrypt(TOTP_SECRET)}
    )
    return person


def with_phone(person) -> None:
    person.set_phone("13900001111")
    person.phone_verified_at = LONG_AGO
    person.save()


def _code() -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(TOTP_SECRET, counters[len(counters) // 2]))


def _is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.parametrize("login", ["village", "VILLAGE", "v@example.org", "139 0000 1111", "+8613900001111"])
def test_password_with_user_name_e_mail_or_number(client, learner, login):
    with_phone(learner)

    answer = client.post(LOGIN, {"login": login, "password": "long-enough-1"})

    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert _is_signed_in(client)
    assert _actions() == ["person.signed_in"]


def test_wrong_password_reads_alike_for_a_missing_account(client, learner):
    texts = []
    for login in ("village", "nobody"):
        answer = client.post(LOGIN, {"login": login, "password": "wrong-wrong-1"})
        assert answer.status_code == 200
        texts.append([str(error) for error in answer.context["form"].non_field_errors()])
    assert texts[0] == texts[1] != []
    assert not _is_signed_in(client)
    entries = AuditEntry.objects.filter(action="person.sign_in_failed").order_by("id")
    assert [entry.subject_id for entry in entries] == [str(learner.pk), "unknown"]
    assert "wrong-wrong-1" not in str([entry.details for entry in entries])


def test_patient_facing_role_needs_the_code(client, doctor):
    first = client.post(LOGIN, {"login": "doctor", "password": "long-enough-1"})
    assert (first.status_code, first["Location"]) == (302, SECOND)
    assert not _is_signed_in(client)

    wrong = client.post(SECOND, {"code": "000000"})
    assert wrong.status_code == 200
    assert not _is_signed_in(client)

    right = client.post(SECOND, {"code": _code()})
    assert (right.status_code, right["Location"]) == (302, "/home/")
    assert _is_signed_in(client)
    assert _actions() == ["person.sign_in_failed", "person.signed_in"]


def test_text_message_code(client, learner, sms_log):
    with_phone(learner)

    asked = client.post(SMS, {"phone": "13900001111"})
    assert asked.status_code == 302
    message = json.loads(sms_log.read_text().splitlines()[-1])
    assert message["phone"] == "+8613900001111"
    code = next(word for word in message["text"].replace("。", " ").replace("：", " ").split() if word[:6].isdigit())[
        :6
    ]

    done = client.post(SMS_CODE, {"code": code})

    assert done.status_code == 302
    assert _is_signed_in(client)
    learner.refresh_from_db()
    assert learner.phone_verified_at is not None


def test_unknown_number_gets_the_same_answer_and_no_message(client, learner, sms_log):
    with_phone(learner)
    answers = []
    for number in ("13900001111", "13900002222"):
        visitor = Client()
        asked = visitor.post(SMS, {"phone": number})
        page = visitor.get(asked["Location"])
        answers.append((asked.status_code, asked["Location"], page.status_code))
    assert answers[0] == answers[1]
    assert len(sms_log.read_text().splitlines()) == 1


def test_text_message_alone_does_not_open_patients(client, doctor, sms_log):
    with_phone(doctor)
    client.post(SMS, {"phone": "13900001111"})
    text = json.loads(sms_log.read_text().splitlines()[-1])["text"]
    code = "".join(filter(str.isdigit, text))[:6]

    answer = client.post(SMS_CODE, {"code": code})

    assert answer["Location"] == SECOND
    assert not _is_signed_in(client)


def test_number_is_stored_sealed(learner):
    learner.set_phone("139-0000-1111")
    learner.save()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select phone, phone_index from directory_person where username = 'village'")
        sealed, index = cursor.fetchone()
    assert b"13900001111" not in bytes(sealed)
    assert "13900001111" not in index
    assert Person.objects.get(pk=learner.pk).phone == "+8613900001111"


def test_right_without_second_factor_waits_for_it(client, hospital):
    """A grant given after sign-in, or a session from before, opens nothing until the factor is set up."""
    person = make_person(hospital, "requester", password="long-enough-1")
    sign_in(client, person, second_factor=False)

    led = client.get("/consults/")

    assert led.status_code == 302
    assert led["Location"] == "/accounts/2fa/totp/activate/?next=%2Fconsults%2F"
    assert client.get(led["Location"])["Location"].startswith("/accounts/reauthenticate/")


def test_setting_the_factor_up_opens_the_session(client, hospital):
    person = make_person(hospital, "requester", username="new", password="long-enough-1")
    client.post(LOGIN, {"login": "new", "password": "long-enough-1"})
    again = client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": "long-enough-1"})
    secret = client.get(again["Location"]).context["form"].secret
    counters = list(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda call, *args, **kwargs: call())
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert answer.status_code == 302
    assert secret not in str(Authenticator.objects.get(user=person, type="totp").data)
    assert any(method["method"] == "mfa" for method in client.session["account_authentication_methods"])


def test_role_that_sees_no_patient_needs_no_factor(client, hospital):
    sign_in(client, make_person(hospital, "reviewer"), second_factor=False)
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/nowhere/").status_code == 404


def test_required_factor_cannot_be_taken_away(client, doctor):
    sign_in(client, doctor)
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert answer.status_code in {200, 302}
    assert Authenticator.objects.filter(user=doctor, type="totp").exists()


def test_ending_sessions_signs_out_every_device(client, doctor, hospital, now):
    sign_in(client, doctor)
    assert client.get("/accounts/2fa/").status_code == 200
    guard = make_person(hospital, "security_admin")

    end_sessions(actor=make_actor(guard), person_id=doctor.pk, now=now)

    assert client.get("/accounts/2fa/")["Location"].startswith(LOGIN)
    assert "person.sessions_ended" in _actions()


def test_sign_out_is_recorded(client, learner):
    sign_in(client, learner)
    client.post("/accounts/logout/")
    assert not _is_signed_in(client)
    assert _actions() == ["person.signed_out"]


def test_sign_up_is_closed(client):
    answer = client.post("/accounts/signup/", {"username": "x", "password1": "long-enough-1"})
    assert answer.status_code == 200
    assert not Person.objects.exists()


class TestDemo:
    @pytest.fixture(autouse=True)
    def _province(self, now):
        directory_seed.seed(rng=Random(1), now=now)

    def test_page_offers_everybody(self, client):
        page = client.get(LOGIN).content.decode()
        assert page.count('name="person"') == len(directory_seed.demo_people.DEMO_PEOPLE)
        assert "林晓禾" in page

    def test_one_click_signs_in_with_the_second_factor(self, client):
        answer = client.post("/accounts/demo/", {"person": "requester"})
        assert answer["Location"] == "/home/"
        assert client.session["account_authentication_methods"][-1]["method"] == "mfa"

    def test_password_and_code_of_the_seed_work(self, client):
        client.post(LOGIN, {"login": "expert", "password": PASSWORD})
        assert client.post(SECOND, {"code": _code()})["Location"] == "/home/"

    def test_nobody_but_the_demo_people_by_click(self, client):
        assert client.post("/accounts/demo/", {"person": "qj-h1-01"}).status_code == 404
        assert not _is_signed_in(client)

    def test_outside_the_demo_nothing_of_it_works(self, client, settings):
        settings.XINGLIN_IS_DEMO = False
        assert client.post("/accounts/demo/", {"person": "learner"}).status_code == 404
        client.post(LOGIN, {"login": "learner", "password": PASSWORD})
        assert not _is_signed_in(client)
        assert 'name="person"' not in client.get(LOGIN).content.decode()

    def test_system_check_names_a_seeded_database(self, settings, now):
        from directory.models import SeedStamp

        SeedStamp.objects.create(app="directory", seed=1, reference_now=now)
        assert check_demo_people(databases=["default"]) == []
        settings.XINGLIN_IS_DEMO = False
        assert [error.id for error in check_demo_people(databases=["default"])] == ["directory.E001"]


def test_grant_given_meanwhile_counts_at_the_next_request(client, learner, hospital):
    sign_in(client, learner, second_factor=False)
    assert client.get("/home/").status_code != 302
    grant_role(learner, "security_admin", hospital)
    assert client.get("/home/")["Location"].startswith("/accounts/2fa/totp/activate/")
