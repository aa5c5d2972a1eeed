"""One doctor writes, and the page says who: whoever goes on with another's text takes it over first, and none of its
writers is its second doctor."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from consult_bridge import api
from consult_bridge.errors import CheckerIsWriter, OpinionBegun, ReportBegun
from consult_bridge.models import Opinion, Report
from consult_bridge.selectors.consults import Filters, work_list
from consult_bridge.services.opinions import OpinionText, keep_typed_opinion, take_over_opinion
from consult_bridge.services.reports import take_over_report
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.notify.models import Notification
from core.states import WrongState
from directory.models import Person
from tests.factories.consults import REPORT, TEXT, consult_in, report_in
from tests.factories.signing_in import sign_in

OTHERS = OpinionText("第二位的所见。", "第二位的诊断。", "第二位的建议。")


def browser(actor) -> Client:
    return sign_in(Client(), Person.objects.get(pk=actor.person_id))


def opinion_url(consult) -> str:
    return reverse("consult_bridge:opinion", args=[consult.pk])


def typed(text: OpinionText, revision: int, action: str) -> dict[str, object]:
    return {
        "findings": text.findings,
        "impression": text.impression,
        "recommendation": text.recommendation,
        "revision": revision,
        "action": action,
    }


@pytest.mark.parametrize("action", ["save", "submit"])
def test_nobody_writes_under_anothers_name(bridge, now, action):
    consult = consult_in(bridge, "drafting", now)
    before = Opinion.unscoped.values().get()

    answer = browser(bridge.second).post(opinion_url(consult), typed(OTHERS, 1, action))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "陈牧之正在书写这份会诊意见。未作任何改动。" in page
    assert OTHERS.findings in page
    assert Opinion.unscoped.values().get() == before
    consult.refresh_from_db()
    assert consult.state == "drafting"


def test_the_page_says_who_writes_and_another_takes_it_over(bridge, now):
    # given a draft of one expert, which the other opens
    consult = consult_in(bridge, "drafting", now)
    second = browser(bridge.second)
    page = second.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "opinion"}).content.decode()
    assert "陈牧之" in page and "接手书写" in page
    assert 'name="findings"' not in page

    # when it is taken over, clicked twice
    for _click in range(2):
        answer = second.post(opinion_url(consult), {"action": "take_over", "writer": bridge.expert.person_id})
        assert answer.status_code == 302

    # then the text stands under the other's name, is recorded, and the former writer is told once
    opinion = Opinion.unscoped.get()
    assert (opinion.written_by_id, opinion.findings) == (bridge.second.person_id, TEXT.findings)
    assert list(opinion.former_writers.values_list("pk", flat=True)) == [bridge.expert.person_id]
    assert opinion.writing_since == opinion.taken_over_at
    entry = AuditEntry.objects.get(action="opinion.taken_over")
    assert entry.details["former_writer"] == str(bridge.expert.person_id)
    assert [n.person_id for n in Notification.objects.filter(kind="opinion.taken_over")] == [bridge.expert.person_id]
    assert second.post(opinion_url(consult), typed(OTHERS, 1, "submit")).status_code == 302

    # and the former writer is no second doctor of it
    with pytest.raises(CheckerIsWriter):
        api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=2, now=now)
    with pytest.raises(CheckerIsWriter):
        api.return_opinion(actor=bridge.expert, consult_id=consult.pk, reason="再改。", now=now)
    assert not work_list(bridge.expert, "check", Filters()).exists()
    assert not Notification.objects.filter(kind="opinion.to_check", person_id=bridge.expert.person_id).exists()
    assert Opinion.unscoped.get().state == "under_review"


def test_what_the_former_writer_typed_is_shown_and_kept(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    expert = browser(bridge.expert)
    take_over_opinion(
        actor=bridge.second, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now + timedelta(hours=1)
    )

    assert not keep_typed_opinion(actor=bridge.expert, consult_id=consult.pk, text=OTHERS, revision=1, now=now)
    page = expert.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "opinion"}).content.decode()

    assert OTHERS.findings in page and "接手书写" in page
    assert Opinion.unscoped.get().findings == TEXT.findings


def test_it_is_taken_over_from_whom_the_page_showed(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    take_over_opinion(actor=bridge.writer, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)
    with pytest.raises(OpinionBegun):
        take_over_opinion(actor=bridge.second, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)
    assert Opinion.unscoped.get().written_by_id == bridge.writer.person_id


@pytest.mark.parametrize("who", ["requester", "coordinator"])
def test_only_whoever_may_write_takes_over(bridge, now, who):
    consult = consult_in(bridge, "drafting", now)
    with pytest.raises(Forbidden):
        take_over_opinion(actor=getattr(bridge, who), consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)
    assert Opinion.unscoped.get().written_by_id == bridge.expert.person_id


def test_what_is_under_review_is_not_taken_over(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    with pytest.raises(WrongState):
        take_over_opinion(actor=bridge.second, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)
    api.sign_opinion(actor=bridge.second, consult_id=consult.pk, revision=1, now=now)
    assert Opinion.unscoped.get().checked_by_id == bridge.second.person_id


def test_nobody_signs_anothers_draft_alone(bridge, now):
    consult = consult_in(bridge, "accepted", now, service_type="chronic_guidance")
    api.save_opinion(actor=bridge.writer, consult_id=consult.pk, text=TEXT, revision=0, now=now)
    with pytest.raises(Forbidden):
        api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    take_over_opinion(actor=bridge.expert, consult_id=consult.pk, writer_id=bridge.writer.person_id, now=now)
    api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    opinion = Opinion.unscoped.get()
    assert (opinion.written_by_id, opinion.signed_by_id, opinion.checked_by_id) == (
        bridge.expert.person_id,
        bridge.expert.person_id,
        None,
    )


def test_a_report_is_taken_over_in_the_same_way(bridge, now):
    report = report_in(bridge, "drafting", now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    address = reverse("consult_bridge:report", args=[report.consult_id, report.study_id])
    with pytest.raises(ReportBegun):
        api.save_report(actor=bridge.expert, **where, text=REPORT, revision=1, now=now)
    expert = browser(bridge.expert)
    page = expert.get(reverse("consult_bridge:consult", args=[report.consult_id]), {"tab": "report"})
    assert "接手书写" in page.content.decode()

    assert expert.post(address, {"action": "take_over", "writer": bridge.writer.person_id}).status_code == 302
    api.submit_report(actor=bridge.expert, **where, now=now)

    stored = Report.unscoped.get()
    assert (stored.written_by_id, stored.state) == (bridge.expert.person_id, "under_review")
    assert AuditEntry.objects.filter(action="report.taken_over").count() == 1
    assert Notification.objects.get(kind="report.taken_over").person_id == bridge.writer.person_id
    with pytest.raises(CheckerIsWriter):
        api.sign_report(actor=bridge.writer, **where, revision=1, now=now)
    api.sign_report(actor=bridge.second, **where, revision=1, now=now)


def test_a_former_writer_of_a_report_is_no_second_doctor(bridge, now):
    report = report_in(bridge, "drafting", now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    take_over_report(actor=bridge.expert, **where, writer_id=bridge.writer.person_id, now=now)
    take_over_report(actor=bridge.second, **where, writer_id=bridge.expert.person_id, now=now)
    api.submit_report(actor=bridge.second, **where, now=now)
    with pytest.raises(CheckerIsWriter):
        api.sign_report(actor=bridge.expert, **where, revision=1, now=now)
    assert Report.unscoped.get().state == "under_review"


def test_whoever_wrote_in_anothers_draft_before_is_one_of_its_writers_now(bridge, now):
    # given drafts of the time when anybody of the hospital could save: one saved by another, one changed by its checker
    drafted, checked = consult_in(bridge, "under_review", now), consult_in(bridge, "under_review", now)
    for consult, later in ((drafted, timedelta(minutes=-1)), (checked, timedelta(minutes=1))):
        opinion = Opinion.unscoped.get(consult=consult)
        opinion.revisions.create(
            number=2, saved_by_id=bridge.second.person_id, saved_at=opinion.submitted_at + later, findings="所见。"
        )

    import_module("consult_bridge.migrations.0013_fill_former_writers").fill(
        apps, SimpleNamespace(connection=connection)
    )

    writers = {row.consult_id: list(row.former_writers.values_list("pk", flat=True)) for row in Opinion.unscoped.all()}
    assert writers == {drafted.pk: [bridge.second.person_id], checked.pk: []}
