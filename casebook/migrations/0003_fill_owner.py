"""Whose proposals and cases those are that exist: of the organisation that answered the consult and released it."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._default_manager.using(alias)

    released = dict(rows("media_pipeline", "TeachingRelease").values_list("pk", "organisation"))
    consults = rows("consult_bridge", "Consult")
    highest = rows("directory", "Organisation").order_by("path").first()
    for case in rows("casebook", "TeachingCase").filter(organisation=None):
        case.organisation_id = released.get(case.release_id) or highest.pk
        case.save(update_fields=["organisation"])
    for proposal in rows("casebook", "Proposal").filter(organisation=None):
        asked = consults.filter(pk=proposal.consult_id).values_list("receiving_organisation", "specialty").first()
        owner, proposal.specialty = asked or (released.get(proposal.release_id) or highest.pk, "")
        proposal.organisation_id = owner
        proposal.save(update_fields=["organisation", "specialty"])


def empty(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    for name in ("TeachingCase", "Proposal"):
        apps.get_model("casebook", name)._default_manager.using(alias).update(organisation=None)


class Migration(migrations.Migration):
    dependencies = [
        ("casebook", "0002_owner_organisation"),
        ("consult_bridge", "0005_teaching_reason"),
        ("media_pipeline", "0001_archive_and_release"),
        ("directory", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, empty)]
