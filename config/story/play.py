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
from config.story.own import own_study
from config.story.tales import TALES, Tale
from config.story.telling import StoryFault, Telling
from config.story.trial import tale_for

NOBODY_LOOKS = (
    "Nobody looks at them: the story confirms them unseen, a face in them too. "
    "Keep the data folder as you keep the images."
)
CONSULT = re.compile(r"^/consults/[0-9a-f-]{36}/$")


def play(
    base_url: str,
    source: Path | None,
    now: datetime,
    write: Callable[[str], None],
    *,
    clicks_twice: bool = False,
) -> None:
    """Tell every tale; no figure of one may be a constant. `source` is a folder of the visitor's own images; with
    `clicks_twice` each form is sent twice.

    Raises NoOwnImages before anything is told, StoryFault at the first step that fails.
    """
    cast, tellings = Cast(base_url, clicks_twice=clicks_twice), list[Telling]()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number, tale in enumerate(TALES):
                if number == 0 and source is not None:
                    telling = _on_own_images(source, cast, Path(folder), now, write)
                else:
                    telling = _prepared(tale, cast, Path(folder), now, write)
                _tell(telling, Path(folder), now)
                tellings.append(telling)
        _differ(*tellings)
        write("the story is told: both tales agree with what every person sees")
    finally:
        cast.close()


def _renewed(tale: Tale, cast: Cast, now: datetime) -> Tale:
    """The tale with titles of its own when it was begun on this data folder before: its first step is a consult.

    What stands behind a title in brackets, as the kinds of a visitor's images do, makes no other tale of it.
    """
    title = tale.case_title.partition("（")[0]
    asked = cast[tale.requester].get(f"/consults/?tab=all&q={title}")
    if not any(title in anchor.get_text() for anchor in asked.soup.find_all("a", href=CONSULT)):
        return tale
    mark = f"（{now:%m-%d %H:%M}）"
    return replace(
        tale,
        course_code=f"{tale.course_code}-{now:%y%m%d%H%M}",
        course_title=tale.course_title + mark,
        case_title=tale.case_title + mark,
    )


def _prepared(tale: Tale, cast: Cast, folder: Path, now: datetime, write: Callable[[str], None]) -> Telling:
    tale = _renewed(tale, cast, now)
    return Telling(tale, cast, images.study_of(tale, folder, None, now), write)


def _on_own_images(source: Path, cast: Cast, folder: Path, now: datetime, write: Callable[[str], None]) -> Telling:
    """The first tale on the visitor's images, in words that say nothing of them. Raises NoOwnImages."""
    own = own_study(source, images.imaged(TALES[0]), folder, now)
    write(f"own images: {len(own.files)} of {source}. {NOBODY_LOOKS}")
    return Telling(_renewed(tale_for(own), cast, now), cast, list(own.files), write, is_sample=False)


def _tell(telling: Telling, folder: Path, now: datetime) -> None:
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
    if telling.tale.is_withdrawn:
        withdrawing.withdraw(telling)


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
#: Of these what is counted are the images: a visitor's own may be as many as those of the second tale, or hold no loop.
OF_IMAGES = frozenset({"deid.frames", "video.seconds", "video.pictures", "watch.resumes_at"})


def _differ(first: Telling, second: Telling) -> None:
    compared = [name for name in DIFFERING if first.is_sample or name not in OF_IMAGES]
    same = [name for name in compared if first.figures.get(name) == second.figures.get(name)]
    if same:
        raise StoryFault(f"the same figure in both tales: {', '.join(same)}")
