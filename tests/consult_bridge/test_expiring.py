"""What is kept only for a while: drafts that nobody saves again, and texts beside a finished document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from consult_bridge import tasks
from consult_bridge.models import Consult, ConsultDraft, DraftFile, GoneDraft, Report, UnsavedText
from consult_bridge.models.record import identified_storage
from consult_bridge.services import batches, clocks, drafts, expiring
from consult_bridge.services.opinions import keep_typed_opinion
from consult_bridge.services.reports import amend_report, keep_typed_report
from core.audit.models import AuditEntry
from core.notify.models import Notification
from tests.consult_bridge.test_drafts import page
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import REPORT, TEXT, consult_in, report_in, study_of

DAY = timedelta(days=1)
BEGUN = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def draft(bridge, django_capture_on_commit_callbacks):
    """A draft with one page, last saved on 1 October 2026."""
    key = UUID("01990000-0000-7000-8000-000000000001")
    drafts.save_draft(actor=bridge.requester, draft_id=key, body={"subject": ["气促"]}, now=BEGUN)
    drafts.keep_files(actor=bridge.requester, draft_id=key, kind="page", uploads=[page()], now=BEGUN)
    return key


@pytest.fixture
def sweep(monkeypatch, django_capture_on_commit_callbacks):
    """The beat's task, at a given moment."""

    def at(moment):
        monkeypatch.setattr(tasks, "timezone", SimpleNamespace(now=lambda: moment))
        with django_capture_on_commit_callbacks(execute=True):
            tasks.sweep()

    return at


def recorded():
    return list(
        AuditEntry.objects.filter(subject_type="consult_draft").order_by("at", "id").values_list("action", flat=True)
    )


def notices(bridge):
    rows = Notification.objects.filter(person_id=bridge.requester.person_id, kind="draft.expiring")
    return list(rows.values_list("url", flat=True))


def test_the_beat_sweeps_every_hour():
    assert app.conf.beat_schedule["sweep-drafts"] == {"task": "consult_bridge.sweep", "schedule": 3600.0}


def test_a_draft_is_told_of_and_then_deleted_with_its_files(bridge, draft, sweep):
    # given
    name = DraftFile.objects.get().file.name
    # when nobody touches it for 24 days
    sweep(BEGUN + 24 * DAY)
    # then nothing happens
    assert (notices(bridge), recorded()) == ([], [])
    # when 25 days have passed its writer is told, once
    sweep(BEGUN + 25 * DAY)
    sweep(BEGUN + 26 * DAY)
    assert notices(bridge) == [reverse("consult_bridge:draft", args=[draft])]
    assert identified_storage().exists(name)
    # when 30 days have passed it is deleted with its file
    sweep(BEGUN + 30 * DAY)
    assert not identified_storage().exists(name)
    assert (ConsultDraft.objects.count(), DraftFile.objects.count()) == (0, 0)
    assert GoneDraft.objects.get().has_expired
    # and once more it changes nothing (here the sweep's own second look removed the file: the test commits after it)
    sweep(BEGUN + 31 * DAY)
    assert recorded() == ["draft.expiry_told", "draft.expired", "draft.files_removed"]
    # and after as long again its key is forgotten
    sweep(BEGUN + 60 * DAY)
    assert GoneDraft.objects.count() == 0


def test_saving_a_draft_begins_its_time_anew(bridge, draft, sweep):
    sweep(BEGUN + 25 * DAY)
    drafts.save_draft(actor=bridge.requester, draft_id=draft, body={"question": ["？"]}, now=BEGUN + 26 * DAY)
    sweep(BEGUN + 32 * DAY)
    assert (ConsultDraft.objects.count(), DraftFile.objects.count(), len(notices(bridge))) == (1, 1, 1)
    sweep(BEGUN + 52 * DAY)
    assert (ConsultDraft.objects.count(), len(notices(bridge))) == (1, 2)


