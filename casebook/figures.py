"""What the supervision page shows of the casebook: teaching cases made from consults, and how many can be read."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casebook.models import CaseVersion, TeachingCase
from core.days import local_midnight
from core.ui.effects import Effect, EffectSource, register_effects
from core.ui.figures import Question
from directory import api as directory


def _published(question: Question) -> list[Effect]:
    """Of the cases that the area's hospitals made in the period, those with a published version now."""
    places = directory.organisations_chosen(question.actor, question.permission, question.organisation)
    made = TeachingCase.unscoped.filter(
        organisation__in=places.values("pk"),
        created_at__gte=local_midnight(question.start),
        created_at__lt=local_midnight(question.end + timedelta(days=1)),
    )
    readable = Exists(CaseVersion.unscoped.filter(case=OuterRef("pk"), state="published"))
    found = made.annotate(is_readable=readable).aggregate(
        published=Count("pk", filter=Q(is_readable=True)), made=Count("pk")
    )
    words = _("%(part)s of %(whole)s cases made from consults")
    return [Effect("cases_published", _("Teaching cases published"), found["published"], found["made"], words)]


def register() -> None:
    """Called once per process from `AppConfig.ready`."""
    register_effects(EffectSource("cases", _published, order=30))
