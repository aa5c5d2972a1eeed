"""Order the PDF of a signed document: at signing, and again where its job gave up."""

from __future__ import annotations

from datetime import datetime

from consult_bridge import tasks
from consult_bridge.models import Consult, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.selectors.documents import pdf_key
from core.actor import Actor
from core.jobs import enqueue, revive


def order_pdf(consult: Consult, document: WrittenDocument, *, actor: Actor, now: datetime) -> None:
    """Once for each document, called inside a transaction. A job that gave up gets a new set of attempts."""
    is_report = isinstance(document, Report)
    job = enqueue(
        tasks.make_report_document if is_report else tasks.make_opinion_document,
        now=now,
        arguments={"report_id" if is_report else "opinion_id": str(document.pk)},
        actor_id=actor.person_id,
        organisation_path=consult.receiving_organisation.path,
        key=pdf_key(document),
    )
    if job.state == "dead":
        revive(job_id=job.pk, now=now)
