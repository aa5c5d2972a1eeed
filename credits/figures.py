"""Figures by organisation for the supervision page: of those who work there now, people who met the year's requirement;
of those who worked there then, credits entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ui.figures import Amount, Figure, Question, register_figure
from credits.selectors import figures
from credits.selectors.standing import standing

BOTH = ("supervise.view", "training.manage")


def _met(question: Question) -> Mapping[UUID, Amount]:
    """In the credit year of the period's last day."""
    found = standing(question.actor, question.permission, question.organisation, question.end)
    return {place.id: Amount(place.met, place.people) for place in found.places}


def _entered(question: Question) -> Mapping[UUID, Amount]:
    return {key: Amount(float(number)) for key, number in figures.credits_by_organisation(question).items()}


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
    register_figure(
        Figure(
            "credits_met",
            _("People working here who met the requirement"),
            _met,
            kind="share",
            unit="%",
            base_label=pgettext_lazy("figure", "people"),
            permissions=BOTH,
            order=50,
            compares=False,
        )
    )
    register_figure(
        Figure(
            "credits_entered",
            _("Credits entered"),
            _entered,
            unit=pgettext_lazy("unit", "credits"),
            months=figures.credits_by_month,
            permissions=("training.manage",),
            order=60,
            per="people",
            decimals=1,
            began=figures.entered_until,
        )
    )
