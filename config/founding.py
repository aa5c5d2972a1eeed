"""The first day: key, root organisation, invitations of the three administrators, credit scheme, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction

from config import environment as env
from core.actor import SYSTEM
from core.keys.service import create_key
from credits.selectors.years import all_schemes
from credits.services.schemes import SHIPPED, install_file
from directory.models import Invitation
from directory.services.founding import Newcomer, found, invite_administrators, open_invitations

SHIPPED_NAME = "继续医学教育学分制度", "Credit scheme for continuing medical education"
CODE_LENGTH = 20  # of a scheme


@dataclass(frozen=True, slots=True)
class Authority:
    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Founded:
    """`made_key` is the id of a root key made now, or "". An administrator who is in already has no invitation."""

    code: str
    made_key: str
    scheme: str
    invitations: tuple[Invitation, ...]


@transaction.atomic
def bring_into_use(
    *, authority: Authority, people: Mapping[str, Newcomer], scheme: Path | None, now: datetime
) -> Founded:
    """Once or again: what stands already stays. `people` are by role; without `scheme`, and where none is installed,
    the shipped rules are installed under the authority's own name.

    Raises FoundedAlready, ThreePeople, Invalid, SchemeUnreadable, SchemeBesideAnother, KeysOfAnother.
    """
    key, is_new = create_key(actor=SYSTEM, now=now)
    root = found(actor=SYSTEM, code=authority.code, name=authority.name, name_en=authority.name_en, now=now)
    invite_administrators(actor=SYSTEM, root=root, people=people, now=now)
    standing = ", ".join(each.code for each in all_schemes())
    if scheme or not standing:
        standing = _install(scheme, authority, root.code, now)
    return Founded(
        code=root.code,
        made_key=key.key_id if is_new else "",
        scheme=standing,
        invitations=tuple(open_invitations(root, now)),
    )


def _install(scheme: Path | None, authority: Authority, code: str, now: datetime) -> str:
    """The code of what was installed."""
    english = authority.name_en or authority.name
    own = {"code": code[:CODE_LENGTH], "authority": authority.name, "authority_en": english}
    heads = None if scheme else own | dict(zip(("name", "name_en"), SHIPPED_NAME, strict=True))
    return install_file(path=scheme or SHIPPED, heads=heads, now=now).code


def newcomer(text: str) -> Newcomer:
    """From "name, e-mail" or "name, number" or both, with any comma. Raises ValueError."""
    name, *addresses = (part.strip() for part in re.split("[,，、]", text))
    emails = [part for part in addresses if "@" in part]
    phones = [part for part in addresses if part and "@" not in part]
    if not name or not (emails or phones) or len(emails) > 1 or len(phones) > 1:
        raise ValueError(text)
    for email in emails:
        validate_email(email)
    return Newcomer(name, email="".join(emails), phone="".join(phones))


def is_sent_out(invitation: Invitation) -> bool:
    """Whether somebody is told by mail or text message, so that the address needs not be handed over by hand."""
    has_mail = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and bool(env.text("EMAIL_HOST"))
    has_sms = not settings.XINGLIN_SMS_DRIVER.endswith(".LogDriver")
    return bool((invitation.email and has_mail) or (invitation.phone and has_sms))