def test_nobody_loses_a_draft_untold(bridge, draft, sweep):
    """The first sweep after an update, or after a long stop, meets drafts that are older than they may be."""
    late = BEGUN + 90 * DAY
    sweep(late)
    sweep(late + 4 * DAY)
    assert (ConsultDraft.objects.count(), len(notices(bridge))) == (1, 1)
    sweep(late + 5 * DAY)
    assert ConsultDraft.objects.count() == 0


def test_the_time_is_a_setting(bridge, draft, sweep, settings):
    settings.XINGLIN_DRAFT_DAYS = 6
    sweep(BEGUN + 3 * DAY)
    assert notices(bridge) == []
    sweep(BEGUN + 4 * DAY)
    assert len(notices(bridge)) == 1
    sweep(BEGUN + 6 * DAY)
    assert ConsultDraft.objects.count() == 0


def test_a_sweep_that_is_killed_is_gone_on_with(bridge, draft, sweep):
    # given a draft that was deleted by a process that died before it came to the file
    name = DraftFile.objects.get().file.name
    at = BEGUN + 25 * DAY
    drafts.discard_draft(actor=bridge.requester, draft_id=draft, now=at)
    assert (ConsultDraft.objects.count(), identified_storage().exists(name)) == (0, True)
    # when the next sweep comes
    sweep(at)
    # then the file is gone, and so it is when the file went and its row stayed
    assert (DraftFile.objects.count(), identified_storage().exists(name)) == (0, False)
    assert recorded() == ["draft.discarded", "draft.files_removed"]


def test_a_file_that_went_before_its_row_stops_nothing(bridge, draft, sweep):
    drafts.discard_draft(actor=bridge.requester, draft_id=draft, now=BEGUN)
    identified_storage().delete(DraftFile.objects.get().file.name)
    sweep(BEGUN)
    assert DraftFile.objects.count() == 0


def test_one_draft_whose_files_cannot_be_removed_stops_no_other(bridge, draft, sweep, monkeypatch):
    # given two deleted drafts, of which the store refuses the first one's file
    other = UUID("01990000-0000-7000-8000-000000000002")
    drafts.save_draft(actor=bridge.requester, draft_id=other, body={}, now=BEGUN)
    drafts.keep_files(actor=bridge.requester, draft_id=other, kind="page", uploads=[page()], now=BEGUN)
    for key in (draft, other):
        drafts.discard_draft(actor=bridge.requester, draft_id=key, now=BEGUN)
    remove = drafts.remove_files

    def refuse(draft_id):
        if draft_id == draft:
            raise OSError("the store does not answer")
        return remove(draft_id)

    monkeypatch.setattr(drafts, "remove_files", refuse)
    # when
    sweep(BEGUN)
    # then
    assert list(DraftFile.objects.values_list("draft_id", flat=True)) == [draft]


class ForeignStoreError(Exception):
    """What the client of an outside store raises: no error of ours, nor of the operating system or the database."""


def refuse_one(monkeypatch, refused):
    remove = drafts.remove_files

    def maybe(draft_id):
        if draft_id == refused:
            raise ForeignStoreError("AccessDenied")
        return remove(draft_id)

    monkeypatch.setattr(drafts, "remove_files", maybe)


def test_an_outside_stores_own_error_does_not_end_the_sweep(bridge, draft, sweep, monkeypatch, now):
    # given a file that the store refuses, a text that can be saved nowhere, and a key that is old
    drafts.discard_draft(actor=bridge.requester, draft_id=draft, now=now)
    refuse_one(monkeypatch, draft)
    consult = consult_in(bridge, "signed", now)
    UnsavedText.objects.create(consult=consult, person_id=bridge.expert.person_id, body="{}", revision=1, saved_at=now)
    old = GoneDraft.objects.create(
        pk=UUID(int=7), person_id=bridge.requester.person_id, gone_at=now - 31 * DAY, has_expired=False
    )
    # when
    sweep(now)
    # then only the refused one is left
    assert list(DraftFile.objects.values_list("draft_id", flat=True)) == [draft]
    assert UnsavedText.objects.count() == 0
    assert not GoneDraft.objects.filter(pk=old.pk).exists()


