"""Rounds: who may review, what a report needs, how it is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from core.audit.models import AuditEntry
from core.ids import uuid7
from core.notify.models import Notification
from directory.api import people_with_permission
from peer_review import selectors, services, shell
from peer_review.api import comments_of, get_round, named_reviewers, open_round
from peer_review.contracts import ReviewBlock
from peer_review.errors import (
    ConflictOfInterest,
    ReportIncomplete,
    ReviewNotFound,
    RoundAlreadyOpen,
    RoundStaffed,
    TooFewReviewers,
)
from peer_review.models import Assignment, ReviewReport, ReviewRound
from peer_review.rubrics import load, parse
from peer_review.services import staffing
from peer_review.subjects import _subjects, register_subject, subject_of
from tests.factories.courses import SCORES, report
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in


def _render(manifest, *, actor, now):
    return [ReviewBlock("b1", "Unit 1", "Text", "<p>Text</p>")]


def _ids(permission):
    def held(actor):
        rows = ReviewRound.objects.filter(subject_kind="thing")
        return (rows if actor.may(permission) else rows.none()).values("subject_id")

    return held


@pytest.fixture(autouse=True)
def subject(monkeypatch):
    monkeypatch.setitem(_subjects, "thing", None)
    _subjects.pop("thing")
    register_subject(
        kind="thing",
        label="Thing",
        rubric="course",
        permission="course.review",
        render=_render,
        answerable_ids=_ids("course.author"),
        staffable_ids=_ids("course.publish"),
        leads=lambda subject_id, now: people_with_permission("course.publish", now),
    )
    yield
    _subjects.pop("thing", None)


@pytest.fixture
def open_for(house, now):
    def start(*reviewers, **changes):
        values = {
            "actor": house.author,
            "subject_kind": "thing",
            "subject_id": uuid7(),
            "title": "Thing",
            "manifest": {"a": 1},
            "manifest_hash": "sha256:1",
            "author_ids": [house.author.person_id],
            "reviewer_ids": [r.person_id for r in reviewers],
            "now": now,
        }
        return open_round(**values | changes)

    return start


def assignment_of(round_id, actor) -> Assignment:
    return Assignment.objects.get(round=round_id, reviewer=actor.person_id)


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


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scores": {"accuracy": 5}}, "score_fit"),
        ({"scores": SCORES | {"fit": 3}}, "reason_fit"),
        ({"summary": ""}, "summary"),
    ],
)
def test_an_incomplete_report_says_where_and_decides_nothing(house, open_for, now, changes, field):
    round_id = open_for(house.reviewer, house.reviewer2)
    with pytest.raises(ReportIncomplete) as caught:
        report(house.reviewer, round_id, now, "changes", **changes)
    assert field in caught.value.fields
    assert ReviewReport.objects.count() == 0
    assert assignment_of(round_id, house.reviewer).state == "assigned"


def test_a_conflict_found_later_refuses_the_report(house, open_for, now):
    from tests.factories.courses import put_in_department

    round_id = open_for(house.reviewer, house.reviewer2)
    person = house.people.reviewer
    person.memberships.update(organisation=house.hospital)
    put_in_department(person, "cardiology")
    with pytest.raises(ConflictOfInterest):
        report(house.reviewer, round_id, now)


def test_stepping_back_asks_the_next_peer(house, open_for, now):
    third = make_actor(make_person(house.elsewhere, "reviewer"), now)
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = assignment_of(round_id, house.reviewer)
    services.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)
    assert assignment_of(round_id, third).state == "assigned"
    assert get_round(round_id).needed == 2


def test_with_nobody_free_the_round_waits_and_one_approval_decides_nothing(house, open_for, now):
    # given a reviewer who steps back when nobody else is free
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = assignment_of(round_id, house.reviewer)
    services.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)

    # when the other one approves
    report(house.reviewer2, round_id, now)

    # then nothing is decided, and the desk is told: by a notification, a task and the page of the round
    facts = get_round(round_id)
    assert (facts.state, facts.outcome, facts.needed, facts.submitted, facts.missing) == ("open", "", 2, 1, 1)
    told = Notification.objects.filter(kind="peer_review.reviewer_missing")
    assert [(row.person_id, row.url) for row in told] == [(house.editor.person_id, f"/reviews/rounds/{round_id}/")]
    assert [item.url for item in shell.missing_reviewers(house.editor, now)] == [f"/reviews/rounds/{round_id}/"]
    assert list(shell.missing_reviewers(house.reviewer2, now)) == []
    assert list(shell.missing_reviewers(house.author, now)) == []


def test_the_desk_names_a_reviewer_for_the_empty_place(house, open_for, now):
    # given a round with an empty place, and a new peer
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = assignment_of(round_id, house.reviewer)
    services.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)
    report(house.reviewer2, round_id, now)
    third = make_actor(make_person(house.elsewhere, "reviewer"), now)
    client = sign_in(Client(), house.people.editor)
    page = client.get(f"/reviews/rounds/{round_id}/").content.decode()
    assert str(third.person_id) in page
    assert str(house.colleague.person_id) not in page

    # when somebody in conflict, somebody asked before, or a stranger is named, nothing changes
    name = {"actor": house.editor, "round_id": round_id, "now": now}
    with pytest.raises(ConflictOfInterest):
        services.name_reviewer(reviewer_id=house.colleague.person_id, **name)
    for refused in (house.reviewer.person_id, house.outsider.person_id):
        with pytest.raises(ReviewNotFound):
            services.name_reviewer(reviewer_id=refused, **name)
    with pytest.raises(ReviewNotFound):
        services.name_reviewer(**name | {"actor": house.reviewer2}, reviewer_id=third.person_id)
    assert Assignment.objects.filter(round=round_id).count() == 2

    # then the new peer is asked, and decides
    asked = client.post(f"/reviews/rounds/{round_id}/", {"reviewer": str(third.person_id)})
    assert asked.status_code == 302
    with pytest.raises(RoundStaffed):
        services.name_reviewer(reviewer_id=house.colleague.person_id, **name)
    report(third, round_id, now)
    assert get_round(round_id).outcome == "approved"


def test_whoever_lost_the_role_reads_and_hands_in_nothing(house, open_for, now):
    # given a reviewer whose grant has ended
    round_id = open_for(house.reviewer, house.reviewer2)
    mine, person = assignment_of(round_id, house.reviewer), house.people.reviewer
    person.grants.update(ends_at=now)
    lapsed = make_actor(person, now)

    # when everything is tried
    client = sign_in(Client(), person)
    assert client.get(f"/reviews/{mine.pk}/").status_code == 404
    ids = {"actor": lapsed, "assignment_id": mine.pk, "now": now}
    with pytest.raises(ReviewNotFound):
        report(lapsed, round_id, now)
    with pytest.raises(ReviewNotFound):
        services.save_report(**ids, scores={}, reasons={}, summary="x")
    with pytest.raises(ReviewNotFound):
        services.write_comment(**ids, comment_id=uuid7(), anchor="b1", text="x")

    # then nothing was kept, and nothing waits for them
    assert assignment_of(round_id, house.reviewer).state == "assigned"
    assert ReviewReport.objects.count() == 0
    assert list(selectors.mine_to_do(lapsed)) == []


@pytest.mark.parametrize("is_somebody_free", [True, False])
def test_a_lapsed_reviewer_is_released_and_the_place_is_filled(house, open_for, now, is_somebody_free):
    round_id = open_for(house.reviewer, house.reviewer2)
    house.people.reviewer.grants.update(ends_at=now)
    third = make_actor(make_person(house.elsewhere, "reviewer"), now) if is_somebody_free else None

    assert services.release_lapsed(now=now + timedelta(minutes=1)) == 1
    assert services.release_lapsed(now=now + timedelta(minutes=2)) == 0

    assert assignment_of(round_id, house.reviewer).state == "released"
    assert get_round(round_id).missing == (0 if third else 1)
    if third:
        assert assignment_of(round_id, third).state == "assigned"


def test_a_row_that_cannot_be_worked_on_stops_no_other_and_an_administrator_hears_of_it(
    house, open_for, now, monkeypatch, caplog
):
    # given two rounds of a reviewer whose role ended, the first of which cannot be filled
    first, second = open_for(house.reviewer, house.reviewer2), open_for(house.reviewer, house.reviewer2)
    administrator = make_person(house.elsewhere, "system_admin")
    house.people.reviewer.grants.update(ends_at=now)
    fill = staffing.fill_place

    def broken(row, now):
        if row.pk == first:
            raise RuntimeError("out of order")
        return fill(row, now)

    monkeypatch.setattr(staffing, "fill_place", broken)
    # when the clock comes by twice
    done = [services.release_lapsed(now=now + timedelta(minutes=minutes)) for minutes in (1, 11)]
    # then the other round goes on, nothing of the bad one is half done, and it is told once
    assert done == [1, 0]
    states = [assignment_of(round_id, house.reviewer).state for round_id in (first, second)]
    assert states == ["assigned", "released"]
    (told,) = Notification.objects.filter(kind="peer_review.lapse_failed")
    assert (told.person, told.params) == (administrator, {"assignment": str(assignment_of(first, house.reviewer).pk)})
    assert "out of order" in caplog.text
    # and what can be worked on again is
    monkeypatch.setattr(staffing, "fill_place", fill)
    assert services.release_lapsed(now=now + timedelta(minutes=21)) == 1


def test_a_round_that_lacks_a_reviewer_is_found_behind_many_that_others_staff(
    house, open_for, now, monkeypatch, django_assert_num_queries
):
    # given 20 rounds that this person does not staff, and one later that they do
    nobody = replace(
        subject_of("thing"), kind="foreign", staffable_ids=lambda actor: ReviewRound.objects.none().values("pk")
    )
    monkeypatch.setitem(_subjects, "foreign", nobody)
    for _each in range(selectors.MOST_TASKS):
        open_for(house.reviewer, house.reviewer2, subject_kind="foreign")
    mine = open_for(house.reviewer, house.reviewer2, due_at=now + timedelta(days=30))
    Assignment.objects.update(state="released")
    # then it is found, at the cost of one query
    with django_assert_num_queries(1):
        found = selectors.rounds_without_reviewer(house.editor)
    assert [row.pk for row in found] == [mine]
    assert selectors.rounds_without_reviewer(house.outsider) == []


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


def test_another_reviewers_assignment_is_not_found_and_stays_as_it_was(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = assignment_of(round_id, house.reviewer)
    before = AuditEntry.objects.count()
    with pytest.raises(ReviewNotFound):
        services.save_report(actor=house.reviewer2, assignment_id=mine.pk, scores={}, reasons={}, summary="", now=now)
    assert ReviewReport.objects.count() == 0
    assert AuditEntry.objects.count() == before


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


def test_a_second_click_on_the_report_is_no_error(house, open_for, now):
    # Given a round of two, and a page whose button is clicked twice
    round_id = open_for(house.reviewer, house.reviewer2)
    parts = {a.reviewer_id: a for a in Assignment.objects.filter(round=round_id)}
    posted = {f"score_{key}": score for key, score in SCORES.items()}
    posted |= {"summary": " 可以发布。 ", "verdict": "approve", "is_named": "yes"}
    for person, outcome in ((house.people.reviewer, ""), (house.people.reviewer2, "approved")):
        client = sign_in(Client(), person)
        address = f"/reviews/{parts[person.pk].pk}/report/"
        # When the same is sent twice, the round decided in between or not
        answers = [client.post(address, posted) for _click in range(2)]
        # Then both lead to the desk, and it is handed in once
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/reviews/")] * 2
        assert get_round(round_id).outcome == outcome
        # And another report is refused
        for change in ({"summary": "其实不行。"}, {"verdict": "changes"}, {"is_named": "no"}, {"score_fit": 5}):
            assert client.post(address, posted | change).status_code == 409
    assert AuditEntry.objects.filter(action="review.reported").count() == 2
    assert set(ReviewReport.objects.values_list("summary", "verdict")) == {("可以发布。", "approve")}
