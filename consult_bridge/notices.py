"""What people are told about a consult. Texts name no patient: they leave the house by e-mail and SMS."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consult_bridge.models import Consult
from consult_bridge.models.scoping import VIEW
from consult_bridge.vocabulary import SPECIALTIES, Urgency
from core.notify import Kind, notify, register_kind
from core.ui.tags.times import written
from directory import api as directory

REQUEST = "consult.request"
_KINDS = {
    "consult.submitted": _("A new consult waits for triage"),
    "consult.assigned": _("A consult was assigned to you"),
    "consult.assignment_changed": _("The consult centre changed the urgency of a consult of yours, or its note"),
    "consult.accepted": _("The expert accepted your consult"),
    "consult.handed_back": _("An expert handed a consult back to triage"),
    "consult.information_requested": _("The consult centre asks for more information"),
    "consult.information_supplied": _("The requester supplied the missing information"),
    "consult.declined": _("Your consult was declined"),
    "consult.ended_by_centre": _("The consult centre declined a consult that you had"),
    "consult.cancelled": _("The requester took a consult of yours back"),
    "consult.reassigned": _("A consult of yours was given to another expert"),
    "consult.closed": _("A consult was closed with feedback"),
    "consult.overdue": _("A consult is past its time"),
    "consult.expired": _("A consult expired because no information came"),
    "consult.message": _("A new message in a consult"),
    "consult.study_arrived": _("Images arrived for a consult"),
    "opinion.to_check": _("An opinion waits for your review"),
    "opinion.returned": _("Your opinion was returned with remarks"),
    "opinion.taken_back": _("An opinion that waited for your review was taken back by its writer"),
    "opinion.given_up": _("A correction of an opinion in which you had a part was given up by its writer"),
    "opinion.taken_over": _("A colleague goes on with the opinion you were writing"),
    "consult.no_second_doctor": _("Nobody of your hospital is left to check a text: name a second doctor"),
    "consult.checker_named": _("You were named as the second doctor of a consult of another hospital"),
    "opinion.signed": _("The opinion on your consult is signed"),
    "opinion.amended": _("A signed opinion was corrected: read the new version"),
    "report.to_check": _("An imaging report waits for your review"),
    "report.returned": _("Your imaging report was returned with remarks"),
    "report.taken_back": _("An imaging report that waited for your review was taken back by its writer"),
    "report.given_up": _("An imaging report in which you had a part was given up by its writer"),
    "report.not_made": _("An imaging report that was begun before the consult was closed will not be written"),
    "report.taken_over": _("A colleague goes on with the imaging report you were writing"),
    "report.signed": _("An imaging report of your consult is signed"),
    "report.amended": _("A signed imaging report was corrected: read the new version"),
    "critical.raised": _("A critical value waits for your acknowledgement"),
    "critical.overdue": _("A critical value is not acknowledged in time"),
    "critical.acknowledged": _("Your critical value was acknowledged"),
    "critical.withdrawn": _("A critical value was not confirmed: read the report"),
}
_BY_SMS = {
    "consult.assigned",
    "consult.assignment_changed",
    "consult.information_requested",
    "consult.overdue",
    "opinion.signed",
    "opinion.amended",
    "report.amended",
    "critical.raised",
    "critical.overdue",
    "critical.withdrawn",
}


def register() -> None:
    _register_images()
    register_kind(
        Kind(
            name="consult.check_ended",
            subject=_("You need not check a text of another hospital any more: its writer gave it up"),
            body=_("Nothing is left to check in that consult, and it is not open to you any more."),
            channels={"app", "email"},
            about=about_consult,
        )
    )
    for name, subject in _KINDS.items():
        channels = {"app", "email", "sms"} if name in _BY_SMS else {"app", "email"}
        body = _("Open the consult to see what is next.")
        register_kind(Kind(name=name, subject=subject, body=body, channels=channels, about=about_consult))
    register_kind(
        Kind(
            name="draft.expiring",
            subject=_("A draft of yours will soon be deleted"),
            body=_("Nobody has changed this request for a long time. Open it, then submit it or save it again."),
            channels={"app", "email"},
        )
    )


def _register_images() -> None:
    register_kind(
        Kind(
            name="consult.images_wait",
            subject=_("The images of a consult could not be handed on"),
            body=_(
                "They are kept. Open the consult and send them again. If you may not send images any more, a colleague "
                "of your hospital who may can do it there."
            ),
            channels={"app", "email"},
            about=about_consult,
        )
    )
    register_kind(
        Kind(
            name="consult.reading_stopped",
            subject=_("The image files of a consult are not read"),
            body=_("They are kept, and it is no fault of the files. Open the consult and have them read again."),
            channels={"app", "email"},
            about=about_consult,
        )
    )
    register_kind(
        Kind(
            name="consult.study_set_aside",
            subject=_("Images arrived for a consult: look whose they are"),
            body=_("They are not part of the consult yet. Open it and compare both identities."),
            channels={"app", "email"},
            about=about_consult,
        )
    )
    register_kind(
        Kind(
            name="consult.files_refused",
            subject=_("Some image files of a consult could not be stored"),
            body=_("Open the images of the consult: each file stands there with the reason and what to do."),
            channels={"app", "email"},
            about=about_consult,
        )
    )


def _params_of(consult: Consult) -> dict[str, Any]:
    """What tells one consult from another and names nobody."""
    sent = consult.submitted_at or consult.created_at
    return {"urgency": consult.urgency, "specialty": consult.specialty, "sent": sent.isoformat()}


def about_consult(params: dict[str, Any]) -> str:
    """Which consult: its urgency, its specialty and when it was sent, in the reader's language."""
    return gettext("%(urgency)s, %(specialty)s, sent %(day)s.") % {
        "urgency": Urgency(params["urgency"]).label,
        "specialty": SPECIALTIES.get(params["specialty"], params["specialty"]),
        "day": written(datetime.fromisoformat(params["sent"])),
    }


