"""Until now anybody of the hospital could save and submit another's draft opinion: of those that are not signed yet,
whoever did is one of its writers. What was saved after it was submitted is the second doctor's."""

from django.db import migrations
from django.db.models import Q


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    opinions = apps.get_model("consult_bridge", "Opinion")._base_manager.using(alias)
    steps = apps.get_model("consult_bridge", "ConsultStep")._base_manager.using(alias)
    for opinion in opinions.exclude(state__in=["signed", "amended"]).iterator():
        drafts = opinion.revisions.exclude(saved_by_id=opinion.written_by_id)
        if opinion.submitted_at:
            drafts = drafts.filter(saved_at__lte=opinion.submitted_at)
        people = set(drafts.values_list("saved_by_id", flat=True))
        submitted = steps.filter(consult_id=opinion.consult_id, verb="submit_opinion")
        others = submitted.exclude(Q(person_id=None) | Q(person_id=opinion.written_by_id))
        people |= set(others.values_list("person_id", flat=True))
        if people:
            opinion.former_writers.add(*people)


class Migration(migrations.Migration):
    dependencies = [("consult_bridge", "0012_writers")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
