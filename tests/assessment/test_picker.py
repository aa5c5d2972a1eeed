"""The question picker of Wagtail's editor: who may open it, what it offers, and what is chosen."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from assessment.api import create_question, new_version
from assessment.models import QuestionVersion
from core.audit.models import AuditEntry
from core.ids import uuid7
from tests.assessment.conftest import CONTENT
from tests.factories.courses import make_course, publish, put_in_department
from tests.factories.people import make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db

WINDOW, LIST = "/cms/questions/choose/", "/cms/questions/choose/results/"
SECRET = "别院的题干"


def _browser(person, language="en"):
    client = Client()
    client.force_login(person)
    client.cookies["xinglin_language"] = language
    return client


@pytest.fixture
def bank(now):
    """Four questions of one hospital, the first in a pool, and one of another hospital."""
    province = make_organisation(kind="authority")
    hospital, elsewhere = make_organisation(province), make_organisation(province)
    author, outsider = make_person(hospital, "author"), make_person(elsewhere, "author")

    def write(person, organisation, kind, **changes):
        content = CONTENT[kind] | {name: changes.pop(name) for name in list(changes) if name in CONTENT[kind]}
        return create_question(
            actor=make_actor(person), organisation_id=organisation.pk, kind=kind, content=content, now=now, **changes
        )

    ids = {kind: write(author, hospital, kind, pool_name="CARD-7" if kind == "single" else "") for kind in CONTENT}
    foreign = write(outsider, elsewhere, "single", stem=SECRET, pool_name="别院的库")
    return SimpleNamespace(
        hospital=hospital, elsewhere=elsewhere, author=author, outsider=outsider, ids=ids, foreign=foreign
    )


def _offered(browser, **asked):
    """Ids of the versions that the list offers, in its order."""
    page = BeautifulSoup(browser.get(LIST, asked).content, "html.parser")
    return [link["href"].split("/")[-2] for link in page.select("[data-chooser-modal-choice]")]


def test_the_window_offers_ones_own_questions_newest_first(bank):
    newest_first = [str(pk) for pk in reversed(bank.ids.values())]
    assert _offered(_browser(bank.author)) == newest_first
    opened = _browser(bank.author).get(WINDOW).json()
    assert opened["step"] == "choose"
    assert CONTENT["single"]["stem"] in opened["html"]
    assert SECRET not in opened["html"]
    assert "别院的库" not in opened["html"]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({"q": "房颤"}, ["single"]),
        ({"q": "card-7"}, ["single"]),
        ({"q": "card-7 高危"}, []),
        ({"q": "高危 征象"}, ["multiple"]),
        ({"q": "single best"}, ["single"]),
        ({"kind": "ordering"}, ["ordering"]),
        ({"kind": "ordering", "q": "房颤"}, []),
        ({"pool": "CARD-7"}, ["single"]),
        ({"q": SECRET}, []),
        ({"pool": "别院的库"}, ["ordering", "numeric", "multiple", "single"]),  # no such filter: it filters nothing
    ],
)
def test_it_is_searched_by_words_topic_type_and_code(bank, asked, kinds):
    assert _offered(_browser(bank.author), **asked) == [str(bank.ids[kind]) for kind in kinds]


def test_a_question_is_found_by_the_id_in_its_address(bank):
    question = QuestionVersion.objects.get(pk=bank.ids["numeric"]).question_id
    foreign = QuestionVersion.objects.get(pk=bank.foreign).question_id
    assert _offered(_browser(bank.author), q=str(question)) == [str(bank.ids["numeric"])]
    assert _offered(_browser(bank.author), q=str(foreign)) == []


def test_the_type_is_searched_in_the_readers_language(bank):
    assert _offered(_browser(bank.author, "zh-hans"), q="排序") == [str(bank.ids["ordering"])]


def test_no_list_prints_a_key(bank):
    browser = _browser(bank.author)
    for said in (browser.get(WINDOW).json()["html"], browser.get(LIST).content.decode()):
        for content in CONTENT.values():
            assert content["explanation"] not in said
        assert "评估卒中风险" not in said  # an option, and the right one
    chosen = browser.get(f"{WINDOW}chosen/{bank.ids['single']}/").json()
    assert chosen == {
        "step": "chosen",
        "result": {
            "id": str(bank.ids["single"]),
            "title": "Single best answer: 房颤患者今天最合适的下一步？ (v1)",
            "edit_url": f"/questions/{QuestionVersion.objects.get(pk=bank.ids['single']).question_id}/?version=1",
        },
    }


def test_another_hospitals_question_is_chosen_like_one_that_does_not_exist(bank):
    browser = _browser(bank.author)
    for pk in (bank.foreign, uuid7()):
        answer = browser.get(f"{WINDOW}chosen/{pk}/")
        assert answer.status_code == 404
        assert SECRET not in answer.content.decode()
    assert browser.get(f"{WINDOW}chosen/nothing/").status_code == 404


@pytest.mark.parametrize("role", ["editor", "reviewer", None])
def test_who_writes_no_questions_opens_nothing(bank, role):
    person = make_person(bank.hospital, *([role] if role else []))
    browser, before = _browser(person), QuestionVersion.objects.count()
    for address in (WINDOW, LIST, f"{WINDOW}chosen/{bank.ids['single']}/"):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert CONTENT["single"]["stem"] not in answer.content.decode()
    assert QuestionVersion.objects.count() == before


def test_nothing_is_made_or_chosen_by_the_dozen_here(bank):
    browser = _browser(bank.author)
    assert browser.get(f"{WINDOW}create/").status_code == 404
    assert browser.get(f"{WINDOW}chosen-multiple/", {"id": [str(bank.foreign)]}).status_code == 404
    assert "chosen-multiple" not in browser.get(WINDOW, {"multiple": "1"}).json()["html"]


def test_it_says_what_peers_approved_and_a_newer_version_is_not(bank, now):
    author = make_actor(bank.author)
    put_in_department(bank.author, "cardiology")
    reviewers = [make_person(bank.elsewhere, "reviewer") for _one in range(2)]
    course = make_course(author, bank.hospital.pk, now)
    publish(
        course, author, [make_actor(one) for one in reviewers], make_actor(make_person(bank.hospital, "editor")), now
    )
    shown = str(course.__class__.unscoped.get(pk=course.pk).current_edition.references.get(kind="quiz").reference)

    def marks():
        page = BeautifulSoup(_browser(bank.author).get(LIST).content, "html.parser")
        rows = page.select("tbody tr")
        return {row.a["href"].split("/")[-2]: row.select_one(".x-admin-mark").text for row in rows}

    assert marks() == {shown: "Approved in a course"} | {str(pk): "Not reviewed yet" for pk in bank.ids.values()}
    question = QuestionVersion.objects.get(pk=shown).question_id
    newer = new_version(
        actor=author, question_id=question, base_number=1, content=CONTENT["single"] | {"points": 4}, now=now
    )
    assert marks()[str(newer)] == "Not reviewed yet"
    assert shown not in marks()


QUERIES = 8


def test_its_cost_does_not_grow_with_its_rows(bank, now, django_assert_num_queries):
    browser = _browser(bank.author)
    browser.get(LIST)
    with django_assert_num_queries(QUERIES):
        browser.get(LIST, {"kind": "single"})
    with django_assert_num_queries(QUERIES):
        browser.get(LIST)


def test_a_refusal_is_audited_and_changes_nothing(bank):
    before = AuditEntry.objects.count()
    _browser(make_person(bank.hospital, "editor")).get(WINDOW)
    assert AuditEntry.objects.count() == before + 1
    assert json.dumps(AuditEntry.objects.order_by("pk").last().details, default=str).find(SECRET) == -1
