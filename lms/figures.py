"""Figures by organisation for the supervision page: courses passed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ui.effects import Effect, EffectSource, register_effects
from core.ui.figures import Amount, Figure, Question, register_figure
from lms.selectors import figures


def _passed(question: Question) -> Mapping[UUID, Amount]:
    return {key: Amount(number) for key, number in figures.passed_by_organisation(question).items()}


def _finished(question: Question) -> list[Effect]:
    passed, enrolled = figures.passed_of_enrolled(question)
    words = _("%(part)s of %(whole)s enrolments of the period")
    return [Effect("passed_of_enrolled", _("Enrolments that were passed"), passed, enrolled, words)]


def _at_once(question: Question) -> list[Effect]:
    """For those who manage the training; an authority sees what was passed."""
    once, passed = figures.passed_at_once(question)
    words = _("%(part)s of %(whole)s courses passed")
    return [Effect("passed_at_once", _("Passed without a second attempt"), once, passed, words)]


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
    register_effects(EffectSource("attempts", _at_once, permissions=("training.manage",), order=45))
    register_effects(EffectSource("learning", _finished, permissions=("supervise.view", "training.manage"), order=40))
    register_figure(
        Figure(
            "passed",
            _("Courses passed"),
            _passed,
            unit=pgettext_lazy("unit", "passes"),
            months=figures.passed_by_month,
            permissions=("supervise.view", "training.manage"),
            order=40,
            per="people",
            began=figures.passed_until,
        )
    )
