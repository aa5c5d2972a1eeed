"""What the shell shows of this room: areas, what needs me now, the supervision panel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult_bridge.models import Consult
from consult_bridge.selectors import consults as selectors
from consult_bridge.states import CONSULT
from consult_bridge.vocabulary import SPECIALTIES
from core.actor import Actor
from core.ui.registry import (
    Chip,
    NavigationItem,
    Panel,
    TaskItem,
    Text,
    register_navigation,
    register_panel,
    register_tasks,
)

MOST_TASKS = 8
URGENCY_OF_TASK = {"stat": 1, "urgent": 2, "routine": 5}
NO_FILTERS = selectors.Filters()
ACTIONS = {"triage": _("Triage"), "check": _("Check and sign"), "mine": _("Open")}


def register() -> None:
    register_navigation(
        NavigationItem(
            key="worklist",
            label=_("Work list"),
            url_name="consult_bridge:worklist",
            icon="list-checks",
            order=20,
            permission="consult.message",
            count=waiting_count,
            areas=("/worklist/",),
        )
    )
    register_navigation(
        NavigationItem(
            key="consults",
            label=_("Consults"),
            url_name="consult_bridge:consults",
            icon="stethoscope",
            order=25,
            permission="consult.view",
            areas=("/consults/",),
        )
    )
    register_tasks(tasks_for)
    _register_panels()


def _register_panels() -> None:
    register_panel(
        "home",
        Panel("consults", _("Latest consults"), "consult_bridge:latest_panel", permission="consult.view", order=10),
    )
    register_panel(
        "supervision",
        Panel(
            key="consults",
            title=_("Consults by hospital"),
            url_name="consult_bridge:supervision_panel",
            permission="supervise.view",
            order=10,
            is_wide=True,
        ),
    )
    register_panel(
        "supervision",
        Panel(
            key="silent",
            title=_("Hospitals without a request"),
            url_name="consult_bridge:silent_panel",
            permission="supervise.view",
            order=15,
        ),
    )


def waiting_count(actor: Actor, now: datetime) -> int:
    """What this person can act on at once: to accept or write, to triage, to check."""
    return sum(selectors.capped_count(rows) for _kind, rows in _waiting(actor))


def _waiting(actor: Actor) -> list[tuple[str, QuerySet[Consult]]]:
    kinds = [kind for kind in ("triage", "check") if kind in selectors.work_tabs(actor)]
    rows: list[tuple[str, QuerySet[Consult]]] = []
    rows += [(kind, selectors.work_list(actor, kind, NO_FILTERS)) for kind in kinds]
    if actor.may("consult.answer"):
        rows.append(("mine", selectors.waits_for_expert(actor)))
    return rows


def tasks_for(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """The first few of each kind, the most urgent first."""
    if not actor.may("consult.view"):
        return
    for kind, rows in _waiting(actor):
        for consult in rows[:MOST_TASKS]:
            yield _task(consult, ACTIONS[kind], "triage" if kind == "triage" else "consult")
    if actor.may("consult.request"):
        for consult in selectors.waits_for_requester(actor)[:MOST_TASKS]:
            if consult.state == "signed":
                yield _task(consult, _("Close with feedback"), "consult")
            else:
                yield _task(consult, _("Supply information"), "supply")


def _task(consult: Consult, action: Text, page: str) -> TaskItem:
    runs = consult.due_at is not None and consult.paused_at is None and consult.state != "signed"
    return TaskItem(
        title=consult.subject,
        url=reverse(f"consult_bridge:{page}", args=[consult.pk]),
        action=action,
        meta=(consult.patient.name, consult.requesting_organisation.name, SPECIALTIES.get(consult.specialty, "")),
        chip=Chip.of(CONSULT, consult.state),
        due_at=consult.due_at if runs else None,
        started_at=consult.submitted_at if runs else None,
        urgency=URGENCY_OF_TASK[consult.urgency],
        icon="stethoscope",
    )
