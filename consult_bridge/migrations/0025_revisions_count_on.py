"""Of corrections that are not signed yet the revisions count on from the versions before, as of all that are begun from
now on: a page of an earlier version fits none of them."""

from django.db import migrations
from django.db.models import Max

BATCH = 500
FINISHED = ("signed", "amended")


def count_on(apps, schema_editor):
    for name in ("Opinion", "Report"):
        begun = _rows(apps, schema_editor, name).exclude(state__in=FINISHED).filter(amends__isnull=False)
        for document in begun.order_by("pk").iterator(BATCH):
            _shift(document, _highest_before(apps, schema_editor, name, document))


def count_anew(apps, schema_editor):
    for name in ("Opinion", "Report"):
        begun = _rows(apps, schema_editor, name).exclude(state__in=FINISHED).filter(amends__isnull=False)
        for document in begun.order_by("pk").iterator(BATCH):
            first = document.revisions.order_by("number").first()
            _shift(document, 1 - first.number if first else 0)


def _rows(apps, schema_editor, name):
    return apps.get_model("consult_bridge", name)._base_manager.using(schema_editor.connection.alias)


def _highest_before(apps, schema_editor, name, document):
    earlier = _rows(apps, schema_editor, name).filter(consult=document.consult_id, version__lt=document.version)
    if name == "Report":
        earlier = earlier.filter(study_id=document.study_id)
    return earlier.aggregate(highest=Max("revision"))["highest"] or 0


def _shift(document, by):
    """One by one, from the end that moves into free numbers: no two revisions of a document share one."""
    for row in document.revisions.order_by("-number" if by > 0 else "number"):
        row.number += by
        row.save(update_fields=["number"])
    document.revision += by
    document.save(update_fields=["revision"])


class Migration(migrations.Migration):
    dependencies = [("consult_bridge", "0024_study_decisions")]
    operations = [migrations.RunPython(count_on, count_anew)]
