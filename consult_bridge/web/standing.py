"""What the bars on top of a consult are made of: whose turn, the button, and the consult as one person sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise

from consult_bridge import policies
from consult_bridge.models import Consult, ConsultStep, Opinion, Report
from consult_bridge.selectors.consent import valid_consent
from consult_bridge.selectors.drafts import images_not_sent
from consult_bridge.selectors.identities import (
    NotAttached,
    images_aside,
    images_not_attached,
    to_confirm_ids,
    unread_refusals,
    uploads_not_read,
)
from consult_bridge.selectors.record import last_question
from consult_bridge.selectors.versions import Versions
from consult_bridge.states import OPEN
from core.actor import Actor

Text = str | Promise


class Tone(TextChoices):
    """Whose turn: this person's, somebody else's, nobody's any more, or something went wrong."""

    MINE = "mine"
    WAIT = "wait"
    END = "end"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Button:
    """A link, or with `posts` a form that sends these fields. `tab` is the part of this page that it leads to."""

    label: Text
    url: str
    icon: str
    is_primary: bool = True
    is_form: bool = False
    posts: Mapping[str, str] = field(default_factory=dict)
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """`has_teaching`: what other rooms offer on a closed consult stands here too."""

    tone: Tone
    icon: str
    title: Text
    text: Text = ""
    buttons: Sequence[Button] = ()
    has_teaching: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bar is made of: the consult as this person sees it, and their rights here."""

    actor: Actor
    consult: Consult
    opinion: Opinion | None
    in_force: Opinion | None
    may: Mapping[str, bool]
    may_report: Mapping[str, bool]
    report: Report | None
    study_id: str
    history: Sequence[ConsultStep]
    asked: str
    has_consent: bool
    unsent: int
    unread: int
    to_confirm: int
    aside: NotAttached
    not_attached: NotAttached
    refused: int

    @property
    def is_asking(self) -> bool:
        return policies.acts_for_requester(self.actor, self.consult, "consult.request")

    @property
    def last_note(self) -> str:
        return self.history[-1].note if self.history else ""

    def url(self, name: str) -> str:
        return reverse(f"consult_bridge:{name}", args=[self.consult.pk])

    def report_url(self) -> str:
        return reverse("consult_bridge:report", args=[self.consult.pk, self.study_id])

    def part(self, label: Text, tab: str, icon: str) -> Button:
        study = f"&study={self.study_id}" if tab == "report" else ""
        return Button(label, f"{self.url('consult')}?tab={tab}&pane=op{study}", icon, tab=tab)


def standing_of(
    actor: Actor,
    consult: Consult,
    versions: Versions[Opinion],
    may: Mapping[str, bool],
    reports: Mapping[str, Any],
    history: Sequence[ConsultStep],
) -> Standing:
    """Out of what the page has read already; `reports` is the context of the report's pane."""
    asks_for_images = may["upload"]
    return Standing(
        actor=actor,
        consult=consult,
        opinion=versions.current,
        in_force=versions.in_force,
        may=may,
        may_report=reports["may_report"],
        report=reports["report"].current if reports["report"] else None,
        study_id=str(reports["report"].study_id) if reports["report"] else "",
        history=history,
        asked=last_question(history) if consult.state == "awaiting_information" else "",
        has_consent=may["consent"] and valid_consent(consult) is not None,
        unsent=images_not_sent(consult) if consult.state in OPEN else 0,
        unread=uploads_not_read(consult) if asks_for_images else 0,
        to_confirm=len(to_confirm_ids(actor, consult)) if asks_for_images else 0,
        aside=images_aside(consult) if asks_for_images else NotAttached(),
        not_attached=images_not_attached(consult),
        refused=unread_refusals(consult) if asks_for_images else 0,
    )
