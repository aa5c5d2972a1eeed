"""The anonymous page cache: fast for strangers, invisible to everybody else."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory

from core.ui.page_cache import AnonymousPageCache, bump_epoch


@pytest.fixture(autouse=True)
def clean_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def pages():
    """The middleware over a view that answers with a running number."""
    calls = []

    def view(request):
        calls.append(request.path)
        response = HttpResponse(f"page {len(calls)}")
        if "cookie" in request.GET:
            response.set_cookie("seen", "1")
        if "private" in request.GET:
            response["Cache-Control"] = "private"
        return response

    middleware = AnonymousPageCache(view)

    def get(address="/courses/", **headers):
        request = RequestFactory().get(address, **headers)
        for name, value in headers.pop("cookies", {}).items():
            request.COOKIES[name] = value
        return middleware(request).content.decode()

    return get


def test_second_visit_is_stored(pages):
    assert [pages(), pages()] == ["page 1", "page 1"]


def test_query_order_does_not_matter_but_values_do(pages):
    assert pages("/courses/?a=1&b=2") == pages("/courses/?b=2&a=1") == "page 1"
    assert pages("/courses/?a=2&b=2") == "page 2"


@pytest.mark.parametrize("header", [{"HTTP_ACCEPT_LANGUAGE": "en"}, {"HTTP_COOKIE": "xinglin_language=en"}])
def test_language_has_its_own_copy(pages, header):
    assert pages(HTTP_ACCEPT_LANGUAGE="zh-CN") == "page 1"
    assert pages(**header) == "page 2"


def test_session_cookie_passes_by(pages, settings):
    pages()

    assert pages(HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}=abc") == "page 2"
    assert pages() == "page 1"


@pytest.mark.parametrize("address", ["/courses/?cookie=1", "/courses/?private=1", "/verify/1/", "/cases/"])
def test_private_answers_are_never_stored(pages, address):
    assert [pages(address), pages(address)] == ["page 1", "page 2"]


def test_new_epoch_forgets_everything(pages):
    pages()
    bump_epoch()

    assert pages() == "page 2"
    bump_epoch()
    assert pages() == "page 3"
    assert pages() == "page 3"


def test_endless_queries_are_not_stored(pages):
    address = "/courses/?" + "&".join(f"a{i}=1" for i in range(9))

    assert [pages(address), pages(address)] == ["page 1", "page 2"]
