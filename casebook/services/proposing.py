"""From a closed consult to a release of its material, and what becomes of the proposal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from casebook import patient_line
from casebook.drafting import tidy
from casebook.errors import CaseNotFound, ProposalExists
from casebook.models import CaseVersion, Proposal, TeachingCase
from casebook.notices import tell_proposer
from casebook.policies import EDIT
from casebook.selectors import next_case_code
from casebook.services.audience import admit_editors
from casebook.states import PROPOSAL
from casebook.told import told
from consult_bridge import api as consult_bridge
from core import audit
from core.actor import SYSTEM, Actor
from media_pipeline import api as media
from media_pipeline.contracts import ReleaseFacts

LIVE = ("proposed", "consent_missing", "releasing", "accepted")


def propose(*, actor: Actor, consult_id: UUID, reason: str = "", now: datetime) -> UUID:
    """Propose a closed consult for teaching; its release starts at once when consent is there.

    Without consent the proposal waits and wakes when consent is given. The reason stays on the consult side; it is
    cleaned with the other texts of the release. The second of two clicks gets the same proposal. Raises Forbidden,
    ProposalExists, and what `consult_bridge.api.propose_for_teaching` raises for a consult that is not closed or not
    the actor's to see.
    """
    actor.require("case.propose")
    with transaction.atomic():
        consult = consult_bridge.propose_for_teaching(actor=actor, consult_id=consult_id, reason=reason, now=now)
        standing = Proposal.unscoped.select_for_update().filter(consult_id=consult_id, state__in=LIVE).first()
        if standing is not None:
            if not consult.is_repeated or standing.proposer_id != actor.person_id:
                raise ProposalExists
            transaction.set_rollback(True)  # nothing is written a second time
            return standing.pk
        proposal = Proposal(
            consult_id=consult_id,
            organisation_id=consult.organisation_id,
            specialty=consult.specialty,
            proposer_id=actor.person_id,
            created_at=now,
        )
        _start_release(proposal, actor, now)
        proposal.save()
        audit_proposal("case.proposed", actor, proposal, now)
    return proposal.pk


def _start_release(proposal: Proposal, actor: Actor, now: datetime) -> None:
    try:
        proposal.release_id = consult_bridge.release_for_teaching(actor=actor, consult_id=proposal.consult_id, now=now)
    except consult_bridge.ConsentMissing:
        if proposal.state == "proposed":
            proposal.state = PROPOSAL.check(proposal.state, "wait_for_consent")
        return
    proposal.state = PROPOSAL.check(proposal.state, "release")
    admit_editors(proposal, now)


def wake(*, consult_id: UUID, now: datetime) -> None:
    """Consent was given: proposals that waited for it start their release.

    Nobody's rights are asked again: whoever proposed had them then, the recorded consent is what was waited for, and
    they may have left since.
    """
    with transaction.atomic():
        waiting = Proposal.unscoped.select_for_update().filter(consult_id=consult_id, state="consent_missing")
        for proposal in waiting:
            _start_release(proposal, SYSTEM, now)
            proposal.save()


def note_release(*, release_id: UUID, now: datetime) -> None:
    """The release changed: read what it is now and bring the proposal into line."""
    state = media.get_release_state(release_id)
    with transaction.atomic():
        proposal = Proposal.unscoped.select_for_update().filter(release_id=release_id).first()
        if proposal is None:
            return
        if state == "open":
            proposal.is_release_open = True
        elif state == "refused" and PROPOSAL.allows(proposal.state, "reject"):
            proposal.state = PROPOSAL.check(proposal.state, "reject")
            proposal.decided_at = now
            tell_proposer(proposal, "release_refused", now=now)
        elif state == "closed":
            proposal.is_release_open = False
            if PROPOSAL.allows(proposal.state, "withdraw"):
                proposal.state = PROPOSAL.check(proposal.state, "withdraw")
                tell_proposer(proposal, "withdrawn", now=now)
        proposal.save()


def accept_proposal(*, actor: Actor, proposal_id: UUID, specialty: str, now: datetime) -> UUID:
    """An editor takes an opened release and starts a case from it. Returns the case's id, to a second click too.

    Raises Forbidden, CaseNotFound, WrongState, media_pipeline's ReleaseClosed.
    """
    actor.require("case.edit")
    with transaction.atomic():
        proposal = locked_proposal(actor, proposal_id)
        if not proposal.is_release_open or proposal.release_id is None:
            raise CaseNotFound
        if proposal.state == "accepted" and (begun := _begun_by(actor, proposal.release_id, specialty)):
            return begun.pk
        proposal.state = PROPOSAL.check(proposal.state, "accept")
        proposal.decided_at = now
        proposal.save()
        release = media.get_release(proposal.release_id)
        case = TeachingCase.unscoped.create(
            code=next_case_code(),
            organisation=proposal.organisation,
            specialty=specialty or proposal.specialty,
            release_id=proposal.release_id,
            created_at=now,
        )
        case.editors.add(actor.person_id)  # type: ignore[arg-type]  # a UUID is this model's key
        CaseVersion.unscoped.create(
            case=case,
            number=1,
            release_id=proposal.release_id,
            content=first_draft(release) | {"specialty": case.specialty},
            updated_at=now,
        )
        tell_proposer(proposal, "accepted", now=now)
        audit_proposal("case.accepted", actor, proposal, now)
    return case.pk


def _begun_by(actor: Actor, release_id: UUID, specialty: str) -> TeachingCase | None:
    """The case that this editor began from the release with the same button."""
    cases = TeachingCase.unscoped.filter(release_id=release_id, editors=actor.person_id)
    return cases.filter(specialty=specialty).first() if specialty else cases.first()


#: Which texts of a release make which step, in the order a clinician tells a case.
STEPS_OF_TEXTS = (
    (
        "presentation",
        (consult_bridge.PATIENT_TEXT, "chief_complaint", "present_history", "past_history", "medication", "allergies"),
    ),
    ("examination", ("examination", "vitals", "labs")),
    ("images", ()),
    ("reasoning", ("question", "imaging_report", "findings", "impression")),
    ("outcome", ("recommendation",)),
)


def first_draft(release: ReleaseFacts) -> dict[str, object]:
    """A draft whose steps hold the de-identified texts, with one image step for each released study, and whose head
    holds the sex and the age band that the release says.
    """
    left = {name: text for name, text in release.texts.items() if name != consult_bridge.REASON_TEXT}
    steps: list[dict[str, object]] = []
    for kind, names in STEPS_OF_TEXTS:
        if kind == "images":
            steps += [_image_step(number, study.id) for number, study in enumerate(release.studies, start=1)]
        elif body := told(left, names):
            left = {name: text for name, text in left.items() if name not in names}
            steps.append({"id": kind, "kind": kind, "heading": "", "body": body})
    if left:
        steps.append({"id": "more", "kind": "examination", "heading": "", "body": "\n\n".join(left.values())})
    return tidy({"steps": steps} | patient_line.facts_of(release.texts.get(consult_bridge.PATIENT_TEXT, "")))


def _image_step(number: int, study_id: UUID) -> dict[str, object]:
    figure = {"study": str(study_id), "series": 1, "frame": 1, "caption": ""}
    return {"id": f"images{number}", "kind": "images", "heading": "", "body": "", "figure": figure}


def reject_proposal(*, actor: Actor, proposal_id: UUID, reason: str, now: datetime) -> None:
    """An editor turns a proposal down; a release that was started is closed with it."""
    actor.require("case.edit")
    with transaction.atomic():
        proposal = locked_proposal(actor, proposal_id)
        proposal.state = PROPOSAL.check(proposal.state, "reject")
        proposal.decision_reason, proposal.decided_at = reason.strip()[:400], now
        if proposal.release_id is not None:
            media.close_release(release_id=proposal.release_id, reason="rejected", actor=actor, now=now)
        proposal.save()
        tell_proposer(proposal, "rejected", now=now)
        audit_proposal("case.rejected", actor, proposal, now)


def locked_proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    rows = Proposal.objects.visible_to(actor, EDIT).select_for_update(of=("self",))
    proposal: Proposal | None = rows.select_related("organisation").filter(pk=proposal_id).first()
    if proposal is None:
        raise CaseNotFound
    return proposal


def audit_proposal(action: str, actor: Actor, proposal: Proposal, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="casebook.Proposal",
        subject_id=proposal.pk,
        organisation_path=proposal.organisation.path,
        now=now,
    )
