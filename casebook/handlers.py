"""What the casebook does when it hears of an event. Each handler reads the present state again."""

from __future__ import annotations

from datetime import datetime

from casebook.services import correcting, proposing, publishing
from consult_bridge.events import ConsentGiven, OpinionAmended, ReportSigned
from media_pipeline.events import ReleaseClosedEvent, ReleaseOpened, ReleaseRefused
from peer_review.events import ReviewersChanged, RoundDecided


def on_consent_given(event: ConsentGiven, *, now: datetime) -> None:
    proposing.wake(consult_id=event.consult_id, now=now)


def on_report_signed(event: ReportSigned, *, now: datetime) -> None:
    correcting.note_amendment(document_id=event.report_id, now=now)


def on_opinion_amended(event: OpinionAmended, *, now: datetime) -> None:
    correcting.note_amendment(document_id=event.opinion_id, now=now)


def on_release_changed(event: ReleaseOpened | ReleaseRefused, *, now: datetime) -> None:
    proposing.note_release(release_id=event.release_id, now=now)


def on_release_closed(event: ReleaseClosedEvent, *, now: datetime) -> None:
    proposing.note_release(release_id=event.release_id, now=now)
    publishing.withdraw_release(release_id=event.release_id, now=now)


def on_round_decided(event: RoundDecided, *, now: datetime) -> None:
    publishing.note_decision(round_id=event.round_id, now=now)


def on_reviewers_changed(event: ReviewersChanged, *, now: datetime) -> None:
    publishing.note_reviewers(round_id=event.round_id, now=now)
