"""One contract over every search backend: found by whom it is for, best first, gone at once when removed."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction

from core.actor import ANONYMOUS, Actor, Grant, organisation_token, person_token
from core.search import (
    PUBLIC,
    SIGNED_IN,
    Entry,
    index_entry,
    rebuilding,
    register_rebuilder,
    remove_entries,
    remove_entry,
    search,
    tokens_of,
)
from core.search.backends import backend
from core.search.contracts import COUNT_LIMIT
from core.search.models import SearchAudience, SearchEntry

pytestmark = pytest.mark.django_db

# The column decides what is collected: Elasticsearch only where the production column names one.
BACKENDS = ["database", *(["elasticsearch"] if os.environ.get("SEARCH_URL") else [])]
EVERYBODY = (PUBLIC,)


@pytest.fixture(params=BACKENDS)
def index(request, settings, run_jobs, now):
    """Put things in; returns when they can be found."""
    settings.XINGLIN_SEARCH_URL = os.environ["SEARCH_URL"] if request.param == "elasticsearch" else ""
    settings.XINGLIN_SEARCH_INDEX = "xinglin-test"
    backend().clear()

    def put(title="", body="", kind="case", audience=EVERYBODY, object_id=None, **more):
        object_id = object_id or uuid4()
        index_entry(
            kind=kind, object_id=object_id, title=title, body=body, url=f"/{kind}/{object_id}/", language="zh-hans",
            audience=audience, now=now, **more,
        )  # fmt: skip
        run_jobs(now)
        return str(object_id)

    return put


def found(query, tokens=EVERYBODY, **more):
    return [hit.object_id for hit in search(tokens=tokens, query=query, **more).hits]


def test_a_chinese_word_inside_a_sentence_is_found(index):
    case = index(title="六十多岁患者胸痛后突发呼吸困难", body="教学病例：心尖四腔心切面")
    for query in ("胸痛", "呼吸困难", "四腔心", "教学病例", "难", "心", "面", "胸痛 四腔心"):
        assert found(query) == [case], query
    for query in ("胸难", "痛胸", "病教", "胸痛 高血压", ""):
        assert found(query) == [], query


def test_latin_words_are_found_from_their_beginning_in_any_case(index):
    case = index(title="Hypertension in the elderly", body="ＣＴ and MR, stage 2")
    for query in ("hypertension", "HYPER", "ct", "mr stage", "elderly 2"):
        assert found(query) == [case], query
    for query in ("tension", "stage 3", "hypotension"):
        assert found(query) == [], query


def test_a_phrase_does_not_reach_over_a_full_stop(index):
    index(body="胸痛。难治")
    assert found("痛难") == []


def test_a_title_ranks_above_a_body(index):
    in_body = index(title="超声心动图基础", body="本课讲述心包积液的识别。" + "其他内容。" * 5)
    in_title = index(title="心包积液", body="超声表现。" + "其他内容。" * 5)
    assert found("心包积液") == [in_title, in_body]


def test_only_the_audience_finds_it(index):
    hospital, other, person = uuid4(), uuid4(), uuid4()
    for_hospital = index(title="医院病例", audience=[organisation_token(hospital)])
    for_person = index(title="个人病例", audience=[person_token(person)])
    for_members = index(title="登录病例", audience=[SIGNED_IN])
    for_all = index(title="公开病例")
    grant = Grant("editor", hospital, "0001/", frozenset())
    editor, outsider = (
        Actor(person, "编辑", (grant,)),
        Actor(uuid4(), "外人", (Grant("x", other, "0002/", frozenset()),)),
    )
    assert set(found("病例", tokens_of(editor))) == {for_hospital, for_person, for_members, for_all}
    assert set(found("病例", tokens_of(outsider))) == {for_members, for_all}
    assert found("病例", tokens_of(ANONYMOUS)) == [for_all]
    assert found("病例", ()) == []
    # and the counts tell an outsider nothing of what is hidden
    assert search(tokens=tokens_of(outsider), query="病例").total == 2


def test_a_second_write_replaces_text_and_audience(index):
    case = index(title="旧标题", audience=[PUBLIC])
    index(title="新标题", audience=[SIGNED_IN], object_id=case)
    assert found("旧标题", (PUBLIC, SIGNED_IN)) == []
    assert found("新标题") == []
    assert found("新标题", (SIGNED_IN,)) == [case]
    assert SearchEntry.objects.count() == 1
    assert list(SearchAudience.objects.values_list("token", flat=True)) == [SIGNED_IN]


def test_what_is_removed_is_gone_before_any_job_has_run(index, now):
    case, other = index(title="撤回的病例"), index(title="留下的病例")
    assert remove_entry("case", case, now=now) is True
    assert found("病例") == [other]
    assert remove_entry("case", case, now=now) is False
    assert remove_entries("case", [other], now=now) == 1
    assert found("病例") == []


def test_what_is_removed_stays_gone_afterwards(index, run_jobs, now):
    case = index(title="撤回的病例")
    remove_entry("case", case, now=now)
    run_jobs(now)
    page = search(tokens=EVERYBODY, query="病例")
    assert (page.hits, page.total, page.facets) == ((), 0, ())


def test_a_rolled_back_change_is_not_found(index, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        index_entry(
            kind="case", object_id=uuid4(), title="未提交", body="", url="/", language="", audience=EVERYBODY, now=now
        )
        _ = 1 / 0
    assert found("未提交") == []


def test_kinds_are_counted_and_filtered(index):
    index(title="超声入门", kind="course")
    case = index(title="超声病例", kind="case")
    index(title="超声图谱", kind="case", audience=["p:x"])
    page = search(tokens=EVERYBODY, query="超声")
    assert [(facet.kind, facet.count) for facet in page.facets] == [("case", 1), ("course", 1)]
    assert page.total == 2
    only = search(tokens=EVERYBODY, query="超声", kind="case")
    assert ([hit.object_id for hit in only.hits], only.total) == ([case], 1)
    assert [(facet.kind, facet.count) for facet in only.facets] == [("case", 1), ("course", 1)]


def test_pages_hold_twenty_and_do_not_overlap(index, now, run_jobs):
    for number in range(45):
        index_entry(
            kind="case", object_id=f"{number}", title=f"分页 {number}", body="", url="/", language="",
            audience=EVERYBODY, now=now,
        )  # fmt: skip
    run_jobs(now)
    pages = [search(tokens=EVERYBODY, query="分页", page=number) for number in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert len({hit.object_id for page in pages for hit in page.hits}) == 45
    assert [(page.has_previous, page.has_next) for page in pages[:3]] == [(False, True), (True, True), (True, False)]
    assert (pages[0].total, pages[0].pages, pages[0].is_capped) == (45, 3, False)
    assert search(tokens=EVERYBODY, query="分页", page=-3).number == 1
    assert search(tokens=EVERYBODY, query="分页", page=10**9).hits == ()


def test_hits_are_safe_html(index):
    index(title="<script>alert(1)</script> 病例", body="a & b <i>病例</i>", meta={"level": "county"})
    [hit] = search(tokens=EVERYBODY, query="病例").hits
    assert hit.title == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>病例</mark>"
    assert hit.snippet == "a &amp; b &lt;i&gt;<mark>病例</mark>&lt;/i&gt;"
    assert hit.meta == {"level": "county"}


def test_odd_questions_are_answered(index):
    case = index(title="a'b \\ 病例")
    for query in ("'", '"', "病例'", '病例" OR "', "* NEAR(", "\\病例", "病例\0", "病例:*", "&|!<->"):
        assert found(query) in ([], [case]), query
    assert found("b' 病例") == [case]
    assert found("x" * 5000) == []


def rebuilt(number):
    return Entry("case", number, f"重建 {number}", "", "/", EVERYBODY)


def test_what_its_owner_takes_out_while_a_rebuild_runs_does_not_come_back(index, monkeypatch, now):
    monkeypatch.setattr(rebuilding, "_rebuilders", {})
    index(object_id="1", title="撤回的")
    there = ["1", "2"]

    def withdrawn_after_reading():
        yield from list(there)
        there.remove("1")
        remove_entry("case", "1", now=now)

    register_rebuilder("case", withdrawn_after_reading, lambda ids: [rebuilt(n) for n in ids if n in there])
    assert rebuilding.rebuild(now=now) == {"case": 1}
    assert sorted(found("重建")) == ["2"]
    assert list(SearchEntry.objects.values_list("object_id", flat=True)) == ["2"]


def test_a_rebuild_follows_the_owners_tables(index, monkeypatch, now):
    monkeypatch.setattr(rebuilding, "_rebuilders", {})
    stale, orphan = index(title="过时"), index(title="无主", kind="gone")
    register_rebuilder("case", lambda: range(3), lambda ids: [rebuilt(n) for n in ids if n.isdigit()])
    assert rebuilding.rebuild(now=now) == {"case": 3}
    assert sorted(found("重建")) == ["0", "1", "2"]
    assert found("过时") == found("无主") == []
    assert not SearchEntry.objects.filter(object_id__in=[stale, orphan]).exists()


def test_a_page_costs_the_same_for_twenty_hits_as_for_one(index, django_assert_num_queries):
    for number in range(20):
        index(title=f"查询 {number}")
    with django_assert_num_queries(3 if backend().__class__.__name__ == "DatabaseBackend" else 1):
        search(tokens=EVERYBODY, query="查询")
    assert COUNT_LIMIT == 1000


@pytest.mark.django_db
def test_the_rebuild_command_says_what_it_wrote(settings, monkeypatch, capsys):
    settings.XINGLIN_SEARCH_URL = ""
    monkeypatch.setattr(rebuilding, "_rebuilders", {})
    register_rebuilder("case", lambda: ["1"], lambda ids: [Entry("case", *ids, "命令", "", "/", EVERYBODY)])
    call_command("rebuild", "search")
    assert capsys.readouterr().out == "search case: 1\nsearch: 1 in all\n"
    assert found("命令") == ["1"]