def test_rows_that_keep_failing_starve_none_behind_them(bridge, draft, sweep, monkeypatch):
    # given batches of one row, the first of which the store refuses
    monkeypatch.setattr(batches, "BATCH", 1)
    other = UUID("01990000-0000-7000-8000-000000000002")
    drafts.save_draft(actor=bridge.requester, draft_id=other, body={}, now=BEGUN)
    drafts.keep_files(actor=bridge.requester, draft_id=other, kind="page", uploads=[page(), page("2.pdf")], now=BEGUN)
    for key in (draft, other):
        drafts.discard_draft(actor=bridge.requester, draft_id=key, now=BEGUN)
    refuse_one(monkeypatch, draft)
    # when
    sweep(BEGUN)
    # then
    assert list(DraftFile.objects.values_list("draft_id", flat=True)) == [draft]


def test_the_watch_over_the_clocks_goes_on_behind_its_first_batch(bridge, now, monkeypatch):
    # given two consults past their time, of which the first cannot be marked
    monkeypatch.setattr(batches, "BATCH", 1)
    consults = sorted((consult_in(bridge, "accepted", now) for _one in range(2)), key=lambda consult: consult.pk)
    mark = clocks.mark_overdue

    def mark_overdue(*, consult_id, now):
        if consult_id == consults[0].pk:
            raise ForeignStoreError("unexpected")
        mark(consult_id=consult_id, now=now)

    monkeypatch.setattr(clocks, "mark_overdue", mark_overdue)
    monkeypatch.setattr(tasks, "timezone", SimpleNamespace(now=lambda: now + 30 * DAY))
    # when
    tasks.watch_clocks()
    # then
    marked = Consult.unscoped.filter(overdue_at__isnull=False)
    assert list(marked.values_list("pk", flat=True)) == [consults[1].pk]


def test_a_draft_whose_text_cannot_be_opened_expires_like_any_other(bridge, draft, sweep):
    ConsultDraft.objects.filter(pk=draft).update(warned_at=BEGUN)
    with_lost_key(draft)
    sweep(BEGUN + 30 * DAY)
    assert ConsultDraft.objects.count() == 0


def with_lost_key(draft):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE consult_bridge_consultdraft SET body = 'not sealed by any of our keys'")


def test_the_writer_reads_how_long_a_draft_is_kept(bridge):
    # given a draft that was saved today, and one that its writer was told of
    now = timezone.now()
    fresh, old = (UUID(f"01990000-0000-7000-8000-00000000000{n}") for n in (3, 4))
    drafts.save_draft(actor=bridge.requester, draft_id=fresh, body={"subject": ["气促"]}, now=now)
    drafts.save_draft(actor=bridge.requester, draft_id=old, body={"subject": ["胸痛"]}, now=now - 28 * DAY)
    ConsultDraft.objects.filter(pk=old).update(warned_at=now)
    requester = client_of(bridge.requester)
    # when
    listed = requester.get(reverse("consult_bridge:consults"), {"tab": "drafts"}).content.decode()
    opened = requester.get(reverse("consult_bridge:draft", args=[old])).content.decode()
    # then the list says it of both, and the draft of itself: no sooner than 5 days after its writer was told
    assert "A draft is kept for 30 days after you last saved it" in listed
    assert shown(now + 30 * DAY) in listed
    assert shown(now + 5 * DAY) in listed
    assert shown(now + 5 * DAY) in opened
    assert "then it is deleted with its files" in opened


def shown(moment):
    return f'Kept until <time class="x-num" datetime="{timezone.localdate(moment).isoformat()}">'


