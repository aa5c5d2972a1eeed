"""A doctor asks, a coordinator assigns, an expert looks and writes, a second signs, they talk, it is closed."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from config.story.acts.consulting import CHECKER, EXPERT
from config.story.tales import Tale
from consult_bridge.models import Outcome
from consult_bridge.vocabulary import SPECIALTIES, VITALS, ServiceType, Sex, Urgency
from tests.journeys.story.stage import Stage
from tests.journeys.story.viewing import FRAMES, look_through
from tests.journeys.story.walker import Walker
from tests.journeys.story.words import named

PROVINCIAL = {"zh-hans": "清江省人民医院", "en": "Qingjiang Provincial People's Hospital"}
QUESTION = "利尿剂用过之后，体重和尿量怎样变化？"
ANSWER = "两天内体重下降 1.5 kg，尿量每天约 2000 mL。"


def ask(stage: Stage) -> None:
    """Step by step; the last says what is missing and leads there; the whole request, sent twice, is one consult."""
    tale = stage.tale
    with stage.troupe.window(tale.requester) as doctor:
        doctor.open("/home/")
        doctor.go_to("Consults")
        doctor.follow("Request a consult")
        _say_what_is_asked(doctor, tale)
        _go_on(doctor, "Patient", "consult")
        _say_who_it_is(doctor, tale)
        _go_on(doctor, "Record")
        _write_record(doctor, tale)
        _go_on(doctor, "Vital signs and laboratory")
        _write_measured(doctor, stage)
        _go_on(doctor, "Images and pages")
        _add_files(doctor, stage)
        _go_on(doctor, "Check and submit")
        _send_thin_then_whole(doctor, tale)
        doctor.examine()
        stage.known["consult"] = doctor.page.url.split("?")[0]
        doctor.go_to("Consults")
        expect(doctor.main.get_by_role("link", name=tale.case_title)).to_have_count(1)
        doctor.examine()


def _go_on(doctor: Walker, step: str, context: str = "") -> None:
    """Look at the step, save it, and be on the one called `step`."""
    doctor.examine()
    doctor.send("Save and continue")
    doctor.sees_heading(doctor.words(step, context))


def _send_thin_then_whole(doctor: Walker, tale: Tale) -> None:
    with doctor.refused_with(422):
        doctor.send("Submit the consult")
    errors = doctor.main.get_by_role("alert")
    expect(errors).to_be_focused()
    expect(errors.get_by_role("link")).to_have_count(1)
    doctor.examine()
    doctor.turn(errors.get_by_role("link"))
    doctor.write("Question to the expert", tale.question)
    expect(doctor.main.locator("[data-autosave-status][data-state=saved]")).to_be_visible()
    doctor.page.reload()
    expect(doctor.field("Question to the expert")).to_have_value(tale.question)
    for _step in range(5):
        doctor.send("Save and continue")
    doctor.reads("Everything the expert needs is there.")
    doctor.sees(tale.question)
    doctor.examine()
    doctor.send("Submit the consult")
    doctor.sees_heading(tale.patient_name)


def _say_what_is_asked(doctor: Walker, tale: Tale) -> None:
    """All but the question, which the last step then asks for."""
    words = doctor.words
    doctor.mark("Service type", words.label(ServiceType(tale.service_type).label))
    doctor.mark("Urgency", words.label(Urgency(tale.urgency).label), "consult")
    doctor.choose("Hospital asked", PROVINCIAL[words.language])
    doctor.choose("Specialty asked", words.label(SPECIALTIES[tale.specialty]))
    doctor.write("Subject", tale.case_title, "consult")


def _say_who_it_is(doctor: Walker, tale: Tale) -> None:
    doctor.write("Name", tale.patient_name, "consult")
    doctor.choose("Sex", doctor.words.label(Sex(tale.patient_sex).label))
    doctor.write("Date of birth", tale.birth_date)
    doctor.write("Patient number", tale.hospital_number)
    doctor.write("Identity card number", tale.id_number)
    doctor.write("Phone", tale.phone, "patient")
    doctor.write("Address", tale.address)


def _write_record(doctor: Walker, tale: Tale) -> None:
    doctor.write("Chief complaint", tale.complaint)
    doctor.write("History of the present illness", tale.present_history)
    doctor.write("Past history", tale.past_history)
    doctor.write("Medication", tale.medication)
    doctor.write("Allergies", "无药物过敏。")
    doctor.write("Examination", tale.examination)


def _write_measured(doctor: Walker, stage: Stage) -> None:
    """Vital signs, and a laboratory row for each value: one more than needed is added and taken away by keyboard."""
    tale, words = stage.tale, doctor.words
    for kind, value in tale.vitals.items():
        label = f"{words.label(VITALS[kind].label)} ({VITALS[kind].unit})"
        doctor.labelled(label).fill(value)
    yesterday = (stage.now - timedelta(days=1)).date().isoformat()
    for number, lab in enumerate(tale.labs, start=1):
        if not doctor.part("Row %(number)s", number=number).count():
            doctor.press_button("More rows")
        row = doctor.part("Row %(number)s", number=number)
        doctor.write("Analyte", lab.analyte, within=row)
        doctor.write("Value", lab.value, within=row)
        doctor.write("Unit", lab.unit, within=row)
        doctor.write("Lower limit", lab.low, within=row)
        doctor.write("Upper limit", lab.high, within=row)
        doctor.write("Taken on", yesterday, within=row)
        if float(lab.value) > float(lab.high or "inf"):
            expect(row.get_by_text(words("high"))).to_be_visible()
    rows = doctor.main.locator("[data-lab-row]")
    before = rows.count()
    doctor.button("More rows").press("Enter")
    expect(rows).to_have_count(before + 1)
    doctor.button("Remove row %(number)s", number=before + 1).press("Enter")
    expect(rows).to_have_count(before)


def _add_files(doctor: Walker, stage: Stage) -> None:
    """Each file is sent when it is chosen; one too many is taken out again."""
    images, page = list(stage.study()), stage.signed_form()
    doctor.attach("Images (DICOM)", images)
    doctor.attach("Scanned pages", [page, page])
    kept = doctor.main.locator("[data-files] > li[data-kept]")
    expect(kept).to_have_count(len(images) + 2)
    with doctor.page.expect_navigation(wait_until="load"):
        doctor.press(kept.last.get_by_role("button"))
    expect(doctor.main.locator("#files-kept .x-files > li")).to_have_count(len(images) + 1)


def triage(stage: Stage) -> None:
    """The coordinator finds it in the work list, takes it up and assigns it."""
    tale = stage.tale
    with stage.troupe.window("coordinator") as coordinator:
        coordinator.open("/home/")
        coordinator.go_to("Work list")
        coordinator.turn(coordinator.main.get_by_role("link", name=tale.case_title).first)
        coordinator.sees_heading(tale.patient_name)
        coordinator.follow("Triage")
        coordinator.sees(tale.question)
        coordinator.send("Take up")
        expect(coordinator.button("Take up")).to_have_count(0)
        coordinator.examine()
        coordinator.mark("Expert", EXPERT, "consult")
        coordinator.mark("Urgency", coordinator.words.label(Urgency(tale.urgency).label), "consult")
        coordinator.write("Note to the expert", tale.reason)
        coordinator.send("Assign")
        coordinator.sees_heading(tale.patient_name)
        coordinator.examine()


def answer(stage: Stage) -> None:
    """The expert accepts, looks at the images, writes, and asks a question in the thread."""
    tale = stage.tale
    with stage.troupe.window("expert") as expert:
        _open_from_work_list(expert, tale)
        expert.send("Accept")
        expect(expert.button("Accept")).to_have_count(0)
        expert.examine()
        turn_to(expert, "Images")
        look_through(expert, tale.modality, FRAMES[tale.modality], has_window=tale.modality == "MR")
        turn_to(expert, "Opinion")
        _write_opinion(expert, tale)
        turn_to(expert, "Discussion")
        expert.examine()
        expert.write("Message", QUESTION)
        expert.send("Send")
        expect(expert.main.get_by_text(QUESTION)).to_have_count(1)


def _open_from_work_list(person: Walker, tale: Tale) -> None:
    person.open("/home/")
    person.go_to("Work list")
    person.turn(person.main.get_by_role("link", name=tale.case_title).first)
    person.sees_heading(tale.patient_name)


def turn_to(person: Walker, source: str) -> None:
    """A part of the consult: at a desk the record and the images stand beside the opinion, on a phone each is a tab."""
    name = "Parts of the consult" if person.is_phone else "Opinion and discussion"
    tabs = person.main.get_by_role("navigation", name=named(person.words(name)))
    tab = person.link(person.words(source, "medical images" if source == "Images" else ""), tabs)
    if person.is_phone or source not in {"Images", "Record"}:
        person.turn(tab)
        expect(tab).to_have_attribute("aria-current", "page")


def _write_opinion(expert: Walker, tale: Tale) -> None:
    """Sent empty it says what is missing; saved, then sent to the second doctor."""
    with expert.refused_with(422):
        expert.send("Submit for review", "consult")
        expect(expert.main.get_by_role("alert")).to_be_visible()
    expert.examine()
    expert.write("Findings", tale.findings)
    expert.write("Impression", tale.impression)
    expert.write("Recommendation", tale.recommendation)
    expert.send("Save")
    expect(expert.main.get_by_role("alert")).to_have_count(0)
    expect(expert.field("Findings")).to_have_value(tale.findings)
    expert.send("Submit for review", "consult")
    expert.reads("Not signed yet: the requesting hospital does not see this text.")
    expert.sees(tale.impression)


def sign(stage: Stage) -> None:
    """The second doctor reads, checks and signs; then the PDF of it can be fetched."""
    tale = stage.tale
    with stage.troupe.window("expert2") as checker:
        checker.open("/home/")
        checker.turn(checker.main.get_by_role("link", name=tale.case_title).first)
        checker.sees_heading(tale.patient_name)
        if checker.is_phone:
            turn_to(checker, "Opinion")
        expect(checker.field("Findings")).to_have_value(tale.findings)
        checker.examine()
        checker.send("Check and sign")
        checker.wait_for(lambda: checker.link(checker.words("Opinion as PDF")), "the opinion's document")
        checker.sees(CHECKER)
        checker.examine()


def talk_and_close(stage: Stage) -> None:
    """The doctor reads the opinion and its PDF, answers in the thread, and closes with feedback."""
    tale = stage.tale
    with stage.troupe.window(tale.requester) as doctor:
        doctor.open("/home/")
        doctor.go_to("Consults")
        doctor.follow("To be closed")
        doctor.turn(doctor.main.get_by_role("link", name=tale.case_title).first)
        doctor.sees_heading(tale.patient_name)
        if doctor.is_phone:
            turn_to(doctor, "Opinion")
        doctor.sees(tale.impression)
        assert doctor.download("Opinion as PDF").startswith(b"%PDF")
        turn_to(doctor, "Discussion")
        doctor.sees(QUESTION)
        doctor.write("Message", ANSWER)
        doctor.send("Send")
        doctor.sees(ANSWER)
        doctor.examine()
        if doctor.is_phone:
            turn_to(doctor, "Record")
        doctor.follow("Close with feedback")
        doctor.mark("What came of it", doctor.words.label(Outcome.TREATED_LOCALLY.label))
        doctor.mark("How useful was the opinion", str(tale.rating))
        doctor.write("Comment for the expert", tale.recommendation)
        doctor.examine()
        doctor.send("Close the consult")
        doctor.sees_heading(tale.patient_name)
        expect(doctor.main.get_by_role("link", name=named(doctor.words("Close with feedback")))).to_have_count(0)
        if doctor.is_phone:
            turn_to(doctor, "Opinion")
        stage.figures["usefulness"] = f"{tale.rating}/5"
        doctor.sees(stage.figures["usefulness"])
        doctor.examine()
    with stage.troupe.window("expert") as expert:
        expert.open(stage.known["consult"])
        turn_to(expert, "Discussion")
        expert.sees(ANSWER)
        expert.examine()
