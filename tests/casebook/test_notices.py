"""Whoever proposed a consult is told what became of it, once, in fixed sentences without anything of the patient."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from casebook.models import CaseVersion
from casebook.notices import KINDS
from casebook.services import proposing, publishing
from consult_bridge.services.consent import withdraw_consent
from core.notify.models import Notification
from directory.models import Person
from media_pipeline.release.reviewing import refuse_release
from tests.casebook.conftest import CANARY, browser, give_consent, proposed
from tests.casebook.test_content import WHOLE


def told(house):
    """(kind, where it leads) of what the proposer was told by the casebook, in order."""
    rows = Notification.objects.filter(person=house.bridge.requester.person_id, kind__startswith="casebook.")
    assert not any(row.params for row in rows)
    return list(rows.order_by("created_at", "id").values_list("kind", "url"))


def page_of(consult):
    return f"/cases/propose/{consult.pk}/"


def test_taken_up_published_and_withdrawn_are_told_once_each(house, consult, draft, now, run_jobs):
    # Given a proposal that an editor took up, and its case approved
    assert told(house) == [("casebook.accepted", page_of(consult))]
    approved = {"content": WHOLE, "state": "in_review", "approved_at": now, "frozen_at": now}
    CaseVersion.unscoped.filter(pk=draft.pk).update(**approved)
    # When it is published, and published in a second version
    publishing.publish_version(actor=house.editor, version_id=draft.pk, now=now + timedelta(hours=1))
    second = CaseVersion.unscoped.create(
        case=draft.case, number=2, release_id=draft.release_id, updated_at=now, **approved
    )
    publishing.publish_version(actor=house.editor, version_id=second.pk, now=now + timedelta(hours=2))
    # Then its proposer hears of it once, and where it is
    published = [("casebook.accepted", page_of(consult)), ("casebook.published", f"/cases/{draft.case_id}/")]
    assert told(house) == published
    # And when the consent is withdrawn, of that
    later = now + timedelta(hours=3)
    withdraw_consent(actor=house.bridge.requester, consult_id=consult.pk, reason="家属撤回。", now=later)
    run_jobs(later)
    proposing.note_release(release_id=draft.release_id, now=later)
    assert told(house) == [*published, ("casebook.withdrawn", page_of(consult))]
    proposer = browser(Person.objects.get(pk=house.bridge.requester.person_id))
    shown = proposer.get(page_of(consult), headers={"accept-language": "en"}).content.decode()
    assert "The material of the last proposal was withdrawn." in shown


def test_a_rejection_is_told_and_its_closing_is_not_told_again(house, consult, opened, now, run_jobs):
    proposing.reject_proposal(actor=house.editor, proposal_id=opened.pk, reason=f"{CANARY}不典型。", now=now)
    run_jobs(now)
    assert told(house) == [("casebook.rejected", page_of(consult))]


def test_a_refused_release_is_told(house, consult, now, run_jobs):
    give_consent(house, consult, now)
    proposal = proposed(house, consult, now)
    run_jobs(now)
    refuse_release(actor=house.officer, release_id=proposal.release_id, reason="面部可见。", now=now)
    run_jobs(now)
    assert told(house) == [("casebook.release_refused", page_of(consult))]
    proposer = browser(Person.objects.get(pk=house.bridge.requester.person_id))
    shown = proposer.get(page_of(consult), headers={"accept-language": "en"}).content.decode()
    assert "The last proposal did not become a case." in shown


def test_every_sentence_is_fixed(db):
    with translation.override("en"):
        assert not [kind.name for kind in KINDS if "%" in f"{kind.subject}{kind.body}"]
