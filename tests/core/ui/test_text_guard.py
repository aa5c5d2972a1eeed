"""What no column can hold, and forms over the limits, are answered in words before anything is stored."""

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Person
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_organisation()


@pytest.fixture
def admin(hospital):
    return make_person(hospital, "system_admin", language="en")


@pytest.mark.parametrize(
    "url", ["/courses/?q=a%00", "/verify/?number=a%00", "/courses/a%00b/", "/?%00=a", "/help/?x=%00"]
)
def test_a_nul_in_the_address_is_a_page_in_words(url):
    answer = Client(raise_request_exception=False).get(url, headers={"accept-language": "en"})
    assert answer.status_code in {400, 404}
    if "?" in url:
        assert answer.status_code == 400
        assert "character that cannot be stored" in answer.content.decode()


def test_a_program_gets_a_problem_document():
    answer = Client().get("/dicomweb/studies?PatientName=a%00", headers={"accept": "application/dicom+json"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "unreadable_text"


@pytest.mark.parametrize("extra", [{}, {"content_type": "application/x-www-form-urlencoded"}])
@pytest.mark.parametrize("headers", [{}, {"hx-request": "true", "x-csrftoken": "x"}])
def test_a_nul_in_a_form_stores_nothing(admin, hospital, extra, headers):
    person = make_person(hospital)
    data = {"name": "a\0b", "email": "", "phone": "", "is_active": "on"}
    client = sign_in(Client(), admin)
    url = reverse("directory:person_change", args=[person.pk])

    sent = "name=a%00b&is_active=on" if extra else data
    answer = client.post(url, sent, headers=headers, **extra)

    assert answer.status_code == 400
    assert Person.objects.get(pk=person.pk).name == person.name


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"name": "气" * 1_500_000}, 413, "longer than 4 MB"),
        ({f"field{number}": "1" for number in range(1001)}, 400, "more fields or files than one request may bring"),
    ],
    ids=["text", "fields"],
)
def test_a_form_over_the_limit_is_answered_in_words(admin, hospital, data, status, sentence):
    person = make_person(hospital)
    client = sign_in(Client(raise_request_exception=False), admin)

    answer = client.post(reverse("directory:person_change", args=[person.pk]), data)

    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert Person.objects.get(pk=person.pk).name == person.name
    admin.language = "zh-hans"
    admin.save()
    again = client.post(reverse("directory:person_change", args=[person.pk]), data)
    assert "没有保存任何内容" in again.content.decode()
