"""Rows of those who review a case count only while they hold the reviewer's role."""

from typing import Any

from django.db import migrations


def _of_rounds(apps: Any, schema_editor: Any) -> Any:
    alias = schema_editor.connection.alias
    rounds = apps.get_model("peer_review", "ReviewRound")._default_manager.using(alias)
    purposes = [f"review:{pk}" for pk in rounds.filter(subject_kind="case_version").values_list("pk", flat=True)]
    return apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(alias).filter(purpose__in=purposes)


def require(apps: Any, schema_editor: Any) -> None:
    _of_rounds(apps, schema_editor).update(permission="case.review", path="")


def release(apps: Any, schema_editor: Any) -> None:
    _of_rounds(apps, schema_editor).update(permission="", path="")


class Migration(migrations.Migration):
    dependencies = [
        ("casebook", "0014_last_step"),
        ("media_pipeline", "0011_audience_with_a_right"),
        ("peer_review", "0001_initial"),
    ]

    operations = [migrations.RunPython(require, release)]
