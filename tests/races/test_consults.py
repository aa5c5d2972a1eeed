"""Two doctors, two coordinators or two clicks on one consult."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.urls import reverse

from consult_bridge import api
from consult_bridge.errors import AlreadySigned, AssignedMeanwhile, DeclineOfAssigned, OpinionBegun
from consult_bridge.models import Consult, ConsultDraft, ConsultStep, Opinion, Patient, TeachingConsent
from consult_bridge.models.record import identified_storage
from consult_bridge.services.drafts import save_draft
from core.ids import uuid7
from core.jobs.models import Job
from core.notify.models import Notification
from tests.consult_bridge.test_pages import client_of, request_fields
from tests.factories.consults import TEXT, consult_in, make_request, signed_form
from tests.factories.people import make_actor, make_person
from tests.races.together import at_once, racing


def row_of(consult):
    return Consult.unscoped.filter(pk=consult.pk)


def told(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


@racing
def test_of_two_experts_who_sign_one_opinion_one_has_signed_it(bridge, now):
    """Given an opinion under review, when two second doctors sign it at once, then the other reads who was first."""
    consult = consult_in(bridge, "under_review", now)
    third = make_actor(make_person(bridge.centre, "expert"), now)
    sign = partial(api.sign_opinion, consult_id=consult.pk, revision=1, now=now)

    first, second = at_once(lambda: sign(actor=bridge.second), lambda: sign(actor=third))

    assert isinstance(first, Opinion)
    assert isinstance(second, AlreadySigned)
    assert Opinion.unscoped.get(consult=consult).signed_by_id == bridge.second.person_id
    assert ConsultStep.objects.filter(consult=consult, verb="sign").count() == 1
    assert (told("opinion.signed"), Job.objects.filter(name="consult_bridge.make_opinion_document").count()) == (1, 1)


@racing
def test_of_two_doctors_who_begin_an_opinion_one_is_its_writer(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    other = replace(TEXT, impression="另一位医师的文字。")
    save = partial(api.save_opinion, consult_id=consult.pk, revision=0, now=now)

    first, second = at_once(
        lambda: save(actor=bridge.expert, text=TEXT),
        lambda: save(actor=bridge.second, text=other),
    )

    assert isinstance(first, Opinion)
    assert isinstance(second, OpinionBegun)
    opinion = Opinion.unscoped.get(consult=consult)
    assert (opinion.written_by_id, opinion.impression) == (bridge.expert.person_id, TEXT.impression)


@racing
def test_of_two_doctors_who_begin_a_correction_one_is_its_writer(bridge, now):
    """Given a signed opinion, when two begin to correct it at once, then there is one correction, and its reason."""
    consult = consult_in(bridge, "signed", now)
    amend = partial(api.amend_opinion, consult_id=consult.pk, now=now)

    first, second = at_once(
        lambda: amend(actor=bridge.expert, reason="剂量写错。"), lambda: amend(actor=bridge.second, reason="侧别写错。")
    )

    assert isinstance(first, Opinion)
    assert isinstance(second, OpinionBegun)
    begun = Opinion.unscoped.get(consult=consult, version=2)
    assert (begun.written_by_id, begun.change_reason) == (bridge.expert.person_id, "剂量写错。")


@racing
def test_two_clicks_on_the_signature_of_a_correction_sign_it_once(bridge, now):
    consult = consult_in(bridge, "signed", now)
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason="剂量写错。", now=now)
    api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now)
    sign = partial(api.sign_opinion, actor=bridge.second, consult_id=consult.pk, revision=2, now=now)

    first, second = at_once(sign, sign)

    assert (first.pk, first.version) == (second.pk, 2)
    assert ConsultStep.objects.filter(consult=consult, verb="opinion_amended").count() == 1
    assert Opinion.unscoped.filter(consult=consult, state="signed").count() == 1
    assert Job.objects.filter(name="consult_bridge.make_opinion_document").count() == 2


@racing
def test_of_two_coordinators_who_assign_the_second_is_told(bridge, now):
    """Given a consult in the queue, when each gives it to another expert, then it is the first one's alone."""
    consult = consult_in(bridge, "submitted", now)
    colleague = make_actor(make_person(bridge.centre, "coordinator"), now)
    assign = partial(api.assign, consult_id=consult.pk, now=now)

    outcomes = at_once(
        lambda: assign(actor=bridge.coordinator, expert_id=bridge.expert.person_id),
        lambda: assign(actor=colleague, expert_id=bridge.second.person_id),
    )

    assert outcomes[0] is None
    assert isinstance(outcomes[1], AssignedMeanwhile)
    assert row_of(consult).get().expert_id == bridge.expert.person_id
    assert row_of(consult).get().coordinator_id == bridge.coordinator.person_id
    assert ConsultStep.objects.filter(consult=consult, verb="assign").count() == 1
    assert told("consult.assigned") == 1


