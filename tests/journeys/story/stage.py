"""What the acts of one clicked story share, and the tale as this run types it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from config.story import images
from config.story.tales import Tale
from tests.journeys.story.troupe import Troupe

PATIENTS = {
    "breathless": ("欧阳听雨", "OUYANG TY", "990101195903140121", "19900010111", "QX26110111"),
    "headache": ("东方既白", "DONGFANG JB", "990202198107020116", "19900020113", "JP26110113"),
    "sheet": ("司空晚晴", "SIKONG WQ", "990101195903140164", "19900010116", "QX26110116"),
}
"""Patients of the clicked stories: name, as a console writes it, identity card, telephone, hospital number. Nobody else
has them."""


@dataclass
class Stage:
    """`known` holds addresses by name, `figures` what was read in this run."""

    troupe: Troupe
    tale: Tale
    folder: Path
    now: datetime
    known: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)

    @property
    def signs_in_by_message(self) -> bool:
        """One of the two learners signs in by a text message, the other by a password."""
        return self.tale.learner == "learner"

    @property
    def today(self) -> str:
        """The day where the people live, as a date field takes it."""
        return timezone.localdate(self.now).isoformat()

    def study(self) -> list[Path]:
        return images.study_of(self.tale, self.folder, None, self.now)

    def signed_form(self) -> Path:
        return images.scanned_form(self.tale, self.folder)


def told_of(patient: str, tale: Tale) -> Tale:
    """The tale with another one of the patients."""
    name, pinyin, card, phone, number = PATIENTS[patient]
    own = replace(tale, patient_name=name, patient_pinyin=pinyin, id_number=card, phone=phone, hospital_number=number)
    texts = {
        each.name: value.replace(tale.patient_name, name)
        for each in fields(own)
        if isinstance(value := getattr(own, each.name), str)
    }
    return replace(own, **texts)  # type: ignore[arg-type]


def clicked(tale: Tale, mark: str) -> Tale:
    """The tale with a patient of its own and with titles that no other telling on this demo has."""
    own = told_of(tale.key, tale)
    return replace(
        own,
        course_code=f"{own.course_code}-{mark}",
        course_title=f"{own.course_title} {mark}",
        case_title=f"{own.case_title} {mark}",
        video_title=f"{own.video_title} {mark}",
    )
