"""Consults of county A's hospital in every state that a button needs, with pages, a consent and images."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from consult_bridge import api
from consult_bridge.models import Consult, ConsultStudy, Opinion, RecordAttachment
from consult_bridge.services.drafts import save_draft
from consult_bridge.services.opinions import take_over_opinion
from consult_bridge.services.second_doctor import name_second_doctor
from consult_bridge.services.studies import attach_by_hand, send_images
from consult_bridge.services.submitting import supply_information
from core.ids import uuid7
from media_pipeline.models import IdentifiedStudy
from tests.factories.consults import REPORT, consult_in, report_in, signed_form, study_of
from tests.factories.people import make_organisation, make_person
from tests.permissions.asking import BODY, CONTENT_TYPE
from tests.permissions.objects.house import House, Target, dicom_file, person_of

PATIENT = "QX-2026-0817"


def closed_with_study(house: House, name: str, *, has_images: bool = True) -> Consult:
    """A closed, consented consult, with a CT slice of its own study unless told otherwise."""
    consult = consult_in(house.bridge, "signed", house.now)
    if has_images:
        send(house, consult, PATIENT, name)
    later = house.now + timedelta(
        hours=3
    )  # the images were read two hours on; what comes after closing is not released
    api.close_consult(
        actor=house.bridge.requester, consult_id=consult.pk, outcome="referred", usefulness=5, comment="", now=later
    )
    give_consent(house, consult)
    return consult


def give_consent(house: House, consult: Consult) -> UUID:
    return api.record_consent(
        actor=house.bridge.requester,
        consult_id=consult.pk,
        given_by="patient",
        signed_on=house.now.date(),
        form=signed_form(),
        now=house.now,
    )


def send(house: House, consult: Consult, patient_id: str, name: str) -> UUID:
    """Images by the consult's own form; returns the upload's id."""
    upload_id = uuid7()
    send_images(
        actor=house.bridge.requester,
        consult_id=consult.pk,
        upload_id=upload_id,
        files=[dicom_file(patient_id, house.name + name)],
        now=house.now,
    )
    house.finish_jobs()
    return upload_id


def targets(house: House) -> dict[str, Target]:
    return {**_moving(house), **_papers(house), **_reports(house), **_images(house)}


def _consult_target(consult: Consult, actor: Any, **form: Any) -> Target:
    return Target(person_of(actor), {"consult_id": consult.pk}, form)


def _named_already(house: House) -> Target:
    """A text that both experts of the hospital wrote in, and the second doctor whom the coordinator names once more."""
    bridge, consult = house.bridge, consult_in(house.bridge, "drafting", house.now)
    doctor = make_person(make_organisation(bridge.province), "expert")
    take_over_opinion(actor=bridge.second, consult_id=consult.pk, writer_id=person_of(bridge.expert).pk, now=house.now)
    name_second_doctor(actor=bridge.coordinator, consult_id=consult.pk, checker_id=doctor.pk, now=house.now)
    return _consult_target(consult, bridge.coordinator, checker=doctor.pk)


def _moving(house: House) -> dict[str, Target]:
    """The buttons of a consult, each on one that stands in the right state."""
    bridge = house.bridge
    state = {name: consult_in(bridge, name, house.now) for name in ("submitted", "assigned", "accepted", "signed")}
    waiting = consult_in(bridge, "submitted", house.now)
    api.request_information(actor=bridge.coordinator, consult_id=waiting.pk, reason="请补充心电图。", now=house.now)
    draft_id = uuid7()
    save_draft(actor=bridge.requester, draft_id=draft_id, body={"subject": ["气促"]}, now=house.now)
    draft = Target(person_of(bridge.requester), {"draft_id": draft_id})
    opinion = {"revision": 0, "findings": "所见。", "impression": "印象。", "recommendation": "建议。"}
    reason = {"reason": "已在当地处理。"}
    made = {
        "draft": draft,
        "delete_draft": draft,
        "consult": _consult_target(state["submitted"], bridge.requester),
        "triage": _consult_target(
            state["submitted"], bridge.coordinator, action="assign", expert=bridge.expert.person_id, urgency="urgent"
        ),
        "accept": _consult_target(state["assigned"], bridge.expert),
        "hand_back": _consult_target(state["assigned"], bridge.expert, **reason),
        "second_doctor": _named_already(house),
        "ask_information": _consult_target(state["submitted"], bridge.coordinator, **reason),
        "supply": _consult_target(waiting, bridge.requester, text="已补充。"),
        "opinion": _consult_target(state["accepted"], bridge.expert, **opinion),
        "opinion_autosave": _consult_target(
            consult_in(bridge, "drafting", house.now), bridge.expert, **opinion | {"revision": 1}
        ),
        "messages": _consult_target(state["assigned"], bridge.requester, message_key=uuid7(), text="请看。"),
        "close": _consult_target(state["signed"], bridge.requester, outcome="referred", usefulness=5),
        "cancel": _consult_target(state["submitted"], bridge.requester, **reason),
    }
    return {f"consult_bridge:{name}": target for name, target in made.items()}


def _opinion(consult: Consult) -> dict[str, UUID]:
    return {"consult_id": consult.pk, "opinion_id": Opinion.unscoped.get(consult=consult).pk}


def _papers(house: House) -> dict[str, Target]:
    bridge = house.bridge
    signed, closed, waiting = (consult_in(bridge, state, house.now) for state in ("signed", "closed", "submitted"))
    house.finish_jobs()
    api.request_information(actor=bridge.coordinator, consult_id=waiting.pk, reason="请补充。", now=house.now)
    supply_information(
        actor=bridge.requester, consult_id=waiting.pk, text="扫描件。", files=[signed_form()], now=house.now
    )
    page = RecordAttachment.unscoped.get(consult=waiting)
    consented = closed_with_study(house, "consented", has_images=False)
    consent_id = consented.consents.get().pk
    form = {"given_by": "patient", "signed_on": house.now.date().isoformat(), "form": signed_form()}
    made = {
        "opinion_document": _consult_target(signed, bridge.requester),
        "opinion_version": Target(person_of(bridge.requester), _opinion(signed)),
        "make_document": _consult_target(signed, bridge.requester),
        "attachment": Target(person_of(bridge.requester), {"consult_id": waiting.pk, "attachment_id": page.pk}),
        "consent": _consult_target(closed, bridge.requester, **form),
        "withdraw_consent": _consult_target(consented, bridge.requester, **{"withdraw-reason": "本人要求。"}),
        "consent_form": Target(person_of(bridge.requester), {"consult_id": consented.pk, "consent_id": consent_id}),
    }
    propose = _consult_target(
        closed_with_study(house, "to propose", has_images=False), bridge.requester, reason="典型。"
    )
    return {f"consult_bridge:{name}": target for name, target in made.items()} | {"casebook:propose": propose}


def _reports(house: House) -> dict[str, Target]:
    bridge = house.bridge
    unreported = consult_in(bridge, "accepted", house.now)
    study = {"consult_id": unreported.pk, "study_id": study_of(unreported, house.now)}
    begun = report_in(bridge, "drafting", house.now)
    autosaved = {"consult_id": begun.consult_id, "study_id": begun.study_id}
    form = {**asdict(REPORT), "revision": 0, "action": "save"}
    signed = report_in(bridge, "signed", house.now)
    printed = {"consult_id": signed.consult_id, "report_id": signed.pk}
    told = report_in(bridge, "under_review", house.now, text=replace(REPORT, critical_value="大量心包积液。"))
    critical = {"consult_id": told.consult_id, "critical_id": told.critical_values.get().pk}
    house.finish_jobs()
    requester, writer = person_of(bridge.requester), person_of(bridge.writer)
    made = {
        "report": Target(writer, study, form),
        "report_autosave": Target(writer, autosaved, form | {"revision": 1}),
        "report_document": Target(requester, printed),
        "make_report_document": Target(requester, printed),
        "critical_value": Target(requester, critical, {"read_back": "大量心包积液，马上处理。"}),
    }
    return {f"consult_bridge:{name}": target for name, target in made.items()}


def _images(house: House) -> dict[str, Target]:
    bridge = house.bridge
    requester = person_of(bridge.requester)
    consult = consult_in(bridge, "assigned", house.now)
    upload_id = send(house, consult, PATIENT, "viewed")
    study = IdentifiedStudy.unscoped.get(pk=ConsultStudy.unscoped.get(consult=consult).study_id)
    other = consult_in(bridge, "assigned", house.now)
    send(house, other, "ANOTHER-1", "mismatched")
    stray = IdentifiedStudy.unscoped.get(patient_id="ANOTHER-1", organisation=bridge.hospital)
    row = attach_by_hand(
        actor=bridge.requester, consult_id=other.pk, study_id=stray.pk, mismatch_reason="旧编号。", now=house.now
    )
    frame = {"study_id": study.pk, "series": 1, "frame": 1}
    images = {"action": "upload", "form_key": uuid7(), "dicom": dicom_file(PATIENT, house.name + "more")}
    return {
        "consult_bridge:images": Target(requester, {"consult_id": consult.pk}, images),
        "consult_bridge:confirm_study": Target(
            make_person(bridge.hospital, "requester"), {"consult_id": other.pk, "attachment_id": row.pk}
        ),
        "media_pipeline:upload_detail": Target(requester, {"upload_id": upload_id}),
        "media_pipeline:upload_again": Target(requester, {"upload_id": upload_id}),
        "media_pipeline:viewer": Target(requester, {"study_id": study.pk}),
        "media_pipeline:viewer_fragment": Target(requester, {"study_id": study.pk}),
        "media_pipeline:frame": Target(requester, frame),
        "media_pipeline:key_image": Target(requester, {"study_id": study.pk}, {"series": 1, "frame": 1}),
    } | {
        f"media_pipeline:{name}": Target(requester, ids, stow_form(house.name + "viewed"))
        for name, ids in dicomweb_ids(study, "dicomweb").items()
    }


def stow_form(name: str) -> dict[str, Any]:
    """The object of `name` once more, as STOW-RS sends it."""
    content = dicom_file(PATIENT, name).read()
    part = b"--XBOUND\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--XBOUND--\r\n"
    return {BODY: part, CONTENT_TYPE: 'multipart/related; type="application/dicom"; boundary=XBOUND'}


def dicomweb_ids(study: Any, prefix: str) -> dict[str, dict[str, str]]:
    """The arguments of every DICOMweb address of a study, by URL name."""
    from media_pipeline.rest.urls import RETRIEVE

    series = study.series.get()
    known = {
        "study_uid": study.study_uid,
        "series_uid": series.series_uid,
        "sop_uid": series.instances.get().sop_uid,
        "numbers": "1",
    }
    found = {
        f"{prefix}_{part}": {key: value for key, value in known.items() if f":{key}>" in route}
        for route, _view, part in RETRIEVE
    }
    if prefix == "dicomweb":
        found["dicomweb_study_or_store"] = {"study_uid": study.study_uid}
    return found
