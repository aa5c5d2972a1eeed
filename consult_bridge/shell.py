"""What the shell shows of this room: areas, what needs me now, the supervision panel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult_bridge import policies
from consult_bridge.chips import chip_of
from consult_bridge.models import Consult, Report
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.identities import images_to_look_at
from consult_bridge.selectors.reports import CriticalBar, bars_for, reports_in_hand
from consult_bridge.selectors.studies import consult_of_study
from consult_bridge.states import CRITICAL_VALUE, REPORT
from consult_bridge.vocabulary import SPECIALTIES
from core.actor import Actor
from core.audit import note_list
from core.ui.registry import (
    Chip,
    NavigationItem,
    PageAction,
    Panel,
    SearchHint,
    TaskItem,
    Text,
    register_actions,
    register_navigation,
    register_panel,
    register_search_hints,
    register_tasks,
)

MOST_TASKS = 8
LONGEST_SEARCH = 60
URGENCY_OF_TASK = {"stat": 1, "urgent": 2, "routine": 5}
NO_FILTERS = selectors.Filters()
CRITICAL = 0
"""Before every urgency: a critical value is none of them."""
ACTIONS = {
    "triage": _("Triage"),
    "check": _("Check and sign"),
    "mine": _("Open"),
    "report": _("Write the report"),
}
CORRECTED = frozenset({"signed", "closed"})
"""No clock runs any more; what is in hand is a correction of the opinion."""
PAGES = {"triage": ("triage", ""), "report": ("consult", "?tab=report&pane=op")}
"""The page, and the part of it, on which each kind of work is done; the consult where none is named."""


def register() -> None:
    register_navigation(
        NavigationItem(
            key="worklist",
            label=_("Work list"),
            url_name="consult_bridge:worklist",
            icon="list-checks",
            order=20,
            permission=("consult.answer", "consult.check", "consult.triage"),
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
    register_search_hints(search_hints)
    register_actions("home", home_actions)
    register_actions("study", study_actions)
    _register_panels()


def home_actions(actor: Actor, person_id: UUID) -> Iterable[PageAction]:
    """Who may ask begins here."""
    if actor.may("consult.request"):
        yield PageAction(
            label=_("Request a consult"), url=reverse("consult_bridge:new_consult"), icon="plus", style="primary"
        )


def study_actions(actor: Actor, study_id: UUID) -> Iterable[PageAction]:
    """From the images alone back to the consult that they belong to, the newest where there are several."""
    consult = consult_of_study(actor, study_id)
    if consult is not None:
        address = reverse("consult_bridge:consult", args=[consult.pk])
        yield PageAction(label=_("Open the consult"), url=f"{address}?pane=img&study={study_id}", icon="stethoscope")


def search_hints(actor: Actor, words: str) -> Iterable[SearchHint]:
    """Patients and consults are in no search index; the list of consults finds them for who may see it."""
    if actor.may("consult.view"):
        yield SearchHint(
            text=_("Patients and consults are not in this search."),
            label=_("Look for these words among the consults"),
            url=f"{reverse('consult_bridge:consults')}?{urlencode({'tab': 'all', 'q': words[:LONGEST_SEARCH]})}",
        )


def _register_panels() -> None:
    register_panel(
        "home",
        Panel(
            key="consults",
            title=_("Latest consults"),
            url_name="consult_bridge:latest_panel",
            permission="consult.view",
            order=10,
            is_wide=True,
        ),
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
            is_beside=True,
        ),
    )


def waiting_count(actor: Actor, now: datetime) -> int:
    """What this person can act on at once: to accept or write, to triage, to check, and reports to write."""
    waiting = sum(selectors.capped_count(rows) for _kind, rows in _waiting(actor))
    return waiting + policies.to_acknowledge_by(actor).count() + policies.reports_to_write_by(actor).count()


def _waiting(actor: Actor) -> list[tuple[str, QuerySet[Consult]]]:
    tabs = selectors.work_tabs(actor)
    kinds = [kind for kind in ("triage", "check") if kind in tabs]
    rows: list[tuple[str, QuerySet[Consult]]] = []
    rows += [(kind, selectors.work_list(actor, kind, NO_FILTERS)) for kind in kinds]
    if "report" in tabs and "mine" not in tabs:  # whose work reports are; an expert finds them in the work list
        rows.append(("report", selectors.waits_for_reporter(actor)))
    if actor.may("consult.answer"):
        rows.append(("mine", selectors.waits_for_expert(actor)))
    return rows


def tasks_for(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """The first few of each kind, the most urgent first. Each names its patient, so reading them is audited."""
    tasks = list(_tasks(actor)) if actor.may("consult.view") else []
    note_list(actor=actor, name="consult_bridge.tasks", permission="consult.view", shown=len(tasks), now=now)
    return tasks


def _tasks(actor: Actor) -> Iterator[TaskItem]:
    yield from (_critical_task(bar) for bar in bars_for(actor))
    yield from (_report_task(report) for report in reports_in_hand(actor)[:MOST_TASKS])
    for kind, rows in _waiting(actor):
        for consult in rows[:MOST_TASKS]:
            if kind == "mine" and consult.state in CORRECTED:
                yield _task(actor, consult, _("Go on with the correction"), "consult", "?tab=opinion&pane=op")
            else:
                yield _task(actor, consult, ACTIONS[kind], *PAGES.get(kind, ("consult",)))
    yield from (_images_task(consult) for consult in images_to_look_at(actor)[:MOST_TASKS])
    if actor.may("consult.request"):
        for consult in selectors.waits_for_requester(actor)[:MOST_TASKS]:
            if consult.state == "signed":
                yield _task(actor, consult, _("Close with feedback"), "consult")
            else:
                yield _task(actor, consult, _("Supply information"), "supply")


def _critical_task(bar: CriticalBar) -> TaskItem:
    critical = bar.critical
    address = reverse("consult_bridge:consult", args=[critical.consult_id])
    if bar.may_acknowledge:
        address = reverse("consult_bridge:critical_value", args=[critical.consult_id, critical.pk])
    return TaskItem(
        title=critical.text,
        url=address,
        action=_("Acknowledge") if bar.may_acknowledge else _("Telephone the requesting doctor"),
        meta=(critical.consult.patient.name, critical.consult.requesting_organisation.shown_name),
        chip=Chip.of(CRITICAL_VALUE, critical.state),
        due_at=critical.due_at,
        started_at=critical.raised_at,
        urgency=CRITICAL,
        icon="triangle-alert",
    )


def _report_task(report: Report) -> TaskItem:
    """A report to check, or one's own that came back or was not finished."""
    consult = report.consult
    action = _("Check the report") if report.state == "under_review" else _("Go on with the report")
    address = reverse("consult_bridge:consult", args=[consult.pk])
    return TaskItem(
        title=report.examination or consult.subject,
        url=f"{address}?tab=report&pane=op&study={report.study_id}",
        action=action,
        meta=(_("Imaging report"), consult.patient.name, consult.requesting_organisation.shown_name),
        chip=Chip.of(REPORT, report.state),
        urgency=URGENCY_OF_TASK[consult.urgency],
        icon="file-scan",
    )


