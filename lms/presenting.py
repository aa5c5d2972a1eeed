"""The learner's course as it is drawn: rows of the outline, the unit's content, the questions of an attempt.

A course page shows up to a hundred activities within a few milliseconds, so what never changes of a row is escaped
once per edition and kept, and a page only joins strings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from assessment import api as assessment
from cms.contracts import Edition, EditionUnit, Overlay
from core.actor import Actor
from core.content import FrozenNode, block_of, render_node
from core.errors import Text
from core.ui.tags.symbols import icon
from lms import grading
from lms.models import Attempt, Progress
from lms.retakes import Retake

DONE, NEXT, OPEN, UNPASSED = "done", "next", "open", "unpassed"
CLASSES = {DONE: "is-passed", NEXT: "is-next", OPEN: "is-not_started", UNPASSED: "is-not_passed"}
CHIPS = {DONE: "x-chip x-chip--ok", NEXT: "x-chip x-chip--accent", OPEN: "x-chip", UNPASSED: "x-chip x-chip--warn"}


@dataclass(frozen=True, slots=True)
class Outline:
    """`html` is the list's rows; `next_number` is the unit to go on with, 0 when all are done. `done` leaves out those
    whose test is not passed."""

    html: SafeString
    done: int
    total: int
    next_number: int
    next_title: str


@lru_cache(maxsize=256)
def _rows(edition_id: UUID, units: tuple[tuple[str, int, int], ...], language: str) -> tuple[str, ...]:
    """What never changes of each row, escaped, in one language."""

    def facts(minutes: int, questions: int) -> str:
        words = [gettext("%(n)s minutes") % {"n": minutes}] if minutes else []
        if questions:
            words.append(ngettext("%(n)s question", "%(n)s questions", questions) % {"n": questions})
        return "".join(f"<span>{escape(word)}</span>" for word in words)

    return tuple(
        f'<span class="x-outline__n" aria-hidden="true">{number}</span><div class="x-outline__t">'
        f'<a class="x-outline__a" href="units/{number}/">{escape(title)}</a><p class="x-meta x-dot-sep">'
        + facts(minutes, questions)
        + "</p></div>"
        for number, (title, minutes, questions) in enumerate(units, 1)
    )


@lru_cache(maxsize=16)
def _chips(language: str) -> dict[str, str]:
    words = {
        DONE: gettext("Done"),
        NEXT: pgettext("learning", "Next"),
        OPEN: pgettext("learning", "Not started"),
        UNPASSED: gettext("All read, test not passed"),
    }
    return {state: f'<span class="{CHIPS[state]}">{escape(words[state])}</span></li>' for state in words}


def outline(edition: Edition, progress: Progress, voids: Collection[str], unpassed: Iterable[Retake] = ()) -> Outline:
    """The course's units with this learner's states; cost grows by one joined string per unit."""
    language = get_language() or ""
    done = frozenset(progress.done)
    units = tuple((u.title, u.minutes, sum(n.is_scored for n in u.nodes)) for u in edition.units)
    states = [DONE if grading.unit_is_done(u, done, voids) else OPEN for u in edition.units]
    following = states.index(OPEN) + 1 if OPEN in states else 0
    if following:
        states[following - 1] = NEXT
    for one in unpassed:
        states[one.number - 1] = UNPASSED
    chips = _chips(language)
    html = "".join(
        f'<li class="{CLASSES[state]}">{row}{chips[state]}'
        for state, row in zip(states, _rows(edition.id, units, language), strict=True)
    )
    return Outline(
        html=mark_safe(html),  # noqa: S308 - titles are escaped in _rows
        done=states.count(DONE),
        total=len(states),
        next_number=following,
        next_title=edition.units[following - 1].title if following else "",
    )


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the outline beside a unit. `is_waiting`: its test is not passed, and no attempt is open now."""

    number: int
    title: str
    minutes: int
    questions: int
    is_done: bool
    is_now: bool
    is_waiting: bool
    link: SafeString


@lru_cache(maxsize=4096)  # of some 300 bytes each
def _link(number: int, title: str, spoken: str, is_done: bool, is_now: bool, language: str) -> SafeString:
    """The link to a unit from the page of another one of its course, in the reader's `language`; the title is `spoken`
    in the edition's."""
    tick = format_html('{}<span class="x-sr">{}</span>', icon("check"), gettext("Done")) if is_done else ""
    now = mark_safe(' aria-current="page"') if is_now else ""
    return format_html(
        '<a href="../{}/"{}><span class="x-num" aria-hidden="true">{}</span><span lang="{}">{}</span>{}</a>',
        number, now, number, spoken, title, tick,
    )  # fmt: skip


