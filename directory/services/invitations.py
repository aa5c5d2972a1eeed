"""Invitations: made by a system administrator, sent by a job, accepted once."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import crypto
from core.actor import SYSTEM, Actor
from core.audit import record
from core.errors import Invalid, NotFound
from core.jobs import enqueue
from core.notify import send_sms
from directory.models import Invitation, Membership, Organisation, Person, RoleGrant
from directory.phone_numbers import normalised

PURPOSE = "invitation"
LIFE = timedelta(days=7)


class InvitationClosed(NotFound):
    """Used, too old, or a mistyped link: all read the same."""

    code = "invitation_closed"
    message = gettext_lazy("This invitation no longer works.")
    next_step = gettext_lazy("It was used already, or it is older than seven days. Ask for a new one.")


@transaction.atomic
def invite(
    *, actor: Actor, invitation_id: UUID, organisation_id: UUID, name: str, title: str, email: str, phone: str,
    now: datetime,
) -> Invitation:  # fmt: skip
    """Invites one person by e-mail, text message or both; the same id again is the same invitation. Raises Invalid."""
    from directory.tasks import send_invitation

    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if organisation is None or not actor.may("admin.system", organisation.path):
        raise NotFound
    if existing := Invitation.objects.filter(pk=invitation_id).first():
        return existing
    check_reachable(email, phone)
    invitation = Invitation.objects.create(
        pk=invitation_id, organisation=organisation, name=name, title=title, email=email.lower(),
        phone=normalised(phone) or None, invited_by_id=actor.person_id, created_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    enqueue(send_invitation, now=now, arguments={"invitation_id": str(invitation.pk)}, actor_id=actor.person_id)
    record(
        action="person.invited", actor=actor, subject_type="invitation", subject_id=invitation.pk,
        organisation_path=organisation.path, now=now,
    )  # fmt: skip
    return invitation


def link(invitation: Invitation) -> str:
    """The full address that opens it; whoever has it can accept."""
    tag = base64.urlsafe_b64encode(crypto.mac(invitation.pk.bytes, purpose=PURPOSE)).decode().rstrip("=")
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("accept_invitation", args=[invitation.pk, tag])


def open_invitation(invitation_id: UUID, tag: str, now: datetime) -> Invitation:
    """Raises InvitationClosed."""
    try:
        crypto.check_mac(invitation_id.bytes, base64.urlsafe_b64decode(tag + "=" * (-len(tag) % 4)), purpose=PURPOSE)
    except (crypto.Tampered, crypto.KeyMissing, ValueError):
        raise InvitationClosed from None
    open_ones = Invitation.objects.select_related("organisation").filter(accepted_at__isnull=True, expires_at__gt=now)
    invitation = open_ones.filter(pk=invitation_id).first()
    if invitation is None:
        raise InvitationClosed
    return invitation


@transaction.atomic
def accept(*, invitation_id: UUID, tag: str, username: str, password: str, now: datetime) -> Person:
    """Makes the person, who has agreed to the terms, a member of the organisation. Raises InvitationClosed, Invalid."""
    Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    invitation = open_invitation(invitation_id, tag, now)
    if Person.objects.filter(username=username.lower()).exists():
        raise Invalid(fields={"username": [_("Somebody has this user name already.")]})
    check_reachable(invitation.email, invitation.phone or "")
    person = Person(
        username=username.lower(), name=invitation.name, email=invitation.email, joined_at=now, agreed_to_terms_at=now
    )
    person.set_password(password)
    person.set_phone(invitation.phone or "")
    _confirm_the_only(person, now)
    person.save()
    Membership.objects.create(person=person, organisation=invitation.organisation, title=invitation.title)
    _give_role(invitation, person, now)
    invitation.person, invitation.accepted_at = person, now
    invitation.save(update_fields=["person", "accepted_at"])
    record(
        action="invitation.accepted", actor=Actor(person_id=person.pk, name=person.name), subject_type="person",
        subject_id=person.pk, organisation_path=invitation.organisation.path, now=now,
    )  # fmt: skip
    return person


def _give_role(invitation: Invitation, person: Person, now: datetime) -> None:
    """Of the first administrators only; whoever comes later is given roles by the security administrator."""
    if not invitation.role:
        return
    grant = RoleGrant.objects.create(
        person=person, role=invitation.role, organisation=invitation.organisation, starts_at=now
    )
    record(
        action="grant.given", actor=SYSTEM, subject_type="person", subject_id=person.pk,
        organisation_path=invitation.organisation.path,
        details={"role": grant.role, "organisation": str(grant.organisation_id), "grant": str(grant.pk)}, now=now,
    )  # fmt: skip


def _confirm_the_only(person: Person, now: datetime) -> None:
    """Whoever opened the link reads where it was sent; with two addresses nobody knows which one it came by."""
    if person.phone and not person.email:
        person.phone_verified_at = now
    elif person.email and not person.phone:
        person.email_verified_at = now


def send(invitation: Invitation, now: datetime) -> None:
    """By e-mail and text message, as given. Raises what the gateways raise; never inside a transaction."""
    address = link(invitation)
    site = settings.XINGLIN_SITE_NAME
    if invitation.email:
        body = _("%(organisation)s invites you to %(site)s. Set your password within seven days:") % {
            "organisation": invitation.organisation.name,
            "site": site,
        }
        send_mail(_("Your invitation"), f"{body}\n\n{address}\n", settings.DEFAULT_FROM_EMAIL, [invitation.email])
    if invitation.phone:
        text = _("【%(site)s】You are invited. Set your password within seven days:") % {"site": site}
        send_sms(phone=invitation.phone, text=f"{text} {address}", now=now)


def check_reachable(email: str, phone: str) -> None:
    """Raises Invalid: no address at all, no telephone number, or somebody's already."""
    if not email and not phone:
        raise Invalid(fields={"email": [_("Enter an e-mail address or a mobile number.")]})
    if phone and not normalised(phone):
        raise Invalid(fields={"phone": [_("This is not a telephone number.")]})
    if email and Person.objects.filter(email=email.lower()).exists():
        raise Invalid(fields={"email": [_("Another person has this address.")]})
    if phone and Person.objects.with_phone(phone) is not None:
        raise Invalid(fields={"phone": [_("Another person has this number.")]})
