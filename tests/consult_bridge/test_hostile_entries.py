"""What a browser does not send and a program may: a draft keeps it, says that it is no answer, and never breaks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from consult_bridge.models import Consult
from consult_bridge.web.request_form import LabForm
from tests.consult_bridge.test_drafts import NEW, begin, step_of
from tests.consult_bridge.test_pages import client_of, request_fields

NO_NUMBERS = ("nan", "sNaN", "-nan", "Infinity", "-inf", "1e999999", "9" * 5000, "1e99999999999999999999")


@pytest.mark.parametrize("typed", NO_NUMBERS)
@pytest.mark.parametrize("name", ["labs-0-value", "labs-0-low", "labs-0-high", "temperature", "pulse"])
def test_no_number_breaks_the_step_or_is_sent(bridge, name, typed):
    # given
    requester = client_of(bridge.requester)
    key = begin(requester)
    # when
    kept = requester.post(NEW, request_fields(bridge, form_key=key, step="measured", action="next", **{name: typed}))
    # then it comes back with the sentence at its field, as often as it is opened, and stays a draft
    assert kept.status_code == 422
    assert f'id="id_{name}_error"' in kept.content.decode()
    assert f'id="id_{name}_error"' in step_of(requester, key, "measured")
    assert requester.get(reverse("consult_bridge:draft", args=[key]), {"step": "check"}).status_code == 200
    assert requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"}).status_code == 422
    assert not Consult.unscoped.exists()


@pytest.mark.parametrize(
    ("value", "low", "high", "deviates"),
    [
        ("5.1", "1", "5", "high"),
        ("0.9", "1", "5", "low"),
        ("5", "1", "5", ""),
        ("nan", "1", "5", ""),
        ("Infinity", "1", "5", ""),
        ("3", "nan", "nan", ""),
        ("3", "Infinity", "-Infinity", ""),
    ],
)
def test_only_a_number_is_above_or_below_a_limit(value, low, high, deviates):
    assert LabForm({"value": value, "low": low, "high": high}).deviation() == deviates


@pytest.mark.parametrize("asked", ["9" * 5000, "²", "-1", "nan"])
def test_no_number_of_empty_rows_breaks_the_step(bridge, asked):
    requester = client_of(bridge.requester)
    key = begin(requester)
    draft = reverse("consult_bridge:draft", args=[key])
    assert requester.get(draft, {"step": "measured", "rows": asked}).status_code == 200


@pytest.mark.parametrize("word", ["yy", ""])
def test_an_urgency_that_is_none_is_asked_for_again(bridge, word):
    # given a draft that holds it
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(NEW, request_fields(bridge, form_key=key, action="save_draft", urgency=word))
    # when it is looked through and sent
    shown = step_of(requester, key, "check")
    sent = requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"})
    # then
    assert 'href="' + reverse("consult_bridge:draft", args=[key]) + '?step=asked#id_urgency_0"' in shown
    assert sent.status_code == 422
    assert not Consult.unscoped.exists()
    assert 'id="id_urgency_error"' in step_of(requester, key, "asked")
