"""Who sees the images of a case at each step of its life: nobody is let in early, and nobody stays too long."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from casebook import api as casebook
from casebook.models import CaseVersion
from casebook.services.curating import save_draft, start_new_version
from casebook.services.proposing import reject_proposal
from core.actor import SYSTEM
from core.notify.models import Notification
from core.states import WrongState
from media_pipeline import api as media
from media_pipeline.models import ReleaseAudience, TeachingStudy
from peer_review import services as reviews
from peer_review.api import get_round
from peer_review.models import Assignment
from tests.casebook.conftest import browser
from tests.casebook.test_content import WHOLE
from tests.factories.people import make_actor, make_organisation, make_person

DESK = {"editor", "colleague", "province_editor", "officer", "officer2"}
REVIEWERS = {"reviewer", "reviewer2"}
OTHERS = {"foreign_editor", "reader", "reviewer3", "author"}
EVERYBODY = DESK | REVIEWERS | OTHERS


@pytest.fixture
def house(house: SimpleNamespace, now) -> SimpleNamespace:
    """With a third reviewer, and a course author of the answering hospital."""
    house.reviewer3 = make_actor(make_person(make_organisation(house.bridge.province), "reviewer"), now)
    house.author = make_actor(make_person(house.bridge.centre, "author"), now)
    return house


@pytest.fixture
def pictured(opened, now):
    """The open release of texts, as if it held a study too."""
    TeachingStudy.objects.create(release_id=opened.release_id, study_uid="1.2.3", created_at=now)
    return opened


def seeing(house, now) -> set[str]:
    return {n for n in EVERYBODY if TeachingStudy.objects.visible_to(getattr(house, n), now).exists()}


def frozen(house, version: CaseVersion, now):
    save_draft(actor=house.editor, version_id=version.pk, revision=version.revision, content=WHOLE, now=now)
    reviewers = [getattr(house, name).person_id for name in sorted(REVIEWERS)]
    return casebook.freeze_version(
        actor=house.editor, version_id=version.pk, reviewer_ids=reviewers, like_reason="未写地点和日期。", now=now
    )


def hand_in(actor, round_id, now, verdict="approve") -> None:
    assignment = Assignment.objects.select_related("round").get(round=round_id, reviewer=actor.person_id)
    scores = {item["key"]: 5 for item in assignment.round.rubric["items"]}
    reviews.submit_report(
        actor=actor, assignment_id=assignment.pk, scores=scores, reasons={}, summary="可以。", verdict=verdict,
        is_named=True, now=now,
    )  # fmt: skip


def test_from_the_open_release_to_the_withdrawal(house, pictured, now, run_jobs):
    # given an open release, its officers and the desks at and above the hospital see it
    assert seeing(house, now) == DESK
    case_id = casebook.accept_proposal(actor=house.editor, proposal_id=pictured.pk, specialty="cardiology", now=now)
    version = CaseVersion.unscoped.get(case=case_id)
    assert seeing(house, now) == DESK
    # when it is reviewed, its two reviewers do
    round_id = frozen(house, version, now)
    assert seeing(house, now) == DESK | REVIEWERS
    hand_in(house.reviewer, round_id, now)
    run_jobs(now)
    assert seeing(house, now) == DESK | REVIEWERS
    hand_in(house.reviewer2, round_id, now)
    run_jobs(now)
    assert seeing(house, now) == DESK
    # when it is published, whoever is signed in does, and the system stands for nobody in particular
    casebook.publish_version(actor=house.editor, version_id=version.pk, now=now)
    assert seeing(house, now) == EVERYBODY
    assert TeachingStudy.objects.visible_to(SYSTEM, now).exists()
    # a second version changes nothing for readers, before and after it takes the first one's place
    second = CaseVersion.unscoped.get(pk=start_new_version(actor=house.editor, case_id=case_id, now=now))
    round_id = frozen(house, second, now)
    for name in sorted(REVIEWERS):
        hand_in(getattr(house, name), round_id, now)
    run_jobs(now)
    casebook.publish_version(actor=house.editor, version_id=second.pk, now=now)
    assert seeing(house, now) == EVERYBODY
    # retired, it is the desk's again; withdrawn, it is nobody's and no row is left
    casebook.retire_version(actor=house.editor, version_id=second.pk, now=now)
    assert seeing(house, now) == DESK
    media.close_release(release_id=pictured.release_id, reason="consent withdrawn", now=now)
    assert (seeing(house, now), ReleaseAudience.objects.count()) == (set(), 0)
    run_jobs(now)
    assert ReleaseAudience.objects.count() == 0


def test_a_reviewer_who_steps_back_is_followed_by_another(house, pictured, now, run_jobs):
    case_id = casebook.accept_proposal(actor=house.editor, proposal_id=pictured.pk, specialty="cardiology", now=now)
    round_id = frozen(house, CaseVersion.unscoped.get(case=case_id), now)
    mine = Assignment.objects.get(round=round_id, reviewer=house.reviewer.person_id)
    reviews.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)
    run_jobs(now)
    assert seeing(house, now) == DESK | {"reviewer2", "reviewer3"}
    for name in ("reviewer2", "reviewer3"):
        hand_in(getattr(house, name), round_id, now, verdict="changes")
    run_jobs(now)
    assert seeing(house, now) == DESK


def test_a_reviewer_whose_role_ended_sees_no_image(house, pictured, now):
    # Given a version in review
    case_id = casebook.accept_proposal(actor=house.editor, proposal_id=pictured.pk, specialty="cardiology", now=now)
    frozen(house, CaseVersion.unscoped.get(case=case_id), now)
    assert seeing(house, now) == DESK | REVIEWERS
    # When one reviewer's role ends, with no task run
    person = house.people["reviewer"]
    person.grants.update(ends_at=now)
    house.reviewer = make_actor(person, now)
    # Then the images are theirs no more, and the other reads on
    assert seeing(house, now) == DESK | {"reviewer2"}


def test_a_refused_publication_and_a_rejected_proposal_let_nobody_in(house, pictured, now, run_jobs):
    before = set(ReleaseAudience.objects.values_list("holder", "purpose"))
    case_id = casebook.accept_proposal(actor=house.editor, proposal_id=pictured.pk, specialty="cardiology", now=now)
    version = CaseVersion.unscoped.get(case=case_id)
    with pytest.raises(WrongState):
        casebook.publish_version(actor=house.editor, version_id=version.pk, now=now)
    assert set(ReleaseAudience.objects.values_list("holder", "purpose")) == before
    assert {purpose for _holder, purpose in before} == {"editing", "deidentification"}


def test_a_rejected_proposal_takes_its_rows_along(house, pictured, now):
    reject_proposal(actor=house.editor, proposal_id=pictured.pk, reason="不典型。", now=now)
    assert (seeing(house, now), ReleaseAudience.objects.count()) == (set(), 0)


def test_the_title_of_a_withdrawn_case_stands_in_no_list_and_no_notice(house, pictured, now, run_jobs):
    case_id = casebook.accept_proposal(actor=house.editor, proposal_id=pictured.pk, specialty="cardiology", now=now)
    version = CaseVersion.unscoped.select_related("case").get(case=case_id)
    round_id = frozen(house, version, now)
    reviewer = browser(house.people["reviewer"])
    for page in ("/reviews/", "/notifications/", "/home/"):
        assert WHOLE["title"] in reviewer.get(page).content.decode(), page

    media.close_release(release_id=pictured.release_id, reason="consent withdrawn", now=now)
    run_jobs(now)

    for page in ("/reviews/", "/notifications/", "/home/"):
        assert WHOLE["title"] not in reviewer.get(page).content.decode(), page
    assert version.case.code in reviewer.get("/notifications/").content.decode()
    assert (get_round(round_id).title, get_round(round_id).state) == (version.case.code, "cancelled")
    told = [str(params) for params in Notification.objects.values_list("params", flat=True)]
    assert told and not any(WHOLE["title"] in params for params in told)