def tell_requesting_side(
    person_ids: Iterable[UUID | None], kind: str, consult: Consult, *, now: datetime, key: str
) -> int:
    """As `tell`; where none of them works there any more, whoever may ask for a consult at the requesting hospital."""
    told = tell(person_ids, kind, consult, now=now, key=key)
    if told:
        return told
    place = consult.requesting_organisation.path
    return tell(directory.people_with_permission(REQUEST, now, covering=place), kind, consult, now=now, key=key)


def tell_freed_checker(person_id: UUID, consult: Consult, *, now: datetime, key: str) -> None:
    """Who was named to check it sees it no more: the notice leads to the list of what else they check."""
    notify(
        person_ids={person_id},
        kind="consult.check_ended",
        params=_params_of(consult),
        url=f"{reverse('consult_bridge:worklist')}?tab=check",
        now=now,
        key=key,
    )


def tell(
    person_ids: Iterable[UUID | None],
    kind: str,
    consult: Consult,
    *,
    now: datetime,
    key: str | None = None,
    has_to_pass_on: bool = False,
) -> int:
    """Tell each once who may still see the consult; returns how many were told now. `has_to_pass_on`: whoever may not
    is told too, because somebody has to tell a colleague."""
    ids = {person_id for person_id in person_ids if person_id}
    if ids and not has_to_pass_on:
        paths = (consult.requesting_organisation.path, consult.receiving_organisation.path)
        named = ids & {consult.checker_id}  # of another hospital
        ids = named | directory.people_still_holding(ids, VIEW, paths, now)
    if not ids:
        return 0
    return notify(
        person_ids=ids,
        kind=kind,
        params=_params_of(consult),
        url=reverse("consult_bridge:consult", args=[consult.pk]),
        now=now,
        key=key or f"{kind}:{consult.pk}:{consult.revision}",
    )
