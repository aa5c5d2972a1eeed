"""An expert sees a consult through the receiving hospital, no longer by a row of their own, which outlived the role."""

from django.db import migrations

BATCH = 500


def remove(apps, schema_editor):
    scope = apps.get_model("consult_bridge", "ConsultScope").objects.using(schema_editor.connection.alias)
    scope.filter(participant__startswith="p:").delete()


def restore(apps, schema_editor):
    alias = schema_editor.connection.alias
    scope = apps.get_model("consult_bridge", "ConsultScope")
    assigned = apps.get_model("consult_bridge", "Consult")._base_manager.using(alias).filter(expert__isnull=False)
    tokens = ((pk, f"p:{expert_id}") for pk, expert_id in assigned.values_list("pk", "expert_id").iterator())
    rows = [scope(consult_id=pk, participant=token, token=token) for pk, token in tokens]
    scope.objects.using(alias).bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("consult_bridge", "0020_shares_name_a_right")]
    operations = [migrations.RunPython(remove, restore)]
