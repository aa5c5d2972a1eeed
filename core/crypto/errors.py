"""What the crypto seam may raise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Unavailable, XinglinError


class KeyMissing(Unavailable):
    """The ciphertext names a key or a suite that this machine does not hold."""

    code = "key_missing"
    message = _("The key that protects this content is not available on this machine.")
    next_step = _("Tell your administrator: the key folder is incomplete or belongs to another installation.")


class Tampered(XinglinError):
    """Bytes do not match their authentication tag, signature or declared length: changed, cut, reordered or moved."""

    code = "tampered"
    status = 500
    message = _("This content was changed outside the system and is not shown.")
    next_step = _("Tell your administrator the time and this page; the stored copy has to be checked.")
