"""Where everybody of a house who may check has written in a text, a doctor of another hospital is named to check it."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.test import Client
from django.urls import reverse

from consult_bridge import api
from consult_bridge.errors import NoSecondDoctorThere, SecondDoctorHere
from consult_bridge.models import Consult, ConsultScope, ConsultStudy, Opinion
from consult_bridge.selectors.consults import Filters, work_list
from consult_bridge.services import sharing
from consult_bridge.services.closing import close_consult
from consult_bridge.services.opinions import submit_opinion, take_over_opinion
from consult_bridge.services.reports import keep_typed_report
from consult_bridge.services.second_doctor import name_second_doctor
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.notify.models import Notification
from directory.models import Organisation, Person, RoleGrant
from media_pipeline import api as media
from media_pipeline.models import IdentifiedStudy, Share
from tests.consult_bridge.test_images import dicom_file, send
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import REPORT, TEXT, consult_in, report_in, study_of
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

WARNING = "Then nobody of this hospital is left to check and sign it"
ASKED = "Nobody of this hospital is left to check this text"


def page_of(actor, consult):
    client = sign_in(Client(), Person.objects.get(pk=actor.person_id))
    client.cookies["xinglin_language"] = "en"
    return client.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "opinion"}).content.decode()


@pytest.fixture
def elsewhere(bridge):
    """An expert of another provincial hospital."""
    return make_actor(make_person(make_organisation(bridge.province), "expert", name="白知远"))


@pytest.fixture
def taken_over(bridge, now, elsewhere):
    """Of the two experts of the centre one took the text over from the other."""
    consult = consult_in(bridge, "drafting", now)
    take_over_opinion(actor=bridge.second, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)
    consult.refresh_from_db()
    return consult


def name(bridge, consult, elsewhere, now):
    name_second_doctor(actor=bridge.coordinator, consult_id=consult.pk, checker_id=elsewhere.person_id, now=now)
    consult.refresh_from_db()


def test_the_take_over_says_before_that_nobody_will_be_left(bridge, now, elsewhere):
    consult = consult_in(bridge, "drafting", now)
    assert WARNING in page_of(bridge.second, consult)
    # a doctor who may not check leaves both experts
    assert WARNING not in page_of(bridge.writer, consult)
    make_person(bridge.centre, "expert")
    assert WARNING not in page_of(bridge.second, consult)


def test_the_coordinator_is_told_and_asked(bridge, now, taken_over):
    told = Notification.objects.filter(kind="consult.no_second_doctor")
    assert [notification.person_id for notification in told] == [bridge.coordinator.person_id]
    page = page_of(bridge.coordinator, taken_over)
    assert ASKED in page
    assert "白知远" in page
    assert ASKED not in page_of(bridge.second, taken_over)


def test_who_is_named_checks_and_signs(bridge, now, taken_over, elsewhere):
    # given a doctor who sees nothing of it
    assert not Consult.objects.visible_to(elsewhere).exists()
    # when named, twice
    for _click in range(2):
        name(bridge, taken_over, elsewhere, now)
    # then they are told once, see the consult, and get the text when it is submitted
    assert Notification.objects.filter(kind="consult.checker_named").count() == 1
    assert AuditEntry.objects.filter(action="consult.checker_named").count() == 1
    assert f"p:{elsewhere.person_id}" in sharing.holders(taken_over)
    assert ASKED not in page_of(bridge.coordinator, taken_over)
    assert not work_list(elsewhere, "check", Filters()).exists()
    submit_opinion(actor=bridge.second, consult_id=taken_over.pk, now=now)
    assert [row.pk for row in work_list(elsewhere, "check", Filters())] == [taken_over.pk]
    assert Notification.objects.filter(kind="opinion.to_check", person_id=elsewhere.person_id).count() == 1
    assert "Read and check" in page_of(elsewhere, taken_over)
    api.sign_opinion(actor=elsewhere, consult_id=taken_over.pk, revision=1, now=now)
    opinion = Opinion.unscoped.get()
    assert (opinion.state, opinion.checked_by_id) == ("signed", elsewhere.person_id)


def images_of(person):
    return Share.objects.filter(holder=f"p:{person.person_id}").count()


def test_with_the_last_signature_it_is_over_also_while_nobody_closes(bridge, now, taken_over, elsewhere):
    # given images, and a doctor of another hospital whose page is open twice
    IdentifiedStudy.unscoped.create(
        pk=study_of(taken_over, now),
        organisation_id=bridge.hospital.pk,
        study_uid="1.2.826.0.1.3680043.8.498.77",
        patient_id="QX-1",
        created_at=now,
        updated_at=now,
    )
    name(bridge, taken_over, elsewhere, now)
    submit_opinion(actor=bridge.second, consult_id=taken_over.pk, now=now)
    assert images_of(elsewhere) == 1
    client = sign_in(Client(), Person.objects.get(pk=elsewhere.person_id))
    signed = asdict(TEXT) | {"revision": "1", "action": "sign"}
    url = reverse("consult_bridge:opinion", args=[taken_over.pk])
    # when they sign, by two clicks
    answers = [client.post(url, signed) for _click in range(2)]
    # then it is signed, and they see neither the consult nor an image of it
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/worklist/?tab=check")] * 2
    taken_over.refresh_from_db()
    assert (taken_over.state, taken_over.checker_id, images_of(elsewhere)) == ("signed", None, 0)
    assert not Consult.objects.visible_to(elsewhere).exists()
    assert client.get(reverse("consult_bridge:consult", args=[taken_over.pk])).status_code == 404
    # and nobody else may say that they signed
    assert client_of(bridge.outsider).post(url, signed).status_code in {403, 404}


def test_while_a_report_waits_they_go_on_seeing_it(bridge, now, elsewhere, monkeypatch):
    monkeypatch.setattr(sharing, "attached_ids", lambda consult: [])
    report = report_that_nobody_may_check(bridge, now)
    consult = Consult.unscoped.get(pk=report.consult_id)
    name(bridge, consult, elsewhere, now)
    assert consult.state == "signed"
    api.sign_report(actor=elsewhere, consult_id=consult.pk, study_id=report.study_id, revision=1, now=now)
    consult.refresh_from_db()
    assert (consult.state, consult.checker_id) == ("signed", None)
    assert not Consult.objects.visible_to(elsewhere).exists()


def test_a_signature_under_the_opinion_is_none_under_a_report(bridge, now, taken_over, elsewhere):
    # given a doctor of elsewhere who signed the opinion, with which their sight of the consult ended
    name(bridge, taken_over, elsewhere, now)
    submit_opinion(actor=bridge.second, consult_id=taken_over.pk, now=now)
    api.sign_opinion(actor=elsewhere, consult_id=taken_over.pk, revision=1, now=now)
    client = sign_in(Client(), Person.objects.get(pk=elsewhere.person_id))
    form = asdict(REPORT) | {"revision": "1", "action": "sign"}
    # when they press the button once more, and that of a report
    again = client.post(reverse("consult_bridge:opinion", args=[taken_over.pk]), asdict(TEXT) | form)
    other = client.post(reverse("consult_bridge:report", args=[taken_over.pk, uuid7()]), form)
    # then the one is led on, and the other is not taken for done
    assert (again.status_code, again.url) == (302, "/worklist/?tab=check")
    assert other.status_code == 404


def test_who_is_named_may_read_and_not_write(bridge, now, taken_over, elsewhere):
    name(bridge, taken_over, elsewhere, now)
    with pytest.raises(Forbidden):
        take_over_opinion(actor=elsewhere, consult_id=taken_over.pk, writer_id=bridge.second.person_id, now=now)
    assert Opinion.unscoped.get().written_by_id == bridge.second.person_id


def test_nobody_is_named_while_somebody_of_the_house_is_left(bridge, now, elsewhere):
    consult = consult_in(bridge, "drafting", now)
    with pytest.raises(SecondDoctorHere):
        name(bridge, consult, elsewhere, now)
    consult.refresh_from_db()
    assert consult.checker_id is None
    assert not Notification.objects.filter(kind="consult.checker_named").exists()


@pytest.mark.parametrize("who", ["expert", "writer", "requester"])
def test_only_the_coordinator_names(bridge, now, taken_over, elsewhere, who):
    with pytest.raises(Forbidden):
        name_second_doctor(
            actor=getattr(bridge, who), consult_id=taken_over.pk, checker_id=elsewhere.person_id, now=now
        )
    taken_over.refresh_from_db()
    assert taken_over.checker_id is None


@pytest.mark.parametrize("who", ["expert", "second", "requester", "learner"])
def test_neither_writers_nor_who_may_not_check_are_named(bridge, now, taken_over, who):
    with pytest.raises(NoSecondDoctorThere):
        name_second_doctor(
            actor=bridge.coordinator, consult_id=taken_over.pk, checker_id=getattr(bridge, who).person_id, now=now
        )
    taken_over.refresh_from_db()
    assert taken_over.checker_id is None


def test_another_who_is_named_takes_the_place_and_the_first_sees_nothing_more(bridge, now, taken_over, elsewhere):
    name(bridge, taken_over, elsewhere, now)
    other = make_actor(make_person(make_organisation(bridge.province), "expert"))
    with pytest.raises(SecondDoctorHere):
        name(bridge, taken_over, other, now)
    # when the first left the house
    Person.objects.filter(pk=elsewhere.person_id).update(is_active=False)
    name(bridge, taken_over, other, now)
    seen = ConsultScope.objects.filter(consult=taken_over, participant__startswith="p:")
    assert f"p:{elsewhere.person_id}" not in seen.values_list("participant", flat=True)
    assert f"p:{other.person_id}" in seen.values_list("participant", flat=True)


def report_that_nobody_may_check(bridge, now):
    """Under review in a signed consult: of the house's two experts each has written in it."""
    report = report_in(bridge, "under_review", now, consult="signed")
    report.former_writers.add(bridge.second.person_id, bridge.expert.person_id)
    return report


