"""Wagtail's own editor: live rights, only while the course is editable."""

from __future__ import annotations

from django.test import Client

from cms import selectors, services
from core.audit.models import AuditEntry
from tests.factories.courses import make_course


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
