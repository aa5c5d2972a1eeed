"""Words, questions and marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.search.contracts import Term
from core.search.text import highlight, index_words, parse, snippet

letters = st.text(alphabet="杏林医学教育 ab<>&\"'é１-", max_size=60)


def test_chinese_is_stored_as_pairs_and_the_last_character():
    assert index_words("教学病例，CT 第2版") == ["教学", "学病", "病例", "例", "ct", "第", "2", "版"]


def test_full_width_and_case_do_not_matter():
    assert index_words("ＣＴ２") == index_words("ct2") == ["ct2"]


def test_a_question_becomes_phrases_and_beginnings():
    assert parse("慢病指导 hyper CT 林") == (
        Term(("慢病", "病指", "指导"), False),
        Term(("hyper",), True),
        Term(("ct",), False),
        Term(("林",), True),
    )
    assert parse(' ?! " * ') == ()


def test_quotes_and_operators_are_only_separators():
    assert parse('ab" OR "cd') == (Term(("ab",), False), Term(("or",), False), Term(("cd",), False))


def test_marks_are_safe_and_on_what_was_written():
    assert highlight("<b>ＣＴ</b> & 教学病例", "ct 病例") == (
        "&lt;b&gt;<mark>ＣＴ</mark>&lt;/b&gt; &amp; 教学<mark>病例</mark>"
    )


def test_a_latin_word_is_marked_from_its_beginning_only():
    assert highlight("start art", "art") == "start <mark>art</mark>"


def test_snippet_shows_the_surroundings_of_the_first_match():
    body = "前" * 300 + "血压升高" + "后" * 300
    shown = snippet(body, "血压", width=100)
    assert shown == "… " + "前" * 25 + "<mark>血压</mark>升高" + "后" * 71 + " …"
    assert snippet("short", "nothing") == "short"


@hypothesis_settings(max_examples=200, deadline=None, database=None)
@given(text=letters, query=letters)
def test_without_the_marks_the_text_is_the_escaped_text(text, query):
    from django.utils.html import escape

    assert highlight(text, query).replace("<mark>", "").replace("</mark>", "") == escape(text)


@hypothesis_settings(max_examples=200, deadline=None, database=None)
@given(text=letters, start=st.integers(0, 50), length=st.integers(2, 6))
def test_every_piece_of_chinese_text_is_found_by_its_pairs(text, start, length):
    piece = text[start : start + length]
    words = index_words(text)
    for term in parse(piece):
        if term.is_prefix and len(term.words[0]) == 1:
            assert any(word.startswith(term.words[0]) for word in words)
        elif len(term.words) > 1:
            assert any(tuple(words[at : at + len(term.words)]) == term.words for at in range(len(words)))


def test_snippet_is_plain_text_and_begins_with_its_sentence():
    body = "先问时间。\n\n- **几点开始**胸痛\n- 有没有出汗"
    assert snippet(body, "胸痛") == "几点开始<mark>胸痛</mark> 有没有出汗"
