"""Lists and single consults, always scoped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import Consult, ConsultStudy, Opinion
from consult_bridge.policies import (
    amendments_to_check_by,
    amendments_to_write_by,
    asked_below,
    checked_by_actor,
    received_below,
    reports_to_check_by,
)
from consult_bridge.selectors.reports import report_condition, to_begin_condition
from consult_bridge.selectors.sources import ids_of, in_either
from consult_bridge.states import ENDED, OPEN, TRIAGE
from consult_bridge.trail import note_reading
from consult_bridge.vocabulary import URGENCY_ORDER
from core.actor import Actor

COUNT_LIMIT = 1000
_RELATED = ("patient", "requesting_organisation", "receiving_organisation", "requester", "expert")

RUNNING_FIRST = F("paused_at").asc(nulls_first=True)  # PostgreSQL would put them last


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list's form holds; an empty string filters nothing."""

    text: str = ""
    specialty: str = ""
    service_type: str = ""
    urgency: str = ""
    state: str = ""


def get_consult(actor: Actor, consult_id: UUID, *, now: datetime) -> Consult:
    """The consult with its patient; that it was read is audited. Raises ConsultNotFound, for a foreign one alike."""
    rows = Consult.objects.visible_to(actor).select_related(*_RELATED).annotate(has_written=_has_written(actor))
    consult = rows.filter(pk=consult_id).first()
    if consult is None:
        raise ConsultNotFound
    note_reading(actor=actor, consult=consult, now=now)
    return consult


def is_visible(actor: Actor, consult_id: UUID) -> bool:
    return Consult.objects.visible_to(actor).filter(pk=consult_id).exists()


def filtered(rows: QuerySet[Consult], filters: Filters) -> QuerySet[Consult]:
    exact = {
        name: value
        for name, value in (
            ("specialty", filters.specialty),
            ("service_type", filters.service_type),
            ("urgency", filters.urgency),
            ("state", filters.state),
        )
        if value
    }
    rows = rows.filter(**exact)
    if filters.text:
        rows = rows.filter(Q(subject__icontains=filters.text) | Q(patient__name__icontains=filters.text))
    return rows


def consult_list(actor: Actor, tab: str, filters: Filters) -> QuerySet[Consult]:
    """The consults of a tab: what is open by when it is due, a paused clock after the running ones; others newest
    first."""
    rows = _for_rows(filtered(Consult.objects.visible_to(actor), filters).filter(TABS[tab]), actor)
    return rows.order_by(RUNNING_FIRST, "due_at", "-id") if tab == "open" else rows.order_by("-id")


TABS: dict[str, Q] = {
    "open": Q(state__in=OPEN - {"signed", "awaiting_information"}),
    "waiting": Q(state="awaiting_information"),
    "signed": Q(state="signed"),
    "ended": Q(state__in=ENDED),
    "all": Q(),
}

WORK_TABS = ("mine", "report", "triage", "check", "waiting", "team")


def work_condition(actor: Actor, tab: str) -> Q:
    """What the tabs of the work list hold: mine to do, reports to write, to triage, to check, waiting for others, the
    whole hospital. Where a tab has more than one source each is asked by its own index: a database reads the whole
    table for an OR over a subquery."""
    mine = Q(expert_id=actor.person_id)
    if tab == "mine":
        in_hand = (
            mine & received_below(actor, "consult.answer") & Q(state__in=OPEN - {"signed", "awaiting_information"})
        )
        return in_either(ids_of(in_hand), amendments_to_write_by(actor).values("consult_id"))
    if tab == "triage":
        return received_below(actor, "consult.triage") & Q(state__in=TRIAGE)
    if tab == "report":
        return report_condition(actor)
    if tab == "check":
        return _to_check(actor)
    if tab == "waiting":
        return Q(state="awaiting_information") & (mine | Q(coordinator_id=actor.person_id))
    return _of_hospitals(actor)


def _to_check(actor: Actor) -> Q:
    opinions = Q(~_has_written(actor, state="under_review"), checked_by_actor(actor), state="under_review")
    amendments, reports = amendments_to_check_by(actor), reports_to_check_by(actor)
    return in_either(ids_of(opinions), amendments.values("consult_id"), reports.values("consult_id"))


