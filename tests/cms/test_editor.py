"""Wagtail's own editor: live rights, only while the course is editable."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page, Revision

from cms import selectors, services
from core.audit.models import AuditEntry
from tests.factories.courses import make_course
from tests.factories.people import grant_role


def test_the_author_edits_in_wagtail_and_a_stranger_does_not(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    unit = selectors.units_of(course)[0]
    author, stranger = Client(), Client()
    author.force_login(house.people.author)
    stranger.force_login(house.people.outsider)
    page = author.get(f"/cms/pages/{unit.pk}/edit/")
    assert page.status_code == 200
    assert stranger.get(f"/cms/pages/{unit.pk}/edit/").status_code in {302, 403, 404}


def test_a_submitted_course_is_not_edited_in_wagtail(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    unit = selectors.units_of(course)[0]
    services.submit_course(actor=house.author, course_id=course.pk, now=now)
    author = Client()
    author.force_login(house.people.author)
    before = AuditEntry.objects.count()
    answer = author.get(f"/cms/pages/{unit.pk}/edit/")
    assert (answer.status_code, answer["Location"]) == (302, f"/courses/desk/{course.pk}/")
    assert author.post(f"/cms/pages/{unit.pk}/edit/", {"title": "x"}).status_code == 302
    assert selectors.units_of(course)[0].title == unit.title
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("person", ["author", "editor"])
@pytest.mark.parametrize("action", ["delete", "move", "copy", "unpublish"])
def test_a_unit_is_not_removed_moved_or_copied_beside_the_desk(house, now, person, action):
    course = make_course(house.author, house.hospital.pk, now)
    unit, client = selectors.units_of(course)[0], Client()
    client.force_login(getattr(house.people, person))
    before = list(Page.objects.order_by("path").values("pk", "path", "title", "live", "latest_revision"))

    seen = client.get(f"/cms/pages/{unit.pk}/{action}/")
    sent = client.post(f"/cms/pages/{unit.pk}/{action}/", {"new_title": "x", "new_slug": "x"})
    bulk = client.post(f"/cms/bulk/wagtailcore/page/{action}/?id={unit.pk}&next=/cms/")

    assert (seen.status_code, seen["Location"]) == (302, "/cms/")
    assert (sent.status_code, sent["Location"]) == (302, "/cms/")
    assert bulk.status_code in {200, 302, 404}
    assert list(Page.objects.order_by("path").values("pk", "path", "title", "live", "latest_revision")) == before


def test_the_listing_offers_to_edit_and_nothing_that_is_refused(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    unit, client = selectors.units_of(course)[0], Client()
    client.force_login(house.people.author)

    page = client.get(f"/cms/pages/{selectors.page_of(course).pk}/").content.decode()

    assert f"/cms/pages/{unit.pk}/edit/" in page
    for action in ("delete", "move", "copy", "unpublish"):
        assert f"/cms/pages/{unit.pk}/{action}/" not in page
    assert "add_subpage" not in page


@pytest.mark.parametrize("person", ["colleague", "author"])
def test_no_older_draft_is_put_back_beside_the_desk(house, now, person):
    """Given a submitted course, neither a colleague who is no author nor its author reverts a page by Wagtail's API."""
    grant_role(house.people.colleague, "author", house.hospital)
    course = make_course(house.author, house.hospital.pk, now)
    unit, client = selectors.units_of(course)[0], Client()
    first = unit.revisions.order_by("pk").first()
    services.submit_course(actor=house.author, course_id=course.pk, now=now)
    client.force_login(getattr(house.people, person))
    before = list(Revision.objects.order_by("pk").values_list("pk", flat=True))
    for page in (unit.pk, 4_000_000):
        address = f"/cms/api/main/pages/{page}/action/revert_to_page_revision/"
        assert client.post(address, {"revision_id": first.pk}).status_code == 404
    assert client.post(f"/cms/pages/{unit.pk}/revisions/{first.pk}/revert/", {"title": "x"}).status_code == 302
    assert list(Revision.objects.order_by("pk").values_list("pk", flat=True)) == before
