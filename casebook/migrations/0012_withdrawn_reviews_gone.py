"""What reviewers and editors wrote of cases withdrawn long ago. It cannot be brought back, and must not be."""

from typing import Any

from django.db import migrations

SUBJECT = "case_version"


def empty(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._base_manager.using(alias)

    withdrawn = rows("casebook", "CaseVersion").filter(state="withdrawn").values_list("pk", flat=True)
    for version_id in list(withdrawn):
        rounds = rows("peer_review", "ReviewRound").filter(subject_kind=SUBJECT, subject_id=version_id)
        numbers = list(rounds.values_list("pk", flat=True))
        rows("peer_review", "ReviewComment").filter(round__in=numbers).update(text="")
        rows("peer_review", "Assignment").filter(round__in=numbers).update(conflict="")
        reports = rows("peer_review", "ReviewReport").filter(assignment__round__in=numbers)
        reports.update(reasons={}, summary="")


class Migration(migrations.Migration):
    dependencies = [("casebook", "0011_withdrawn_titles_gone"), ("peer_review", "0002_contributors")]
    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