def test_who_is_named_checks_a_report_after_the_consult_was_closed_and_then_sees_nothing_more(
    bridge, now, elsewhere, monkeypatch
):
    # given somebody who was named while the consult was open, and an archive that holds none of its images
    monkeypatch.setattr(sharing, "attached_ids", lambda consult: [])
    report = report_that_nobody_may_check(bridge, now)
    consult = Consult.unscoped.get(pk=report.consult_id)
    name(bridge, consult, elsewhere, now)
    # when the requester closes it before the report is signed
    close_consult(
        actor=bridge.requester,
        consult_id=consult.pk,
        outcome="treated_locally",
        usefulness=5,
        under_way=[report.pk],
        now=now,
    )
    # then the report still waits for them
    assert [row.pk for row in work_list(elsewhere, "check", Filters())] == [consult.pk]
    where = {"consult_id": consult.pk, "study_id": report.study_id}
    assert keep_typed_report(actor=elsewhere, **where, text=REPORT, revision=1, now=now)
    api.sign_report(actor=elsewhere, **where, revision=1, now=now)
    # and with their signature it is over
    assert not Consult.objects.visible_to(elsewhere).exists()
    assert not ConsultScope.objects.filter(participant__startswith="p:").exists()
    assert Consult.unscoped.get().checker_id is None


