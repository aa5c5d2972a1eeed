"""Page spaces: where an organisation's courses stand in Wagtail's tree."""

from __future__ import annotations

from uuid import UUID

from cms.models import CatalogueIndexPage, OrganisationSpacePage
from directory.api import get_organisation


def space_of(organisation_id: UUID) -> OrganisationSpacePage:
    """The organisation's page space, made when its first course is made."""
    space = OrganisationSpacePage.objects.filter(organisation=organisation_id).first()
    if space is None:
        organisation = get_organisation(organisation_id)
        space = OrganisationSpacePage(
            title=organisation.name, slug=organisation.code.lower(), organisation=organisation, live=True
        )
        CatalogueIndexPage.objects.get().add_child(instance=space)
    return space
