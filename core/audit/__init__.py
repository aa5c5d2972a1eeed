"""The sealed audit trail: who did what to which subject, when, and proof that nobody changed it since."""

from typing import TYPE_CHECKING, Any

from core.audit.errors import AuditIsAppendOnly

if TYPE_CHECKING:
    from core.audit.lists import note_list
    from core.audit.recording import Happening, record, record_many
    from core.audit.sealing import seal_pending

__all__ = ["AuditIsAppendOnly", "Happening", "note_list", "record", "record_many", "seal_pending"]


def __getattr__(name: str) -> Any:
    """What needs the models is loaded when it is first used, after the app registry is ready."""
    if name in {"Happening", "record", "record_many"}:
        from core.audit import recording

        return getattr(recording, name)
    if name == "note_list":
        from core.audit.lists import note_list

        return note_list
    if name == "seal_pending":
        from core.audit.sealing import seal_pending

        return seal_pending
    raise AttributeError(name)
