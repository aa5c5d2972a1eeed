"""Whose images they are: studies of a consult beside its patient, what waits to be judged, and files not stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from consult_bridge.identity import Likeness, Mark, Verdict, likeness, marks_of
from consult_bridge.models import (
    ArrivedStudy,
    Consult,
    ConsultStudy,
    ConsultUpload,
    RefusedStudy,
    Said,
    StudyDecision,
)
from consult_bridge.policies import acts_for_requester, asked_below, below
from consult_bridge.selectors.words import words_on
from consult_bridge.states import OPEN
from core.actor import Actor
from core.errors import Forbidden
from media_pipeline import api as media
from media_pipeline.contracts import Cover, RefusedFile, StudyFacts

MOST_ARRIVED = 100


@dataclass(frozen=True, slots=True)
class PutAway:
    """Since when a study is said to show another patient, and by whom: the last word, and everybody whose word stands.
    Nobody's name where it was not kept."""

    at: datetime
    who: str
    word_id: UUID | None = None
    people: frozenset[UUID | None] = frozenset()


@dataclass(frozen=True, slots=True)
class Compared:
    """A study beside the patient of the consult. `row` joins both, where somebody said that they belong together;
    `came_for` is another consult of the reader's with which it was sent; `put_away` says who called it another
    patient's here."""

    facts: StudyFacts
    likeness: Likeness
    marks: list[Mark]
    cover: Cover | None
    row: ConsultStudy | None = None
    came_for: Consult | None = None
    put_away: PutAway | None = None

    @property
    def is_nameless(self) -> bool:
        """The header names nobody: it is anonymous, or the device wrote no name."""
        return self.likeness.name == Verdict.ABSENT


@dataclass(frozen=True, slots=True)
class ImagesInHand:
    """What the page of a consult's images shows. `waiting` waits for a second person, `aside` for the first.
    `elsewhere` is part of other consults of this patient; `arrived` are studies of the actor's organisations that are
    part of no consult, those that came for another one last; `put_away` was said here to show another patient."""

    attached: list[Compared]
    waiting: list[Compared]
    aside: list[Compared]
    elsewhere: list[Compared]
    arrived: list[Compared]
    put_away: list[Compared]
    refused: list[RefusedFile]


@dataclass(frozen=True, slots=True)
class NotAttached:
    """How many studies the requesting side still judges: those whose header speaks against the consult's patient, and
    those of which only the patient numbers cannot be compared."""

    naming_another: int = 0
    unnumbered: int = 0

    def __bool__(self) -> bool:
        return bool(self.naming_another or self.unnumbered)


def images_in_hand(actor: Actor, consult: Consult, now: datetime) -> ImagesInHand:
    """For the requesting side alone: what is set aside, waits or was refused carries other people's identities.

    Raises Forbidden.
    """
    if not acts_for_requester(actor, consult, "imaging.upload"):
        raise Forbidden
    rows = list(ConsultStudy.unscoped.filter(consult=consult).select_related("attached_by", "confirmed_by"))
    shown = [row for row in rows if row.is_attached and media.may_view_study(actor, row.study_id, now)]
    waiting = [row for row in rows if not row.is_attached]
    joined = {row.study_id for row in rows}
    aside = [study_id for study_id in aside_ids(consult) if study_id not in joined]
    said = _put_away(consult)
    put_away = [study_id for study_id in said if study_id not in joined.union(aside)]
    others = _elsewhere_ids(consult, joined.union(aside, put_away))
    elsewhere = [study_id for study_id in others if media.may_view_study(actor, study_id, now)]
    known = joined.union(aside, elsewhere, put_away)
    arrived = [study_id for study_id in _arrived_ids(actor) if study_id not in known]
    ids = [*(row.study_id for row in rows), *aside, *elsewhere, *arrived, *put_away]
    found = media.covers(actor=actor, study_ids=ids, now=now) if ids else {}
    came_for = _came_for(actor, consult, arrived)

    def compared(study_id: UUID, row: ConsultStudy | None = None) -> Compared:
        facts, patient = media.get_study(study_id), consult.patient
        beside = (likeness(patient, facts), marks_of(patient, facts), found.get(study_id))
        return Compared(facts, *beside, row, came_for.get(study_id), said.get(study_id))

    return ImagesInHand(
        attached=[compared(row.study_id, row) for row in shown],
        waiting=[compared(row.study_id, row) for row in waiting],
        aside=[compared(study_id) for study_id in aside],
        elsewhere=[compared(study_id) for study_id in elsewhere],
        arrived=[compared(study_id) for study_id in sorted(arrived, key=came_for.__contains__)],
        put_away=[compared(study_id) for study_id in put_away],
        refused=refused_of(consult),
    )


