"""Of consults that were closed while a report or a correction was not signed: who writes and who checks it sees the
images again, as after every closing from now on."""

from django.db import migrations
from django.utils import timezone

from core.ids import uuid7

BATCH = 500
FINISHED = ("signed", "amended")


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias

    def rows(app, name):
        return apps.get_model(app, name)._base_manager.using(alias)

    shares = rows("media_pipeline", "Share")
    for name in ("Report", "Opinion"):
        texts = rows("consult_bridge", name).exclude(state__in=FINISHED).filter(consult__state="closed")
        for text in texts.select_related("consult__receiving_organisation").order_by("pk").iterator(BATCH):
            studies = rows("consult_bridge", "ConsultStudy").filter(consult=text.consult, is_attached=True)
            if name == "Report":
                studies = studies.filter(study_id=text.study_id)
            known = rows("media_pipeline", "IdentifiedStudy").filter(pk__in=studies.values("study_id"))
            for study_id in known.values_list("pk", flat=True):
                for holder, permission, path in _who_needs(text):
                    shares.update_or_create(
                        study_id=study_id,
                        holder=holder,
                        purpose=f"consult:{text.consult_id}",
                        defaults={"permission": permission, "path": path, "until": None},
                        create_defaults={
                            "id": uuid7(),
                            "permission": permission,
                            "path": path,
                            "created_at": timezone.now(),
                        },
                    )


def _who_needs(text):
    receiving = text.consult.receiving_organisation
    if text.state == "under_review":
        yield f"o:{receiving.pk}", "consult.check", receiving.path
        if text.consult.expert_id:
            yield f"p:{text.consult.expert_id}", "consult.check", receiving.path
        if text.consult.checker_id:
            yield f"p:{text.consult.checker_id}", "consult.check", ""
    if text.written_by_id:
        yield f"p:{text.written_by_id}", "consult.answer", receiving.path


def empty(apps, schema_editor):
    """Older code would take a hospital's row without looking at the right that it names."""
    shares = apps.get_model("media_pipeline", "Share").objects.using(schema_editor.connection.alias)
    of_hospitals = shares.filter(holder__startswith="o:", purpose__startswith="consult:")
    of_hospitals.filter(permission="consult.check").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("consult_bridge", "0022_opinion_amended"),
        ("directory", "0001_initial"),
        ("media_pipeline", "0014_share_with_a_right"),
    ]
    operations = [migrations.RunPython(fill, empty)]
