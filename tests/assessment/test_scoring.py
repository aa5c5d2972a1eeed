"""The one scorer: exact values for each type, and what holds for every response there is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import presenting
from assessment.errors import InvalidQuestion, StaleAnswers
from assessment.kinds import KINDS
from assessment.kinds.base import printed_key
from assessment.kinds.numeric import number_of
from assessment.scoring import fault_of, is_complete, read_response, score
from tests.assessment.conftest import CONTENT, make_version

VERSIONS = {kind: make_version(kind) for kind in KINDS}
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 99) | st.floats() | st.text("abc1234.５", max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=4,
)
responses = st.dictionaries(st.sampled_from(["choice", "choices", "number", "places", "other"]), anything, max_size=3)
kinds = st.sampled_from(sorted(KINDS))
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def posting(text):
    """What a form sends. {a} stands for what is printed for item a under the key k, by this installation's key."""
    return QueryDict(text.format(**{item: printed_key("k", item) for item in "abcd"}))


@unhurried
@given(kind=kinds, response=responses)
def test_any_response_scores_between_nothing_and_everything(kind, response):
    result = score(VERSIONS[kind], response)

    assert Decimal(0) <= result.points <= result.max_points == VERSIONS[kind].points
    assert result.is_correct == (result.points == result.max_points)
    assert score(VERSIONS[kind], response) == result


@unhurried
@given(kind=kinds, points=st.integers(1, 20))
def test_the_perfect_response_earns_everything(kind, points):
    version = make_version(kind, points=points)

    assert score(version, KINDS[kind].perfect(version.content)).points == points
    assert score(version, {}).is_answered is False


@unhurried
@given(kind=kinds, fields=st.dictionaries(st.sampled_from(["k-answer", "k-a", "k-b"]), st.text(max_size=30)))
def test_whatever_is_posted_becomes_a_response_that_can_be_scored(kind, fields):
    data = QueryDict(mutable=True)
    data.update(fields)
    if kind == "ordering" and fields:  # none of these names is printed
        with pytest.raises(StaleAnswers):
            read_response(VERSIONS[kind], data, "k")
        return

    try:
        response = read_response(VERSIONS[kind], data, "k")
    except StaleAnswers:
        assert fields["k-answer"] not in {"", *(option["key"] for option in VERSIONS[kind].content.get("options", []))}
        return

    assert score(VERSIONS[kind], response).points >= 0


@unhurried
@given(st.permutations("abcd"))
def test_an_order_earns_the_pairs_it_keeps(order):
    places = {key: i for i, key in enumerate(order, 1)}
    kept = sum(places[a] < places[b] for a, b in ["ab", "bc", "cd"])

    assert score(VERSIONS["ordering"], {"places": places}).points == kept


@pytest.mark.parametrize(
    ("kind", "posted", "points"),
    [
        ("single", "k-answer=b", "2.00"),
        ("single", "k-answer=a", "0.00"),
        ("multiple", "k-answer=a&k-answer=b", "3.00"),
        ("multiple", "k-answer=a", "0.00"),
        ("multiple", "k-answer=a&k-answer=b&k-answer=c", "0.00"),
        ("numeric", "k-answer=50", "1.00"),
        ("numeric", "k-answer=60.0", "1.00"),
        ("numeric", "k-answer=60.1", "0.00"),
        ("numeric", "k-answer=５５", "1.00"),
        ("numeric", "k-answer=55,0", "1.00"),
        ("numeric", "k-answer=５５。０", "1.00"),
        ("numeric", "k-answer=－55", "0.00"),
        ("numeric", "k-answer=NaN", "0.00"),
        ("numeric", "k-answer=1e999999999", "0.00"),
        ("ordering", "k-{a}=1&k-{b}=2&k-{c}=3&k-{d}=4", "3.00"),
        ("ordering", "k-{a}=1&k-{b}=2&k-{c}=4&k-{d}=3", "2.00"),
        ("ordering", "k-{a}=1&k-{b}=1&k-{c}=1&k-{d}=1", "0.00"),
        ("ordering", "k-{a}=1", "0.00"),
        ("ordering", "k-{a}=&k-{b}=", "0.00"),
        ("single", "k-answer={b}", "2.00"),
        ("multiple", "k-answer={a}&k-answer={b}", "3.00"),
    ],
)
def test_exact_scores(kind, posted, points):
    response = read_response(VERSIONS[kind], posting(posted), "k")

    assert score(VERSIONS[kind], response).points == Decimal(points)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("５５", "55"),
        ("－３", "-3"),
        ("−3", "-3"),
        ("—3", "-3"),
        ("负3", "-3"),
        ("0。5", "0.5"),
        ("３．５", "3.5"),
        ("3点5", "3.5"),
        ("三分", None),
        ("3-5", None),
        ("", None),
    ],
)
def test_numbers_as_chinese_keyboards_write_them(typed, number):
    assert number_of(typed) == (Decimal(number) if number else None)


