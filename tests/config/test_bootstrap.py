"""From an empty, migrated database to a doctor at work: the first day of an installation, through its own doors."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry
from core.crypto.keyring import keyring
from core.ids import uuid7
from credits.models import Scheme, SchemeVersion
from credits.services.schemes import SHIPPED
from directory.models import Department, Invitation, Membership, Organisation, Person, RoleGrant

pytestmark = pytest.mark.django_db
GIVEN = {
    "code": "QS",
    "name": "青山省卫生健康委员会",
    "name_en": "Qingshan Health Commission",
    "system": "王知远, wang@example.org",
    "security": "李安，13900001111",
    "audit": "赵明, zhao@example.org, 13900002222",
}
PASSWORD = "long-enough-for-1"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.XINGLIN_KEYS_DIR = tmp_path / "keys"
    settings.XINGLIN_SMS_LOG = tmp_path / "sms.log"
    settings.WAGTAILADMIN_BASE_URL = "https://xinglin.example"


def bootstrap(**changes) -> str:
    out = StringIO()
    call_command("bootstrap", stdout=out, **(GIVEN | changes))
    return out.getvalue()


def links(told: str) -> list[str]:
    return re.findall(r"https://xinglin\.example(\S+)", told)


def join(link: str, username: str) -> Person:
    answers = {"username": username, "password1": PASSWORD, "password2": PASSWORD, "consent": "on"}
    assert Client().get(link).status_code == 200
    assert Client().post(link, answers)["Location"] == "/accounts/login/"
    return Person.objects.get(username=username)


def signed_in(username: str) -> Client:
    """By password and a second factor that is set up on the way, as somebody new does."""
    browser = Client()
    browser.post("/accounts/login/", {"login": username, "password": PASSWORD})
    page = "/accounts/2fa/totp/activate/"
    again = browser.post(f"/accounts/reauthenticate/?next={page}", {"password": PASSWORD})
    counters = list(yield_hotp_counters_from_time())
    secret = browser.get(again["Location"]).context["form"].secret
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda call, *args, **kwargs: call())
        browser.post(page, {"code": format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))})
    assert Authenticator.objects.filter(user__username=username, type="totp").exists()
    return browser


def test_from_nothing_to_a_doctor_who_works(run_jobs):
    # Given an empty database
    assert (Organisation.objects.count(), Person.objects.count(), Scheme.objects.count()) == (0, 0, 0)
    # When it is brought into use and the three accept what is printed, since no mail is configured
    told = bootstrap()
    by_role = dict(zip(["audit_admin", "security_admin", "system_admin"], links(told), strict=True))
    for role, link in by_role.items():
        join(link, role.replace("_", "-"))
    held = dict(RoleGrant.objects.values_list("person__username", "role"))
    assert held == {"system-admin": "system_admin", "security-admin": "security_admin", "audit-admin": "audit_admin"}
    # and the system administrator makes a hospital, a department, and invites a doctor
    system, root = signed_in("system-admin"), Organisation.objects.get()
    hospital = {"form_key": uuid7(), "name": "青山省人民医院", "name_en": "", "code": "QS-H1", "kind": "hospital"}
    assert system.post(f"/directory/organisations/{root.pk}/new/", hospital).status_code == 302
    made = Organisation.objects.get(code="QS-H1")
    department = {"form_key": uuid7(), "specialty": "cardiology", "name": "心血管内科", "name_en": "Cardiology"}
    assert system.post(f"/directory/organisations/{made.pk}/departments/new/", department).status_code == 302
    invited = {"form_key": uuid7(), "name": "林晓禾", "title": "主治医师", "email": "lin@example.org"}
    assert system.post(f"/directory/organisations/{made.pk}/invite/", invited).status_code == 302
    mail.outbox.clear()
    run_jobs()
    [letter] = [letter for letter in mail.outbox if letter.to == ["lin@example.org"]]
    doctor = join(links(letter.body)[0], "lin")
    # and gives the doctor a department, security a role
    place = {"organisation_code": "QS-H1", "specialty": "cardiology", "title": "主治医师"}
    assert system.post(f"/directory/people/{doctor.pk}/places/add/", place).status_code == 302
    security = signed_in("security-admin")
    role = {"role": "requester", "organisation_code": "QS-H1"}
    assert security.post(f"/directory/people/{doctor.pk}/grants/add/", role).status_code == 302
    # Then the doctor signs in and may ask for a consult
    at_work = signed_in("lin")
    assert at_work.get("/home/").status_code == 200
    assert at_work.get("/consults/new/").status_code in {200, 302}
    where = Membership.objects.get(person=doctor)
    assert (where.organisation, where.department, where.is_primary) == (made, Department.objects.get(), True)
    audit = signed_in("audit-admin")
    assert audit.get("/audit/").status_code == 200


def test_what_stands_after_it(capsys):
    told = bootstrap()
    root = Organisation.objects.get()
    assert (root.code, root.name, root.path, root.level, root.kind, root.parent) == (
        "QS", "青山省卫生健康委员会", "0001/", 1, "authority", None,
    )  # fmt: skip
    invitations = {i.role: (i.name, i.email, i.phone, i.organisation) for i in Invitation.objects.all()}
    assert invitations == {
        "system_admin": ("王知远", "wang@example.org", None, root),
        "security_admin": ("李安", "", "+8613900001111", root),
        "audit_admin": ("赵明", "zhao@example.org", "+8613900002222", root),
    }
    scheme = Scheme.objects.get()
    assert (scheme.code, scheme.authority, scheme.authority_en) == (
        "QS", "青山省卫生健康委员会", "Qingshan Health Commission",
    )  # fmt: skip
    assert SchemeVersion.objects.count() == len(json.loads(SHIPPED.read_text())["versions"])
    assert f"root key {keyring().current().key_id} made" in told
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions == {"key.created", "organisation.created", "person.invited", "scheme.installed"}


def test_again_is_the_same_and_prints_the_same_addresses():
    first = bootstrap()
    rows = Invitation.objects.count(), Organisation.objects.count(), Scheme.objects.count()
    second = bootstrap()
    assert links(second) == links(first)
    assert (Invitation.objects.count(), Organisation.objects.count(), Scheme.objects.count()) == rows == (3, 1, 1)
    assert "root key" not in second


def test_after_somebody_has_accepted_the_others_stay_invited_and_nobody_is_invited_twice():
    told = bootstrap()
    join(links(told)[2], "first-system")
    again = bootstrap()
    assert len(links(again)) == 2
    assert Invitation.objects.count() == 3
    assert RoleGrant.objects.filter(role="system_admin").count() == 1


def test_a_mistyped_person_is_corrected_and_the_first_address_is_dead():
    told = bootstrap()
    wrong = links(told)[2]
    again = bootstrap(system="王知远, wang.right@example.org")
    assert Client().get(wrong).status_code == 404
    assert Client().get(links(again)[2]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"security": "李安, wang@example.org"}, None),
        ({"security": "王知远, other@example.org"}, None),
        ({"audit": "赵明, 13900001111"}, None),
        ({"audit": "赵明"}, "--audit"),
        ({"audit": "赵明, 123"}, None),
        ({"code": "青山"}, "--code"),
        ({"name": ""}, "--name is missing"),
        ({"scheme": Path(__file__)}, "test_bootstrap.py"),
    ],
)
def test_what_is_refused_leaves_nothing(changes, said):
    with pytest.raises(CommandError, match=said):
        bootstrap(**changes)
    counts = [model.objects.count() for model in (Organisation, Invitation, Scheme, AuditEntry)]
    assert counts == [0, 0, 0, 0]


def test_an_installation_in_use_is_left_alone():
    bootstrap()
    before = sorted(Organisation.objects.values_list("code", "name")), Invitation.objects.count()
    for changes in ({"code": "OTHER"}, {"name": "别的省"}):
        with pytest.raises(CommandError, match="QS"):
            bootstrap(**changes)
    assert (sorted(Organisation.objects.values_list("code", "name")), Invitation.objects.count()) == before


def test_addresses_are_not_printed_where_they_are_sent(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.XINGLIN_SMS_DRIVER = "hospital.sms.Driver"
    monkeypatch.setenv("EMAIL_HOST", "mail.example.org")
    assert links(bootstrap()) == []
    assert len(links(bootstrap(print_links=True))) == 3


def test_an_invitation_that_is_over_is_made_anew():
    first = links(bootstrap())
    Invitation.objects.update(expires_at=timezone.now())
    again = links(bootstrap())
    assert (len(again), set(again) & set(first)) == (3, set())


def test_a_scheme_from_a_file_keeps_its_own_names(tmp_path):
    data = json.loads(SHIPPED.read_text()) | {"code": "OWN", "authority": "青山省继教委"}
    file = tmp_path / "own.json"
    file.write_text(json.dumps(data, ensure_ascii=False))
    bootstrap(scheme=file)
    assert Scheme.objects.get().authority == "青山省继教委"
    call_command("install_scheme", str(file))
    assert Scheme.objects.count() == 1
    # again without the file it adds none beside it; another file for everybody is refused with what covers them
    before = list(Scheme.objects.values()), list(SchemeVersion.objects.values())
    assert "credit scheme OWN\n" in bootstrap()
    file.write_text(json.dumps(data | {"code": "ANOTHER"}))
    for again in (lambda: bootstrap(scheme=file), lambda: call_command("install_scheme", str(file))):
        with pytest.raises(CommandError, match="OWN"):
            again()
    assert (list(Scheme.objects.values()), list(SchemeVersion.objects.values())) == before
    with pytest.raises(CommandError, match=r"missing\.json"):
        call_command("install_scheme", str(tmp_path / "missing.json"))
