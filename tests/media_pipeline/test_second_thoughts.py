"""A reader may take back what was confirmed while it is alone; work that stopped says why and starts again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEntry
from core.jobs.models import Job
from media_pipeline import api, cage, stores
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.models import IdentifiedStudy, RedactionBox, TeachingRelease
from media_pipeline.release import reviewing
from media_pipeline.release.places import places_of
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_release_line import confirm_all


def url(name: str, release: TeachingRelease) -> str:
    return reverse(f"media_pipeline:{name}", args=[release.pk])


def start(place, files, now, run_jobs) -> TeachingRelease:
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=files, now=now
    )
    run_jobs()
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={"history": "Breathless for two weeks."},
        identifiers=PatientIdentifiers(),
        organisation_id=place.province.pk,
        now=now,
    )
    return TeachingRelease.objects.get(pk=release_id)


@pytest.fixture
def release(place, echo, now, run_jobs) -> TeachingRelease:
    """The echo, in pixel review."""
    started = start(place, [echo], now, run_jobs)
    run_jobs()
    return started


def test_a_confirmation_is_taken_back_before_the_second_reader(place, release, now, run_jobs):
    confirm_all(place, place.officer, release, now)
    first, second = sign_in(Client(), place.officer), sign_in(Client(), place.officer2)

    second.post(url("deid_confirm_back", release))
    assert release.reviews.get().confirmed_at == now
    assert first.post(url("deid_confirm_back", release)).status_code == 302

    review = release.reviews.get()
    assert (review.confirmed_at, len(review.frames[str(release.candidates.get().pk)])) == (None, 120)
    confirm_all(place, place.officer2, release, now)
    run_jobs()
    release.refresh_from_db()
    assert release.state == "pixel_review"
    confirm_all(place, place.officer, release, now)
    page = first.get(url("deid_release", release)).content.decode()
    assert "两人都已确认，正在放行" in page
    assert "/frames/" not in page
    first.post(url("deid_confirm_back", release))
    first.post(url("deid_frames_back", release), {"frame": f"{release.candidates.get().pk}:7"})
    run_jobs()
    release.refresh_from_db()
    assert release.state == "open"
    assert AuditEntry.objects.filter(action="release.confirmation_taken_back").count() == 1


def test_a_frame_that_is_gone_meanwhile_is_not_found(place, release):
    candidate = release.candidates.get()
    address = reverse("media_pipeline:deid_frame", args=[release.pk, candidate.pk, 1])
    officer = sign_in(Client(), place.officer)
    assert officer.get(address).status_code == 200

    stores.identified().delete(candidate.path)

    assert officer.get(address).status_code == 404


@pytest.mark.parametrize("end", ["closed", "refused", "confirmed by both"])
def test_from_the_commit_that_ends_the_reading_no_frame_is_served(place, release, now, end):
    """No job has run: the cleaned objects still lie in the store."""
    candidate = release.candidates.get()
    frame = reverse("media_pipeline:deid_frame", args=[release.pk, candidate.pk, 1])
    officer = sign_in(Client(), place.officer)
    word = "echo of the left side"
    candidate.facts |= {"descriptors": {"StudyDescription": [word]}}
    candidate.save()
    page = officer.get(url("deid_release", release)).content.decode()
    assert (officer.get(frame).status_code, "/frames/" in page, word in page) == (200, True, True)

    if end == "closed":
        api.close_release(release_id=release.pk, reason="consent_withdrawn", now=now)
    elif end == "refused":
        reviewing.refuse_release(actor=place.actor(place.officer2), release_id=release.pk, reason="face", now=now)
    else:
        confirm_all(place, place.officer, release, now)
        confirm_all(place, place.officer2, release, now)

    assert stores.identified().exists(candidate.path)
    for address in (frame, f"{frame}?redacted", f"{frame}?side=160&redacted"):
        assert officer.get(address).status_code == 404
    for query in ("", f"?frame={candidate.pk}:1"):
        page = officer.get(url("deid_release", release) + query).content.decode()
        assert ("/frames/" in page, word in page, "Breathless" in page) == (False, False, False)
        assert "没有图像" not in page


def test_a_frame_is_looked_at_again(place, release, now):
    confirm_all(place, place.officer, release, now)
    candidate = release.candidates.get()
    reader = sign_in(Client(), place.officer)
    assert "撤回这一幅的确认" in reader.get(url("deid_release", release)).content.decode()

    reader.post(url("deid_frames_back", release), {"frame": f"{candidate.pk}:7"})

    review = release.reviews.get()
    assert review.confirmed_at is None
    assert review.frames[str(candidate.pk)] == [*range(1, 7), *range(8, 121)]


def test_marks_of_the_echo_are_suggested_and_cover_nothing_by_themselves(place, release, now):
    candidate = release.candidates.get()
    assert candidate.findings["burned_in"] == ""
    assert candidate.findings["regions"] == [{"left": 84, "top": 31, "width": 511, "height": 383}]
    found = {(place.left, place.top): place for place in places_of(candidate, None, "").open}
    assert (len(found), sum(place.is_outside for place in found.values())) == (10, 2)
    logo = found[2, 4]
    assert (logo.sign, logo.width, logo.height, logo.is_outside) == ("A", 71, 56, True)
    assert not RedactionBox.objects.exists()
    reader = sign_in(Client(), place.officer)
    page = reader.get(url("deid_release", release)).content.decode()
    assert "机器的提示" in page and "511 × 383" in page

    values = {name: getattr(logo, name) for name in ("left", "top", "width", "height")}
    reader.post(url("deid_box", release), {"candidate": candidate.pk, "reason": "不变的标记", **values})

    assert RedactionBox.objects.get().corners() == values
    places = places_of(candidate, None, "")
    assert [len(group) for group in (places.open, places.covered, places.left)] == [9, 1, 0]
    assert (places.picked.sign, places.items[0].sign) == ("B", "1")  # the letters stay, the next one is picked


def test_slices_have_nothing_to_compare(place, head_slices, now, run_jobs):
    started = start(place, head_slices[:2], now, run_jobs)
    run_jobs()

    findings = [candidate.findings for candidate in started.candidates.all()]

    assert findings == [{"burned_in": "", "regions": [], "marks": [], "machine": findings[0]["machine"]}] * 2


def test_a_run_that_gave_up_says_why_and_starts_again(place, echo, now, run_jobs, monkeypatch):
    stopped = start(place, [echo], now, run_jobs)
    call = cage.call

    def broken(name, **options):
        if name == "clean_header":
            raise cage.BadFile("unsupported_compression")
        return call(name, **options)

    monkeypatch.setattr(cage, "call", broken)
    Job.objects.filter(name="media_pipeline.deidentify").update(max_attempts=1)
    run_jobs()
    reader = sign_in(Client(), place.officer)
    assert "去标识化已停止" in reader.get(reverse("media_pipeline:deid_list")).content.decode()
    page = reader.get(url("deid_release", stopped)).content.decode()
    assert "其中一幅影像已损坏" in page and url("deid_again", stopped) in page
    outsider = sign_in(Client(), place.requester)
    assert outsider.post(url("deid_again", stopped)).status_code == 403
    assert Job.objects.get(name="media_pipeline.deidentify").state == "dead"

    monkeypatch.undo()
    assert reader.post(url("deid_again", stopped)).status_code == 302
    run_jobs()

    stopped.refresh_from_db()
    assert stopped.state == "pixel_review"
    assert AuditEntry.objects.filter(action="release.retried", subject_id=stopped.pk).count() == 1
    assert "没有停止的处理" in reader.post(url("deid_again", stopped), follow=True).content.decode()
