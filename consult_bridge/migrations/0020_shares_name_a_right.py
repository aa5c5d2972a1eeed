"""A share with an expert counts only while the expert belongs to the receiving hospital: each names that right."""

from uuid import UUID

from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    shares = apps.get_model("media_pipeline", "Share").objects.using(alias)
    consults = apps.get_model("consult_bridge", "Consult")._base_manager.using(alias)
    of_people = shares.filter(holder__startswith="p:", purpose__startswith="consult:", permission="")
    last = None
    while batch := list((of_people.filter(pk__gt=last) if last else of_people).order_by("pk")[:BATCH]):
        ids = {share.pk: UUID(share.purpose.removeprefix("consult:")) for share in batch}
        paths = dict(consults.filter(pk__in=ids.values()).values_list("pk", "receiving_organisation__path"))
        for share in batch:
            share.permission, share.path = "imaging.view", paths.get(ids[share.pk], "")
        shares.bulk_update([share for share in batch if share.path], ["permission", "path"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("consult_bridge", "0019_second_doctor_elsewhere"),
        ("directory", "0001_initial"),
        ("media_pipeline", "0014_share_with_a_right"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
