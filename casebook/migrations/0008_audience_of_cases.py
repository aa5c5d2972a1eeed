"""Who sees the images of proposals and cases that exist: their editors, their reviewers, and all who are signed in."""

from typing import Any

from django.db import migrations
from django.db.models import Q

EDITING, READING, REVIEW = "editing", "reading", "review:"
LIVE = ("releasing", "accepted")
ENDED = ("refused", "closed")
STEP = 5  # characters of one element of an organisation's path


def fill(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._default_manager.using(alias)

    ids = dict(rows("directory", "Organisation").values_list("path", "pk"))
    live = rows("media_pipeline", "TeachingRelease").exclude(state__in=ENDED)
    audience = apps.get_model("media_pipeline", "ReleaseAudience")
    made = []

    def admit(release_id: Any, holder: str, purpose: str, moment: Any) -> None:
        made.append(audience(release_id=release_id, holder=holder, purpose=purpose, created_at=moment))

    proposals = rows("casebook", "Proposal").filter(state__in=LIVE, release_id__in=live.values("pk"))
    for proposal in proposals.select_related("organisation"):
        path = proposal.organisation.path
        for end in range(STEP, len(path) + 1, STEP):
            if path[:end] in ids:
                admit(proposal.release_id, f"o:{ids[path[:end]]}", EDITING, proposal.created_at)
    versions = rows("casebook", "CaseVersion").filter(release_id__in=live.values("pk"))
    for version in versions.filter(state="published"):
        admit(version.release_id, "signed_in", READING, version.published_at or version.updated_at)
    under_review = {v.round_id: v for v in versions.filter(state="in_review", round_id__isnull=False)}
    parts = rows("peer_review", "Assignment").filter(round__in=list(under_review), round__state="open")
    for part in parts.filter(state__in=("assigned", "drafting", "submitted")):
        version = under_review[part.round_id]
        admit(version.release_id, f"p:{part.reviewer_id}", f"{REVIEW}{part.round_id}", part.assigned_at)
    rows("media_pipeline", "ReleaseAudience").bulk_create(made, ignore_conflicts=True)


def empty(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    rounds = apps.get_model("peer_review", "ReviewRound")._default_manager.using(alias)
    purposes = [f"{REVIEW}{pk}" for pk in rounds.filter(subject_kind="case_version").values_list("pk", flat=True)]
    rows = apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(alias)
    rows.filter(Q(purpose__in=[EDITING, READING]) | Q(purpose__in=purposes)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("casebook", "0007_saved_states"),
        ("media_pipeline", "0005_release_audience"),
        ("peer_review", "0001_initial"),
        ("directory", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, empty)]
