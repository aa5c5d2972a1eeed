"""The header of a study that lies in no archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.ids import uuid7
from media_pipeline.contracts import StudyFacts


def facts_of(**header: Any) -> StudyFacts:
    """A study of 岑望舒, born 1964-03-05, number QX-1, as a device writes it; `header` changes it."""
    values: dict[str, Any] = {
        "id": uuid7(),
        "organisation_id": uuid7(),
        "study_uid": "1.2.3",
        "accession_number": "",
        "patient_id": "QX-1",
        "patient_name": "CEN^WANGSHU",
        "patient_sex": "F",
        "patient_birth_date": "19640305",
        "modality": "CT",
        "description": "",
        "study_date": None,
        "received_at": datetime(2026, 11, 22, tzinfo=UTC),
        "series": (),
    }
    return StudyFacts(**values | header)