def test_what_was_typed_into_an_opinion_goes_when_the_consult_ends(bridge, sweep, now):
    # given two consults with a text that the expert never saved
    going_on, ended = (consult_in(bridge, "accepted", now) for _one in range(2))
    for consult in (going_on, ended):
        keep_typed_opinion(actor=bridge.expert, consult_id=consult.pk, text=TEXT, revision=0, now=now)
    # when one of them is cancelled
    from consult_bridge import api

    api.cancel_consult(actor=bridge.requester, consult_id=ended.pk, reason="已出院。", now=now)
    sweep(now)
    sweep(now)
    # then only its text is gone, and the trail says so once
    assert UnsavedText.objects.get().consult_id == going_on.pk
    entry = AuditEntry.objects.get(action="unsaved_text.forgotten")
    assert entry.subject_id == str(ended.pk)


def test_what_was_typed_beside_a_signed_opinion_goes(bridge, sweep, now):
    consult = consult_in(bridge, "signed", now)
    UnsavedText.objects.create(consult=consult, person_id=bridge.expert.person_id, body="{}", revision=1, saved_at=now)
    sweep(now)
    assert UnsavedText.objects.count() == 0


def typed_report(bridge, report, now):
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    keep_typed_report(actor=bridge.writer, **where, text=REPORT, revision=report.revision, now=now)


def test_a_correction_that_is_being_typed_after_the_consult_was_closed_stays(bridge, sweep, now):
    # given a closed consult with a signed report whose writer corrects it
    report = report_in(bridge, "signed", now, consult="signed")
    close(bridge, report, now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    correction = amend_report(actor=bridge.writer, **where, reason="补写右室。", now=now)
    typed_report(bridge, correction, now)
    # when
    sweep(now)
    # then
    assert UnsavedText.objects.count() == 1


def test_a_report_that_is_being_written_after_the_consult_was_closed_stays(bridge, sweep, now):
    report = report_in(bridge, "drafting", now, consult="signed")
    close(bridge, report, now)
    typed_report(bridge, report, now)
    sweep(now)
    assert UnsavedText.objects.count() == 1


def test_a_report_that_was_typed_and_never_begun_goes_when_the_consult_is_closed(bridge, sweep, now):
    consult = consult_in(bridge, "signed", now)
    study = study_of(consult, now)
    keep_typed_report(actor=bridge.writer, consult_id=consult.pk, study_id=study, text=REPORT, revision=0, now=now)
    sweep(now)
    assert UnsavedText.objects.count() == 1
    close(bridge, UnsavedText.objects.get(), now)
    sweep(now)
    assert UnsavedText.objects.count() == 0


def close(bridge, row, now):
    from consult_bridge import api

    known = Report.unscoped.filter(consult=row.consult_id).values_list("pk", flat=True)
    api.close_consult(
        actor=bridge.requester, consult_id=row.consult_id, outcome="referred", usefulness=5, under_way=known, now=now
    )


def test_images_of_a_consult_that_ended_long_ago_are_not_kept(bridge, sweep, now):
    # given an image that was never handed on
    consult = consult_in(bridge, "closed", now)
    stored = identified_storage().save("drafts/left.bin", page())
    DraftFile.objects.create(
        draft_id=consult.pk, person_id=bridge.requester.person_id, kind="image", title="a.dcm", file=stored,
        size=1, sha256="0" * 64, added_at=now,
    )  # fmt: skip
    # when
    sweep(now + 29 * DAY)
    assert DraftFile.objects.count() == 1
    sweep(now + 31 * DAY)
    # then
    assert (DraftFile.objects.count(), identified_storage().exists(stored)) == (0, False)


def test_the_last_lines_of_the_sweep_are_safe_to_repeat(bridge, draft):
    for _time in range(2):
        expiring.expire_draft(draft_id=draft, now=BEGUN)
        expiring.warn_of_end(draft_id=draft, now=BEGUN)
        expiring.forget_text(text_id=draft, now=BEGUN)
        expiring.remove_left_over(draft_id=UUID(int=1), now=BEGUN)
    assert (ConsultDraft.objects.count(), DraftFile.objects.count(), recorded()) == (1, 1, [])