def test_the_coordinator_finds_a_report_that_nobody_may_check_on_top_of_every_tab(bridge, now, elsewhere, monkeypatch):
    # given an archive that holds none of its images
    monkeypatch.setattr(sharing, "attached_ids", lambda consult: [])
    report = report_that_nobody_may_check(bridge, now)
    consult = Consult.unscoped.get(pk=report.consult_id)

    def bars(actor):
        client = sign_in(Client(), Person.objects.get(pk=actor.person_id))
        client.cookies["xinglin_language"] = "en"
        page = client.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "record"})
        return [str(shown["bar"].title) for shown in page.context["next_bars"]]

    assert ASKED in bars(bridge.coordinator)
    assert ASKED not in bars(bridge.requester)
    name(bridge, consult, elsewhere, now)
    assert ASKED not in bars(bridge.coordinator)


def test_who_is_named_after_the_end_sees_the_images_of_what_they_check_until_it_is_signed(
    bridge, now, elsewhere, run_jobs
):
    # given a report on one of two studies, each of whose possible checkers has written in it, of a closed consult
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    where = {"consult_id": consult.pk, "study_id": ConsultStudy.unscoped.get().study_id}
    report = api.save_report(actor=bridge.writer, **where, text=REPORT, revision=0, now=now)
    report.former_writers.add(bridge.second.person_id, bridge.expert.person_id)
    api.submit_report(actor=bridge.writer, **where, now=now)
    close_consult(
        actor=bridge.requester, consult_id=consult.pk, outcome="left", usefulness=5, under_way=[report.pk], now=now
    )
    consult.refresh_from_db()
    # when somebody is named
    name(bridge, consult, elsewhere, now)
    # then they see the consult and its images until they have signed
    assert Consult.objects.visible_to(elsewhere).get().pk == consult.pk
    assert media.may_view_study(elsewhere, where["study_id"], now)
    api.sign_report(actor=elsewhere, **where, revision=1, now=now)
    assert not media.may_view_study(elsewhere, where["study_id"], now)
    assert not Share.objects.exclude(purpose="owner").exists()


