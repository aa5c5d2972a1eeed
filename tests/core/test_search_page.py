"""The search page over HTTP: visitor, signed-in person, kinds, pages, odd input."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from core.search import PUBLIC, SIGNED_IN, index_entry, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def things(settings, monkeypatch, now):
    settings.XINGLIN_SEARCH_URL = ""
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register_search_kind(kinds.SearchKind("case", "Teaching cases", "book-open", 1))

    def put(number, kind, title, audience):
        index_entry(
            kind=kind, object_id=str(number), title=title, body="<i>胸痛</i>的识别", url=f"/{kind}/{number}/",
            language="zh-hans", audience=[audience], now=now,
        )  # fmt: skip

    put(1, "case", "胸痛病例", SIGNED_IN)
    put(2, "course", "胸痛入门", PUBLIC)
    for number in range(10, 35):
        put(number, "page", "分页", PUBLIC)


def page(client, **query):
    response = client.get(reverse("search:results"), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_finds_only_what_is_public(client):
    body = page(client, q="胸痛")
    assert 'href="/course/2/"' in body
    assert "/case/1/" not in body
    assert "Teaching cases" not in body
    assert "<mark>胸痛</mark>入门" in body
    assert "&lt;i&gt;<mark>胸痛</mark>&lt;/i&gt;" in body


def test_a_signed_in_person_finds_more_and_filters_by_kind(client):
    person = get_user_model().objects.create_user("learner", name="learner")
    client.force_login(person)
    body = page(client, q="胸痛")
    assert body.index("kind=case") < body.index("kind=course")
    assert "/case/1/" in body
    only = page(client, q="胸痛", kind="case")
    assert "/case/1/" in only
    assert "/course/2/" not in only


def test_nothing_of_this_kind_offers_all_kinds(client):
    body = page(client, q="胸痛", kind="case")
    assert "Nothing of this kind" in body or "没有" in body
    assert 'href="?q=%E8%83%B8%E7%97%9B"' in body


def test_pages_keep_the_question(client):
    body = page(client, q="分页")
    assert "q=%E5%88%86%E9%A1%B5&amp;page=2" in body
    assert page(client, q="分页", page="2").count('href="/page/') == 5


def test_odd_input_is_answered(client):
    assert page(client) and page(client, q="  ")
    for query in (
        {"q": "x" * 9000},
        {"q": "a", "page": "x"},
        {"q": "a", "kind": "'\""},
        {"q": "<script>"},
    ):
        assert "<script>alert" not in page(client, **query)
    assert 'value="&lt;b&gt;"' in page(client, q="<b>")
    assert client.get(reverse("search:results"), {"q": "\0"}).status_code == 400


def test_only_reading_is_allowed(client):
    assert client.post(reverse("search:results")).status_code == 405
