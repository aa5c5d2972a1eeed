"""What cases withdrawn long ago left: their title in review rounds and notices, saved states, the reason for few alike.

None of it can be brought back, and none must be.
"""

from typing import Any

from django.db import migrations

SUBJECT = "case_version"


def empty(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._base_manager.using(alias)

    withdrawn = rows("casebook", "CaseVersion").filter(state="withdrawn")
    rows("casebook", "CaseSave").filter(version__in=withdrawn.values("pk")).delete()
    withdrawn.exclude(like_reason="").update(like_reason="")
    for version_id, code in withdrawn.values_list("pk", "case__code"):
        rounds = rows("peer_review", "ReviewRound").filter(subject_kind=SUBJECT, subject_id=version_id)
        for round_id in rounds.values_list("pk", flat=True):
            reword(rows, round_id, code)
        rounds.exclude(title=code).update(title=code)


def reword(rows: Any, round_id: Any, title: str) -> None:
    """The notices about one round and its parts, found by the pages they lead to."""
    parts = rows("peer_review", "Assignment").filter(round=round_id).values_list("pk", flat=True)
    urls = [f"/reviews/rounds/{round_id}/", *(f"/reviews/{pk}/" for pk in parts)]
    for notice in rows("core", "Notification").filter(url__in=urls, kind__startswith="peer_review."):
        notice.params = {**notice.params, "title": title}
        notice.save(update_fields=["params"])


class Migration(migrations.Migration):
    dependencies = [
        ("casebook", "0010_withdrawn_texts_gone"),
        ("peer_review", "0001_initial"),
        ("core", "0006_job_holder"),
    ]
    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
