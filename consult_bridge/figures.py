"""Figures by organisation for the supervision page: consults asked, answered in time, hospitals that ask nothing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.selectors import supervision as selectors
from core.ui.effects import Effect, EffectSource, register_effects
from core.ui.figures import Amount, Figure, Question, register_figure


def _asked(question: Question) -> Mapping[UUID, Amount]:
    lines = selectors.counts_of(question.actor, question.organisation, question.start, question.end)
    return {key: Amount(line["asked"]) for key, line in lines.items()}


def _in_time(question: Question) -> Mapping[UUID, Amount]:
    lines = selectors.counts_of(question.actor, question.organisation, question.start, question.end)
    return {key: Amount(line["in_time"], line["answered"]) for key, line in lines.items()}


def _silent(question: Question) -> Mapping[UUID, Amount]:
    found = selectors.hospitals(question.actor, question.organisation, question.start, question.end)
    return {row.id: Amount(int(row.asked == 0), 1) for row in found}


def _asked_by_month(question: Question) -> list[float]:
    return selectors.asked_by_month(question.actor, question.organisation, question.start, question.end)


def _began(question: Question) -> bool:
    return selectors.has_asked_until(question.actor, question.organisation, question.end)


def _outcomes(question: Question) -> list[Effect]:
    """What came of the consults asked in the period."""
    found = selectors.outcomes_of(question.actor, question.organisation, question.start, question.end)
    closed = _("%(part)s of %(whole)s consults closed with feedback")
    shares = (
        ("useful", _("Opinion useful, 4 or 5 of 5"), "closed", closed),
        ("changed", _("Plan changed after the opinion"), "closed", closed),
        ("treated", _("Treated on the spot, following the opinion"), "closed", closed),
        ("checked", _("Checked by a second doctor"), "signed", _("%(part)s of %(whole)s signed opinions")),
    )
    return [Effect(key, label, found[key], found[base], words, is_private=True) for key, label, base, words in shares]


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
    register_effects(EffectSource("consults", _outcomes, order=10))
    register_figure(
        Figure(
            "consults",
            _("Consults asked"),
            _asked,
            unit=pgettext_lazy("unit", "consults"),
            months=_asked_by_month,
            order=10,
            is_private=True,
            per="doctors",
            began=_began,
        )
    )
    register_figure(
        Figure(
            "in_time",
            _("Answered in time"),
            _in_time,
            kind="share",
            unit="%",
            base_label=_("answered"),
            order=20,
            is_private=True,
            began=_began,
        )
    )
    _register_silent()


def _register_silent() -> None:
    register_figure(
        Figure(
            "silent",
            _("Hospitals without a request"),
            _silent,
            unit=pgettext_lazy("unit", "hospitals"),
            order=30,
            less_is_better=True,
            per="base",
            began=_began,
        )
    )
