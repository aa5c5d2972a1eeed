"""States that neither the seeded year nor the story leaves behind, made as their people make them."""

from __future__ import annotations

from pathlib import Path

from config.story.cast import Cast
from config.story.tales import BREATHLESS
from tests.journeys.discovery import Found

SLICE = Path(__file__).resolve().parents[1] / "data" / "dicom" / "mr_t1" / "N2D_0112.dcm"


def prepare(cast: Cast) -> dict[str, Found]:
    """A consult's draft, a case's next version, images sent without a consult. Pages reached on the way."""
    _keep_a_draft(cast)
    _begin_a_version(cast)
    return {"media_pipeline:upload_detail": Found("requester", _send_images(cast))}


def _keep_a_draft(cast: Cast) -> None:
    requester = cast["requester"]
    page = requester.get("/consults/new/")
    requester.submit(
        page, page.form(having="subject"), {"subject": "发热 3 天，血培养结果待回", "action": "save_draft"}
    )


def _begin_a_version(cast: Cast) -> None:
    editor = cast["editor"]
    desk = editor.get("/cases/desk/")
    row = next(node for node in desk.soup.find_all("li") if BREATHLESS.case_title in node.get_text())
    actions = [str(form["action"]) for form in row.find_all("form") if "version" in str(form["action"])]
    if actions:  # else somebody has begun one already
        editor.submit(desk, desk.form(actions[0]))


def _send_images(cast: Cast) -> str:
    requester = cast["requester"]
    page = requester.get("/imaging/upload/")
    form = page.form(having="organisation")
    return requester.submit(page, form, files={"files": [SLICE]}).url