@racing
def test_two_windows_that_send_one_draft_send_one_request(bridge, now):
    key = uuid7()
    save_draft(actor=bridge.requester, draft_id=key, body={"subject": ["活动后气促"]}, now=now)
    send = partial(api.submit_consult, actor=bridge.requester, consult_id=key, request=make_request(bridge), now=now)

    assert at_once(send, send) == [key, key]

    assert Consult.unscoped.count() == 1
    assert ConsultStep.objects.filter(consult=key, verb="submit").count() == 1
    assert (told("consult.submitted"), ConsultDraft.objects.count()) == (1, 0)


@racing
def test_two_clicks_on_a_form_that_nobody_kept_send_one_request_and_both_are_led_to_it(bridge):
    """Given one form in two windows, when both are sent at once, then both lead to the one consult."""
    key = uuid7()
    fields = request_fields(bridge, form_key=str(key), action="submit")
    browsers = [client_of(bridge.requester) for _window in range(2)]

    answers = at_once(
        *(partial(browser.post, reverse("consult_bridge:new_consult"), fields) for browser in browsers),
    )

    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, reverse("consult_bridge:consult", args=[key]))
    ] * 2
    assert (Consult.unscoped.count(), Patient.unscoped.count()) == (1, 1)
    assert ConsultStep.objects.filter(consult=key, verb="submit").count() == 1
    assert told("consult.submitted") == 1


@racing
def test_a_decline_that_meets_an_assignment_is_asked_first(bridge, now):
    """Given a consult in the queue, when one assigns it while another declines it, then the expert keeps it."""
    consult = consult_in(bridge, "submitted", now)
    colleague = make_actor(make_person(bridge.centre, "coordinator"), now)

    outcomes = at_once(
        partial(
            api.assign,
            actor=bridge.coordinator,
            consult_id=consult.pk,
            expert_id=bridge.expert.person_id,
            now=now,
        ),
        partial(api.decline, actor=colleague, consult_id=consult.pk, reason="不属于本院。", now=now),
    )

    assert outcomes[0] is None
    assert isinstance(outcomes[1], DeclineOfAssigned)
    assert (row_of(consult).get().state, row_of(consult).get().expert_id) == ("assigned", bridge.expert.person_id)
    assert ConsultStep.objects.filter(consult=consult, verb="decline").count() == 0
    assert (told("consult.declined"), told("consult.assigned")) == (0, 1)


@racing
def test_two_clicks_on_a_consent_record_it_once_and_leave_no_second_form(bridge, now):
    """Given a closed consult, when one signed form is sent twice at once, then both find the one consent."""
    consult = consult_in(bridge, "closed", now)

    def give():
        return api.record_consent(
            actor=bridge.requester,
            consult_id=consult.pk,
            given_by="patient",
            signed_on=now.date(),
            form=signed_form(),
            now=now,
        )

    first, second = at_once(give, give)

    consent = TeachingConsent.unscoped.get()
    assert (first, second) == (consent.pk, consent.pk)
    assert len(identified_storage().listdir("consents")[1]) == 1


@racing
def test_two_clicks_on_its_withdrawal_withdraw_it_once(bridge, now):
    consult = consult_in(bridge, "closed", now)
    call = {"actor": bridge.requester, "consult_id": consult.pk}
    api.record_consent(**call, given_by="patient", signed_on=now.date(), form=signed_form(), now=now)
    withdraw = partial(api.withdraw_consent, **call, reason="", now=now)

    assert at_once(withdraw, withdraw) == [None, None]

    consent = TeachingConsent.unscoped.get()
    assert (consent.withdrawn_by_id, consent.withdrawn_at) == (bridge.requester.person_id, now)
