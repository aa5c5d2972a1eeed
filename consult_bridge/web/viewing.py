"""Which of a consult's studies stands in the pane of the images: the one chosen, and beside a report its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from consult_bridge.selectors.reports import ReportShown
from consult_bridge.selectors.studies import StudyShown


def viewing_context(
    request: HttpRequest, studies: Sequence[StudyShown], report: ReportShown | None, tab: str, study_id: UUID | None
) -> dict[str, Any]:
    """`viewed` is None where the reader may view none, and beside the report on images that are no longer there: no
    other study stands beside it. `kept_study` goes on with every link of a page that has more than one."""
    by_id = {str(study.study_id): study for study in studies}
    if tab == "report" and report is not None:
        chosen = str(report.study_id)
        viewed = by_id.get(chosen)
    else:
        chosen = str(study_id or request.GET.get("study", ""))
        viewed = by_id.get(chosen) or next(iter(studies), None)
        chosen = str(viewed.study_id) if viewed else ""
    is_one_of_several = len(studies) > 1 or bool(chosen and chosen not in by_id)
    return {"studies": studies, "viewed": viewed, "kept_study": chosen if is_one_of_several else ""}
