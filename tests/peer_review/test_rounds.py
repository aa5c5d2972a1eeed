"""Rounds: who may review, how a round is decided, what is told of it and when it is withdrawn."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.ids import uuid7
from core.notify.models import Notification
from peer_review import selectors, services
from peer_review.api import comments_of, get_round, named_reviewers
from peer_review.errors import (
    ConflictOfInterest,
    ReviewNotFound,
    RoundAlreadyOpen,
    TooFewReviewers,
)
from peer_review.models import Assignment
from peer_review.rubrics import load, parse
from tests.factories.courses import SCORES, assignment_of, report


def test_without_a_choice_the_least_burdened_without_a_conflict_are_asked(house, open_for):
    facts = get_round(open_for())
    asked = set(Assignment.objects.filter(round=facts.id).values_list("reviewer_id", flat=True))
    assert asked == {house.reviewer.person_id, house.reviewer2.person_id}
    assert (facts.needed, facts.submitted, facts.state, facts.outcome) == (2, 0, "open", "")


def test_a_colleague_of_the_same_department_cannot_review(house, open_for):
    with pytest.raises(ConflictOfInterest):
        open_for(house.reviewer, house.colleague)
    assert Assignment.objects.count() == 0


def test_somebody_without_the_role_reads_as_missing(house, open_for):
    with pytest.raises(ReviewNotFound):
        open_for(house.reviewer, house.editor)


def test_one_reviewer_is_too_few(house, open_for):
    with pytest.raises(TooFewReviewers):
        open_for(house.reviewer)


def test_one_round_at_a_time(house, open_for):
    subject_id = uuid7()
    open_for(subject_id=subject_id)
    with pytest.raises(RoundAlreadyOpen):
        open_for(subject_id=subject_id)


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        (("approve", "approve"), "approved"),
        (("approve", "changes"), "changes_requested"),
        (("changes", "reject"), "rejected"),
    ],
)
def test_the_last_report_decides(house, open_for, now, verdicts, outcome):
    round_id = open_for(house.reviewer, house.reviewer2)
    assert report(house.reviewer, round_id, now, verdicts[0]) == ""
    assert get_round(round_id).reports == ()
    assert report(house.reviewer2, round_id, now, verdicts[1]) == outcome
    facts = get_round(round_id)
    assert (facts.outcome, facts.state, facts.mean_score) == (outcome, "decided", Decimal("4.40"))
    assert [r.label for r in facts.reports] == ["A", "B"]


def test_a_weighted_score_needs_every_item():
    rubric = parse(load("course"))
    assert rubric.weighted({"accuracy": 5}) is None
    assert rubric.weighted(SCORES) == Decimal("4.40")


def test_names_are_told_only_with_consent(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    report(house.reviewer, round_id, now, is_named=True)
    report(house.reviewer2, round_id, now, is_named=None)
    assert named_reviewers(round_id) == ([house.reviewer.person_id], 2)
    mine = assignment_of(round_id, house.reviewer)
    services.set_naming(actor=house.reviewer, assignment_id=mine.pk, is_named=False, now=now)
    assert named_reviewers(round_id) == ([], 2)


def test_comments_stay_blind_and_a_double_click_is_one_comment(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    mine, key = assignment_of(round_id, house.reviewer), uuid7()
    for _click in range(2):
        services.write_comment(
            actor=house.reviewer, assignment_id=mine.pk, comment_id=key, anchor="b1", text="请给出处", now=now
        )
    answer = {"actor": house.author, "parent_id": key, "comment_id": uuid7(), "text": "已补"}
    with pytest.raises(ReviewNotFound):
        services.answer_comment(**answer, round_id=uuid7(), now=now)
    services.answer_comment(**answer, round_id=round_id, now=now + timedelta(hours=1))
    (thread,) = comments_of(round_id)
    assert (thread.text, [r.author for r in thread.replies]) == ("请给出处", ["author"])
    assert thread.label == selectors.letter(mine.ordinal)


def subject_of_round(round_id):
    facts = get_round(round_id)
    return {"subject_kind": facts.subject_kind, "subject_id": facts.subject_id}


def test_a_withdrawn_subject_is_named_no_more_and_waits_for_nobody(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2, title="T-0001 心尖四腔心")
    report(house.reviewer, round_id, now)
    told = {row.key for row in Notification.objects.filter(params={"title": "T-0001 心尖四腔心"})}
    assert told == {f"review-{pk}" for pk in Assignment.objects.values_list("pk", flat=True)} and len(told) == 2
    other = open_for(house.reviewer, house.reviewer2, title="Other", subject_id=uuid7())

    for _twice in range(2):
        services.withdraw_subject(**subject_of_round(round_id), title="T-0001", now=now)

    facts = get_round(round_id)
    assert (facts.title, facts.state, facts.submitted) == ("T-0001", "cancelled", 1)
    assert assignment_of(round_id, house.reviewer2).state == "released"
    rows = dict(Notification.objects.filter(key__in=told).values_list("key", "params"))
    assert rows == {key: {"title": "T-0001"} for key in told}
    assert (get_round(other).title, get_round(other).state) == ("Other", "open")
    assert Notification.objects.filter(params={"title": "Other"}).count() == 2
    services.withdraw_subject(subject_kind=facts.subject_kind, subject_id=uuid7(), title="T-0001", now=now)
    assert get_round(other).title == "Other"
