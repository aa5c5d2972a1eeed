"""Who acts: an immutable value that carries grants and visibility tokens. Core knows no role by name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.errors import Forbidden

#: Stands in audience rows for whoever is signed in.
SIGNED_IN = "signed_in"


def organisation_token(organisation_id: UUID) -> str:
    """The token that stands for an organisation in scope, share and audience rows."""
    return f"o:{organisation_id}"


def person_token(person_id: UUID) -> str:
    """The token that stands for one person in scope, share and audience rows."""
    return f"p:{person_id}"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one organisation; it covers every organisation whose path starts with this one's."""

    role: str
    organisation_id: UUID
    organisation_path: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system itself) at one moment, with the rights that are live at that moment.

    `person_id` is None for somebody who is not signed in, and for the system.
    """

    # Typed as present: whoever acts has passed `require` or a sign-in check, which the two without a person cannot.
    person_id: UUID = None  # type: ignore[assignment]
    name: str = ""
    grants: tuple[Grant, ...] = ()
    is_mfa_verified: bool = False
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def tokens(self, permission: str) -> tuple[str, ...]:
        """Organisations this actor acts for with `permission`, then the person; sorted, so that SQL is cacheable."""
        if self.person_id is None:
            return ()
        held = {organisation_token(g.organisation_id) for g in self.grants if permission in g.permissions}
        return (*sorted(held), person_token(self.person_id))

    def organisation_ids(self, permission: str) -> tuple[UUID, ...]:
        """The organisations in which this actor holds `permission`, in stable order."""
        return tuple(sorted({g.organisation_id for g in self.grants if permission in g.permissions}))

    def may(self, permission: str, organisation_path: str | None = None) -> bool:
        """Whether any grant gives `permission`, and, when a path is given, covers that organisation."""
        if self.is_system:
            return True
        return any(
            permission in g.permissions
            and (organisation_path is None or organisation_path.startswith(g.organisation_path))
            for g in self.grants
        )

    def require(self, permission: str, organisation_path: str | None = None) -> None:
        """Raise Forbidden unless `may`."""
        if not self.may(permission, organisation_path):
            raise Forbidden


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", is_system=True)
