"""A reviewer's name on the public page of a course: there with their consent, gone at once when it is taken back."""

from __future__ import annotations

import pytest
from django.test import Client

from cms.api import get_edition, list_published
from peer_review.models import Assignment
from tests.factories.courses import make_course, publish
from tests.factories.signing_in import sign_in


@pytest.mark.parametrize("answer", ["no", "yes"])
def test_a_name_leaves_the_kept_public_page_and_comes_back_to_it_at_once(
    house, now, django_capture_on_commit_callbacks, answer
):
    # given a published course whose landing page is kept for visitors
    course = make_course(house.author, house.hospital.pk, now)
    edition = get_edition(publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now))
    mine = Assignment.objects.get(round=edition.round_id, reviewer=house.people.reviewer)
    Assignment.objects.filter(pk=mine.pk).update(is_named=answer == "no")
    (card,) = list_published()
    address = card.url
    first, second = Client().get(address), Client().get(address)
    assert (first.status_code, second.headers["X-Page-Cache"]) == (200, "hit")
    name = house.people.reviewer.name
    assert (name in second.content.decode()) is (answer == "no")
    # when the reviewer thinks again
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(Client(), house.people.reviewer).post(f"/reviews/{mine.pk}/naming/", {"is_named": answer})
    # then the next visitor reads what holds now
    third = Client().get(address)
    assert "X-Page-Cache" not in third.headers
    assert (name in third.content.decode()) is (answer == "yes")
