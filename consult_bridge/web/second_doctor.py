"""The coordinator names a second doctor of another hospital, on the consult's own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from consult_bridge import policies
from consult_bridge.errors import NoSecondDoctorThere
from consult_bridge.models import Consult
from consult_bridge.selectors.second_doctors import checkers_elsewhere, lacks_second_doctor
from consult_bridge.services.second_doctor import name_second_doctor
from consult_bridge.web.responding import say, to_opinion
from core.actor import Actor
from core.ids import read_uuids
from core.ui.access import actor_of, requires
from directory.contracts import PersonCard


class SecondDoctorForm(forms.Form):
    """Doctors of other hospitals, with title and hospital."""

    checker = forms.ChoiceField(label=gettext_lazy("Second doctor"))

    def __init__(self, *args: Any, cards: list[PersonCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["checker"]
        field.choices = [("", _("Choose")), *((str(card.id), _line(card)) for card in cards)]


def _line(card: PersonCard) -> str:
    return " · ".join(part for part in (card.name, card.title, card.shown_organisation) if part)


def second_doctor_form(actor: Actor, consult: Consult, now: datetime) -> SecondDoctorForm | None:
    """The form, for the coordinator of a consult that nobody is left to check; None for everybody else."""
    if not policies.may_triage(actor, consult) or not lacks_second_doctor(consult, now=now):
        return None
    return SecondDoctorForm(cards=checkers_elsewhere(consult, now=now))


@require_POST
@requires("consult.triage")
def second_doctor(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    chosen = read_uuids([request.POST.get("checker", "")])
    if not chosen:
        raise NoSecondDoctorThere
    name_second_doctor(actor=actor_of(request), consult_id=consult_id, checker_id=chosen[0], now=timezone.now())
    say(request, _("Named. The second doctor is told now."))
    return to_opinion(consult_id)