def _images_task(consult: Any) -> TaskItem:
    """Images that came for a consult and are no part of it: the clock runs while nobody looks."""
    if consult.has_aside:
        action = _("Images that are no part of the consult yet: look whose they are")
    elif consult.has_to_confirm:
        action = _("Confirm as second person whose images these are")
    else:
        action = _("Image files that were not stored: send them again")
    return TaskItem(
        title=consult.subject,
        url=reverse("consult_bridge:images", args=[consult.pk]),
        action=action,
        meta=(consult.patient.name, _("Images of this consult")),
        urgency=URGENCY_OF_TASK[consult.urgency],
        icon="image-off" if consult.has_aside else "image",
    )


def _task(actor: Actor, consult: Consult, action: Text, page: str, part: str = "") -> TaskItem:
    runs = consult.due_at is not None and consult.paused_at is None and consult.state not in CORRECTED
    return TaskItem(
        title=consult.subject,
        url=reverse(f"consult_bridge:{page}", args=[consult.pk]) + part,
        action=action,
        meta=(consult.patient.name, consult.requesting_organisation.shown_name, SPECIALTIES.get(consult.specialty, "")),
        chip=chip_of(actor, consult),
        due_at=consult.due_at if runs else None,
        started_at=consult.submitted_at if runs else None,
        urgency=URGENCY_OF_TASK[consult.urgency],
        icon="stethoscope",
    )
