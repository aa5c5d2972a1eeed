"""What was open, published, under review or enrolled before releases had an audience keeps its audience."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db.migrations.executor import MigrationExecutor

from tests.casebook.test_migrations import old_schema, rows

__all__ = ["old_schema"]

AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
BEFORE = [
    ("lms", "0001_enrolments"),
    ("cms", "0003_front_page_in_english"),
    ("casebook", "0007_saved_states"),
    ("media_pipeline", "0004_what_the_machine_noticed"),
]
AFTER = [
    ("lms", "0002_audience_of_learners"),
    ("media_pipeline", "0006_officers_see_open_releases"),
]


def migrate(connection, targets):
    return MigrationExecutor(connection).migrate(targets).apps


class Planted:
    """Three releases: one published and shown by a course, one under review, one closed."""

    def __init__(self, apps) -> None:
        self.apps = apps
        self.province = self.make("directory", "Organisation", code="P", name="省", path="9001/", level=1)
        self.hospital = self.make("directory", "Organisation", code="H", name="院", path="9001/0001/", level=2)
        self.people = {
            name: self.make("directory", "Person", username=name, name=name)
            for name in ("author", "peer", "gone", "learner", "leaver")
        }
        self.published, self.reviewed, self.closed = (
            self.release(number, state) for number, state in enumerate(("open", "open", "closed"), start=1)
        )
        shown = self.version(self.published, 1, "published")
        self.version(self.closed, 2, "published")
        draft = self.version(self.reviewed, 3, "in_review")
        self.round = self.review("case_version", draft.pk, {})
        draft.round_id = self.round.pk
        draft.save(update_fields=["round_id"])
        study = self.make("media_pipeline", "TeachingStudy", release=self.reviewed, study_uid="1.2.3", created_at=AT)
        video = self.make(
            "media_pipeline", "Video", study=study, series_index=1, title="v", made_by=self.people["author"],
            created_at=AT,
        )  # fmt: skip
        self.course(("case", str(shown.pk)), ("video", str(video.pk)))

    def make(self, app, model, **values):
        return rows(self.apps, app, model).create(**values)

    def release(self, number, state):
        return self.make(
            "media_pipeline", "TeachingRelease", organisation=self.hospital, label=f"T-{number:06d}", state=state,
            created_at=AT, opened_at=AT,
        )  # fmt: skip

    def version(self, release, number, state):
        self.make(
            "casebook", "Proposal", consult_id=uuid4(), organisation=self.hospital, proposer=self.people["author"],
            state="accepted", release_id=release.pk, created_at=AT,
        )  # fmt: skip
        case = self.make(
            "casebook", "TeachingCase", code=f"T-{number:04d}", organisation=self.hospital, release_id=release.pk,
            created_at=AT,
        )  # fmt: skip
        return self.make(
            "casebook", "CaseVersion", case=case, number=1, state=state, release_id=release.pk, published_at=AT,
            updated_at=AT,
        )  # fmt: skip

    def review(self, kind, subject_id, manifest):
        made = self.make(
            "peer_review", "ReviewRound", subject_kind=kind, subject_id=subject_id, number=1, title="t",
            manifest=manifest, manifest_hash="h", rubric={}, opened_at=AT, due_at=AT,
        )  # fmt: skip
        for ordinal, (name, state) in enumerate((("peer", "submitted"), ("gone", "conflicted")), start=1):
            self.make(
                "peer_review", "Assignment", round=made, reviewer=self.people[name], ordinal=ordinal, state=state,
                assigned_at=AT,
            )  # fmt: skip
        return made

    def course(self, *shown):
        facts = {"subject": "neurology", "level": "basic"}
        course = self.make(
            "cms", "Course", organisation=self.hospital, code="C", title="t", created_at=AT, changed_at=AT, **facts
        )
        self.make("cms", "CourseAuthor", course=course, person=self.people["author"])
        edition = self.make(
            "cms", "CourseEdition", course=course, number=1, title="t", language="zh-hans", learning_minutes=45,
            pass_percent=60, manifest={}, content_hash="h", round_id=uuid4(), published_at=AT, **facts,
        )  # fmt: skip
        nodes = [{"kind": kind, "reference": reference} for kind, reference in shown]
        self.course_round = self.review("course", course.pk, {"units": [{"nodes": nodes}]})
        for key, (kind, reference) in enumerate(shown):
            self.make("cms", "EditionReference", edition=edition, node_key=str(key), kind=kind, reference=reference)
        self.course_id = course.pk
        self.enrolments = {
            name: self.make(
                "lms", "Enrolment", person=self.people[name], course_id=course.pk, edition_id=edition.pk, state=state,
                enrolled_at=AT,
            )
            for name, state in (("learner", "in_progress"), ("leaver", "withdrawn"))
        }  # fmt: skip

    def expected(self) -> set[tuple[object, str, str]]:
        person = {name: f"p:{row.pk}" for name, row in self.people.items()}
        learning = f"learning:{self.enrolments['learner'].pk}"
        both = {self.published.pk, self.reviewed.pk}
        found = {(self.published.pk, "signed_in", "reading")}
        found |= {(self.reviewed.pk, person["peer"], f"review:{self.round.pk}")}
        for release in both:
            for place in (self.province, self.hospital):
                found |= {(release, f"o:{place.pk}", purpose) for purpose in ("deidentification", "editing")}
            found |= {
                (release, person["peer"], f"review:{self.course_round.pk}"),
                (release, person["author"], f"course:{self.course_id}"),
                (release, person["learner"], learning),
            }
        return found


@pytest.mark.embedded
def test_the_audience_is_filled_forth_and_leaves_nothing_behind(old_schema):
    # given releases, cases, rounds, a course and enrolments of the old schema
    planted = Planted(migrate(old_schema, BEFORE))
    # when audience rows come
    apps = migrate(old_schema, AFTER)
    # then each of them has the rows that the services would have written
    audience = rows(apps, "media_pipeline", "ReleaseAudience")
    assert set(audience.values_list("release", "holder", "purpose")) == planted.expected()
    # and on the way back each migration takes its own along
    apps = migrate(old_schema, [("lms", "0001_enrolments"), ("cms", "0003_front_page_in_english")])
    left = rows(apps, "media_pipeline", "ReleaseAudience").values_list("purpose", flat=True)
    assert {purpose.partition(":")[0] for purpose in left} == {"reading", "editing", "deidentification", "review"}
    migrate(old_schema, BEFORE)
    assert "media_pipeline_releaseaudience" not in old_schema.introspection.table_names()