def _put_away(consult: Consult) -> dict[UUID, PutAway]:
    """Study id -> who said here, and when, that it shows another patient; the newest word first."""
    said = {row.study_id: PutAway(row.said_at, "") for row in consult.refused_studies.all()}
    for study_id, words in words_on(consult).items():
        last = words[-1]
        people = frozenset(word.person_id for word in words)
        said[study_id] = PutAway(last.said_at, last.person.name if last.person else "", last.pk, people)
    return dict(sorted(said.items(), key=lambda item: item[1].at, reverse=True))


def _elsewhere_ids(consult: Consult, known: set[UUID]) -> list[UUID]:
    """Studies of this patient's other consults that the hospital asked for, newest first."""
    rows = ConsultStudy.unscoped.filter(
        consult__patient=consult.patient_id,
        consult__requesting_organisation=consult.requesting_organisation_id,
        is_attached=True,
    )
    refused = consult.refused_studies.values("study_id")
    found = rows.exclude(consult=consult).exclude(study_id__in=refused).order_by("-attached_at", "-pk")
    ids = dict.fromkeys(found.values_list("study_id", flat=True))
    return [study_id for study_id in ids if study_id not in known][:MOST_ARRIVED]


def _came_for(actor: Actor, consult: Consult, study_ids: list[UUID]) -> dict[UUID, Consult]:
    """Study id -> the other consult for which it came, or of which somebody said that it is another patient."""
    pairs = [
        *RefusedStudy.objects.filter(study_id__in=study_ids).values_list("study_id", "consult_id"),
        *ArrivedStudy.objects.filter(pk__in=study_ids, consult__isnull=False).values_list("pk", "consult_id"),
    ]
    others = {consult_id for _study_id, consult_id in pairs} - {consult.pk}
    seen = Consult.objects.visible_to(actor).filter(pk__in=others).select_related("patient").in_bulk()
    return {study_id: seen[consult_id] for study_id, consult_id in pairs if consult_id in seen}


def aside_ids(consult: Consult) -> list[UUID]:
    """Studies that came for this consult and whose header is not its patient's, until somebody says whose they are."""
    rows = ArrivedStudy.objects.filter(consult=consult, attached_at__isnull=True)
    waiting = ConsultStudy.unscoped.filter(consult=consult).values("study_id")
    return list(rows.exclude(pk__in=waiting).order_by("arrived_at", "pk").values_list("pk", flat=True))


def images_aside(consult: Consult) -> NotAttached:
    """What is set aside and nobody has said anything of."""
    return _judged(consult, aside_ids(consult))


@dataclass(frozen=True, slots=True)
class Undecided:
    """A study that is no part of the consult yet: nobody has said whose it is, or (`is_said`) one has, and a second
    person has not confirmed it."""

    id: UUID
    label: str
    is_said: bool


def undecided_ids(consult: Consult) -> list[UUID]:
    waiting = ConsultStudy.unscoped.filter(consult=consult, is_attached=False).values_list("study_id", flat=True)
    return [*aside_ids(consult), *waiting]


def undecided_images(consult: Consult) -> list[Undecided]:
    """What closing leaves out, for whoever thinks of closing. Nothing of a header but modality and day."""
    aside = set(aside_ids(consult))
    return [
        Undecided(study_id, _modality_and_day(study_id), study_id not in aside) for study_id in undecided_ids(consult)
    ]


def _modality_and_day(study_id: UUID) -> str:
    try:
        facts = media.get_study(study_id)
    except media.StudyNotFound:
        return ""
    return f"{facts.modality_label} {facts.study_date or ''}".strip()


def images_not_attached(consult: Consult) -> NotAttached:
    """Everybody at the consult may know that they are there."""
    if consult.state not in OPEN:
        return NotAttached()
    return _judged(consult, undecided_ids(consult))