def unit_rows(
    edition: Edition, progress: Progress, voids: Collection[str], now_at: int, unpassed: Mapping[int, Retake]
) -> list[UnitRow]:
    """Every unit in order, with this learner's ticks; `now_at` is the number of the one that is open. No tick for those
    that are `unpassed`, by their number."""
    done, language = frozenset(progress.done), get_language() or ""
    rows = []
    for number, unit in enumerate(edition.units, 1):
        again = unpassed.get(number)
        is_done, is_now = again is None and grading.unit_is_done(unit, done, voids), number == now_at
        is_waiting = again is not None and again.opens_at is not None
        link = _link(number, unit.title, edition.language, is_done, is_now, language)
        questions = len(grading.questions(unit, voids))
        rows.append(UnitRow(number, unit.title, unit.minutes, questions, is_done, is_now, is_waiting, link))
    return rows


def next_row(rows: list[UnitRow], now_at: int) -> UnitRow | None:
    """Where to go from unit `now_at`: the next one, or behind the last the first that can be gone on with."""
    if now_at < len(rows):
        return rows[now_at]
    return next((row for row in rows if not (row.is_done or row.is_now or row.is_waiting)), None)


@dataclass(frozen=True, slots=True)
class ShownNode:
    """One part of a unit: its HTML for this reader now, a correction printed beside it, where its video was left."""

    key: str
    html: SafeString
    erratum: str
    seconds: float


def unit_content(
    unit: EditionUnit, overlay: Overlay, positions: Mapping[str, float], *, actor: Actor, now: datetime
) -> list[ShownNode]:
    """Everything of the unit but its questions, in order. A voided or withdrawn node shows its tombstone, and nothing
    that was written about it beside."""
    return [
        _shown(node, overlay, positions.get(node.key, 0.0), actor, now) for node in unit.nodes if not node.is_scored
    ]


def _shown(node: FrozenNode, overlay: Overlay, seconds: float, actor: Actor, now: datetime) -> ShownNode:
    is_void = node.key in overlay.voids
    html = block_of(node.kind).tombstone(node) if is_void else render_node(node, actor=actor, now=now)
    erratum = overlay.errata.get(node.key, "")
    if erratum and (is_void or html == block_of(node.kind).tombstone(node)):
        erratum = ""
    return ShownNode(node.key, mark_safe(html), erratum, seconds)  # noqa: S308 - owners of blocks return safe HTML


def numbers_of(unit: EditionUnit, voids: Collection[str], keys: Collection[str]) -> list[tuple[str, int]]:
    """(key, number as shown) of those questions of the unit, in order."""
    numbered = enumerate(grading.questions(unit, voids), 1)
    return [(node.key, number) for number, node in numbered if node.key in keys]


def attempt_content(
    unit: EditionUnit,
    voids: Collection[str],
    attempt: Attempt,
    *,
    shows_key: bool,
    faults: Mapping[str, Sequence[Text]] | None = None,
) -> list[SafeString]:
    """The unit's questions: to answer while the attempt is open, with what was kept; afterwards what was earned.

    `faults` are sentences by node key, shown beside the question. Key and explanation follow with `shows_key`.
    The order of the options belongs to the attempt.
    """
    order = str(attempt.pk)
    nodes = grading.questions(unit, voids)
    versions = assessment.get_question_versions(UUID(node.reference) for node in nodes)
    if attempt.submitted_at is None:
        given = attempt.kept or {}
    else:
        given = {r.node_key: r.response for r in attempt.responses.all()}
    shown = []
    for number, node in enumerate(nodes, 1):
        version, response = versions[UUID(node.reference)], given.get(node.key, {})
        if attempt.submitted_at is None:
            fault = " ".join(str(text) for text in (faults or {}).get(node.key, ()))
            shown.append(
                assessment.render_question(
                    version, key=node.key, response=response, number=number, order=order, fault=fault
                )
            )
        else:
            score = assessment.score(version, response)
            render = assessment.render_result if shows_key else assessment.render_answered
            shown.append(render(version, key=node.key, response=response, score=score, number=number, order=order))
    return shown
