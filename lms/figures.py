"""Figures by organisation for the supervision page: courses passed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ui.figures import Amount, Figure, Question, register_figure
from lms.selectors import figures


def _passed(question: Question) -> Mapping[UUID, Amount]:
    return {key: Amount(number) for key, number in figures.passed_by_organisation(question).items()}


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
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
        )
    )
