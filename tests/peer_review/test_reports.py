"""Reports: what one needs, who hands it in, and that it is handed in once."""

from __future__ import annotations

import pytest
from django.test import Client

from core.audit.models import AuditEntry
from core.ids import uuid7
from peer_review import selectors, services
from peer_review.api import get_round
from peer_review.errors import (
    ConflictOfInterest,
    ReportIncomplete,
    ReviewNotFound,
)
from peer_review.models import Assignment, ReviewReport
from tests.factories.courses import SCORES, assignment_of, report
from tests.factories.people import make_actor
from tests.factories.signing_in import sign_in


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


def test_another_reviewers_assignment_is_not_found_and_stays_as_it_was(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = assignment_of(round_id, house.reviewer)
    before = AuditEntry.objects.count()
    with pytest.raises(ReviewNotFound):
        services.save_report(actor=house.reviewer2, assignment_id=mine.pk, scores={}, reasons={}, summary="", now=now)
    assert ReviewReport.objects.count() == 0
    assert AuditEntry.objects.count() == before


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
