"""A reviewer steps back or loses the role: the place is filled, or the desk fills it; nothing is decided meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from core.notify.models import Notification
from peer_review import selectors, services, shell
from peer_review.api import get_round
from peer_review.errors import (
    ConflictOfInterest,
    ReviewNotFound,
    RoundStaffed,
)
from peer_review.models import Assignment, ReviewRound
from peer_review.services import staffing
from peer_review.subjects import _subjects, subject_of
from tests.factories.courses import assignment_of, report
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in


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
