"""A proposal's reason is the doctor's free text: it moves to the consult side, encrypted. The column goes next.

Old code that still runs writes and shows the text until it is stopped; the next migration ends that on purpose.
"""

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    proposals = apps.get_model("casebook", "Proposal")._default_manager.using(alias).exclude(reason="")
    reasons = apps.get_model("consult_bridge", "TeachingReason")._default_manager.using(alias)
    consults = apps.get_model("consult_bridge", "Consult")._default_manager.using(alias)
    for proposal in proposals.order_by("created_at"):
        if consults.filter(pk=proposal.consult_id).exists():
            reasons.update_or_create(
                consult_id=proposal.consult_id,
                defaults={
                    "text": proposal.reason,
                    "written_by_id": proposal.proposer_id,
                    "written_at": proposal.created_at,
                },
            )
    proposals.update(reason="")


def move_back(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    proposals = apps.get_model("casebook", "Proposal")._default_manager.using(alias)
    for reason in apps.get_model("consult_bridge", "TeachingReason")._default_manager.using(alias):
        latest = proposals.filter(consult_id=reason.consult_id).order_by("-created_at").first()
        if latest is not None:
            latest.reason = reason.text
            latest.save(update_fields=["reason"])


class Migration(migrations.Migration):
    dependencies = [("casebook", "0004_owner_required"), ("consult_bridge", "0005_teaching_reason")]

    operations = [migrations.RunPython(move, move_back)]
