"""From consent to the published case: proposal, release, two readers, curation, peer review, publication."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from config.story.acts.releasing import secrets_of
from config.story.acts.reviewing import review
from config.story.browser import Browser, Form, Page
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
    form = page.form(having="steps-TOTAL_FORMS")
    total = int(dict(form.fields)["steps-TOTAL_FORMS"])
    images = next(n for n in range(total) if dict(form.fields).get(f"steps-{n}-kind") == "images")
    free = [n for n in range(total) if not dict(form.fields).get(f"steps-{n}-kind")]
    steps = _readable(form) | _image_step(telling, images) | _new_steps(telling, free)
    editor.submit(page, form, _head(telling) | steps)
    page = editor.get(f"{telling.known['version']}edit/")
    telling.say("curate", steps=int(dict(page.form(having="steps-TOTAL_FORMS").fields)["steps-INITIAL_FORMS"]))


def _head(telling: Telling) -> dict[str, object]:
    tale = telling.tale
    return {"title": tale.case_title, "summary": tale.case_summary, "age_band": tale.age_band, "sex": tale.patient_sex}


def _readable(form: Form) -> dict[str, object]:
    """The editor's own words where de-identification left its marks."""
    texts = {name: value for name, value in form.fields if name.endswith("-body") and "[" in value}
    return {name: text.replace("[姓名]", "患者").replace("[地点]", "当地") for name, text in texts.items()}


def _image_step(telling: Telling, number: int) -> dict[str, object]:
    return {f"steps-{number}-caption": telling.tale.caption}


def _new_steps(telling: Telling, free: list[int]) -> dict[str, object]:
    question = telling.tale.case_question
    ask, points = free[0], free[1]
    return {
        f"steps-{ask}-kind": "question",
        f"steps-{ask}-stem": question.stem,
        f"steps-{ask}-options": "\n".join(question.options),
        f"steps-{ask}-answer": question.right + 1,
        f"steps-{ask}-explanation": question.explanation,
        f"steps-{points}-kind": "points",
        f"steps-{points}-body": telling.tale.points,
    }


def review_case(telling: Telling) -> None:
    """Frozen, read by two peers side by side, approved."""
    editor, tale = telling.person("editor"), telling.tale
    page = editor.get(f"{telling.known['version']}edit/")
    chosen = [page.choice("reviewers", name) for name in ("沈知行", "罗映真")]
    editor.submit(page, page.form("review/", "reviewers"), {"reviewers": chosen})
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
