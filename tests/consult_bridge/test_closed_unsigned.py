"""A report or a correction outlives the closing: who writes and who checks it sees its images until it is signed, and
nobody else; whoever closes knows of it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from consult_bridge.errors import TextsUnderWay
from consult_bridge.models import Consult, ConsultStudy, Feedback, Opinion, Report
from consult_bridge.services import sharing
from consult_bridge.services.opinions import amend_opinion, return_opinion, take_over_opinion
from consult_bridge.services.reports import return_report, take_over_report
from consult_bridge.services.taking_back import take_back_opinion, take_back_report
from core.actor import organisation_token
from core.ids import uuid7
from media_pipeline import api as media
from media_pipeline.models import IdentifiedStudy, Share
from tests.consult_bridge.test_images import dicom_file, send
from tests.consult_bridge.test_pages import client_of, hidden
from tests.consult_bridge.test_two_clicks import traces
from tests.factories.consults import REPORT, consult_in
from tests.factories.people import make_actor, make_person

FEEDBACK = {"outcome": "referred", "usefulness": 5}
PEOPLE = ("writer", "expert", "second", "coordinator", "outsider", "learner")
MEANWHILE = timedelta(minutes=1)


@pytest.fixture
def reported(bridge, now, run_jobs):
    """A signed consult with two studies of the archive and a report on the first that waits for its second doctor."""
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    study_id = ConsultStudy.unscoped.get().study_id
    second = IdentifiedStudy.unscoped.create(
        organisation=bridge.hospital, study_uid="1.2.826.0.1.3680043.9.77", created_at=now, updated_at=now
    )
    ConsultStudy.unscoped.create(consult=consult, study_id=second.pk, how="matched", attached_at=now)
    sharing.share_study(consult, second.pk, now=now)
    api.save_report(actor=bridge.writer, consult_id=consult.pk, study_id=study_id, text=REPORT, revision=0, now=now)
    api.submit_report(actor=bridge.writer, consult_id=consult.pk, study_id=study_id, now=now)
    return Report.unscoped.select_related("consult").get()


def close(bridge, consult, now):
    known = [row.pk for row in (*Report.unscoped.all(), *Opinion.unscoped.all()) if not row.is_signed]
    api.close_consult(actor=bridge.requester, consult_id=consult.pk, **FEEDBACK, under_way=known, now=now)


def seeing(bridge, study_id, now):
    return {who for who in PEOPLE if media.may_view_study(getattr(bridge, who), study_id, now)}


def of(report):
    return {"consult_id": report.consult_id, "study_id": report.study_id}


def other_study(report):
    return ConsultStudy.unscoped.exclude(study_id=report.study_id).get().study_id


def test_who_checks_sees_the_images_of_what_they_sign_and_with_the_signature_it_is_over(bridge, now, reported):
    close(bridge, reported.consult, now)
    assert seeing(bridge, reported.study_id, now) == {"writer", "expert", "second"}
    assert seeing(bridge, other_study(reported), now) == set()
    # who comes to the hospital later may check too; who does not check sees nothing
    assert media.may_view_study(make_actor(make_person(bridge.centre, "expert")), reported.study_id, now)
    assert not media.may_view_study(make_actor(make_person(bridge.centre, "reporting_doctor")), reported.study_id, now)
    # when it is signed
    api.sign_report(actor=bridge.second, **of(reported), revision=1, now=now)
    # then
    assert seeing(bridge, reported.study_id, now) == set()
    assert not Share.objects.exclude(purpose="owner").exists()
    assert media.may_view_study(bridge.requester, reported.study_id, now)


def test_the_images_follow_the_text_from_hand_to_hand(bridge, now, reported):
    close(bridge, reported.consult, now)
    study = reported.study_id
    return_report(actor=bridge.second, **of(reported), reason="请写明未评价的部分。", now=now)
    assert seeing(bridge, study, now) == {"writer"}
    take_over_report(actor=bridge.second, **of(reported), writer_id=bridge.writer.person_id, now=now)
    assert seeing(bridge, study, now) == {"second"}
    api.submit_report(actor=bridge.second, **of(reported), now=now + MEANWHILE)
    assert seeing(bridge, study, now) == {"expert", "second"}
    take_back_report(actor=bridge.second, **of(reported), now=now)
    assert seeing(bridge, study, now) == {"second"}
    api.submit_report(actor=bridge.second, **of(reported), now=now + 2 * MEANWHILE)
    api.sign_report(actor=bridge.expert, **of(reported), revision=1, now=now)
    assert seeing(bridge, study, now) == set()
    # a correction found later
    api.amend_report(actor=bridge.writer, **of(reported), reason="侧别写错。", now=now)
    assert (seeing(bridge, study, now), seeing(bridge, other_study(reported), now)) == ({"writer"}, set())


def test_the_correction_of_an_opinion_shows_its_images_to_who_writes_and_who_checks(bridge, now, run_jobs):
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    study = ConsultStudy.unscoped.get().study_id
    close(bridge, consult, now)
    where = {"consult_id": consult.pk, "now": now}
    assert seeing(bridge, study, now) == set()
    amend_opinion(actor=bridge.writer, reason="剂量写错。", **where)
    assert seeing(bridge, study, now) == {"writer"}
    api.submit_opinion(actor=bridge.writer, **where)
    assert seeing(bridge, study, now) == {"writer", "expert", "second"}
    return_opinion(actor=bridge.second, reason="请补充。", **where)
    assert seeing(bridge, study, now) == {"writer"}
    take_over_opinion(actor=bridge.expert, writer_id=bridge.writer.person_id, **where)
    assert seeing(bridge, study, now) == {"expert"}
    api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now + MEANWHILE)
    take_back_opinion(actor=bridge.expert, **where)
    assert seeing(bridge, study, now) == {"expert"}
    api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now + 2 * MEANWHILE)
    api.sign_opinion(actor=bridge.second, revision=2, **where)
    assert seeing(bridge, study, now) == set()


def test_a_writer_who_left_the_hospital_sees_them_no_more(bridge, now, reported):
    close(bridge, reported.consult, now)
    assert media.may_view_study(bridge.writer, reported.study_id, now)
    moved = make_person(bridge.sibling, "reporting_doctor")
    Share.objects.filter(holder=f"p:{bridge.writer.person_id}").update(holder=f"p:{moved.pk}")
    assert not media.may_view_study(make_actor(moved), reported.study_id, now)


def test_a_study_that_left_the_archive_hinders_nobody(bridge, now):
    consult = consult_in(bridge, "signed", now)
    study_id = uuid7()
    ConsultStudy.unscoped.create(consult=consult, study_id=study_id, how="matched", attached_at=now)
    api.save_report(actor=bridge.writer, consult_id=consult.pk, study_id=study_id, text=REPORT, revision=0, now=now)
    close(bridge, consult, now)
    assert (Consult.unscoped.get().state, Share.objects.count()) == ("closed", 0)


def test_it_is_not_closed_by_somebody_who_does_not_know_of_it(bridge, now, reported):
    consult = reported.consult
    left, shares = traces(consult.pk), Share.objects.count()
    for known in ([], [uuid7()]):
        with pytest.raises(TextsUnderWay):
            api.close_consult(actor=bridge.requester, consult_id=consult.pk, **FEEDBACK, under_way=known, now=now)
    assert (traces(consult.pk), Share.objects.count(), Feedback.objects.count()) == (left, shares, 0)
    assert Consult.unscoped.get(pk=consult.pk).state == "signed"


def test_the_page_names_it_and_asks_once_more_where_it_came_after_the_page(bridge, now, reported):
    consult, browser = reported.consult, client_of(bridge.requester)
    url = reverse("consult_bridge:close", args=[consult.pk])
    fields = {"outcome": "referred", "usefulness": "5", "comment": "已上转。"}
    # when a page closes it that was opened before the report was begun
    asked = browser.post(url, fields)
    # then it is asked, with what is under way and what was typed
    page = asked.content.decode()
    assert (asked.status_code, Consult.unscoped.get(pk=consult.pk).state) == (409, "signed")
    assert "A text of this consult is written or checked and not signed yet. The consult was not closed." in page
    assert "Closing does not stop it: it is signed afterwards, and you are told." in page
    assert "苏见微" in page
    assert "Under review" in page
    assert "已上转。</textarea>" in page
    assert REPORT.findings not in page
    # when it is meant
    known = hidden(asked, "under_way")
    assert known == str(reported.pk)
    assert browser.post(url, fields | {"under_way": [known]}).status_code == 302
    assert Consult.unscoped.get(pk=consult.pk).state == "closed"


def test_the_page_says_nothing_where_nothing_is_under_way(bridge):
    consult = consult_in(bridge, "signed", timezone.now())
    page = client_of(bridge.requester).get(reverse("consult_bridge:close", args=[consult.pk])).content.decode()
    assert "Not signed yet" not in page
    assert 'name="under_way"' not in page


def test_consults_that_were_closed_before_get_the_images_back_for_who_checks(bridge, now, reported):
    close(bridge, reported.consult, now)
    Share.objects.exclude(purpose="owner").delete()
    editor = SimpleNamespace(connection=connection)
    migration = import_module("consult_bridge.migrations.0023_images_of_unsigned_texts")

    migration.fill(apps, editor)

    assert seeing(bridge, reported.study_id, now) == {"writer", "expert", "second"}
    assert seeing(bridge, other_study(reported), now) == set()
    migration.empty(apps, editor)
    assert not Share.objects.filter(holder=organisation_token(bridge.centre.pk)).exists()
