"""What only consult pages draw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import template
from django.utils.safestring import SafeString

from consult_bridge.ages import age_and_sex
from consult_bridge.chips import chip_of
from consult_bridge.models import Consult
from consult_bridge.selectors.record import LabShown
from consult_bridge.states import ENDED
from consult_bridge.vocabulary import SERVICES, SPECIALTIES
from core.ui.tags.symbols import chip
from media_pipeline.contracts import Cover

register = template.Library()
NO_ALLERGY = re.compile(
    r"(none( known)?|nil|nkda|no( known)?( drug| food)? allerg(y|ies)"
    r"|(无|没有|否认)(已知)?((药物|食物)[、和及]?)*(过敏)?(史)?)[.。]?",
    re.IGNORECASE,
)


@register.filter
def cover_of(consult: Consult, covers: Mapping[UUID, Cover]) -> Cover | None:
    """The small picture of a list's row, where the reader may see one."""
    return covers.get(consult.pk)


@register.filter
def of_study(covers: Mapping[UUID, Cover], study_id: UUID) -> Cover | None:
    """The small picture of a study, where the reader may see one."""
    return covers.get(study_id)


@register.filter
def clock_runs(consult: Consult) -> bool:
    """Whether somebody still has to be in time; a paused clock is drawn too."""
    return consult.due_at is not None and consult.state not in ENDED | {"draft", "signed"}


@register.simple_tag(takes_context=True)
def consult_chip(context: template.RequestContext, consult: Consult) -> SafeString:
    """The state; in apricot, with the verb, where this reader is the next to act."""
    return chip(chip_of(context["request"].actor, consult))


@register.filter
def specialty_label(key: str) -> str:
    return str(SPECIALTIES.get(key, key))


@register.filter
def responsibility(service_type: str) -> str:
    """The sentence printed about whose responsibility it is."""
    return str(SERVICES[service_type].responsibility)


@register.filter
def has_a_band(labs: Iterable[LabShown]) -> bool:
    """Whether one of the trends is drawn over its reference range."""
    return any(len(lab.trend) > 1 and lab.band_high is not None for lab in labs)


@register.filter
def plain_number(value: Any) -> str:
    """A decimal without the trailing zeros of its column."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def is_no_allergy(text: str) -> bool:
    """Whether the text says nothing else than that there is none; anything more is drawn as a warning."""
    return NO_ALLERGY.fullmatch(text.strip()) is not None


register.filter(age_and_sex)
