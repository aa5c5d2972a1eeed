"""What the tables of the figures page leave out, on screen, on paper and in the file; who was reminded; its title."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.notify.models import Notification
from tests.factories.people import make_organisation, make_person

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def browser_of(organisation, role: str) -> Client:
    client = Client()
    client.force_login(make_person(organisation, role), backend="directory.backends.GrantBackend")
    return client


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("role", "panel", "shown"), [("supervisor", "area_panel", 8), ("manager", "shortage_panel", 12)]
)
def test_the_rows_and_the_sentence_below_add_up_to_the_total(entry, world, role, panel, shown):
    # given fourteen organisations of two people, beside those of the entry
    for _n in range(14):
        place = make_organisation(world.hospital.parent)
        make_person(place)
        make_person(place)
    browser = browser_of(world.hospital.parent, role)

    page = browser.get(reverse(f"credits:{panel}"), headers=FRAGMENT)

    found, rows = page.context["found"], page.context["places"]
    left = len(found.places) - shown
    people = found.people - sum(place.people for place in rows)
    assert (len(rows), left > 0, people > 0) == (shown, True, True)
    assert f"另有 {left} 家机构（共 {people} 人）未列出，缩小范围可以看到。" in words_of(page)


def test_the_file_of_the_area_holds_every_organisation(entry, world):
    for _n in range(14):
        make_person(make_organisation(world.hospital.parent))
    browser = browser_of(world.hospital.parent, "supervisor")

    lines = browser.get(reverse("credits:area_panel"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()

    page = browser.get(reverse("credits:area_panel"), headers=FRAGMENT)
    assert sum(int(line.split(",")[1]) for line in lines[1:]) == page.context["found"].people


def test_a_table_that_shows_all_says_nothing_of_others(entry, world):
    page = browser_of(world.hospital.parent, "supervisor").get(reverse("credits:area_panel"), headers=FRAGMENT)

    assert "未列出" not in words_of(page)


def test_paper_says_how_many_are_listed_and_where_all_are(entry, world):
    browser = browser_of(world.hospital, "manager")
    short = browser.get(reverse("credits:shortage_panel"), headers=FRAGMENT).context["found"].short
    for _n in range(11 - short):
        make_person(world.hospital)

    page = browser.get(reverse("credits:shortage_panel"), headers=FRAGMENT)

    text = page.content.decode()
    sentence = "此处列出 11 人中的 10 人，全部名单见：http://testserver/credits/shortage/"
    assert re.search(rf'<p class="x-print-only">{re.escape(sentence)}', text)
    assert re.search(r'<a class="x-link x-noprint"[^>]*>查看全部 11 人</a>', text)
    assert "此处列出" not in browser.get(reverse("credits:shortage_panel")).content.decode()


def test_who_was_reminded_is_marked_and_offered_again_in_another_week_only(entry, learner, world):
    browser = browser_of(world.hospital, "manager")
    other = make_person(world.hospital)
    browser.post(reverse("credits:remind"), {"person": str(learner.pk), "is_sure": "yes"})

    page = browser.get(reverse("credits:shortage_panel")).content.decode()

    box = r'name="person" value="{}"'
    assert page.count("日</time>已提醒") == 1
    assert not re.search(box.format(learner.pk), page)
    assert re.search(box.format(other.pk) + " checked", page)

    # and in the following week the mark stays, the offer is back
    for told in Notification.objects.filter(person=learner, kind__startswith="credits.reminder"):
        before = told.created_at - timedelta(days=7)
        Notification.objects.filter(pk=told.pk).update(created_at=before)
    page = browser.get(reverse("credits:shortage_panel")).content.decode()
    assert page.count("日</time>已提醒") == 1
    assert re.search(box.format(learner.pk) + " checked", page)


@pytest.mark.parametrize(("role", "title"), [("supervisor", "会诊与学习监管"), ("manager", "培训数据")])
def test_the_page_is_titled_by_what_the_person_sees(world, role, title):
    page = browser_of(world.hospital, role).get("/supervision/").content.decode()

    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL).group(1)
    assert re.sub(r"\s+", " ", heading).strip().startswith(f"{title} · {world.hospital.name}")
