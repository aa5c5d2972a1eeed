"""What the casebook shows on shared pages: navigation, tasks, a button on the consult page, a review subject."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casebook import selectors
from casebook.desk import DeskFilters, desk_versions
from casebook.models import CaseVersion
from casebook.policies import EDIT, PUBLISH
from casebook.reviewing import render_for_review
from casebook.services.proposing import LIVE
from casebook.services.publishing import SUBJECT
from consult_bridge import api as consult_bridge
from core.actor import Actor
from core.ui.registry import (
    NavigationItem,
    PageAction,
    Panel,
    TaskItem,
    register_actions,
    register_navigation,
    register_panel,
    register_tasks,
)
from peer_review import api as peer_review


def register() -> None:
    """Called once, when the app is ready."""
    peer_review.register_subject(
        kind=SUBJECT,
        label=gettext_lazy("Teaching case"),
        rubric="case",
        permission="case.review",
        render=render_for_review,
        answerable_ids=answerable_ids,
        staffable_ids=staffable_ids,
        leads=selectors.publishers_of,
    )
    _register_areas()
    register_tasks(tasks)
    register_panel(
        "home",
        Panel(
            "case_desk",
            gettext_lazy("My case desk"),
            "casebook:desk_panel",
            permission="case.edit",
            order=12,
            is_wide=True,
        ),
    )
    register_actions("consult", consult_actions)
    register_actions("release", release_actions)


def _register_areas() -> None:
    register_navigation(
        NavigationItem(
            key="cases",
            label=gettext_lazy("Cases"),
            url_name="casebook:list",
            icon="stethoscope",
            order=50,
            areas=("/cases/",),
        )
    )
    register_navigation(
        NavigationItem(
            key="case_desk",
            label=gettext_lazy("Case desk"),
            url_name="casebook:desk",
            icon="pencil",
            order=52,
            permission="case.edit",
            areas=("/cases/desk/", "/cases/versions/"),
            count=lambda actor, now: selectors.open_proposals(actor).count(),
        )
    )


def tasks(actor: Actor, now: datetime) -> Iterable[TaskItem]:
    """Opened proposals to take up, and approved versions to publish."""
    if not actor.may("case.edit"):
        return
    for proposal in selectors.open_proposals(actor)[:10]:
        yield TaskItem(
            title=_("A proposed teaching case"),
            meta=(selectors.specialty_label(proposal.specialty), _("De-identified and confirmed by two officers")),
            url=reverse("casebook:desk"),
            action=_("Start the case"),
            icon="stethoscope",
        )
    for version in desk_versions(actor, DeskFilters(), "approved")[:10]:
        yield TaskItem(
            title=f"{version.case.code} {version.content['title']}",
            meta=(_("Both reviewers approved it"),),
            url=reverse("casebook:desk"),
            action=_("Publish the case"),
            icon="stethoscope",
        )


def consult_actions(actor: Actor, consult_id: UUID) -> Iterable[PageAction]:
    """The button on a closed consult, or where its proposal stands."""
    if not consult_bridge.is_proposable(actor, consult_id):
        return
    proposal = selectors.proposal_of(consult_id)
    is_live = proposal is not None and proposal.state in LIVE
    yield PageAction(
        label=_("Proposal for teaching") if is_live else _("Propose for teaching"),
        url=reverse("casebook:propose", args=[consult_id]),
        icon="graduation-cap",
        style="quiet" if is_live else "outline",
    )


def release_actions(actor: Actor, release_id: UUID) -> Iterable[PageAction]:
    """The published case that rests on this release, for whoever may read it."""
    case_id = selectors.readable_case_of(actor, release_id)
    if case_id is not None:
        yield PageAction(
            label=_("Open the teaching case"), url=reverse("casebook:case", args=[case_id]), icon="stethoscope"
        )


def answerable_ids(actor: Actor) -> QuerySet[Any]:
    """Whoever may hand a version of this case in answers its reviewers."""
    return CaseVersion.objects.visible_to(actor, EDIT).values("pk")


def staffable_ids(actor: Actor) -> QuerySet[Any]:
    """Whoever publishes the case may name a reviewer for it."""
    return CaseVersion.objects.visible_to(actor, PUBLISH).values("pk")
