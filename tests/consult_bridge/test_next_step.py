"""Where anybody lands on a consult, at any width, stands whose turn it is and the button for it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from media_pipeline.models import IdentifiedStudy
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in, report_in, signed_form, study_of
from tests.factories.people import make_actor, make_person


@pytest.fixture
def at():
    return timezone.now()


def bars(actor, consult_id, **query):
    """(tone, what is said, what the buttons say) of each bar."""
    page = client_of(actor).get(reverse("consult_bridge:consult", args=[consult_id]), query).content.decode()
    section = re.search(r'<section class="x-nexts".*?</section>', page, re.S)
    found = []
    for part in section[0].split('<div class="x-next x-next--')[1:]:
        said, _mark, buttons = part.partition('<div class="x-next__do">')
        labels = re.findall(r"<(?:a|button) [^>]*>(.*?)</(?:a|button)>", buttons, re.S)
        found.append((part.split('"')[0], words(said.partition(">")[2]), [words(label) for label in labels]))
    return found


def words(markup):
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", "", markup, flags=re.S).split())


def people(bridge):
    return {name: getattr(bridge, name) for name in ("requester", "coordinator", "expert", "second", "writer")}


TRIAGE = "Triage this consult. Assign an expert, ask for what is missing, or decline."
CLOSES_NEXT = "The requesting doctor closes the consult next."
READ = ["Read the opinion"]
SAID = {
    "submitted": {
        "requester": ("wait", "triages it next. You are told as soon as it is assigned.", []),
        "coordinator": ("mine", TRIAGE, ["Triage"]),
    },
    "assigned": {
        "requester": ("wait", "陈牧之 accepts it next.", []),
        "coordinator": ("wait", "陈牧之 accepts it next.", ["Triage"]),
        "expert": ("mine", "Accept this consult. Then write the opinion.", ["Accept"]),
        "second": ("wait", "陈牧之 accepts it next.", []),
    },
    "accepted": {
        "requester": ("wait", "陈牧之 writes the opinion.", []),
        "expert": ("mine", "Write the opinion. Then a second doctor checks it.", ["Write the opinion"]),
        "writer": ("mine", "Write the opinion. Then a second doctor checks it.", ["Write the opinion"]),
        "coordinator": ("wait", "陈牧之 writes the opinion.", []),
    },
    "under_review": {
        "requester": ("wait", "A second doctor checks the opinion next.", []),
        "expert": ("wait", "A second doctor checks the opinion next.", ["Take it back to change it"]),
        "second": ("mine", "An opinion waits for your review. Read it, then sign or return it.", ["Read and check"]),
    },
    "signed": {
        "requester": (
            "mine",
            "Read the opinion, then close the consult with feedback.",
            ["Close with feedback", "Read the opinion"],
        ),
        "second": ("wait", "You signed the opinion on DAY. " + CLOSES_NEXT, READ),
        "expert": ("wait", "宋怀远 signed your opinion on DAY. " + CLOSES_NEXT, READ),
        "coordinator": ("wait", "宋怀远 signed the opinion on DAY. " + CLOSES_NEXT, READ),
    },
    "closed": {
        "requester": (
            "end",
            "Closed on DAY. Others can learn from it when the patient consents.",
            ["Consent to teaching use", "Read the opinion", "Propose for teaching"],
        ),
        "second": ("end", "You signed the opinion on DAY. Closed on DAY.", ["Read the opinion"]),
        "coordinator": ("end", "宋怀远 signed the opinion on DAY. Closed on DAY.", ["Read the opinion"]),
    },
}  # fmt: skip


@pytest.mark.parametrize("state", SAID)
def test_each_state_says_to_each_role_what_comes_next(bridge, at, state):
    consult = consult_in(bridge, state, at, service_type="joint_diagnosis", **VITAL)
    for name, (tone, sentence, buttons) in SAID[state].items():
        (bar,) = bars(people(bridge)[name], consult.pk, pane="rec")
        said = re.sub(r"\d{1,2} [A-Z][a-z]+( \d{4})?, \d\d:\d\d", "DAY", bar[1])
        assert (name, bar[0], bar[2][: len(buttons)]) == (name, tone, buttons)
        assert sentence in said, name
        if tone != "end":
            assert len(bar[2]) == len(buttons)


VITAL = {"vitals": {"pulse": 80, "respiration": 18, "systolic": 120, "diastolic": 80}}


def test_what_is_asked_stands_in_the_bar_of_who_supplies_it(bridge, at):
    consult = consult_in(bridge, "submitted", at)
    api.request_information(actor=bridge.coordinator, consult_id=consult.pk, reason="请补充心电图。", now=at)
    assert bars(bridge.requester, consult.pk) == [
        ("mine", "Supply what is missing. 请补充心电图。", ["Supply information"])
    ]
    ((tone, said, buttons),) = bars(bridge.coordinator, consult.pk)
    assert (tone, buttons) == ("wait", [])
    assert said.endswith("supplies information next. Until then the clock stands still.")


def test_a_returned_opinion_says_why_to_its_writer(bridge, at):
    consult = consult_in(bridge, "under_review", at)
    api.return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请补充右室。", now=at)
    assert bars(bridge.expert, consult.pk) == [
        ("mine", "The second doctor returned the opinion. 请补充右室。", ["Revise the opinion"])
    ]


@pytest.mark.parametrize("end", ["declined", "cancelled"])
def test_what_was_stopped_says_why_and_how_to_go_on(bridge, at, end):
    consult = consult_in(bridge, "submitted", at)
    if end == "declined":
        api.decline(actor=bridge.coordinator, consult_id=consult.pk, reason="资料与问题不符。", now=at)
    else:
        api.cancel_consult(actor=bridge.requester, consult_id=consult.pk, reason="资料与问题不符。", now=at)
    ((tone, said, buttons),) = bars(bridge.requester, consult.pk)
    assert (tone, buttons) == ("end", ["Request a consult"])
    assert said.endswith("资料与问题不符。")
    assert bars(bridge.coordinator, consult.pk)[0][2] == []


def test_a_button_that_leads_to_what_is_open_is_left_out(bridge, at):
    """At a desk the opinion stands beside the record: the button is for narrow windows alone."""
    consult = consult_in(bridge, "accepted", at)
    address = reverse("consult_bridge:consult", args=[consult.pk])
    expert = client_of(bridge.expert)
    beside = expert.get(address, {"pane": "rec"}).content.decode()
    elsewhere = expert.get(address, {"pane": "rec", "tab": "talk"}).content.decode()
    assert f'<a class="x-btn x-btn--primary x-only-md" href="{address}?tab=opinion&amp;pane=op">' in beside
    assert f'<a class="x-btn x-btn--primary" href="{address}?tab=opinion&amp;pane=op">' in elsewhere
    assert bars(bridge.expert, consult.pk, pane="op", tab="opinion")[0][2] == []


def test_a_report_that_waits_has_a_bar_of_its_own_also_after_closing(bridge, at):
    report = report_in(bridge, "under_review", at, consult="signed")
    closing = {"outcome": "referred", "usefulness": 5, "under_way": [report.pk]}
    api.close_consult(actor=bridge.requester, consult_id=report.consult_id, **closing, now=at)
    first, second = bars(bridge.second, report.consult_id)
    assert first == ("mine", "An imaging report waits for your review.", ["Check the report"])
    assert second[0] == "end"
    assert bars(bridge.requester, report.consult_id)[0][0] == "end"


def test_who_signed_lands_on_the_opinion_of_an_ended_consult(bridge, at):
    """The images are no longer shared with the second doctor; the opinion is what there is to read."""
    consult = consult_in(bridge, "closed", at)
    page = client_of(bridge.second).get(reverse("consult_bridge:consult", args=[consult.pk])).content.decode()
    assert 'data-pane="p-op"' in page
    assert "切面内未见心包积液。" in page
    assert "Feedback" in page


def test_recorded_consent_is_said_and_no_longer_the_first_button(bridge, at):
    consult = consult_in(bridge, "closed", at)
    api.record_consent(
        actor=bridge.requester, consult_id=consult.pk, given_by="patient", signed_on=date(2026, 1, 5),
        form=signed_form(), now=at,
    )  # fmt: skip
    ((tone, said, _buttons),) = bars(bridge.requester, consult.pk)
    assert (tone, said.partition(". ")[2]) == ("end", "The patient’s consent to teaching use is recorded.")


def test_a_study_that_waits_for_a_second_person_is_told_to_a_colleague_only(bridge, at):
    consult = consult_in(bridge, "submitted", at)
    study = study_of(consult, at)
    colleague = make_actor(make_person(bridge.hospital, "requester", name="白一诺"))
    IdentifiedStudy.unscoped.create(
        pk=study, organisation=bridge.hospital, study_uid="1.2.3", patient_id="QX-2", created_at=at, updated_at=at
    )
    waiting_for_second_person(consult.studies.get(study_id=study), bridge.requester)
    sentence = "A study waits for a second person who confirms whose it is."
    assert sentence in bars(colleague, consult.pk)[0][1]
    assert sentence not in bars(bridge.requester, consult.pk)[0][1]


def waiting_for_second_person(row, actor):
    row.is_attached, row.attached_by_id, row.mismatch_reason = False, actor.person_id, "外院号"
    row.save()


def test_each_next_action_stands_once_on_the_page(bridge, at):
    consult = consult_in(bridge, "closed", at)
    page = client_of(bridge.requester).get(reverse("consult_bridge:consult", args=[consult.pk])).content.decode()
    assert page.count("Propose for teaching") == 1
    assert page.count(reverse("consult_bridge:consent", args=[consult.pk])) == 1
