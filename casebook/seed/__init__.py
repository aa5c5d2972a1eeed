"""Published teaching cases of the seeded year, each made the real way from a closed, consented consult.

The consults carry no images, so the cases say that they hold texts only. What stands in them are the release's own
de-identified texts; question, points and references come from `cases.json`. Sources of the statements stand in each
case's references.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from casebook import api as casebook
from casebook.drafting import with_part
from casebook.models import CaseVersion
from casebook.services.proposing import note_release
from casebook.services.publishing import note_decision
from consult_bridge import api as consult_bridge
from core.actor import Actor
from core.jobs.models import Job
from core.jobs.running import run_job
from core.notify import mark_all_read
from directory.api import SeededProvince, actor_for_person
from media_pipeline import api as media
from peer_review.api import assignment_of, submit_report

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
REASON = "基层常见，处理顺序值得一讲。"
ITEMS = ("deidentified", "accuracy", "teaching", "wording")
FEW_ALIKE = "县级范围内同类患者少；病例未写地点、机构和日期，仅凭性别和年龄段认不出本人。"
SUMMARIES = ("步骤清楚，题目问在要害上。可以发布。", "与指南一致，看不出患者是谁。可以发布。")


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Write every case for whose subject there is a consented consult. Raises KeyError without the demo's people."""
    desk = Desk(rng, province, now)
    for number, case in enumerate(CASES):
        found = consult_bridge.consented_consults(desk.proposer, subject=case["subject"])
        if found:
            desk.write(case, found[0], now - timedelta(days=50 - 7 * number))
    for actor in (desk.editor, *desk.reviewers):
        mark_all_read(person_id=actor.person_id, now=now)


class Desk:
    """Plays the expert who proposes, both officers, the editor and both reviewers."""

    def __init__(self, rng: Random, province: SeededProvince, now: datetime) -> None:
        self.rng, self.province, self.now = rng, province, now
        self.proposer, self.editor = self._actor("expert"), self._actor("editor")
        self.officers = [self._actor(name) for name in ("deid_officer", "deid_officer2")]
        self.reviewers = [self._actor(name) for name in ("reviewer", "reviewer2")]

    def _actor(self, username: str) -> Actor:
        return actor_for_person(self.province.people[username].pk, self.now, is_mfa_verified=True)

    def write(self, case: dict[str, Any], consult_id: UUID, at: datetime) -> None:
        """Propose, release, curate, review, publish; `at` is the day of the proposal, three weeks before the last."""
        proposal_id = casebook.propose(actor=self.proposer, consult_id=consult_id, reason=REASON, now=at)
        self._release(proposal_id, at)
        case_id = casebook.accept_proposal(
            actor=self.editor, proposal_id=proposal_id, specialty="", now=at + timedelta(days=3)
        )
        version = CaseVersion.unscoped.get(case=case_id)
        self._curate(version, case, at + timedelta(days=5))
        self._review(version.pk, at + timedelta(days=7))
        casebook.publish_version(actor=self.editor, version_id=version.pk, now=at + timedelta(days=12))

    def _release(self, proposal_id: UUID, at: datetime) -> None:
        release_id = casebook.release_of(proposal_id)
        self._work(release_id, at)
        for days, officer in enumerate(self.officers, start=1):
            media.confirm_texts(actor=officer, release_id=release_id, now=at + timedelta(days=days))
            media.confirm_release(actor=officer, release_id=release_id, now=at + timedelta(days=days))
        self._work(release_id, at + timedelta(days=2, hours=1))
        note_release(release_id=release_id, now=at + timedelta(days=2, hours=1))

    def _work(self, release_id: UUID, at: datetime) -> None:
        """What a worker does with this release's jobs."""
        jobs = Job.objects.filter(state="queued", arguments={"release_id": str(release_id)})
        for job_id in list(jobs.values_list("pk", flat=True)):
            run_job(job_id, clock=lambda: at)

    def _curate(self, version: CaseVersion, case: dict[str, Any], at: datetime) -> None:
        head = {name: case[name] for name in ("title", "summary", "difficulty")}
        head |= {name: version.content[name] for name in ("specialty", "sex", "age_band")}
        learning = {name: case[name] for name in ("objectives", "references")}
        content = with_part(with_part(version.content, "head", head), "learning", learning)
        content = with_part(content, "ask", {"kind": "question", "question": case["question"]})
        content = with_part(content, "points", {"kind": "points", "body": case["points"]})
        steps = [readable(step) for step in content["steps"]]
        ask = steps.pop(next(n for n, step in enumerate(steps) if step["id"] == "ask"))
        steps.insert(_place_of_question(steps, case), ask)
        casebook.save_draft(
            actor=self.editor, version_id=version.pk, revision=0, content={**content, "steps": steps}, now=at
        )

    def _review(self, version_id: UUID, at: datetime) -> None:
        reviewer_ids = [reviewer.person_id for reviewer in self.reviewers]
        round_id = casebook.freeze_version(
            actor=self.editor, version_id=version_id, reviewer_ids=reviewer_ids, like_reason=FEW_ALIKE, now=at
        )
        for days, reviewer in enumerate(self.reviewers, start=2):
            submit_report(
                actor=reviewer,
                assignment_id=assignment_of(round_id, reviewer.person_id),
                scores={item: self.rng.choice((4, 4, 5, 5)) for item in ITEMS},
                reasons={},
                summary=self.rng.choice(SUMMARIES),
                verdict="approve",
                is_named=True,
                now=at + timedelta(days=days),
            )
        note_decision(round_id=round_id, now=at + timedelta(days=3))


def _place_of_question(steps: list[dict[str, Any]], case: dict[str, Any]) -> int:
    """Before the reasoning, which a reader is asked for; behind it where the question takes the diagnosis for known."""
    found = next((n for n, step in enumerate(steps) if step["kind"] == "reasoning"), None)
    if found is None:
        return len(steps) - 1
    return found + 1 if case.get("knows_diagnosis") else found


def readable(step: dict[str, Any]) -> dict[str, Any]:
    """The editor's own words where de-identification left its marks."""
    body = step.get("body", "").replace("[姓名]", "患者").replace("[地点]", "当地")
    return {**step, "body": body}