def test_the_coordinator_is_told_when_a_text_is_submitted_that_nobody_may_check(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    RoleGrant.objects.filter(person=bridge.second.person_id).delete()
    submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now)
    told = Notification.objects.filter(kind="consult.no_second_doctor")
    assert [notification.person_id for notification in told] == [bridge.coordinator.person_id]


def test_an_expert_of_a_closed_house_is_not_offered(bridge, now, taken_over, elsewhere):
    Organisation.objects.filter(memberships__person=elsewhere.person_id).update(is_active=False)
    with pytest.raises(NoSecondDoctorThere):
        name(bridge, taken_over, elsewhere, now)


def test_who_is_freed_as_a_text_is_given_up_reads_so_and_is_led_to_what_else_waits(bridge, now, elsewhere, monkeypatch):
    # given somebody who was named for a report that its writer took back after the consult was closed
    monkeypatch.setattr(sharing, "attached_ids", lambda consult: [])
    report = report_that_nobody_may_check(bridge, now)
    consult = Consult.unscoped.get(pk=report.consult_id)
    name(bridge, consult, elsewhere, now)
    at = {"actor": bridge.requester, "consult_id": consult.pk, "now": now}
    close_consult(**at, outcome="left", usefulness=5, under_way=[report.pk])
    url, writer = reverse("consult_bridge:report", args=[consult.pk, report.study_id]), client_of(bridge.writer)
    assert writer.post(url, {"action": "take_back", "revision": "1"}).status_code == 302
    # when the writer gives it up, by two clicks
    for _click in range(2):
        assert writer.post(url, {"action": "give_up", "revision": "1"}).status_code == 302
    # then they are told once that they need not check it, and the notice leads to a page that they may see
    told = Notification.objects.get(kind="consult.check_ended")
    assert (told.person_id, told.url) == (elsewhere.person_id, "/worklist/?tab=check")
    assert not Notification.objects.filter(kind="report.given_up", person_id=elsewhere.person_id).exists()
    browser = client_of(elsewhere)
    shown = browser.get("/notifications/").content.decode()
    assert "You need not check a text of another hospital any more: its writer gave it up" in shown
    assert browser.get(told.url).status_code == 200
    assert browser.get(reverse("consult_bridge:consult", args=[consult.pk])).status_code == 404


def test_who_still_has_another_text_to_check_is_led_to_the_consult(bridge, now, elsewhere, monkeypatch):
    # given somebody who was named while the opinion is still to be written
    monkeypatch.setattr(sharing, "attached_ids", lambda consult: [])
    report = report_in(bridge, "drafting", now)
    report.former_writers.add(bridge.second.person_id, bridge.expert.person_id)
    consult = Consult.unscoped.get(pk=report.consult_id)
    name(bridge, consult, elsewhere, now)
    # when the report is given up
    url = reverse("consult_bridge:report", args=[consult.pk, report.study_id])
    assert client_of(bridge.writer).post(url, {"action": "give_up", "revision": "1"}).status_code == 302
    # then
    told = Notification.objects.get(kind="report.given_up", person_id=elsewhere.person_id)
    assert client_of(elsewhere).get(told.url).status_code == 200
    assert not Notification.objects.filter(kind="consult.check_ended").exists()
