"""Both tales, act by act."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from config.story import images
from config.story.acts import (
    authoring,
    consulting,
    crediting,
    learning,
    releasing,
    supervising,
    teaching,
    watching,
    withdrawing,
)
from config.story.cast import Cast
from config.story.tales import TALES, Tale
from config.story.telling import StoryFault, Telling

CONSULT = re.compile(r"^/consults/[0-9a-f-]{36}/$")


def play(base_url: str, source: Path | None, now: datetime, write: Callable[[str], None]) -> None:
    """Tell every tale; no figure of one may be a constant. Raises StoryFault at the first step that fails."""
    cast = Cast(base_url)
    figures: list[dict[str, str]] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number, tale in enumerate(TALES):
                own = source if number == 0 else None
                figures.append(_tell(_renewed(tale, cast, now), cast, Path(folder), own, now, write))
        _differ(*figures)
        write("the story is told: both tales agree with what every person sees")
    finally:
        cast.close()


def _renewed(tale: Tale, cast: Cast, now: datetime) -> Tale:
    """The tale with titles of its own when it was begun on this data folder before: its first step is a consult."""
    asked = cast["requester"].get(f"/consults/?tab=all&q={tale.case_title}")
    if not any(tale.case_title in anchor.get_text() for anchor in asked.soup.find_all("a", href=CONSULT)):
        return tale
    mark = f"（{now:%m-%d %H:%M}）"
    return replace(
        tale,
        course_code=f"{tale.course_code}-{now:%y%m%d%H%M}",
        course_title=tale.course_title + mark,
        case_title=tale.case_title + mark,
    )


def _tell(
    tale: Tale, cast: Cast, folder: Path, source: Path | None, now: datetime, write: Callable[[str], None]
) -> dict[str, str]:
    telling = Telling(tale, cast, images.study_of(tale, folder, source, now), write, source is None)
    supervising.before(telling, timezone.localdate(now))
    _until_release(telling, folder, timezone.localdate(now))
    releasing.confirm(telling)
    teaching.curate(telling)
    teaching.review_case(telling)
    teaching.publish_case(telling)
    authoring.write_questions(telling)
    watching.make_video(telling)
    authoring.write_course(telling)
    authoring.submit_course(telling)
    authoring.peer_review(telling)
    authoring.publish_course(telling)
    learning.enrol(telling)
    watching.watch(telling)
    learning.read_unit(telling)
    crediting.before(telling)
    learning.take_test(telling)
    learning.passed(telling)
    crediting.credit(telling)
    crediting.certificate(telling)
    supervising.dashboards(telling)
    if tale.is_withdrawn:
        withdrawing.withdraw(telling)
    return telling.figures


def _until_release(telling: Telling, folder: Path, today: date) -> None:
    """From the request to a release that is being cleaned for its readers."""
    releasing.remember(telling)
    consulting.request(telling, today)
    consulting.images_arrive(telling)
    consulting.triage(telling)
    consulting.answer(telling)
    consulting.report(telling)
    consulting.sign(telling)
    consulting.close(telling)
    teaching.propose(telling)
    teaching.consent(telling, images.scanned_form(telling.tale, folder), today)


def leave_a_release_waiting(base_url: str, now: datetime, source: Path | None = None, tale: Tale = TALES[0]) -> str:
    """A tale once more up to the desk of the readers; the address of the release that waits there.

    `source` is a folder of other images for it.
    """
    cast = Cast(base_url)
    try:
        with tempfile.TemporaryDirectory() as name:
            tale, folder = _renewed(tale, cast, now), Path(name)
            telling = Telling(tale, cast, images.study_of(tale, folder, source, now), lambda line: None, True)
            _until_release(telling, folder, timezone.localdate(now))
            return releasing.arrived(telling)
    finally:
        cast.close()


#: Figures that depend on what was typed, and on who learns where: in the second tale each must be another one.
DIFFERING = (
    "request.labs",
    "opinion.characters",
    "report.characters",
    "consult.usefulness",
    "deid.frames",
    "video.seconds",
    "video.pictures",
    "watch.resumes_at",
    "publish.minutes",
    "credit.added",
    "dashboards.supervisor_credits",
    "dashboards.manager_passed",
    "dashboards.manager_credits",
)


def _differ(first: dict[str, str], second: dict[str, str]) -> None:
    same = [name for name in DIFFERING if first.get(name) == second.get(name)]
    if same:
        raise StoryFault(f"the same figure in both tales: {', '.join(same)}")