def _of_hospitals(actor: Actor) -> Q:
    """What is under way in the hospitals where the actor triages or answers: consults, and corrections of those that
    are answered."""

    def here(prefix: str = "") -> Q:
        return received_below(actor, "consult.triage", prefix) | received_below(actor, "consult.answer", prefix)

    corrections = Opinion.unscoped.filter(here("consult__"), amends__isnull=False, signed_at__isnull=True)
    corrections = corrections.exclude(state="given_up")
    running = here() & Q(state__in=OPEN - {"signed"})
    return in_either(ids_of(running), corrections.values("consult_id"))


def _has_written(actor: Actor, **of: str) -> Q:
    """Whether the actor has written in an opinion of the consult: somebody else has to check it. Asked of the writer
    and of the former ones apart: a database reads all opinions for an OR of both."""
    opinions = Opinion.unscoped.filter(consult=OuterRef("pk"), **of).exclude(state="given_up")
    return Q(Exists(opinions.filter(written_by=actor.person_id))) | Q(
        Exists(opinions.filter(former_writers=actor.person_id))
    )


def work_list(actor: Actor, tab: str, filters: Filters) -> QuerySet[Consult]:
    """Critical first, then what is due first. A paused clock stands after the running ones of its urgency."""
    order = Case(
        *(When(urgency=urgency, then=Value(place)) for urgency, place in URGENCY_ORDER.items()),
        output_field=IntegerField(),
    )
    rows = filtered(Consult.objects.visible_to(actor), filters).filter(work_condition(actor, tab))
    return _for_rows(rows, actor).annotate(place=order).order_by("place", RUNNING_FIRST, "due_at", "-id")


def _for_rows(rows: QuerySet[Consult], actor: Actor) -> QuerySet[Consult]:
    """What a list shows this reader in one query; nothing sealed is opened for it. With the reader's scope and the
    sources of a tab these are eight tables: PostgreSQL weighs no more of them together (join_collapse_limit), and with
    a ninth it reads every consult before it asks a tab's sources."""
    images = ConsultStudy.unscoped.filter(consult=OuterRef("pk"), is_attached=True)
    to_check = reports_to_check_by(actor).filter(consult=OuterRef("pk"))
    corrections = amendments_to_check_by(actor).filter(consult=OuterRef("pk"))
    return (
        rows.select_related(*_RELATED)
        .defer("patient__id_number", "patient__phone", "patient__address", "question")
        .annotate(
            has_images=Exists(images),
            has_written=_has_written(actor),
            has_report_to_check=Exists(to_check),
            has_correction_to_check=Exists(corrections),
        )
    )


def waits_for_reporter(actor: Actor) -> QuerySet[Consult]:
    """Consults with a study on which nobody has begun a report yet."""
    return work_list(actor, "report", Filters()).filter(to_begin_condition(actor))


def waits_for_expert(actor: Actor) -> QuerySet[Consult]:
    """What the actor as expert can go on with; what a second doctor has in hand is not among it."""
    return work_list(actor, "mine", Filters()).exclude(state="under_review")


def work_tabs(actor: Actor) -> tuple[str, ...]:
    """The tabs that this person's rights fill."""
    tabs = []
    if actor.may("consult.answer"):
        tabs += ["mine", "report"] if actor.may("consult.check") else ["report"]
    if actor.may("consult.triage"):
        tabs.append("triage")
    if actor.may("consult.check"):
        tabs.append("check")
    return (*tabs, "waiting", "team")


def capped_count(rows: QuerySet[Consult]) -> int:
    """Exact up to the limit; one above it means more."""
    return rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()


def shown_count(count: int) -> str:
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count)


def waits_for_requester(actor: Actor) -> QuerySet[Consult]:
    """Consults of the actor's own organisations that wait for the requesting side."""
    return (
        Consult.objects.visible_to(actor)
        .filter(asked_below(actor, "consult.request"), state__in=["awaiting_information", "signed"])
        .select_related(*_RELATED)
    )


def overdue(rows: QuerySet[Consult], now: datetime) -> QuerySet[Consult]:
    return rows.filter(due_at__lte=now, paused_at__isnull=True).exclude(state__in=ENDED | {"signed"})