def identity_entries(consult: Consult) -> list[dict[str, object]]:
    """What was said of whose images they are, as lines of the history. No name of a header, and the reason only once
    two people have settled it: until then both are for the requesting side."""
    entries: list[dict[str, object]] = []
    decisions = list(consult.study_decisions.select_related("person"))
    came = [row.study_id for row in decisions if row.said == Said.SET_ASIDE]
    for arrived in ArrivedStudy.objects.filter(Q(consult=consult) | Q(pk__in=came)):
        words = _("Images set aside: their header does not show this patient")
        state = "bad" if arrived.consult_id == consult.pk and arrived.attached_at is None else "done"
        entries.append({"text": words, "at": arrived.arrived_at, "who": "", "state": state})
    rows = ConsultStudy.unscoped.filter(consult=consult).exclude(mismatch_reason="")
    for row in rows.select_related("attached_by", "confirmed_by"):
        words = _("Images said to show this patient in spite of their header")
        text = f"{words}: {row.mismatch_reason}" if row.is_attached else words
        who = row.attached_by.name if row.attached_by else ""
        entries.append({"text": text, "at": row.attached_at, "who": who, "state": "done"})
        if row.confirmed_by and row.confirmed_at:
            words = _("Confirmed by a second person: the images show this patient")
            entries.append({"text": words, "at": row.confirmed_at, "who": row.confirmed_by.name, "state": "done"})
    return [*entries, *_decided(decisions)]


def _decided(decisions: list[StudyDecision]) -> list[dict[str, object]]:
    """What was said and is no longer, or not yet, a row of its own: no name and no reason."""
    words = {
        Said.SAME_PATIENT: _("Images said to show this patient in spite of their header"),
        Said.OTHER_PATIENT: _("Images said to show another patient: they stay out of this consult"),
        Said.TAKEN_BACK: _("Taken back: it is open again whose images these are"),
    }
    shown = [row for row in decisions if row.said in words]
    return [
        {
            "text": words[Said(row.said)],
            "at": row.said_at,
            "who": row.person.name if row.person else "",
            "state": "done",
        }
        for row in shown
    ]


def _judged(consult: Consult, study_ids: list[UUID]) -> NotAttached:
    named = sum(likeness(consult.patient, media.get_study(study_id)).names_another for study_id in study_ids)
    return NotAttached(named, len(study_ids) - named)


def to_confirm_ids(actor: Actor, consult: Consult) -> list[UUID]:
    """Studies that a first person says are this patient's, and that this actor may confirm as the second."""
    rows = ConsultStudy.unscoped.filter(consult=consult, is_attached=False).exclude(attached_by_id=actor.person_id)
    return list(rows.values_list("study_id", flat=True))


def refused_of(consult: Consult) -> list[RefusedFile]:
    """All files that were sent for this consult and not stored."""
    return media.refused_files(consult.uploads.values_list("pk", flat=True))


def unread_refusals(consult: Consult) -> int:
    """How many files were not stored and nobody of the requesting side has read of yet."""
    uploads = consult.uploads.filter(refused_at__isnull=False, read_at__isnull=True)
    ids = list(uploads.values_list("pk", flat=True))
    return len(media.refused_files(ids)) if ids else 0


def uploads_not_read(consult: Consult) -> int:
    """How many deliveries of files wait that no job reads any more."""
    return len(media.stopped_uploads(consult.uploads.values_list("pk", flat=True)))


def images_to_look_at(actor: Actor) -> QuerySet[Consult]:
    """Open consults of the actor's organisations with images of which nobody has said whose they are, with one that
    the actor may confirm as second person, or with files that were not stored. Each annotated with which."""
    aside = (
        ArrivedStudy.objects.filter(consult=OuterRef("pk"), attached_at__isnull=True)
        .annotate(is_waiting=Exists(_waiting(Q(consult=OuterRef("consult"), study_id=OuterRef("pk")))))
        .filter(is_waiting=False)
    )
    to_confirm = _waiting(Q(consult=OuterRef("pk"))).exclude(attached_by_id=actor.person_id)
    refused = ConsultUpload.objects.filter(consult=OuterRef("pk"), refused_at__isnull=False, read_at__isnull=True)
    return (
        Consult.objects.visible_to(actor)
        .filter(asked_below(actor, "imaging.upload"), state__in=OPEN)
        .annotate(has_aside=Exists(aside), has_to_confirm=Exists(to_confirm), has_refused=Exists(refused))
        .filter(Q(has_aside=True) | Q(has_to_confirm=True) | Q(has_refused=True))
        .select_related("patient", "requesting_organisation")
        .order_by("due_at", "-id")
    )


def _waiting(condition: Q) -> QuerySet[ConsultStudy]:
    return ConsultStudy.unscoped.filter(condition, is_attached=False)


def _arrived_ids(actor: Actor) -> list[UUID]:
    rows = ArrivedStudy.objects.filter(below(actor, "imaging.upload", "organisation"), attached_at__isnull=True)
    return list(rows.order_by("-arrived_at").values_list("pk", flat=True)[:MOST_ARRIVED])
