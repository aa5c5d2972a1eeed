"""Corrections and reviewers' remarks beside nodes voided long ago. What they quote was withdrawn."""

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._base_manager.using(alias)

    gone: set[str] = set()
    for overlay in rows("cms", "EditionOverlay").exclude(voids={}):
        kept = {key: text for key, text in overlay.errata.items() if key not in overlay.voids}
        if kept != overlay.errata:
            overlay.errata, overlay.epoch = kept, overlay.epoch + 1
            overlay.save(update_fields=["errata", "epoch"])
        references = rows("cms", "EditionReference").filter(edition=overlay.pk, node_key__in=list(overlay.voids))
        gone |= set(references.values_list("reference", flat=True))
    if gone:
        for row in rows("peer_review", "ReviewRound").filter(subject_kind="course").iterator():
            nodes = [node for unit in row.manifest["units"] for node in unit["nodes"]]
            anchors = [node["key"] for node in nodes if node["reference"] in gone]
            rows("peer_review", "ReviewComment").filter(round=row.pk, anchor__in=anchors).update(text="")


class Migration(migrations.Migration):
    dependencies = [("cms", "0010_picture_log"), ("peer_review", "0002_contributors")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
