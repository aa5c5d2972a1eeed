"""Wagtail's rights come live from role grants: scoped, revoked at once, and an end date holds."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from directory import editing_rights
from directory.api import PageRight, register_page_right
from directory.models import Person
from tests.factories.people import grant_role, make_organisation, make_person
from tests.factories.signing_in import sign_in

pytestmark = pytest.mark.django_db
ACTIONS = frozenset({"add", "change"})


@pytest.fixture
def county():
    return make_organisation(make_organisation(make_organisation(kind="authority"), kind="authority"))


@pytest.fixture
def hospital(county):
    return make_organisation(county, authors_courses=True)


@pytest.fixture
def other():
    return make_organisation(authors_courses=True)


@pytest.fixture
def spaces(hospital, other, monkeypatch):
    """One page space for each of two hospitals, found by the organisation's code in the slug."""
    monkeypatch.setattr(editing_rights, "_page_rights", {})
    root = Page.objects.get(depth=1)
    pages = {o.pk: root.add_child(instance=Page(title=o.name, slug=o.code.lower())) for o in (hospital, other)}

    def of(organisations):
        return Page.objects.filter(slug__in=[code.lower() for code in organisations.values_list("code", flat=True)])

    register_page_right("test", PageRight("course.author", ACTIONS, of))
    return pages


def _may(person: Person, action: str, page: Page) -> bool:
    """A fresh person, as each request has one."""
    fresh = Person.objects.get(pk=person.pk)
    return policy_registry.get_by_type(Page).user_has_permission_for_instance(fresh, action, page)


def test_author_edits_the_own_space_and_nothing_else(hospital, other, spaces):
    author = make_person(hospital, "author")
    child = spaces[hospital.pk].add_child(instance=Page(title="course", slug="course"))

    assert _may(author, "change", child)
    assert _may(author, "add", spaces[hospital.pk])
    assert not _may(author, "publish", child)
    assert not _may(author, "change", spaces[other.pk])
    assert not _may(author, "change", Page.objects.get(depth=1))


def test_grant_above_covers_the_space_below(county, hospital, spaces):
    assert _may(make_person(county, "author"), "change", spaces[hospital.pk])


def test_learner_and_reviewer_have_no_page_rights(hospital, spaces):
    for roles in ((), ("reviewer",)):
        assert not _may(make_person(hospital, *roles), "change", spaces[hospital.pk])


def test_ended_grant_closes_at_once(hospital, spaces):
    author = make_person(hospital)
    grant = grant_role(author, "author", hospital)
    assert _may(author, "change", spaces[hospital.pk])

    grant.ends_at = timezone.now() - timedelta(seconds=1)
    grant.save()

    assert not _may(author, "change", spaces[hospital.pk])
    assert not Person.objects.get(pk=author.pk).has_perm("wagtailadmin.access_admin")


def test_grant_that_starts_tomorrow_opens_nothing_today(hospital, spaces):
    author = make_person(hospital)
    grant_role(author, "author", hospital, starts_at=timezone.now() + timedelta(days=1))
    assert not _may(author, "change", spaces[hospital.pk])


def test_stored_django_permissions_count_for_nothing(hospital, spaces):
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    person = make_person(hospital)
    group = Group.objects.create(name="anything")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(group=group, page=spaces[hospital.pk], permission_type="change")
    person.groups.add(group)
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))

    assert not Person.objects.get(pk=person.pk).has_perm("wagtailadmin.access_admin")
    assert not _may(person, "change", spaces[hospital.pk])


def test_users_with_a_right_are_found_from_grants(hospital, other, spaces):
    author, elsewhere = make_person(hospital, "author"), make_person(other, "author")
    policy = policy_registry.get_by_type(Page)
    assert set(policy.users_with_any_permission({"change"})) == {author, elsewhere}
    assert set(policy.users_with_any_permission_for_instance({"change"}, spaces[hospital.pk])) == {author}


def test_pictures_follow_the_same_grants(hospital):
    policy = policy_registry.get_by_type(get_image_model())
    author, learner = make_person(hospital, "author"), make_person(hospital)
    assert policy.user_has_permission(Person.objects.get(pk=author.pk), "add")
    assert not policy.user_has_permission(Person.objects.get(pk=learner.pk), "add")


def test_admin_opens_for_authors_only(hospital, spaces):
    assert sign_in(Client(), make_person(hospital, "author")).get("/cms/").status_code == 200
    # somebody without the right reads why, and is not sent to sign-in and back without end
    assert sign_in(Client(), make_person(hospital)).get("/cms/").status_code == 403


def test_foreign_and_missing_pages_read_the_same(hospital, other, spaces):
    client = sign_in(Client(), make_person(hospital, "author"))
    foreign, missing = spaces[other.pk].pk, 999_999

    answers = [client.get(f"/cms/pages/{number}/edit/") for number in (foreign, missing)]

    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = [re.sub(r'value="[^"]*"|pages/\d+', "", answer.content.decode()) for answer in answers]
    assert bodies[0] == bodies[1]
    assert client.get(f"/cms/pages/{spaces[hospital.pk].pk}/edit/").status_code == 200


@pytest.mark.parametrize("address", ["/cms/users/", "/cms/groups/", "/cms/users/add/", "/cms/password_reset/"])
def test_wagtail_s_own_people_screens_do_not_exist(hospital, address):
    client = sign_in(Client(), make_person(hospital, "author", "system_admin"))
    assert client.get(address).status_code == 404


def test_wagtail_s_own_sign_in_leads_to_ours():
    assert Client().get("/cms/login/?next=/cms/")["Location"] == "/accounts/login/?next=/cms/"


def test_nobody_is_superuser(hospital):
    from django.db import IntegrityError, transaction

    person = make_person(hospital)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_superuser=True)
