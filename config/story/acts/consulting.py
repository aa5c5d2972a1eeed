"""From the request to the closed consult: a doctor asks, a coordinator assigns, an expert writes, a second signs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from config.story.browser import Page
from config.story.telling import Telling, expect, refuse
from config.story.trial import kind_words

EXPERT, CHECKER, WRITER = "陈牧之", "宋怀远", "苏见微"


def request(telling: Telling, today: date) -> None:
    """Fill in step by step, read on the last one what a thin request lacks, add it, and send with a double click."""
    tale, doctor = telling.tale, telling.person(telling.tale.requester)
    page = doctor.get("/consults/new/")
    asked = {**_asked(telling, page), "question": ""}
    page = _next(telling, page, asked)
    page = _next(telling, page, _patient(telling))
    page = _next(telling, page, _record(telling) | {"present_history": ""})
    page = _next(telling, page, {**tale.vitals, **_laboratory(telling, today)}, rows=len(tale.labs))
    page = _next(telling, page, {}, files={"dicom": telling.images})
    thin = doctor.submit(page, page.form("new/", "form_key"), {"action": "submit"}, expect=422)
    refuse(len(_missing(thin)) != 2, thin, f"a thin request lacks {_missing(thin)}")
    page = _next(telling, doctor.get(thin.link("step=asked")), {"question": tale.question})
    page = _next(telling, doctor.get(thin.link("step=record")), {"present_history": tale.present_history})
    page = doctor.submit(page, page.form("new/", "form_key"), {"action": "go:check"})
    form = page.form("new/", "form_key")
    first = doctor.submit(page, form, {"action": "submit"})
    again = doctor.submit(page, form, {"action": "submit"})
    refuse(first.url != again.url, again, "a double click made a second consult")
    telling.known["consult"] = first.url
    expect(first, tale.patient_name)
    telling.say("request", labs=len(tale.labs), files=len(telling.images), double_click="one consult")


def _next(
    telling: Telling, page: Page, values: dict[str, Any], *, rows: int = 0, files: dict[str, Any] | None = None
) -> Page:
    """Save this step and go on; laboratory rows that are not there yet are asked for first."""
    doctor = telling.person(telling.tale.requester)
    while rows and f"labs-{rows - 1}-analyte" not in page.form("new/", "form_key").names:
        page = doctor.submit(page, page.form("new/", "form_key"), {"action": "add_rows"})
    return doctor.submit(page, page.form("new/", "form_key"), {**values, "action": "next"}, files)


def _missing(page: Page) -> list[str]:
    """What the error summary lists."""
    return [anchor.get_text() for anchor in page.soup.select(".x-errors li a")]


def _asked(telling: Telling, page: Page) -> dict[str, Any]:
    tale = telling.tale
    return {
        "service_type": tale.service_type,
        "urgency": tale.urgency,
        "receiving_organisation": page.choice("receiving_organisation", "清江省人民医院"),
        "specialty": tale.specialty,
        "subject": tale.case_title,
    }


def _patient(telling: Telling) -> dict[str, Any]:
    tale = telling.tale
    return {
        "patient_name": tale.patient_name,
        "sex": tale.patient_sex,
        "birth_date": tale.birth_date,
        "record_number": tale.hospital_number,
        "id_number": tale.id_number,
        "phone": tale.phone,
        "address": tale.address,
    }


def _record(telling: Telling) -> dict[str, Any]:
    tale = telling.tale
    return {
        "chief_complaint": tale.complaint,
        "past_history": tale.past_history,
        "medication": tale.medication,
        "allergies": "无药物过敏。",
        "examination": tale.examination,
    }


def _laboratory(telling: Telling, today: date) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for number, lab in enumerate(telling.tale.labs):
        fields = {"analyte": lab.analyte, "value": lab.value, "unit": lab.unit, "low": lab.low, "high": lab.high}
        rows |= {f"labs-{number}-{name}": value for name, value in fields.items()}
        rows[f"labs-{number}-taken_on"] = (today - timedelta(days=1)).isoformat()
    return rows


def images_arrive(telling: Telling) -> None:
    """The images sent with the form are read and find their consult by the patient number."""
    doctor = telling.person(telling.tale.requester)
    page = doctor.wait_for(
        telling.known["consult"], lambda page: bool(_study(page)), "the images to arrive", telling.patience
    )
    telling.known["study"] = _study(page)
    viewer = doctor.get(telling.known["study"])
    for kind in telling.tale.modality.split("\\") if telling.tale.modality else ():
        expect(viewer, kind_words(kind))
    telling.say("images", modality=telling.tale.modality.replace("\\", "+") or "-")


def _study(page: Page) -> str:
    """The address of the first study that the page shows; "" when it shows none."""
    found = re.search(r"/imaging/studies/[0-9a-f-]{36}/", page.response.text)
    return found.group(0) if found else ""


def triage(telling: Telling) -> None:
    coordinator, address = telling.person("coordinator"), f"{telling.known['consult']}triage/"
    page = coordinator.get(address)
    if "expert" not in page.form(having="action").names and not _names(page, "expert"):
        page = coordinator.submit(page, page.form(having="action"), {"action": "start"})
    page = coordinator.get(address)
    form = page.form(having="expert")
    coordinator.submit(
        page,
        form,
        {"expert": page.choice("expert", EXPERT), "urgency": telling.tale.urgency, "note": "", "action": "assign"},
    )
    telling.say("triage", expert=EXPERT, urgency=telling.tale.urgency)


def _names(page: Page, name: str) -> bool:
    return bool(page.soup.select(f"[name={name}]"))


def answer(telling: Telling) -> None:
    """The expert accepts, looks, writes and hands over to the second doctor."""
    tale, expert = telling.tale, telling.person("expert")
    page = expert.get(telling.known["consult"])
    page = expert.submit(page, page.form("accept/"))
    text = {"findings": tale.findings, "impression": tale.impression, "recommendation": tale.recommendation}
    page = expert.get(telling.known["consult"])
    page = expert.submit(page, page.form("opinion/", "findings"), {**text, "action": "save"})
    page = expert.get(telling.known["consult"])
    expert.submit(page, page.form("opinion/", "findings"), {**text, "action": "submit"})
    telling.say("opinion", writer=EXPERT, characters=len(tale.findings + tale.impression + tale.recommendation))


def report(telling: Telling) -> None:
    """The reporting doctor writes what the images show, the second doctor signs; a second click does nothing."""
    tale, writer, checker = telling.tale, telling.person("reporting_doctor"), telling.person("expert2")
    address = f"{telling.known['consult']}?tab=report"
    text = {
        "examination": tale.report.examination,
        "technique": tale.report.technique,
        "findings": tale.report.findings,
        "impression": tale.report.impression,
    }
    page = writer.get(address)
    writer.submit(page, page.form("report/", "technique"), {**text, "action": "submit"})
    page = checker.get(address)
    form = page.form("report/", "technique")
    checker.submit(page, form, {"action": "sign"})
    again = checker.submit(page, form, {"action": "sign"})
    expect(again, CHECKER)
    doctor = telling.person(tale.requester)
    pdf = r"/consults/[0-9a-f-]{36}/reports/[0-9a-f-]{36}\.pdf"
    seen = doctor.wait_for(address, lambda page: bool(re.search(pdf, page.response.text)), "the report's document")
    for words in (tale.report.impression[:12], WRITER, CHECKER):
        expect(seen, words)
    telling.say(
        "report",
        writer=WRITER,
        checker=CHECKER,
        characters=sum(len(part) for part in text.values()),
        document="PDF",
        second_signature="none made",
    )


def sign(telling: Telling) -> None:
    """The second doctor checks and signs; a second click from the page opened before signs nothing."""
    checker = telling.person("expert2")
    page = checker.get(telling.known["consult"])
    form = page.form("opinion/", "action")
    checker.submit(page, form, {"action": "sign"})
    again = checker.submit(page, form, {"action": "sign"})
    doctor = telling.person(telling.tale.requester)
    seen = doctor.get(telling.known["consult"])
    expect(seen, telling.tale.impression[:12])
    pdf = telling.known["consult"] + "opinion.pdf"
    doctor.wait_until(pdf, "the opinion's document")
    expect(again, CHECKER)
    telling.say("signed", checker=CHECKER, document="PDF", second_signature="none made")


def close(telling: Telling) -> None:
    doctor = telling.person(telling.tale.requester)
    page = doctor.get(f"{telling.known['consult']}close/")
    doctor.submit(
        page,
        page.form(having="usefulness"),
        {"outcome": "treated_locally", "usefulness": telling.tale.rating, "comment": telling.tale.feedback},
    )
    page = doctor.get(telling.known["consult"])
    page.link("consent/")  # asking for consent to teaching is offered once the consult is closed
    telling.say("consult", state="closed", usefulness=telling.tale.rating)
