"""What other packages see of people and organisations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from core.actor import Actor


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as others may see them. `title` and `organisation_name` come from the primary membership."""

    id: UUID
    name: str
    name_en: str
    title: str
    organisation_id: UUID | None
    organisation_name: str
    organisation_name_en: str
    department_name: str
    department_name_en: str = ""
    specialty: str = ""

    @property
    def shown_organisation(self) -> str:
        """In the language of whoever is served now."""
        return self.organisation_name_en if get_language() == "en" else self.organisation_name

    @property
    def places(self) -> str:
        """Organisation and department in every language, to be searched."""
        named = (self.organisation_name, self.organisation_name_en, self.department_name, self.department_name_en)
        return " ".join(name for name in named if name)

    @property
    def shown_department(self) -> str:
        """In the language of whoever is served now."""
        return self.department_name_en if get_language() == "en" and self.department_name_en else self.department_name


@dataclass(frozen=True, slots=True)
class TokenBearer:
    """Who stands behind a machine's key; what it sends belongs to the organisation."""

    token_id: UUID
    actor: Actor
    organisation_id: UUID
    organisation_path: str
