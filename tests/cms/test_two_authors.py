"""Two authors at one form: the second is told, and keeps what was typed."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms import selectors
from core.audit.models import AuditEntry
from tests.factories.courses import make_course


def _browser(person):
    client = Client()
    client.force_login(person)
    client.cookies["xinglin_language"] = "en"
    return client


def _opened(browser, address):
    """The fields of the page's form as a browser would send them."""
    soup = BeautifulSoup(browser.get(address).content, "html.parser")
    form = next(f for f in soup.select("main form") if f.select_one("[name=revision]"))
    fields = {i["name"]: i.get("value", "") for i in form.select("input[name]") if i["name"] != "csrfmiddlewaretoken"}
    fields |= {a["name"]: a.get_text().removeprefix("\n") for a in form.select("textarea")}
    return fields | {s["name"]: s.select_one("[selected]")["value"] for s in form.select("select")}


@pytest.fixture
def course(house, now):
    return make_course(house.author, house.hospital.pk, now)


def test_the_pass_mark_of_one_author_survives_the_other(house, course):
    first, second = _browser(house.people.author), _browser(house.people.editor)
    address = f"/courses/desk/{course.pk}/facts/"
    # Given that both have opened the facts
    of_first, of_second = _opened(first, address), _opened(second, address)
    # When one sets the pass mark, and then the other, who has not seen that, the title
    assert first.post(address, of_first | {"pass_percent": "85"}).status_code == 302
    entries = AuditEntry.objects.count()
    answer = second.post(address, of_second | {"title": "另一位起的题目", "introduction": "另一位写的话"})
    # Then nothing of it is saved, and what was typed stands there to be copied
    course.refresh_from_db()
    assert (answer.status_code, course.pass_percent, course.title) == (409, 85, "胸痛分诊")
    assert selectors.page_of(course).get_latest_revision_as_object().introduction == ""
    assert AuditEntry.objects.count() == entries
    page = answer.content.decode()
    assert "另一位起的题目" in page
    assert "另一位写的话" in page
    assert "This was changed after you opened it." in page
    assert "Copy your text" in page
    # And the form opened again is saved
    assert second.post(address, _opened(second, address) | {"title": "另一位起的题目"}).status_code == 302
    course.refresh_from_db()
    assert (course.pass_percent, course.title) == (85, "另一位起的题目")


def test_a_save_in_the_full_editor_counts_too(house, course):
    browser = _browser(house.people.author)
    address = f"/courses/desk/{course.pk}/facts/"
    opened = _opened(browser, address)
    draft = selectors.page_of(course).get_latest_revision_as_object()
    draft.introduction = "<p>在完整编辑器里写的</p>"
    draft.save_revision()
    assert browser.post(address, opened | {"introduction": "旧"}).status_code == 409
    assert "完整编辑器" in selectors.page_of(course).get_latest_revision_as_object().introduction


def test_a_unit_and_a_block_keep_what_was_typed(house, course):
    first, second = _browser(house.people.author), _browser(house.people.editor)
    unit = selectors.units_of(course)[0]
    of_unit = f"/courses/desk/{course.pk}/units/{unit.pk}/"
    of_block = f"{of_unit}blocks/{selectors.raw_blocks(unit)[0]['id']}/"
    for address, change in ((of_unit, {"title": "第二人的单元"}), (of_block, {"text": "第二人的正文"})):
        opened = _opened(second, address)
        assert first.post(address, _opened(first, address)).status_code == 302
        answer = second.post(address, opened | change)
        assert answer.status_code == 409
        assert next(iter(change.values())) in answer.content.decode()
    assert selectors.units_of(course)[0].title == "Unit 1"
