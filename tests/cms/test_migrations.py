"""What was withdrawn long ago leaves no words beside it, what reviewers see needs their role, nothing else changes, and
editions from before name their pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.casebook.test_migrations import WITHOUT_A_RIGHT, migrate, old_schema, plant_audiences, rights, rows

__all__ = ["old_schema"]

AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
BEFORE, AFTER = ("cms", "0009_course_edition_cover"), ("cms", "0011_voided_words_gone")
WORDS = "患者实为 64 岁女性"


def plant(apps):
    """An edition with a voided and a standing case, each with a correction, and a round with a remark beside each."""
    organisation = rows(apps, "directory", "Organisation").create(code="H", name="甲", path="/9/", level=3)
    course = rows(apps, "cms", "Course").create(
        organisation=organisation, code="C-1", title="胸痛", created_at=AT, changed_at=AT
    )
    gone, stays = str(uuid4()), str(uuid4())
    nodes = [{"key": "a", "kind": "case", "reference": gone}, {"key": "b", "kind": "case", "reference": stays}]
    manifest = {"units": [{"nodes": nodes}]}
    edition = rows(apps, "cms", "CourseEdition").create(
        course=course, number=1, title="胸痛", language="zh-hans", subject="cardiovascular", level="basic",
        learning_minutes=20, pass_percent=60, manifest=manifest, content_hash="h", round_id=uuid4(), published_at=AT,
    )  # fmt: skip
    for key, reference in (("a", gone), ("b", stays)):
        rows(apps, "cms", "EditionReference").create(edition=edition, node_key=key, kind="case", reference=reference)
    rows(apps, "cms", "EditionOverlay").create(
        edition=edition, voids={"a": "withdrawn"}, errata={"a": WORDS, "b": WORDS}, changed_at=AT
    )
    held = rows(apps, "peer_review", "ReviewRound").create(
        subject_kind="course", subject_id=course.pk, number=1, title="胸痛", manifest=manifest, manifest_hash="h",
        rubric={}, state="decided", opened_at=AT, due_at=AT,
    )  # fmt: skip
    for key in ("a", "b"):
        rows(apps, "peer_review", "ReviewComment").create(round=held, anchor=key, text=WORDS, written_at=AT)


def standing(apps):
    overlay = rows(apps, "cms", "EditionOverlay").get()
    return overlay.errata, overlay.epoch, dict(rows(apps, "peer_review", "ReviewComment").values_list("anchor", "text"))


@pytest.mark.embedded
def test_words_beside_what_was_voided_long_ago_are_gone(old_schema):
    # given an edition of the version before
    apps = migrate(old_schema, BEFORE)
    plant(apps)
    # when they go
    apps = migrate(old_schema, AFTER)
    # then only the words beside the standing case are left, and caches are told
    assert standing(apps) == ({"b": WORDS}, 2, {"a": "", "b": WORDS})
    # and the way back brings nothing back
    apps = migrate(old_schema, BEFORE)
    assert standing(apps) == ({"b": WORDS}, 2, {"a": "", "b": WORDS})


@pytest.mark.embedded
def test_what_reviewers_of_a_course_may_see_needs_their_role_and_nothing_else_does(old_schema):
    # given what was opened to reviewers before a row could ask for a right
    before, after = ("cms", "0013_last_step"), ("cms", "0014_reviewers_images_need_their_role")
    apps = migrate(old_schema, before)
    plant_audiences(apps)
    assert rights(apps) == WITHOUT_A_RIGHT
    # when the right is asked for
    apps = migrate(old_schema, after)
    # then it is in the round of a course, and nowhere else
    assert rights(apps) == WITHOUT_A_RIGHT | {"p:course": ("course.review", "")}
    # and back again no row asks for it
    apps = migrate(old_schema, before)
    assert rights(apps) == WITHOUT_A_RIGHT


@pytest.mark.embedded
def test_editions_from_before_name_their_pictures_once(old_schema):
    # given an edition whose manifest shows one picture twice and another one
    apps = migrate(old_schema, BEFORE)
    plant(apps)
    first, second = (f"/media/editions/{digit * 64}.webp" for digit in "ab")
    units = [{"nodes": [{"html": f'<img src="{first}">', "facts": {"cover": {"url": first}}}, {"html": second}]}]
    rows(apps, "cms", "CourseEdition").update(manifest={"units": units})
    # when its pictures are entered
    apps = migrate(old_schema, ("cms", "0017_pictures_of_earlier_editions"))
    # then each stands there once
    names = rows(apps, "cms", "EditionPicture").order_by("name").values_list("name", flat=True)
    assert list(names) == [f"{'a' * 64}.webp", f"{'b' * 64}.webp"]
    # and the way back leaves no table
    migrate(old_schema, BEFORE)
