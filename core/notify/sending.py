"""What leaves the house: the kind's generic sentence and a link, nothing else."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from core.notify.address_book import Address, address_of
from core.notify.kinds import Kind, kind_named
from core.notify.models import Notification
from core.notify.sms import send_sms


def send(row: Notification, now: datetime) -> None:
    """Send by every channel of its kind that has not been used yet, and note each one at once.

    Raises what the mail server or the SMS driver raises; what was sent before stays noted.
    """
    kind = kind_named(row.kind)
    if kind is None or not kind.outside:
        return
    address = address_of(row.person_id)
    with translation.override(address.language or settings.LANGUAGE_CODE):
        if "email" in kind.outside and address.email and row.emailed_at is None:
            _email(row, kind, address)
            Notification.objects.filter(pk=row.pk).update(emailed_at=now)
        if "sms" in kind.outside and address.phone and row.texted_at is None:
            send_sms(phone=address.phone, text=f"{_site()}{kind.subject} {link(row)}".strip(), now=now)
            Notification.objects.filter(pk=row.pk).update(texted_at=now)


def link(row: Notification) -> str:
    """The page's full address, or nothing. Everybody must sign in behind it."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + row.url if row.url else ""


def _site() -> str:
    return f"【{settings.XINGLIN_SITE_NAME}】"


def _email(row: Notification, kind: Kind, address: Address) -> None:
    why = _("You receive this because you work with %(site)s.") % {"site": settings.XINGLIN_SITE_NAME}
    body = "\n\n".join(line for line in (str(kind.subject), link(row), why) if line)
    send_mail(str(kind.subject), body, settings.DEFAULT_FROM_EMAIL, [address.email])
