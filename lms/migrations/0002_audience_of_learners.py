"""Learners who are enrolled already see the images that their edition shows."""

from collections import defaultdict
from typing import Any

from django.db import migrations

LEARNING = "learning:"
LIVE = ("enrolled", "in_progress", "passed", "failed")
ENDED = ("refused", "closed")
BATCH = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._default_manager.using(alias)

    live = rows("media_pipeline", "TeachingRelease").exclude(state__in=ENDED)
    versions = rows("casebook", "CaseVersion").filter(release_id__in=live.values("pk"))
    videos = rows("media_pipeline", "Video").filter(study__release__in=live)
    release_of = {("case", str(pk)): release_id for pk, release_id in versions.values_list("pk", "release_id")} | {
        ("video", str(pk)): release_id for pk, release_id in videos.values_list("pk", "study__release")
    }
    shown: dict[Any, set[Any]] = defaultdict(set)
    references = rows("cms", "EditionReference").filter(kind__in=("case", "video"))
    for edition_id, kind, reference in references.values_list("edition", "kind", "reference"):
        if (kind, reference) in release_of:
            shown[edition_id].add(release_of[kind, reference])
    audience = apps.get_model("media_pipeline", "ReleaseAudience")
    enrolments = rows("lms", "Enrolment").filter(edition_id__in=list(shown), state__in=LIVE)
    made = (
        audience(
            release_id=release_id,
            holder=f"p:{enrolment.person_id}",
            purpose=f"{LEARNING}{enrolment.pk}",
            created_at=enrolment.enrolled_at,
        )
        for enrolment in enrolments.iterator()
        for release_id in shown[enrolment.edition_id]
    )
    rows("media_pipeline", "ReleaseAudience").bulk_create(list(made), batch_size=BATCH, ignore_conflicts=True)


def empty(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(schema_editor.connection.alias)
    rows.filter(purpose__startswith=LEARNING).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("lms", "0001_enrolments"),
        ("cms", "0004_audience_of_courses"),
        ("casebook", "0008_audience_of_cases"),
        ("media_pipeline", "0005_release_audience"),
    ]

    operations = [migrations.RunPython(fill, empty)]
