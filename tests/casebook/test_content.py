"""What a case is made of: gaps before review, the canonical form and its hash."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from casebook.content import STEP_KINDS, content_hash, gaps
from casebook.drafting import tidy
from casebook.states import CASE_VERSION, PROPOSAL

WHOLE = {
    "title": "只有一个切面的床旁心脏超声",
    "summary": "一个切面能回答什么。",
    "age_band": "60-69",
    "sex": "female",
    "steps": [
        {"id": "s1", "kind": "presentation", "heading": "", "body": "六十多岁，气促两周。"},
        {
            "id": "s2",
            "kind": "question",
            "heading": "",
            "body": "",
            "question": {
                "stem": "可以判断什么？",
                "options": ["收缩功能", "肺动脉压"],
                "answer": 0,
                "explanation": "目测。",
            },
        },
        {"id": "s3", "kind": "points", "heading": "", "body": "看不清就写看不清。"},
    ],
}


def sentences(content):
    return [(gap.step, str(gap.sentence)) for gap in gaps(content)]


def without(**changes):
    content = copy.deepcopy(WHOLE)
    content.update(changes)
    return content


def test_a_whole_case_has_no_gap():
    assert sentences(WHOLE) == []


def test_an_empty_draft_names_every_part_that_is_missing(settings):
    settings.LANGUAGE_CODE = "en"
    kinds = [gap.sentence for gap in gaps({"steps": []})]
    assert len(kinds) == 5  # title, age band, presentation, question, points


def test_a_question_needs_text_two_answers_a_key_and_an_explanation():
    for change, step in (
        ({"stem": ""}, "s2"),
        ({"options": ["one"]}, "s2"),
        ({"answer": 2}, "s2"),
        ({"answer": -1}, "s2"),
        ({"explanation": ""}, "s2"),
    ):
        content = copy.deepcopy(WHOLE)
        content["steps"][1]["question"].update(change)
        assert [gap.step for gap in gaps(content)] == [step], change


def test_an_image_without_a_caption_is_a_gap():
    content = copy.deepcopy(WHOLE)
    figure = {"study": "x", "series": 1, "frame": 1, "caption": ""}
    content["steps"].append({"id": "s4", "kind": "images", "heading": "", "body": "", "figure": figure})
    assert [gap.step for gap in gaps(content)] == ["s4"]


def test_an_age_outside_the_bands_is_a_gap():
    assert [gap.step for gap in gaps(without(age_band="67"))] == [None]


def test_hash_depends_on_content_and_not_on_key_order():
    reordered = dict(reversed(list(WHOLE.items())))
    assert content_hash(reordered) == content_hash(WHOLE)
    assert content_hash(without(title="别的")) != content_hash(WHOLE)
    assert content_hash(WHOLE).startswith("sha256:")


text = st.text(max_size=20)
step = st.fixed_dictionaries(
    {"kind": st.sampled_from([*STEP_KINDS, "unknown", ""]), "heading": text, "body": text},
    optional={
        "id": text,
        "figure": st.fixed_dictionaries({"study": text}, optional={"caption": text}),
        "question": st.fixed_dictionaries(
            {}, optional={"stem": text, "options": st.lists(text, max_size=5), "answer": st.integers(-1, 5)}
        ),
    },
)


@given(st.fixed_dictionaries({"title": text, "steps": st.lists(step, max_size=6)}))
def test_tidying_twice_changes_nothing_and_gaps_never_fail(content):
    once = tidy(content)
    assert tidy(once) == once
    assert all(kind["kind"] in STEP_KINDS for kind in once["steps"])
    gaps(once)


def test_machines_end_where_they_should():
    assert PROPOSAL.final == {"rejected", "withdrawn"}
    assert CASE_VERSION.final == {"withdrawn"}
    assert CASE_VERSION.verbs_from("published") == ("retire", "withdraw")
