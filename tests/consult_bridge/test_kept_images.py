"""Images that were chosen with a request and could not be handed on: nobody has to find that out by waiting."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import tasks
from consult_bridge.errors import ConsultEnded, ConsultNotFound
from consult_bridge.models import Consult, ConsultUpload, DraftFile
from consult_bridge.models.record import identified_storage
from consult_bridge.services import kept_images
from consult_bridge.services.kept_images import send_kept_images_again
from consult_bridge.services.submitting import cancel_consult
from core.audit.models import AuditEntry
from core.errors import Forbidden, Unavailable
from core.jobs.models import Job
from core.jobs.reaping import reap
from core.jobs.running import run_job
from core.notify.models import Notification
from directory.models import RoleGrant
from tests.consult_bridge.test_drafts import NEW, begin
from tests.consult_bridge.test_pages import client_of, request_fields
from tests.factories.people import make_actor, make_person
from tests.permissions.objects.house import dicom_file

WAIT = "The image files of this request were not handed to the archive. They are kept."


@pytest.fixture
def sent(bridge):
    """A request that was sent with an image file which no job has handed on yet."""
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key) | {"dicom": dicom_file("QX-1", "kept"), "action": "submit"}
    assert requester.post(NEW, fields).status_code == 302
    return Consult.unscoped.get(pk=key)


def loses_the_right(bridge):
    RoleGrant.objects.filter(person_id=bridge.requester.person_id).update(role="learner")


def jobs():
    return list(Job.objects.filter(name="consult_bridge.send_kept_images").order_by("created_at", "id"))


def told():
    return list(Notification.objects.filter(kind="consult.images_wait").values_list("person_id", flat=True))


def test_who_lost_the_right_is_told_at_once_and_the_files_stay(bridge, sent, run_jobs):
    # given
    loses_the_right(bridge)
    # when
    run_jobs()
    # then the job gave up at its first attempt, and the requester knows it
    (job,) = jobs()
    assert (job.state, job.attempts, job.error_code) == ("dead", 1, "consult_not_found")
    assert told() == [bridge.requester.person_id]
    assert DraftFile.objects.count() == 1
    assert AuditEntry.objects.filter(action="consult.images_wait", subject_id=str(sent.pk)).count() == 1


def test_who_may_no_longer_send_images_but_still_asks_reads_what_to_do(bridge, sent, run_jobs, monkeypatch):
    monkeypatch.setattr(kept_images, "send_images", refused)
    run_jobs()
    assert jobs()[0].error_code == "forbidden"
    page = client_of(bridge.requester).get(reverse("consult_bridge:consult", args=[sent.pk])).content.decode()
    assert WAIT in page
    assert "Send the images again" in page
    assert WAIT not in client_of(bridge.coordinator).get(page_of(sent)).content.decode()


def refused(**_arguments):
    raise Forbidden


def page_of(consult):
    return reverse("consult_bridge:consult", args=[consult.pk])


def test_a_colleague_sends_them_again_by_one_click_and_by_two(bridge, sent, run_jobs):
    # given a requester without the right, and a colleague with it
    loses_the_right(bridge)
    run_jobs()
    colleague = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    client = client_of(colleague)
    assert WAIT in client.get(page_of(sent)).content.decode()
    # when
    for _click in range(2):
        answer = client.post(reverse("consult_bridge:images", args=[sent.pk]), {"action": "send_again"})
        assert answer.url == page_of(sent)
    run_jobs()
    # then they went once, in the colleague's name, and nothing is left to tell
    first, second = jobs()
    assert (first.state, second.state, second.actor_id) == ("dead", "succeeded", colleague.person_id)
    assert (ConsultUpload.objects.filter(consult=sent).count(), DraftFile.objects.count()) == (1, 0)
    assert WAIT not in client.get(page_of(sent)).content.decode()
    assert AuditEntry.objects.filter(action="consult.images_sent_again", subject_id=str(sent.pk)).count() == 1


def test_a_colleague_ends_what_came_in_and_was_never_cleared_away(bridge, sent, run_jobs, monkeypatch):
    # given images that reached the archive in the requester's name by a job that failed right after
    def broken(_consult_id):
        raise OSError("the store is away")

    Job.objects.filter(name="consult_bridge.send_kept_images").update(max_attempts=1)
    with monkeypatch.context() as patch:
        patch.setattr(kept_images, "remove_files", broken)
        run_jobs()
    assert [job.state for job in jobs()] == ["dead"]
    # when a colleague sends them again
    colleague = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    client_of(colleague).post(reverse("consult_bridge:images", args=[sent.pk]), {"action": "send_again"})
    run_jobs()
    # then it is the same upload, and nothing waits any more
    assert [(job.state, job.error_code) for job in jobs()] == [("dead", "OSError"), ("succeeded", "")]
    assert (ConsultUpload.objects.filter(consult=sent).count(), DraftFile.objects.count()) == (1, 0)
    assert WAIT not in client_of(colleague).get(page_of(sent)).content.decode()


def test_what_may_pass_by_itself_is_tried_to_the_end_and_then_told(bridge, sent, monkeypatch):
    # given an archive that does not answer
    def absent(**_arguments):
        raise Unavailable

    monkeypatch.setattr(kept_images, "send_images", absent)
    # when it is tried again and again
    (job,) = jobs()
    for attempt in range(8):
        assert told() == []
        moment = timezone.now() + timedelta(hours=1 + attempt)
        run_job(job.pk, clock=lambda moment=moment: moment)
    # then
    assert jobs()[0].state == "dead"
    assert told() == [bridge.requester.person_id]


def killed_at_its_last_attempt(job):
    """The worker took the row for the last time and was never heard of again; then the reaper comes."""
    ran_out = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=8, lease_token=uuid4(), lease_until=ran_out, held_by=""
    )
    reap(timezone.now())


def test_people_are_told_once_when_the_worker_was_killed_at_its_last_attempt(bridge, sent):
    # given
    (job,) = jobs()
    killed_at_its_last_attempt(job)
    assert (jobs()[0].state, jobs()[0].error_code, told()) == ("dead", "worker_lost", [])
    # when the sweep comes, twice
    tasks.sweep()
    tasks.sweep()
    # then
    assert told() == [bridge.requester.person_id]
    assert AuditEntry.objects.filter(action="consult.images_wait", subject_id=str(sent.pk)).count() == 1


def test_who_tried_it_again_is_told_too_when_the_worker_was_killed(bridge, sent, run_jobs):
    loses_the_right(bridge)
    run_jobs()
    colleague = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    send_kept_images_again(actor=colleague, consult_id=sent.pk, now=timezone.now())
    killed_at_its_last_attempt(jobs()[1])
    tasks.sweep()
    assert sorted(told()) == sorted([bridge.requester.person_id, bridge.requester.person_id, colleague.person_id])


def test_the_sweep_tells_nobody_while_the_job_still_tries_nor_of_a_consult_that_ended(bridge, sent):
    tasks.sweep()
    assert told() == []
    cancel_consult(actor=bridge.requester, consult_id=sent.pk, reason="已出院。", now=timezone.now())
    killed_at_its_last_attempt(jobs()[0])
    tasks.sweep()
    assert (jobs()[0].state, told()) == ("dead", [])


def test_nobody_else_sends_them_again(bridge, sent, run_jobs):
    loses_the_right(bridge)
    run_jobs()
    now = timezone.now()
    for actor, error in ((bridge.outsider, ConsultNotFound), (bridge.coordinator, Forbidden)):
        with pytest.raises(error):
            send_kept_images_again(actor=actor, consult_id=sent.pk, now=now)
    assert len(jobs()) == 1


def test_images_are_not_sent_again_while_the_job_still_tries_and_not_to_what_has_ended(bridge, sent, run_jobs):
    now = timezone.now()
    send_kept_images_again(actor=bridge.requester, consult_id=sent.pk, now=now)
    assert len(jobs()) == 1
    cancel_consult(actor=bridge.requester, consult_id=sent.pk, reason="已出院。", now=now)
    with pytest.raises(ConsultEnded):
        send_kept_images_again(actor=bridge.requester, consult_id=sent.pk, now=now)
    assert len(jobs()) == 1


def test_the_files_are_gone_from_the_store_when_the_archive_has_them(bridge, sent, run_jobs):
    name = DraftFile.objects.get().file.name
    run_jobs()
    assert (DraftFile.objects.count(), identified_storage().exists(name)) == (0, False)


def test_a_request_that_was_taken_back_meanwhile_leaves_no_image(bridge, sent, run_jobs):
    # given a consult that ended before the job came to its images
    name = DraftFile.objects.get().file.name
    cancel_consult(actor=bridge.requester, consult_id=sent.pk, reason="已出院。", now=timezone.now())
    # when
    run_jobs()
    # then the archive gets none, and none stays here
    assert (jobs()[0].state, jobs()[0].result) == ("succeeded", {"files": 0})
    assert (ConsultUpload.objects.count(), DraftFile.objects.count()) == (0, 0)
    assert not identified_storage().exists(name)
    assert told() == []
