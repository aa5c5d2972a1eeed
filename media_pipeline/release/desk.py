"""What a reader sees: releases that wait, and one release frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.actor import Actor
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.models import Candidate, PixelReview, TeachingRelease
from media_pipeline.release import reviewing, sealing
from media_pipeline.release.alike import Group, Offer, alike_recordings, groups_of, offers_of
from media_pipeline.release.answers import FaceAnswer, face_answers
from media_pipeline.release.confirming import is_confirmed, standing
from media_pipeline.release.labels import label_of
from media_pipeline.release.places import Places, Undecided, places_of, undecided_in
from media_pipeline.release.record import Record, record_of
from media_pipeline.release.retrying import stopped_job, what_happened
from media_pipeline.release.taking import later
from media_pipeline.release.texts import HEADERS, Headers, Reading, Struck, mark_of, reading_of

REVIEW = reviewing.REVIEW
FRAMES_PER_PAGE = 40
DECIDED = ("open", "refused", "closed")


@dataclass(frozen=True, slots=True)
class FrameTile:
    """One frame of the grid. `number` counts from 1 inside its object, `index` through the release."""

    candidate: Candidate
    number: int
    index: int
    is_confirmed: bool
    has_box: bool

    @property
    def key(self) -> str:
        return f"{self.candidate.pk}:{self.number}"


@dataclass(frozen=True, slots=True)
class TextCard:
    """One text, as it was and as it will leave; `mark` names the wording shown. The headers' words have `rows`."""

    name: str
    label: str
    before: str
    after: str
    mark: str
    is_confirmed: bool
    rows: Headers

    @property
    def key(self) -> str:
        return f"{self.name}:{self.mark}"


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`before` and `after` are the current frame's neighbours through all pages, `next_open` the next frame that this
    reader has not confirmed; `undecided` are the places of all pictures that wait for this reader, `alike` how many
    other recordings have the same screen. `trouble` says why the work behind the release stands still, "" while it does
    not; `later` how many pictures came to its studies too late to be in it; `record` is what is left of a decided
    one."""

    release: TeachingRelease
    tiles: list[FrameTile]
    current: FrameTile | None
    before: FrameTile | None
    after: FrameTile | None
    next_open: FrameTile | None
    places: Places | None
    undecided: list[Undecided]
    alike: int
    page: int
    pages: int
    total: int
    confirmed: int
    review: PixelReview | None
    readers: list[PixelReview]
    texts: list[TextCard]
    strikes: list[Struck]
    report: dict[str, Any]
    trouble: str
    later: int
    can_take_back: bool
    record: Record | None

    @property
    def groups(self) -> list[Group]:
        """What waits, equal places together."""
        return groups_of(self.undecided)

    @property
    def offers(self) -> list[Offer]:
        """What is decided on this picture and waits in others."""
        if self.current is None or self.places is None:
            return []
        return offers_of(self.current.candidate, self.places.items, self.undecided)

    @property
    def is_being_opened(self) -> bool:
        """Both have confirmed: the frames are about to become teaching images, and are served to nobody meanwhile."""
        return self.release.state == "pixel_review" and not self.can_take_back

    @property
    def face(self) -> list[FaceAnswer]:
        """What was answered with the confirmations that stand."""
        return face_answers(self.release, self.readers)

    @property
    def missing(self) -> int:
        return self.total - self.confirmed

    @property
    def unread(self) -> list[TextCard]:
        return [text for text in self.texts if not text.is_confirmed]

    @property
    def texts_read(self) -> int:
        return len(self.texts) - len(self.unread)

    @property
    def has_confirmed(self) -> bool:
        return self.review in self.readers

    @property
    def unconfirmed(self) -> list[FrameTile]:
        return [tile for tile in self.tiles if not tile.is_confirmed]


def count_waiting(actor: Actor) -> int:
    """How many releases wait for this reader."""
    return int(waiting_for(actor).count())


def waiting_for(actor: Actor) -> Any:
    """Releases in pixel review that this reader has not confirmed, oldest first."""
    mine = PixelReview.objects.filter(reader=actor.person_id, confirmed_at__isnull=False)
    rows = readable(actor).filter(state="pixel_review")
    return rows.exclude(pk__in=mine.values("release")).order_by("created_at")


def review_page(*, actor: Actor, release_id: UUID, page: int, frame: str, pick: str = "") -> ReviewPage:
    """A known `frame` decides the page; without one it is the first of the page that is not confirmed, and without a
    page (0) the first of all. Raises ReleaseNotFound for a missing release and for another organisation's."""
    release = readable(actor).filter(pk=release_id).first()
    if release is None:
        raise ReleaseNotFound
    review = release.reviews.filter(reader=actor.person_id).first()
    is_served = _is_served(release)
    candidates = list(release.candidates.prefetch_related("boxes")) if is_served else []
    tiles = _tiles(candidates, review)
    pages = max(1, -(-len(tiles) // FRAMES_PER_PAGE))
    current = _current(tiles, min(page, pages), frame)
    number = (current.index - 1) // FRAMES_PER_PAGE + 1 if current else 1
    run = getattr(release, "run", None)
    reading = reading_of(release) if is_served else None
    return ReviewPage(
        release=release,
        tiles=tiles[(number - 1) * FRAMES_PER_PAGE : number * FRAMES_PER_PAGE],
        current=current,
        before=tiles[current.index - 2] if current and current.index > 1 else None,
        after=tiles[current.index] if current and current.index < len(tiles) else None,
        next_open=_next_open(tiles, current),
        places=places_of(current.candidate, review, pick) if current else None,
        undecided=undecided_in(candidates, review),
        alike=alike_recordings(current.candidate, candidates) if current else 0,
        page=number,
        pages=pages,
        total=len(tiles),
        confirmed=sum(tile.is_confirmed for tile in tiles),
        review=review,
        readers=list(standing(release)),
        texts=_texts(release, review, reading) if reading else [],
        strikes=reading.strikes if reading else [],
        report=run.report if run else {},
        trouble=_trouble(release),
        later=later(release) if is_served else 0,
        can_take_back=is_served,
        record=record_of(release) if release.state in DECIDED else None,
    )


def candidate_for(actor: Actor, release_id: UUID, candidate_id: UUID) -> Candidate:
    """One object of a release the actor may read, while it is being read. Raises ReleaseNotFound."""
    candidate = (
        Candidate.objects.filter(pk=candidate_id, release__in=readable(actor).filter(pk=release_id))
        .select_related("release__organisation")
        .prefetch_related("boxes")
        .first()
    )
    if candidate is None or not _is_served(candidate.release):
        raise ReleaseNotFound
    return candidate


def parse_frame(text: str) -> tuple[UUID, int] | None:
    """From "<candidate id>:<frame number>"; None when it is not that."""
    name, _colon, number = text.partition(":")
    try:
        return UUID(name), int(number)
    except ValueError:
        return None


def parse_text(text: str) -> tuple[str, str]:
    """From "<name>:<mark of its wording>"."""
    name, _colon, mark = text.rpartition(":")
    return name, mark


def readable(actor: Actor) -> Any:
    """Releases of the organisations whose officer the actor is."""
    condition = Q(pk__in=[])
    for grant in actor.grants:
        if reviewing.REVIEW in grant.permissions:
            condition |= Q(organisation__path__startswith=grant.organisation_path)
    return TeachingRelease.objects.filter(condition).select_related("organisation", "run")


def _is_served(release: TeachingRelease) -> bool:
    """Only while it is being read: candidates lie unsealed until a job removes them, so the state decides, not they."""
    return release.state == "pixel_review" and not is_confirmed(release)


def _trouble(release: TeachingRelease) -> str:
    """Why the work behind it stands still."""
    stopped = stopped_job(release)
    return what_happened(stopped) if stopped else ""


def _current(tiles: list[FrameTile], page: int, frame: str) -> FrameTile | None:
    named = next((tile for tile in tiles if tile.key == frame), None)
    if named is not None:
        return named
    shown = tiles[(page - 1) * FRAMES_PER_PAGE : page * FRAMES_PER_PAGE] if page > 0 else tiles
    return next((tile for tile in shown if not tile.is_confirmed), shown[0] if shown else None)


def _next_open(tiles: list[FrameTile], current: FrameTile | None) -> FrameTile | None:
    """The next one behind the current frame, from the end on again from the beginning."""
    if current is None:
        return None
    others = [*tiles[current.index :], *tiles[: current.index - 1]]
    return next((tile for tile in others if not tile.is_confirmed), None)


def _tiles(candidates: list[Candidate], review: PixelReview | None) -> list[FrameTile]:
    tiles: list[FrameTile] = []
    for candidate in candidates:
        confirmed = review.confirmed_frames(candidate.pk) if review else set()
        has_box = bool(candidate.boxes.all())
        for number in range(1, candidate.frames + 1):
            tiles.append(FrameTile(candidate, number, len(tiles) + 1, number in confirmed, has_box))
    return tiles


def _texts(release: TeachingRelease, review: PixelReview | None, reading: Reading) -> list[TextCard]:
    """Texts before and after, side by side; the words of the headers last."""
    before, read = sealing.open_source(release)["texts"], review.texts if review else {}
    cards = []
    for name, text in reading.all_texts.items():
        mark, rows = mark_of(release, name, text), reading.headers if name == HEADERS else {}
        cards.append(TextCard(name, label_of(name), before.get(name, ""), text, mark, read.get(name) == mark, rows))
    return cards
