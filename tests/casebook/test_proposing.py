"""A proposal's reason is the doctor's free text: participants read it, editors only what de-identification leaves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from casebook import api as casebook
from casebook.errors import CaseNotFound, ProposalExists
from casebook.models import Proposal, TeachingCase
from consult_bridge import api as consult_bridge
from consult_bridge.models import TeachingReason
from core.audit.models import AuditEntry
from core.outbox.models import OutboxEvent
from directory.models import RoleGrant
from media_pipeline import api as media
from tests.casebook.conftest import CANARY, CLEANED, REASON, browser, give_consent, proposed
from tests.factories.consults import consult_in, signed_form
from tests.factories.people import make_actor, make_person

DESK = "/cases/desk/"


def page(person, address, status=200):
    answer = browser(person).get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_before_the_release_opens_editors_see_specialty_and_time_only(house, consult, now):
    # Given a proposal that waits for consent, its reason naming the patient
    proposed(house, consult, now)
    # When its editor opens the desk and the first page
    desk, home = page(house.people["editor"], DESK), page(house.people["editor"], "/home/")
    # Then there is the specialty, and neither the reason nor a name, of patient or doctor
    assert "Cardiology" in desk or "心血管内科" in desk
    for text in (desk, home):
        assert CANARY not in text
        assert "说明一个切面" not in text
        assert "林晓禾" not in text
    # And no row of the casebook holds it
    assert "reason" not in {field.name for field in Proposal._meta.get_fields()}


def test_participants_read_what_was_written(house, consult, now):
    proposed(house, consult, now)
    address = f"/cases/propose/{consult.pk}/"
    requester = house.bridge.requester
    text = page(_person(requester), address)
    assert REASON in text
    assert AuditEntry.objects.filter(action="consult.teaching_reason_read", actor_id=requester.person_id).count() == 1


def test_after_the_release_opened_editors_read_the_cleaned_reason(house, opened):
    desk = page(house.people["editor"], DESK)
    assert CLEANED in desk
    for secret in (CANARY, "青溪县", "柳湾村", "林晓禾"):
        assert secret not in desk
    assert CANARY not in page(house.people["editor"], "/home/")


def test_the_reason_is_cleaned_with_the_other_texts_and_is_no_part_of_the_draft(house, opened, draft):
    assert media.get_release(opened.release_id).texts["teaching_reason"] == CLEANED
    assert CLEANED not in str(draft.content)


def test_a_closed_release_takes_the_reason_along(house, opened, now):
    media.close_release(release_id=opened.release_id, reason="consent_withdrawn", now=now)
    assert "说明一个切面" not in page(house.people["editor"], DESK)


@pytest.mark.parametrize("who", ["outsider", "missing"])
def test_the_form_answers_the_same_404_for_foreign_and_missing_consults(house, consult, now, who):
    # Given a doctor of the sibling county, and the consult, or none at all
    doctor = _person(house.bridge.outsider)
    number = consult.pk if who == "outsider" else "01900000-0000-7000-8000-000000000000"
    client = browser(doctor)
    # When they ask for the form, and send it
    got = client.get(f"/cases/propose/{number}/")
    sent = client.post(f"/cases/propose/{number}/", {"reason": "想教学。"})
    # Then both are the same 404, and nothing is kept
    assert (got.status_code, sent.status_code) == (404, 404)
    assert (Proposal.unscoped.count(), TeachingReason.unscoped.count()) == (0, 0)


def test_an_open_consult_is_not_proposed(house, now):
    open_one = consult_in(house.bridge, "signed", now)
    client = browser(_person(house.bridge.requester))
    assert client.get(f"/cases/propose/{open_one.pk}/").status_code == 409
    assert client.post(f"/cases/propose/{open_one.pk}/", {"reason": "想教学。"}).status_code == 409
    assert TeachingReason.unscoped.count() == 0


def test_a_second_proposal_is_refused_and_keeps_the_first_text(house, consult, now):
    proposed(house, consult, now)
    with pytest.raises(ProposalExists):
        casebook.propose(actor=house.bridge.requester, consult_id=consult.pk, reason="别的话。", now=now)
    assert TeachingReason.unscoped.get().text == REASON


def test_the_column_holds_no_readable_text(house, consult, now):
    from django.db import connection

    proposed(house, consult, now)
    with connection.cursor() as cursor:
        cursor.execute("select text from consult_bridge_teachingreason")
        stored = bytes(cursor.fetchone()[0])
    assert CANARY.encode() not in stored


def test_consent_that_comes_later_takes_the_reason_into_the_release(house, consult, now, run_jobs):
    # Given a proposal that waits for consent
    proposal = proposed(house, consult, now)
    # When consent is given
    give_consent(house, consult, now)
    run_jobs(now)
    # Then the release was started with the reason among its texts
    proposal.refresh_from_db()
    assert (proposal.state, media.get_release_state(proposal.release_id)) == ("releasing", "pixel_review")


def test_consent_that_comes_after_the_proposer_left_starts_the_release_all_the_same(house, consult, now, run_jobs):
    # Given a proposal that waits for consent, whose proposer has no role any more
    proposal = proposed(house, consult, now)
    RoleGrant.objects.filter(person_id=house.bridge.requester.person_id).update(ends_at=now)
    colleague = make_actor(make_person(house.bridge.hospital, "requester"), now)
    # When a colleague records the consent
    consult_bridge.record_consent(
        actor=colleague,
        consult_id=consult.pk,
        given_by="patient",
        signed_on=now.date(),
        form=signed_form(),
        now=now + timedelta(hours=1),
    )
    run_jobs(now + timedelta(hours=1))
    # Then the release is made in the house's own name, on that consent
    proposal.refresh_from_db()
    assert (proposal.state, media.get_release_state(proposal.release_id)) == ("releasing", "pixel_review")
    entry = AuditEntry.objects.get(action="consult.released_for_teaching")
    assert (entry.actor_id, entry.subject_id) == (None, str(consult.pk))
    assert OutboxEvent.objects.filter(delivered_at__isnull=True).count() == 0


def test_an_unopened_proposal_cannot_be_taken_up(house, consult, now):
    proposal = proposed(house, consult, now)
    with pytest.raises(CaseNotFound):
        casebook.accept_proposal(actor=house.editor, proposal_id=proposal.pk, specialty="cardiology", now=now)
    proposal.refresh_from_db()
    assert proposal.state == "consent_missing"


def _person(actor):
    from directory.models import Person

    return Person.objects.get(pk=actor.person_id)


@pytest.mark.parametrize(
    ("kept", "code"),
    [
        (["T-0098", "T-0099"], "T-0100"),
        (["T-9998", "T-9999"], "T-10000"),
        (["T-9999", "T-10000"], "T-10001"),
    ],
)
def test_codes_go_on_behind_the_largest_number(house, opened, now, kept, code):
    for one in kept:
        TeachingCase.unscoped.create(code=one, organisation=opened.organisation, release_id=uuid4(), created_at=now)

    browser(house.people["editor"]).post(reverse("casebook:accept", args=[opened.pk]), {"specialty": "cardiology"})

    assert TeachingCase.unscoped.get(release_id=opened.release_id).code == code