@pytest.mark.parametrize(
    ("kind", "posted", "is_whole", "has_fault"),
    [
        ("single", "", False, False),
        ("single", "k-answer=a", True, False),
        ("numeric", "k-answer=", False, False),
        ("numeric", "k-answer=many", True, True),
        ("numeric", "k-answer=3", True, False),
        ("ordering", "k-{a}=1&k-{b}=2&k-{c}=3", False, False),
        ("ordering", "k-{a}=1&k-{b}=2&k-{c}=3&k-{d}=4", True, False),
    ],
)
def test_what_is_empty_and_what_cannot_be_read(kind, posted, is_whole, has_fault):
    response = read_response(VERSIONS[kind], posting(posted), "k")

    assert is_complete(VERSIONS[kind], response) is is_whole
    assert bool(fault_of(VERSIONS[kind], response)) is has_fault


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_what_is_no_option_is_no_blank_answer(kind):
    """After the house's key has changed, an open page posts what nobody can read: that must not count as empty."""
    posted = QueryDict(f"k-answer={printed_key('other', 'b')}")
    with pytest.raises(StaleAnswers):
        read_response(VERSIONS[kind], posted, "k")
    assert read_response(VERSIONS[kind], QueryDict("k-answer="), "k") == read_response(
        VERSIONS[kind], QueryDict(""), "k"
    )


def test_partial_points_are_rounded_to_hundredths():
    version = make_version("ordering", points=1)

    result = score(version, {"places": {"a": 1, "b": 2, "c": 4, "d": 3}})

    assert (result.points, result.is_correct) == (Decimal("0.67"), False)


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("single", {"stem": " "}, "stem"),
        ("single", {"answer": "c", "options": [{"text": "x"}, {"text": "y"}, {"text": ""}]}, "right"),
        ("single", {"options": [{"text": "x"}]}, "option_1"),
        ("single", {"options": [{"text": "x"}, {"text": "x"}]}, "option_1"),
        ("single", {"points": 0}, "points"),
        ("single", {"points": 21}, "points"),
        ("multiple", {"answers": []}, "right"),
        ("numeric", {"value": "many"}, "value"),
        ("numeric", {"tolerance": "-1"}, "tolerance"),
        ("numeric", {"unit": ""}, "unit"),
        ("ordering", {"items": [{"text": "only"}]}, "option_1"),
        ("ordering", {"explanation": ""}, "explanation"),
    ],
)
def test_what_is_not_a_question_is_refused_at_its_field(kind, changes, field):
    with pytest.raises(InvalidQuestion) as caught:
        KINDS[kind].validate(CONTENT[kind] | changes)

    assert field in caught.value.fields


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_shown_before_answering_does_not_tell_the_answer(kind):
    version = VERSIONS[kind]

    shown = KINDS[kind].present(version.content, {}, key="k", seed=str(version.id), shows_key=False)

    assert not {"value", "tolerance", "answer", "answers"} & shown.keys()
    for row in [*shown.get("options", []), *shown.get("items", [])]:
        assert not {"is_right", "right"} & row.keys()
        assert row.get("key") is None or kind in {"single", "multiple"}


@pytest.mark.parametrize("kind", ["single", "multiple", "ordering"])
def test_no_control_of_a_question_tells_where_the_author_wrote_its_text(kind):
    """Sorted by what the page prints in names, ids and values, the texts stand in no order of the author's."""
    version = make_version(kind)
    field = "options" if kind != "ordering" else "items"
    texts = [row["text"] for row in version.content[field]]
    orders = set()
    for number in range(40):
        soup = BeautifulSoup(presenting.render_question(version, key=f"k{number}", order="attempt"), "html.parser")
        controls = soup.select(".x-opt select, .x-opt input")
        printed = {str(c.parent.span.get_text()): (c.get("value") or c["name"]) for c in controls}
        assert set(printed) == set(texts)
        assert all(len(value.removeprefix(f"k{number}-")) == 20 for value in printed.values())
        orders.add(tuple(sorted(printed, key=printed.__getitem__)))
    assert len(orders) > 3


def test_a_sequence_is_not_answered_by_the_keys_it_is_stored_with():
    """Whoever guesses them, or opened the page before they were hidden, is told so and nothing is counted."""
    with pytest.raises(StaleAnswers):
        read_response(VERSIONS["ordering"], QueryDict("k-a=1&k-b=2&k-c=3&k-d=4"), "k")
