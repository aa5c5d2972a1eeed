"""Why no key is made or used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict


class KeysOfAnother(Conflict):
    """A new key here would hide that the right one is not mounted, and protect what nobody could open elsewhere."""

    code = "keys_of_another"
    message = _("This database was written with a key that the key folder does not hold.")
    next_step = _("Mount the key folder that belongs to it, or restore it from its backup.")
