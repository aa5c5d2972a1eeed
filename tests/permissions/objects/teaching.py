"""From a closed consult of county A to a release in review, an open one, a proposal, and cases in each state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from casebook import drafting
from casebook.models import CaseVersion, Proposal
from casebook.services import curating, proposing, publishing
from core import crypto
from core.ids import uuid7
from core.jobs.models import Job
from directory.models import Person
from media_pipeline import stores
from media_pipeline.models import TeachingRelease, TeachingStudy, Video
from media_pipeline.release import reading, reviewing, sealing
from peer_review import services as reviews
from peer_review.api import standing_of
from peer_review.models import Assignment
from tests.casebook.test_content import WHOLE
from tests.factories.courses import put_in_department
from tests.factories.people import make_actor, make_person
from tests.permissions.objects.consults import closed_with_study, dicomweb_ids
from tests.permissions.objects.house import Forms, House, Target

BOX: dict[str, Any] = {"left": 0, "top": 0, "width": 8, "height": 8, "reason": "name"}


class Teaching:
    """The two officers, the editor and two peers, all of the hospital that answered: cases belong to it."""

    def __init__(self, house: House) -> None:
        self.house = house
        centre = house.bridge.centre
        self.officers = [make_person(centre, "deid_officer") for _two in range(2)]
        self.editor = make_person(centre, "editor")
        self.reviewers = [make_person(centre, "reviewer") for _two in range(2)]
        for person in self.reviewers:
            put_in_department(person, "cardiology")

    def proposed(self, name: str, *, has_images: bool = True) -> Proposal:
        """A proposal whose release waits for the officers."""
        consult = closed_with_study(self.house, name, has_images=has_images)
        pk = proposing.propose(
            actor=self.house.bridge.requester, consult_id=consult.pk, reason="典型。", now=self.house.now
        )
        self.house.finish_jobs()
        return Proposal.unscoped.get(pk=pk)

    def opened(self, name: str, *, has_images: bool = True) -> Proposal:
        """The same after both officers confirmed."""
        proposal = self.proposed(name, has_images=has_images)
        release = TeachingRelease.objects.get(pk=str(proposal.release_id))
        frames = [(c.pk, n) for c in release.candidates.all() for n in range(1, c.frames + 1)]
        for officer in self.officers:
            call: dict[str, Any] = {"actor": make_actor(officer), "release_id": release.pk, "now": self.house.now}
            reviewing.confirm_frames(frames=frames, **call)
            reading.confirm_texts(**call)
            reviewing.confirm_release(**call, face="no_head", face_reason="体模")
        self.house.finish_jobs()
        proposal.refresh_from_db()
        return proposal

    def drafted(self, proposal: Proposal) -> CaseVersion:
        """A case whose first version is complete and still a draft."""
        actor = make_actor(self.editor)
        case_id = proposing.accept_proposal(
            actor=actor, proposal_id=proposal.pk, specialty="cardiology", now=self.house.now
        )
        version = CaseVersion.unscoped.get(case=case_id)
        curating.save_draft(
            actor=actor, version_id=version.pk, revision=version.revision, content=WHOLE, now=self.house.now
        )
        return CaseVersion.unscoped.get(pk=version.pk)

    def approve(self, version_id: UUID) -> None:
        now = self.house.now
        peers = [person.pk for person in self.reviewers]
        round_id = publishing.freeze_version(
            actor=make_actor(self.editor),
            version_id=version_id,
            reviewer_ids=peers,
            like_reason="病例未写地点和日期。",
            now=now,
        )
        for person in self.reviewers:
            assignment = Assignment.objects.select_related("round").get(round=round_id, reviewer=person)
            scores = {item["key"]: 5 for item in assignment.round.rubric["items"]}
            reviews.submit_report(
                actor=make_actor(person), assignment_id=assignment.pk, scores=scores, reasons={}, summary="可以。",
                verdict="approve", is_named=True, now=now + timedelta(minutes=1),
            )  # fmt: skip
        self.house.finish_jobs()


def targets(house: House) -> dict[str, Target]:
    team = Teaching(house)
    return {**_pixels(team), **_pulled(team), **_cases(team), **_published_images(team), **_unpublished_images(team)}


def _pixels(team: Teaching) -> dict[str, Target]:
    release = TeachingRelease.objects.get(pk=str(team.proposed("pixels").release_id))
    officer, candidate = team.officers[0], release.candidates.get()
    one = {"release_id": release.pk}
    box_id = reviewing.draw_box(
        actor=make_actor(team.officers[1]), release_id=release.pk, candidate_id=candidate.pk, now=team.house.now, **BOX
    )
    strike_id = reading.strike_words(
        actor=make_actor(team.officers[1]), release_id=release.pk, words="典型", now=team.house.now
    )
    alike = {**one, "candidate_id": candidate.pk, "left": 40, "top": 40, "width": 8, "height": 8}
    looked = {"act": "cover", "looked": "on", "place": f"{candidate.pk}:bare"}
    made: Forms = {
        "deid_alike": (alike, {}),
        "deid_alike_decide": (alike, looked),
        "deid_strip": (alike, {}),
        "deid_release": (one, {}),
        "deid_texts": (one, {"text": "question:0"}),
        "deid_texts_back": (one, {"name": "question"}),
        "deid_strike": (one, {"words": "典型"}),
        "deid_strike_remove": ({**one, "strike_id": strike_id}, {}),
        "deid_frames_back": (one, {"frame": f"{candidate.pk}:1"}),
        "deid_confirm_back": (one, {}),
        "deid_again": (one, {}),
        "deid_frames": (one, {"frame": f"{candidate.pk}:1"}),
        "deid_box": (one, {**BOX, "candidate": candidate.pk}),
        "deid_box_move": ({**one, "box_id": box_id}, BOX),
        "deid_box_remove": ({**one, "box_id": box_id}, {}),
        "deid_mark": (one, {"candidate": candidate.pk, "mark": 1, "left_visible": "on"}),
        "deid_confirm": (one, {}),
        "deid_refuse": (one, {"reason": "面部可见。"}),
        "deid_frame": ({**one, "candidate_id": candidate.pk, "number": 1}, {}),
    }
    return {f"media_pipeline:{name}": Target(officer, ids, form) for name, (ids, form) in made.items()}


def _pulled(team: Teaching) -> dict[str, Target]:
    """An open release in which an officer found something."""
    found = {"release_id": team.opened("found", has_images=False).release_id}
    target = Target(team.officers[0], found, {"reason": "第二段文字里留有姓名。"})
    return {"media_pipeline:deid_pull": target}


def _cases(team: Teaching) -> dict[str, Target]:
    waiting = team.opened("waiting", has_images=False)
    draft = team.drafted(team.opened("draft", has_images=False))
    shown = team.drafted(team.opened("shown", has_images=False))
    editor = make_actor(team.editor)
    team.approve(shown.pk)
    publishing.publish_version(actor=editor, version_id=shown.pk, now=team.house.now)
    second = curating.start_new_version(actor=editor, case_id=shown.case_id, now=team.house.now)
    team.approve(second)
    head: dict[str, Any] = {f"part-{name}": WHOLE[name] for name in ("title", "summary", "age_band", "sex")}
    part = {"part": "head", "version": drafting.mark_of(draft.content, "head"), "action": "save", "part-difficulty": 2}
    peers: dict[str, Any] = {"reviewers": [str(person.pk) for person in team.reviewers]}
    peers["like_reason"] = "病例未写地点和日期。"
    made: Forms = {
        "accept": ({"proposal_id": waiting.pk}, {"specialty": "cardiology"}),
        "reject": ({"proposal_id": waiting.pk}, {"reason": "不典型。"}),
        "settle_amendment": ({"proposal_id": waiting.pk}, {}),
        "edit": ({"version_id": draft.pk}, {**head, **part}),
        "preview": ({"version_id": draft.pk}, {}),
        "review": ({"version_id": draft.pk}, peers),
        "publish": ({"version_id": second}, {}),
        "take_back": ({"version_id": second}, {"seen": standing_of(CaseVersion.unscoped.get(pk=second).round_id).mark}),
        "retire": ({"version_id": shown.pk}, {}),
        "case": ({"case_id": shown.case_id}, {"purpose": "study"}),
        "print": ({"case_id": shown.case_id}, {}),
        "new_version": ({"case_id": draft.case_id}, {}),
    }
    return {f"casebook:{name}": Target(team.editor, ids, form) for name, (ids, form) in made.items()}


def _published_images(team: Teaching) -> dict[str, Target]:
    """Whoever is signed in reads the case, so an author may make a video of it."""
    proposal = team.opened("released")
    version = team.drafted(proposal)
    team.approve(version.pk)
    publishing.publish_version(actor=make_actor(team.editor), version_id=version.pk, now=team.house.now)
    return _images(team, proposal, make_person(team.house.bridge.hospital, "author"))


def _unpublished_images(team: Teaching) -> dict[str, Target]:
    """The release is open, nobody has made a case of it yet."""
    made = _images(team, team.opened("unpublished"), team.editor)
    return {f"{name}@unpublished": target for name, target in made.items()}


def _images(team: Teaching, proposal: Proposal, holder: Person) -> dict[str, Target]:
    study = TeachingStudy.objects.get(release=proposal.release_id)
    video = _video(study, team)
    one, film = {"study_id": study.pk}, {"video_id": video.pk}
    made: Forms = {
        "teaching_viewer": (one, {}),
        "teaching_fragment": (one, {}),
        "teaching_frame": ({**one, "series": 1, "frame": 1}, {}),
        "video_make": (one, {"form_key": video.pk, "series": "1", "title": "环"}),
        "video": (film, {}),
        "video_again": ({"video_id": _stopped_video(study, team).pk}, {}),
        "video_key": (film, {}),
        "video_poster": (film, {}),
        "video_file": ({**film, "name": "master.m3u8"}, {}),
    }
    made |= {name: (ids, {}) for name, ids in dicomweb_ids(study, "teaching_dicomweb").items()}
    return {f"media_pipeline:{name}": Target(holder, ids, form) for name, (ids, form) in made.items()}


def _video(study: TeachingStudy, team: Teaching) -> Video:
    """A ready video without the minute it takes to make one: a sealed key, a poster, a playlist."""
    release = TeachingRelease.objects.get(pk=study.release_id)
    video = Video(
        pk=uuid7(), study=study, series_index=1, title="环", state="ready", seconds=4.0, created_at=team.house.now
    )
    sealed = {
        kind: crypto.seal_bytes(
            plain,
            data_key=sealing.data_key(release),
            context=sealing.context(release.pk, f"video.{kind}", video.pk.hex),
        )
        for kind, plain in (("key", bytes(16)), ("poster", b"\xff\xd8\xff\xd9"))
    }
    video.made_by, video.sealed_key, video.sealed_poster = team.editor, sealed["key"], sealed["poster"]
    video.save()
    stores.teaching().save(f"video/{video.pk}/master.m3u8", ContentFile(b"#EXTM3U\n"))
    return video


def _stopped_video(study: TeachingStudy, team: Teaching) -> Video:
    """One whose making came to a stop."""
    job = Job.objects.create(
        name="media_pipeline.make_video", state="dead", run_after=team.house.now, created_at=team.house.now
    )
    return Video.objects.create(
        pk=uuid7(), study=study, series_index=1, title="停", state="preparing", job_id=job.pk,
        made_by=team.editor, created_at=team.house.now,
    )  # fmt: skip
