"""The four types of question by hand: how an author writes each into the bank, and how anybody answers it."""

from __future__ import annotations

from functools import singledispatch

from playwright.sync_api import Locator, expect

from assessment.kinds import KINDS
from config.story.acts.authoring import POINTS
from config.story.questions import Multiple, Numeric, Ordering, Question, Single
from tests.journeys.story.walker import Walker


def kind_of(person: Walker, question: Question) -> str:
    """What the bank calls the type."""
    return person.words.label(KINDS[question.kind].label)


def write(author: Walker, question: Question, pool: str) -> None:
    """Into the open form of its type."""
    author.write("Question", question.stem)
    author.write("Why the answer is right", question.explanation)
    author.write("Points", str(POINTS))
    author.write("Pool", pool)
    write_own(question, author)


@singledispatch
def write_own(question: Question, author: Walker) -> None:
    """The fields that belong to the type."""
    raise NotImplementedError(question)


@write_own.register
def _(question: Single, author: Walker) -> None:
    _write_rows(author, "Option", question.options)
    _mark_right(author, question.right + 1)


@write_own.register
def _(question: Multiple, author: Walker) -> None:
    _write_rows(author, "Option", question.options)
    for position in question.right:
        _mark_right(author, position + 1)


@write_own.register
def _(question: Numeric, author: Walker) -> None:
    author.write("Right number", str(question.value))
    author.write("Unit", question.unit)


@write_own.register
def _(question: Ordering, author: Walker) -> None:
    _write_rows(author, "Step", question.items)


def _write_rows(author: Walker, source: str, texts: tuple[str, ...]) -> None:
    """Some rows are there; each further one is asked for, and keeps what was typed above it."""
    more = {"Option": "Add an option", "Step": "Add a step"}[source]
    for number, text in enumerate(texts, start=1):
        row = author.labelled(f"{author.words(source)} {number}")
        if not row.count():
            author.send(more)
        row.fill(text)


def _mark_right(author: Walker, number: int) -> None:
    """By the mark beside the option."""
    author.labelled(author.words("Option %(n)s is right", n=number)).check()


@singledispatch
def answer(question: Question, person: Walker, *, is_right: bool) -> None:
    """Where the question stands on the page; a wrong answer earns nothing."""
    raise NotImplementedError(question)


def _asked(person: Walker, question: Question) -> Locator:
    return person.main.get_by_role("group").filter(has_text=question.stem).filter(visible=True).first


@answer.register
def _(question: Single, person: Walker, *, is_right: bool) -> None:
    chosen = question.right if is_right else (question.right + 1) % len(question.options)
    person.mark_in(_asked(person, question), question.options[chosen])


@answer.register
def _(question: Multiple, person: Walker, *, is_right: bool) -> None:
    for position in question.right if is_right else question.right[1:]:
        person.mark_in(_asked(person, question), question.options[position])


@answer.register
def _(question: Numeric, person: Walker, *, is_right: bool) -> None:
    field = person.main.get_by_role("textbox", name=question.stem)
    field.fill(str(question.value if is_right else question.value + 1))


@answer.register
def _(question: Ordering, person: Walker, *, is_right: bool) -> None:
    given = question.items if is_right else tuple(reversed(question.items))
    for number, item in enumerate(given, start=1):
        place = person.main.get_by_role("combobox", name=person.words("Number of: %(text)s", text=item))
        place.select_option(label=str(number))
        expect(place).to_have_value(str(number))
