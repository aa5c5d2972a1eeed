"""Whoever stepped back from a review or was released from it reads nothing of it any more, and writes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from core.audit.models import AuditEntry
from core.ids import uuid7
from core.states import WrongState
from peer_review import selectors, services
from peer_review.models import Assignment, ReviewComment
from tests.factories.courses import assignment_of, report
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in

REASON = "同一课题组"
SENTENCES = {
    "conflicted": "You stepped back from this review because of a conflict of interest, so it is closed to you.",
    "released": "You were released from this review, so it is closed to you.",
    "cancelled": "This review was called off: what was handed in was taken back or withdrawn.",
}


def comment(actor, assignment, now, key=None):
    return services.write_comment(
        actor=actor, assignment_id=assignment.pk, comment_id=key or uuid7(), anchor="b1", text="请给出处", now=now
    )


def page_of(person, address):
    client = sign_in(Client(), person)
    client.cookies["xinglin_language"] = "en"
    return client.get(address)


def leave(how, house, round_id, now):
    mine = assignment_of(round_id, house.reviewer)
    if how == "conflicted":
        services.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason=REASON, now=now)
    elif how == "cancelled":
        services.cancel_round(actor=house.author, round_id=round_id, now=now)
    else:
        grants = house.people.reviewer.grants
        grants.update(ends_at=now)
        services.release_lapsed(now=now + timedelta(minutes=1))
        grants.update(ends_at=None)


@pytest.mark.parametrize("how", sorted(SENTENCES))
def test_whoever_left_reads_that_fact_and_nothing_of_the_submission(house, open_for, now, how):
    # given a reviewer who has left, and a remark of the other
    round_id = open_for(house.reviewer, house.reviewer2)
    comment(house.reviewer2, assignment_of(round_id, house.reviewer2), now)
    leave(how, house, round_id, now)
    mine = assignment_of(round_id, house.reviewer)
    assert mine.state == {"cancelled": "released"}.get(how, how)
    # when they open the review
    answer = page_of(house.people.reviewer, f"/reviews/{mine.pk}/")
    # then one sentence says so, and neither a block nor a remark nor a form of theirs is there
    main = BeautifulSoup(answer.content, "html.parser").select_one("main")
    assert answer.status_code == 200
    assert [note.get_text(strip=True) for note in main.select(".x-note")] == [SENTENCES[how]]
    assert main.select(".x-blk, .x-thread, .x-rubric, form") == []
    assert "请给出处" not in main.get_text()


def test_the_way_out_folds_with_the_mark_of_every_fold(house, open_for):
    mine = assignment_of(open_for(house.reviewer, house.reviewer2), house.reviewer)
    answer = page_of(house.people.reviewer, f"/reviews/{mine.pk}/")
    fold = BeautifulSoup(answer.content, "html.parser").select_one(".x-card > summary.x-card__head")
    assert fold.get_text(strip=True) == "I have a conflict of interest"
    assert "x-fold" in fold.parent["class"]
    assert "chevron-down" in str(fold.find("svg"))


@pytest.mark.parametrize("how", sorted(SENTENCES))
def test_whoever_left_writes_no_remark_and_settles_none(house, open_for, now, how):
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = assignment_of(round_id, house.reviewer)
    key = comment(house.reviewer, mine, now)
    leave(how, house, round_id, now)
    before = AuditEntry.objects.count()
    with pytest.raises(WrongState):
        comment(house.reviewer, mine, now)
    with pytest.raises(WrongState):
        services.resolve_comment(actor=house.reviewer, comment_id=key, now=now)
    assert list(ReviewComment.objects.values_list("pk", "resolved_at")) == [(key, None)]
    assert AuditEntry.objects.count() == before


def test_whoever_has_handed_in_writes_no_more_but_reads_it_and_settles_their_own(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    mine, key = assignment_of(round_id, house.reviewer), uuid7()
    comment(house.reviewer, mine, now, key)
    report(house.reviewer, round_id, now)
    with pytest.raises(WrongState):
        comment(house.reviewer, mine, now)
    # the second of two clicks meets its own remark
    assert comment(house.reviewer, mine, now, key) == key
    assert ReviewComment.objects.count() == 1
    main = page_of(house.people.reviewer, f"/reviews/{mine.pk}/").content.decode()
    assert "请给出处" in main
    services.resolve_comment(actor=house.reviewer, comment_id=key, now=now)
    assert ReviewComment.objects.get().resolved_at == now


def test_the_reason_of_a_conflict_is_read_where_another_is_named_and_by_nobody_else(house, open_for, now):
    # given a conflict, nobody free, and a later peer
    round_id = open_for(house.reviewer, house.reviewer2)
    leave("conflicted", house, round_id, now)
    make_actor(make_person(house.elsewhere, "reviewer"), now)
    label = selectors.letter(assignment_of(round_id, house.reviewer).ordinal)
    # when the desk names another
    address = f"/reviews/rounds/{round_id}/"
    page = BeautifulSoup(page_of(house.people.editor, address).content, "html.parser")
    # then it reads why, of a letter without a name
    rows = [row.get_text(" ", strip=True) for row in page.select("#stepped-back + ul li")]
    assert rows == [f"Reviewer {label} {REASON}"]
    assert house.people.reviewer.name not in page.select_one("main").get_text()
    other = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer2)
    assert REASON not in page_of(house.people.reviewer2, f"/reviews/{other.pk}/").content.decode()
    assert page_of(house.people.reviewer2, address).status_code == 404
