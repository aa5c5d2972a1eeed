"""From consent to the published case: proposal, release, two readers, curation, peer review, publication."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from config.story.acts.releasing import secrets_of
from config.story.acts.reviewing import review
from config.story.browser import Browser, Page
from config.story.telling import Telling, expect, refuse


def propose(telling: Telling) -> None:
    """Proposed before consent: it waits."""
    doctor = telling.person(telling.tale.requester)
    consult_id = telling.known["consult"].rstrip("/").rsplit("/", 1)[-1]
    before = _proposals(telling.person("editor").get("/cases/desk/"))
    page = doctor.get(f"/cases/propose/{consult_id}/")
    doctor.submit(page, page.form(having="reason"), {"reason": telling.tale.reason})
    expect(doctor.get(page.url), telling.tale.reason)
    desk = telling.person("editor").get("/cases/desk/")
    telling.known["proposal"] = (_proposals(desk) - before).pop()
    refuse(telling.tale.reason in desk.response.text, desk, "the doctor's own words are on the editor's desk")
    telling.say("proposal", state="waits for consent")


def _proposals(desk: Page) -> set[str]:
    return {str(node["data-proposal"]) for node in desk.soup.select("[data-proposal]")}


def consent(telling: Telling, form: Path, today: date) -> None:
    doctor = telling.person(telling.tale.requester)
    page = doctor.get(f"{telling.known['consult']}consent/")
    doctor.submit(
        page,
        page.form(having="given_by"),
        {"given_by": "patient", "signed_on": today.isoformat()},
        {"form": [form]},
    )
    telling.say("consent", given_by="patient")


def curate(telling: Telling) -> None:
    """The editor takes the opened release and makes the case in steps."""
    tale, editor = telling.tale, telling.person("editor")
    accept = f"{telling.known['proposal']}/accept/"
    desk = editor.wait_for("/cases/desk/", lambda page: accept in page.response.text, "the release to open")
    expect(desk, tale.reason_released)
    for secret in secrets_of(tale):
        refuse(secret in desk.response.text, desk, f"{secret} is in the reason that editors read")
    page = editor.submit(desk, desk.form(accept), {"specialty": tale.specialty})
    telling.known["version"] = page.url.removesuffix("edit/")
    for secret in secrets_of(tale):
        refuse(secret in page.response.text, page, f"{secret} is in the draft")
    _part(telling, "head", _head(telling))
    _part(telling, "learning", {"part-objectives": tale.case_objectives, "part-references": tale.case_references})
    for step in _steps(editor.get(f"{telling.known['version']}edit/")):
        _part(telling, step["id"], _readable(telling, step["id"]) | _captioned(telling, step["kind"]))
    _part(telling, _added(telling, "question"), _question(telling))
    _part(telling, _added(telling, "points"), {"part-body": tale.points})
    page = editor.get(f"{telling.known['version']}edit/?part=check")
    expect(editor.get(f"{telling.known['version']}preview/"), tale.case_question.stem)
    telling.say("curate", steps=len(_steps(page)))


def _steps(page: Page) -> list[dict[str, str]]:
    """The steps in the editor's outline: id and kind."""
    rows = page.soup.select("[data-step]")
    return [{"id": str(row["data-step"]), "kind": str(row["data-kind"])} for row in rows]


def _part(telling: Telling, part: str, values: dict[str, object]) -> None:
    """Open one part of the draft, fill in and save it."""
    editor = telling.person("editor")
    page = editor.get(f"{telling.known['version']}edit/?part={part}")
    editor.submit(page, page.form(having="part"), values | {"action": "save"})


def _added(telling: Telling, kind: str) -> str:
    """A new step at the end; its id."""
    editor = telling.person("editor")
    last = _steps(editor.get(f"{telling.known['version']}edit/"))[-1]["id"]
    page = editor.get(f"{telling.known['version']}edit/?part={last}")
    return _steps(editor.submit(page, page.form(having="part"), {"action": f"add:{kind}"}))[-1]["id"]


def _head(telling: Telling) -> dict[str, object]:
    tale = telling.tale
    fields = {"title": tale.case_title, "summary": tale.case_summary, "age_band": tale.age_band}
    return {f"part-{name}": value for name, value in (fields | {"sex": tale.patient_sex}).items()}


def _readable(telling: Telling, part: str) -> dict[str, object]:
    """The editor's own words where de-identification left its marks."""
    page = telling.person("editor").get(f"{telling.known['version']}edit/?part={part}")
    texts = {name: value for name, value in page.form(having="part").fields if name == "part-body" and "[" in value}
    return {name: text.replace("[姓名]", "患者").replace("[地点]", "当地") for name, text in texts.items()}


def _captioned(telling: Telling, kind: str) -> dict[str, object]:
    return {"part-caption": telling.tale.caption} if kind == "images" else {}


def _question(telling: Telling) -> dict[str, object]:
    quiz = telling.tale.case_question
    return {
        "part-stem": quiz.stem,
        "part-options": "\n".join(quiz.options),
        "part-answer": quiz.right + 1,
        "part-explanation": quiz.explanation,
    }


def review_case(telling: Telling) -> None:
    """Frozen, read by two peers side by side, approved."""
    editor, tale = telling.person("editor"), telling.tale
    page = editor.get(f"{telling.known['version']}edit/?part=check")
    chosen = [page.choice("reviewers", name) for name in ("沈知行", "罗映真")]
    form = page.form("review/", "reviewers")
    fields: dict[str, object] = {"reviewers": chosen}
    if any(name == "like_reason" for name, _value in form.fields):
        fields["like_reason"] = "病例未写地点、机构和日期，仅凭性别和年龄段认不出本人。"
    editor.submit(page, form, fields)
    review(telling, "reviewer", tale.case_title, verdict="approve", score=5)
    review(telling, "reviewer2", tale.case_title, verdict="approve", score=4)
    telling.say("case_review", reports=2)


def publish_case(telling: Telling) -> None:
    editor, tale = telling.person("editor"), telling.tale
    target = f"{telling.known['version']}publish/"
    path = re.sub(r"^https?://[^/]+", "", target)
    desk = editor.wait_for("/cases/desk/", lambda page: path in page.response.text, "the approval of the case")
    editor.submit(desk, desk.form(path))
    reader = telling.person(tale.learner)
    listed = reader.get("/cases/")
    expect(listed, tale.case_title)
    page = open_case(reader, listed, tale.case_title)
    expect(page, tale.case_question.stem)
    refuse(tale.patient_name in page.response.text, page, "the patient's name is on the case page")
    telling.known["case"] = page.url
    telling.say("case", title=tale.case_title, age_band=tale.age_band)


def open_case(reader: Browser, listed: Page, title: str) -> Page:
    """Open the case by its title and state a purpose."""
    for anchor in listed.soup.find_all("a", href=True):
        if title in anchor.get_text():
            page = reader.get(str(anchor["href"]))
            return reader.submit(page, page.form(having="purpose"), {"purpose": "study"})
    raise listed.fault(f"no case called {title!r}")
