"""The text of what was withdrawn before withdrawing emptied it. It cannot be brought back, and must not be."""

from django.db import migrations


def empty(apps, schema_editor):
    versions = apps.get_model("casebook", "CaseVersion")._base_manager.using(schema_editor.connection.alias)
    for version in versions.filter(state="withdrawn").iterator():
        steps = version.content.get("withdrawn_steps", len(version.content.get("steps", [])))
        version.content = {"title": "", "summary": "", "steps": [], "withdrawn_steps": steps}
        version.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("casebook", "0009_reason_for_few")]
    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
