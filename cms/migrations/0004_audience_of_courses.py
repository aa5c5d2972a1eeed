"""Who sees the images that courses show: reviewers of open rounds, and the authors of what is published."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import migrations
from django.db.models import Q

REVIEW, COURSE = "review:", "course:"
ENDED = ("refused", "closed")


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
    audience = apps.get_model("media_pipeline", "ReleaseAudience")
    made = []

    def admit(shown: Iterable[tuple[str, str]], holder: str, purpose: str, moment: Any) -> None:
        for release_id in {release_of[key] for key in shown if key in release_of}:
            made.append(audience(release_id=release_id, holder=holder, purpose=purpose, created_at=moment))

    parts = rows("peer_review", "Assignment").filter(round__subject_kind="course", round__state="open")
    for part in parts.filter(state__in=("assigned", "drafting", "submitted")).select_related("round"):
        nodes = [node for unit in part.round.manifest["units"] for node in unit["nodes"]]
        shown = [(node["kind"], node["reference"]) for node in nodes]
        admit(shown, f"p:{part.reviewer_id}", f"{REVIEW}{part.round_id}", part.assigned_at)
    shown_by: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    references = rows("cms", "EditionReference").filter(kind__in=("case", "video"))
    for course_id, kind, reference in references.values_list("edition__course", "kind", "reference"):
        shown_by[course_id].append((kind, reference))
    authors = rows("cms", "CourseAuthor").filter(course__in=list(shown_by)).select_related("course")
    for author in authors:
        admit(
            shown_by[author.course_id], f"p:{author.person_id}", f"{COURSE}{author.course_id}", author.course.created_at
        )
    rows("media_pipeline", "ReleaseAudience").bulk_create(made, ignore_conflicts=True)


def empty(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    rounds = apps.get_model("peer_review", "ReviewRound")._default_manager.using(alias)
    purposes = [f"{REVIEW}{pk}" for pk in rounds.filter(subject_kind="course").values_list("pk", flat=True)]
    rows = apps.get_model("media_pipeline", "ReleaseAudience")._default_manager.using(alias)
    rows.filter(Q(purpose__in=purposes) | Q(purpose__startswith=COURSE)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_front_page_in_english"),
        ("casebook", "0008_audience_of_cases"),
        ("media_pipeline", "0005_release_audience"),
        ("peer_review", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, empty)]
