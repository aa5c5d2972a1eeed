"""A notice tells one consult from another, and names nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import translation

from consult_bridge.notices import about_consult
from consult_bridge.services.messages import post_message
from core.ids import uuid7
from core.notify.models import Notification
from core.notify.selectors import notice
from core.ui.tags.times import written
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in

SENT = datetime(2026, 11, 26, 1, 10, tzinfo=UTC)


def test_each_message_says_of_which_consult_it_is(bridge):
    # given two consults of one day with a message each
    for hours, changes in enumerate(({}, {"urgency": "stat", "specialty": "neurology"})):
        at = SENT + timedelta(hours=hours)
        consult = consult_in(bridge, "accepted", at, **changes)
        post_message(actor=bridge.expert, consult_id=consult.pk, message_id=uuid7(), text="岑望舒？", now=at)
    # when the requester reads the list
    rows = Notification.objects.filter(person_id=bridge.requester.person_id, kind="consult.message").order_by("pk")
    with translation.override("en"):
        told = [notice(row).text.partition(" Open")[0] for row in rows]
        expected = [
            f"Urgent, Cardiology, sent {written(SENT)}.",
            f"Stat, Neurology, sent {written(SENT + timedelta(hours=1))}.",
        ]
    # then each is another, in the reader's language, and holds no name
    assert told == expected
    page = client_of(bridge.requester, "zh-hans").get("/notifications/").content.decode()
    assert "特急，神经内科，" in page
    assert "急，心血管内科，" in page
    assert "岑望舒" not in page
    assert all(set(row.params) == {"urgency", "specialty", "sent"} for row in rows)


def test_a_notice_from_before_is_still_read(bridge):
    row = Notification(person_id=bridge.expert.person_id, kind="consult.message", params={}, created_at=SENT)
    with translation.override("en"):
        assert notice(row).text == "Open the consult to see what is next."


@translation.override("zh-hans")
def test_the_words_are_those_of_the_reader():
    params = {"urgency": "routine", "specialty": "radiology", "sent": SENT.isoformat()}
    assert about_consult(params).startswith("普通，")
