"""Who says of a study that it shows another patient, until that person takes it back."""

from __future__ import annotations

from uuid import UUID

from consult_bridge.models import Consult, ConsultStudy, Said, StudyDecision


def words_on(consult: Consult, study_id: UUID | None = None) -> dict[UUID, list[StudyDecision]]:
    """Study id -> the words "another patient" that stand at this consult, the latest last: each is taken back by
    nobody but who said it."""
    rows = consult.study_decisions.filter(said__in=[Said.OTHER_PATIENT, Said.TAKEN_BACK]).select_related("person")
    last: dict[tuple[UUID, UUID | None], StudyDecision] = {}
    for row in rows if study_id is None else rows.filter(study_id=study_id):
        last.pop((row.study_id, row.person_id), None)
        last[row.study_id, row.person_id] = row
    standing: dict[UUID, list[StudyDecision]] = {}
    for row in last.values():
        if row.said == Said.OTHER_PATIENT:
            standing.setdefault(row.study_id, []).append(row)
    return standing


def is_put_away(consult: Consult, study_id: UUID) -> bool:
    """Whether it is said to show another patient, and nobody has said otherwise with a reason since."""
    if consult.refused_studies.filter(study_id=study_id).exists():
        return True
    is_settled = ConsultStudy.unscoped.filter(consult=consult, study_id=study_id).exists()
    return not is_settled and bool(words_on(consult, study_id))
