"""Releases that are open already: the officers of their organisation and of every one above see them."""

from typing import Any

from django.db import migrations

OFFICERS = "deidentification"
STEP = 5  # characters of one element of an organisation's path


def fill(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._default_manager.using(alias)

    ids = dict(rows("directory", "Organisation").values_list("path", "pk"))
    audience = apps.get_model("media_pipeline", "ReleaseAudience")
    opened = rows("media_pipeline", "TeachingRelease").filter(state="open").select_related("organisation")
    rows("media_pipeline", "ReleaseAudience").bulk_create(
        [
            audience(
                release_id=release.pk,
                holder=f"o:{ids[release.organisation.path[:end]]}",
                purpose=OFFICERS,
                created_at=release.opened_at or release.created_at,
            )
            for release in opened
            for end in range(STEP, len(release.organisation.path) + 1, STEP)
            if release.organisation.path[:end] in ids
        ],
        ignore_conflicts=True,
    )


def empty(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(schema_editor.connection.alias)
    rows.filter(purpose=OFFICERS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("media_pipeline", "0005_release_audience"),
        ("directory", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, empty)]
