"""The certificate's machine. A credit entry has none: it is entered, and reversed by a second entry."""

from django.utils.translation import gettext_lazy as _

from core.states import Machine, State, Transition

CERTIFICATE = Machine(
    name="certificate",
    initial="valid",
    states={
        "valid": State(_("Valid"), "done", "green"),
        "revoked": State(_("Revoked"), "stopped", "red"),
    },
    transitions=(Transition("revoke", ("valid",), "revoked"),),
)
