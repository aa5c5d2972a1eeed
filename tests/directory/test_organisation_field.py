"""An organisation in a form of the administrators: by code, by name, by a part of a name."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from directory.models import RoleGrant
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in


@pytest.fixture
def places(db):
    province = make_organisation(
        kind="authority", code="P", name="清江省卫生健康委员会", name_en="Qingjiang Commission"
    )
    county = make_organisation(province, code="QX-H", name="青溪县人民医院", name_en="Qingxi County Hospital")
    other = make_organisation(province, code="QS-H", name="青石县人民医院", name_en="Qingshi County Hospital")
    closed = make_organisation(province, code="OLD", name="旧医院", name_en="Old Hospital", is_active=False)
    return province, county, other, closed


@pytest.fixture
def client(places):
    return sign_in(Client(), make_person(places[0], "security_admin"))


def give(client, doctor, typed: str):
    form = {"role": "requester", "organisation_code": typed}
    return client.post(f"/directory/people/{doctor.pk}/grants/add/", form, headers={"accept-language": "en"})


@pytest.mark.parametrize("typed", ["QX-H", "qx-h", " 青溪县人民医院 ", "qingxi county hospital", "青溪", "Qingxi"])
def test_code_name_and_a_part_that_fits_one_are_found(client, places, typed):
    doctor = make_person(places[1])
    assert give(client, doctor, typed).status_code == 302
    assert RoleGrant.objects.get(person=doctor).organisation == places[1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("人民医院", "Several organisations fit: Qingxi County Hospital (QX-H); Qingshi County Hospital (QS-H)."),
        ("旧医院", "There is no active organisation with this code or name."),
        ("OLD", "There is no active organisation with this code or name."),
        ("%", "There is no active organisation with this code or name."),
    ],
)
def test_what_fits_several_or_none_changes_nothing_and_says_so(client, places, typed, sentence):
    doctor = make_person(places[1])
    answer = give(client, doctor, typed)
    assert answer.status_code == 422
    assert sentence in BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)
    assert not RoleGrant.objects.filter(person=doctor).exists()


def test_open_organisations_are_suggested_under_their_codes(client, places):
    page = BeautifulSoup(client.get(f"/directory/people/{make_person(places[1]).pk}/").content, "html.parser")
    field = page.select_one("input[name=organisation_code]")
    assert field is not None
    options = page.select(f"datalist[id='{field['list']}'] option")
    assert [option["value"] for option in options] == ["P", "QX-H", "QS-H"]
