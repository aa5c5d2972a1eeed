"""An author cannot tell whose report is whose: not from its letter, not from the names they proposed."""

from __future__ import annotations

from random import SystemRandom

import pytest
from django.test import Client

from core.audit.models import AuditEntry
from peer_review import selectors, services, shell
from peer_review.api import get_round, named_reviewers
from peer_review.errors import ReviewNotFound
from peer_review.models import Assignment
from peer_review.services import staffing
from tests.factories.courses import assignment_of, report
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in

ROUNDS = 24  # that chance falls the same way each time is one in 16 million


def asked(round_id):
    """Who was asked, in the order of their letters."""
    return list(Assignment.objects.filter(round=round_id).order_by("ordinal").values_list("reviewer_id", flat=True))


def called_off(house, round_id, now):
    services.cancel_round(actor=house.author, round_id=round_id, now=now)
    return asked(round_id)


def test_letters_do_not_follow_the_order_of_the_form(house, open_for):
    rounds = [open_for(house.reviewer, house.reviewer2) for _each in range(ROUNDS)]
    assert {asked(round_id)[0] for round_id in rounds} == {house.reviewer.person_id, house.reviewer2.person_id}
    assert isinstance(staffing._chance, SystemRandom)


def test_a_letter_is_kept_once_it_is_given(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    first = asked(round_id)
    report(house.reviewer2, round_id, now, "changes")
    report(house.reviewer, round_id, now)
    verdicts = {house.reviewer.person_id: "approve", house.reviewer2.person_id: "changes"}
    facts = get_round(round_id)
    assert [(r.label, r.verdict) for r in facts.reports] == [("A", verdicts[first[0]]), ("B", verdicts[first[1]])]
    assert asked(round_id) == first
    # and the names of the published page stand in an order of their own
    named, number = named_reviewers(round_id)
    assert (named, number) == (sorted(verdicts), 2)


def test_of_more_names_than_are_needed_two_are_drawn(house, open_for, now):
    third = make_actor(make_person(house.elsewhere, "reviewer"), now)
    proposed = (house.reviewer, house.reviewer2, third)
    drawn = [called_off(house, open_for(*proposed), now) for _each in range(ROUNDS)]
    assert {len(people) for people in drawn} == {2}
    assert {person for people in drawn for person in people} == {actor.person_id for actor in proposed}
    assert get_round(open_for(*proposed)).needed == 2


def test_without_a_choice_those_who_owe_as_much_are_drawn_and_the_busier_are_not(house, open_for, now):
    # given three who owe nothing, and one who owes a report
    third = make_actor(make_person(house.elsewhere, "reviewer"), now)
    busy = make_actor(make_person(house.elsewhere, "reviewer"), now)
    held = open_for(busy, third)
    Assignment.objects.filter(round=held, reviewer=third.person_id).update(state="submitted")
    # when reviewers are asked again and again
    drawn = [called_off(house, open_for(), now) for _each in range(ROUNDS)]
    # then it falls on each of the three
    free = {house.reviewer.person_id, house.reviewer2.person_id, third.person_id}
    assert {person for people in drawn for person in people} == free


def test_a_lead_who_is_an_author_learns_nothing_of_who_was_asked(house, open_for, now):
    # given a round with an empty place, of which the only lead is an author
    round_id = open_for(house.reviewer, house.reviewer2, author_ids=[house.author.person_id, house.editor.person_id])
    mine = assignment_of(round_id, house.reviewer)
    services.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)
    spare = make_person(house.elsewhere, "reviewer")
    before = AuditEntry.objects.count()
    # when either of them looks, or names somebody
    for person, actor in ((house.people.author, house.author), (house.people.editor, house.editor)):
        assert sign_in(Client(), person).get(f"/reviews/rounds/{round_id}/").status_code == 404
        with pytest.raises(ReviewNotFound):
            services.name_reviewer(actor=actor, round_id=round_id, reviewer_id=spare.pk, now=now)
        assert list(shell.missing_reviewers(actor, now)) == []
    # then nobody was asked, nor told of it
    assert Assignment.objects.filter(round=round_id).count() == 2
    assert AuditEntry.objects.count() == before
    assert selectors.leads_of(mine.round, now) == []
    # and another lead of the desk does both
    lead = make_actor(make_person(house.hospital, "publisher"), now)
    assert selectors.leads_of(mine.round, now) == [lead.person_id]
    services.name_reviewer(actor=lead, round_id=round_id, reviewer_id=spare.pk, now=now)
    assert get_round(round_id).missing == 0
