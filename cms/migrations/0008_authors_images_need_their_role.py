"""Rows of authors count only while they hold the author's role over the course's organisation."""

from typing import Any

from django.db import migrations

COURSE = "course:"


def require(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    courses = apps.get_model("cms", "Course")._default_manager.using(alias)
    rows = apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(alias)
    for pk, path in courses.values_list("pk", "organisation__path"):
        rows.filter(purpose=f"{COURSE}{pk}").update(permission="course.author", path=path)


def release(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(schema_editor.connection.alias)
    rows.filter(purpose__startswith=COURSE).update(permission="", path="")


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_name_of_the_site"),
        ("media_pipeline", "0011_audience_with_a_right"),
    ]

    operations = [migrations.RunPython(require, release)]
