"""What Wagtail's admin finds for an author: nothing of another hospital that the public does not read."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page

from cms import selectors, services
from tests.factories.courses import make_course, publish

HIDDEN_TITLE = "别院草稿胸痛"
SHOWN_TITLE = "别院公开课程"


@pytest.fixture
def courses(house, now):
    """A draft and a published course of the other hospital, and the author's own draft."""
    draft = make_course(house.outsider, house.elsewhere.pk, now, code="ELSE-101", title=HIDDEN_TITLE)
    public = make_course(house.outsider, house.elsewhere.pk, now, code="ELSE-102", title=SHOWN_TITLE)
    own = make_course(house.author, house.hospital.pk, now, code="OWN-101", title="本院草稿胸痛")
    return draft, public, own


@pytest.fixture
def published(house, courses, now):
    from tests.factories.people import make_actor, make_person

    lead = make_actor(make_person(house.elsewhere, "editor"), now)
    reviewers = [make_actor(make_person(house.hospital, "reviewer"), now) for _one in range(2)]
    publish(courses[1], house.outsider, reviewers, lead, now)
    return courses


@pytest.fixture
def browser(house):
    client = Client()
    client.force_login(house.people.author)
    return client


def _pages(course):
    page = selectors.page_of(course)
    return [page.pk, *(unit.pk for unit in selectors.units_of(course))]


LISTS = [
    "/cms/choose-page/",
    "/cms/choose-page/search/?q={q}",
    "/cms/choose-page/search/?q={q}&page_type=cms.coursepage",
    "/cms/pages/",
    "/cms/pages/search/?q={q}",
    "/cms/pages/search/results/?q={q}",
    "/cms/pages/usage/cms/coursepage/",
    "/cms/pages/usage/cms/unitpage/results/",
    "/cms/api/main/pages/",
    "/cms/api/main/pages/?search={q}",
    "/cms/api/main/pages/?for_explorer=1&child_of={space}",
    "/cms/",
]


@pytest.mark.parametrize("address", LISTS)
def test_no_list_of_the_admin_names_a_foreign_draft(house, published, browser, address):
    space = Page.objects.get(pk=selectors.page_of(published[0]).pk).get_parent()
    answer = browser.get(address.format(q="胸痛", space=space.pk), follow=True)
    page = answer.content.decode()
    assert answer.status_code == (400 if "child_of" in address else 200)  # the foreign space reads like a missing one
    for text in (HIDDEN_TITLE, HIDDEN_TITLE.encode("unicode_escape").decode(), "ELSE-101", "else-101"):
        assert text not in page
    for pk in _pages(published[0]):
        assert f"/cms/pages/{pk}/" not in page
        assert f'"id": {pk},' not in page


@pytest.mark.parametrize(
    "address",
    [
        "reports/locked/",
        "reports/aging-pages/",
        "reports/site-history/",
        "reports/workflow/",
        "reports/page-types-usage/",
        "bulk/wagtailcore/page/publish/?id=all",
        "bulk/wagtailcore/page/delete/?id={pk}",
    ],
)
def test_reports_and_bulk_actions_are_not_there(house, published, browser, address):
    assert browser.get(f"/cms/{address.format(pk=_pages(published[2])[0])}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/cms/choose-page/{pk}/",
        "/cms/choose-page/chosen-multiple/?id={own}&id={pk}",
        "/cms/choose-page/?page_type=cms.unitpage",
        "/cms/api/main/pages/{pk}/",
        "/cms/pages/{pk}/",
        "/cms/pages/{pk}/revisions/compare/earliest...latest/",
    ],
)
def test_a_foreign_draft_reads_like_a_missing_one(house, published, browser, address):
    draft, _public, own = published
    for pk in (*_pages(draft), 4_000_000, 10**30):
        answer = browser.get(address.format(pk=pk, own=_pages(own)[0]))
        assert answer.status_code == 404
        assert HIDDEN_TITLE not in answer.content.decode()


def test_own_drafts_and_public_courses_are_offered_for_links(house, published, browser):
    draft, public, own = published
    for words, course, is_found in (("别院公开", public, True), ("本院草稿", own, True), ("别院草稿", draft, False)):
        page = browser.get("/cms/choose-page/search/", {"q": words}).content.decode()
        assert (course.title in page) is is_found
    ids = [selectors.page_of(course).pk for course in (public, own)]
    chosen = browser.get("/cms/choose-page/chosen-multiple/", {"id": ids}).json()
    assert [row["id"] for row in chosen["result"]] == ids
    assert browser.get(f"/cms/choose-page/{ids[0]}/").status_code == 200
    assert browser.get("/cms/choose-page/", {"page_type": "wagtailcore.page"}).status_code == 200


def test_the_new_title_of_a_public_course_is_not_told_before_its_edition(house, published, browser, now):
    _draft, public, _own = published
    services.revise_course(actor=house.outsider, course_id=public.pk, now=now)
    services.change_course(
        actor=house.outsider, course_id=public.pk, facts={"title": "别院秘密新题"}, introduction="", now=now
    )
    for words in ("别院", "秘密"):
        page = browser.get("/cms/choose-page/search/", {"q": words}).content.decode()
        assert "秘密新题" not in page
