"""What existed before proposals and cases had an owner gets one, and its free text leaves the teaching side."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
BEFORE, AFTER = ("casebook", "0001_cases"), ("casebook", "0006_no_reason_here")
REASON = "岑望舒的一例。"


@pytest.fixture
def old_schema(tmp_path, settings, django_db_setup, django_db_blocker, monkeypatch):
    """A copy of the migrated database under an alias of its own, taken back to the schema before."""
    from config.setup.templates import migrated_template

    target = tmp_path / "old.sqlite3"
    shutil.copyfile(migrated_template() / "db.sqlite3", target)
    monkeypatch.setitem(connections.databases, "old", {**connections.databases["default"], "NAME": str(target)})
    with django_db_blocker.unblock():
        yield connections["old"]
        connections["old"].close()
    del connections["old"]


def migrate(connection, target):
    executor = MigrationExecutor(connection)
    return executor.migrate([target]).apps


def rows(apps, app, model):
    return apps.get_model(app, model)._default_manager.using("old")


def plant(apps):
    """A proposed consult of a county, its release at the answering hospital, and the case made from it."""
    organisations = rows(apps, "directory", "Organisation")
    asking = organisations.create(code="ASK", name="甲", path="/1/", level=3, kind="hospital")
    answering = organisations.create(code="ANS", name="乙", path="/2/", level=1, kind="hospital")
    doctor = rows(apps, "directory", "Person").create(username="doctor", name="林晓禾")
    patient = rows(apps, "consult_bridge", "Patient").create(organisation=asking, name="岑望舒", created_at=AT)
    consult = rows(apps, "consult_bridge", "Consult").create(
        patient=patient,
        requesting_organisation=asking,
        receiving_organisation=answering,
        requester=doctor,
        specialty="neurology",
        service_type="joint_diagnosis",
        urgency="routine",
        subject="头痛",
        question="?",
        state="closed",
        created_at=AT,
    )
    release = rows(apps, "media_pipeline", "TeachingRelease").create(
        organisation=answering, label="T-AAAAAA", created_at=AT
    )
    rows(apps, "casebook", "Proposal").create(
        consult_id=consult.pk, proposer=doctor, reason=REASON, release_id=release.pk, created_at=AT
    )
    rows(apps, "casebook", "TeachingCase").create(code="T-0001", release_id=release.pk, created_at=AT)
    rows(apps, "casebook", "TeachingCase").create(code="T-0002", release_id=uuid4(), created_at=AT)
    return answering, asking, consult


@pytest.mark.embedded
def test_owner_and_reason_move_forth_and_back(old_schema):
    # Given rows of the old schema
    apps = migrate(old_schema, BEFORE)
    answering, asking, consult = plant(apps)
    # When the new one comes
    apps = migrate(old_schema, AFTER)
    # Then the answering hospital owns them, what belongs to nobody goes to the top, and the text is on the consult side
    proposal = rows(apps, "casebook", "Proposal").get()
    owners = dict(rows(apps, "casebook", "TeachingCase").values_list("code", "organisation"))
    assert (proposal.organisation_id, proposal.specialty) == (answering.pk, "neurology")
    assert owners == {"T-0001": answering.pk, "T-0002": asking.pk}
    assert not hasattr(proposal, "reason")
    reason = rows(apps, "consult_bridge", "TeachingReason").get()
    assert (reason.consult_id, reason.text) == (consult.pk, REASON)
    # And back again nothing is lost
    apps = migrate(old_schema, BEFORE)
    assert rows(apps, "casebook", "Proposal").get().reason == REASON


TITLE = "岑望舒的心尖四腔心"


def plant_reviewed(apps, code, state):
    """A version with a saved state, two rounds and what their reviewer and their opener were told, as long ago."""
    organisation = rows(apps, "directory", "Organisation").create(code=code, name=code, path=f"/{code}/", level=3)
    peer = rows(apps, "directory", "Person").create(username=code, name=code)
    case = rows(apps, "casebook", "TeachingCase").create(
        code=code, organisation=organisation, release_id=uuid4(), created_at=AT
    )
    version = rows(apps, "casebook", "CaseVersion").create(
        case=case, number=1, state=state, release_id=case.release_id, like_reason=TITLE, updated_at=AT
    )
    rows(apps, "casebook", "CaseSave").create(
        version=version, number=1, what="text", content={"title": TITLE}, saved_by=peer, begun_at=AT, saved_at=AT
    )
    notices = rows(apps, "core", "Notification")
    for number, round_state in enumerate(("decided", "open"), start=1):
        held = rows(apps, "peer_review", "ReviewRound").create(
            subject_kind="case_version", subject_id=version.pk, number=number, title=TITLE, manifest={},
            manifest_hash="h", rubric={}, state=round_state, opened_by_id=peer.pk, opened_at=AT, due_at=AT,
        )  # fmt: skip
        part = rows(apps, "peer_review", "Assignment").create(round=held, reviewer=peer, ordinal=1, assigned_at=AT)
        for kind, url in (("assigned", f"/reviews/{part.pk}/"), ("reviewer_missing", f"/reviews/rounds/{held.pk}/")):
            notices.create(
                person=peer, kind=f"peer_review.{kind}", params={"title": TITLE, "n": 1}, url=url, created_at=AT
            )
    return version


def told(apps, code):
    """(titles of rounds, titles in notices, saved states, reason for few) of one case."""
    version = rows(apps, "casebook", "CaseVersion").get(case__code=code)
    rounds = rows(apps, "peer_review", "ReviewRound").filter(subject_id=version.pk)
    notices = rows(apps, "core", "Notification").filter(person__username=code)
    return (
        sorted(rounds.values_list("title", flat=True)),
        [params["title"] for params in notices.values_list("params", flat=True)],
        rows(apps, "casebook", "CaseSave").filter(version=version.pk).count(),
        version.like_reason,
    )


@pytest.mark.embedded
def test_a_case_that_was_withdrawn_long_ago_is_named_nowhere(old_schema):
    # given one withdrawn and one published case of the version before
    before, after = ("casebook", "0010_withdrawn_texts_gone"), ("casebook", "0011_withdrawn_titles_gone")
    apps = migrate(old_schema, before)
    plant_reviewed(apps, "T-9001", "withdrawn")
    plant_reviewed(apps, "T-9002", "published")
    # when the titles go
    apps = migrate(old_schema, after)
    # then the withdrawn one has its code everywhere, the other its title
    assert told(apps, "T-9001") == (["T-9001"] * 2, ["T-9001"] * 4, 0, "")
    assert told(apps, "T-9002") == ([TITLE] * 2, [TITLE] * 4, 1, TITLE)
    assert {p["n"] for p in rows(apps, "core", "Notification").values_list("params", flat=True)} == {1}
    # and the way back is open, without bringing anything back
    apps = migrate(old_schema, before)
    assert told(apps, "T-9001") == (["T-9001"] * 2, ["T-9001"] * 4, 0, "")


def written(apps, code):
    """Everything that the reviews of one case say: remarks, reasons for stepping back, summaries, reasons of scores."""
    version = rows(apps, "casebook", "CaseVersion").get(case__code=code)
    parts = rows(apps, "peer_review", "Assignment").filter(round__subject_id=version.pk)
    reports = rows(apps, "peer_review", "ReviewReport").filter(assignment__in=parts)
    remarks = rows(apps, "peer_review", "ReviewComment").filter(assignment__in=parts)
    return (
        sorted(remarks.values_list("text", flat=True)),
        sorted(parts.values_list("conflict", flat=True)),
        list(reports.values_list("summary", "reasons")),
    )


def plant_words(apps, version):
    """A remark and a report in each round of the version, by a reviewer who later stepped back."""
    for part in rows(apps, "peer_review", "Assignment").filter(round__subject_id=version.pk):
        rows(apps, "peer_review", "Assignment").filter(pk=part.pk).update(conflict=TITLE)
        rows(apps, "peer_review", "ReviewComment").create(
            round=part.round, assignment=part, anchor="s1", text=TITLE, written_at=AT
        )
        rows(apps, "peer_review", "ReviewReport").create(
            assignment=part, manifest_hash="h", summary=TITLE, reasons={"accuracy": TITLE}, saved_at=AT
        )


@pytest.mark.embedded
def test_what_was_written_of_a_case_withdrawn_long_ago_is_gone(old_schema):
    # given the words of the reviews of one withdrawn and one published case
    before, after = ("casebook", "0011_withdrawn_titles_gone"), ("casebook", "0012_withdrawn_reviews_gone")
    apps = migrate(old_schema, before)
    for code, state in (("T-9001", "withdrawn"), ("T-9002", "published")):
        plant_words(apps, plant_reviewed(apps, code, state))
    # when they go
    apps = migrate(old_schema, after)
    # then only the published one's stand
    assert written(apps, "T-9001") == ([""] * 2, [""] * 2, [("", {})] * 2)
    assert written(apps, "T-9002") == ([TITLE] * 2, [TITLE] * 2, [(TITLE, {"accuracy": TITLE})] * 2)
    # and the way back brings nothing back
    apps = migrate(old_schema, before)
    assert written(apps, "T-9001") == ([""] * 2, [""] * 2, [("", {})] * 2)


def plant_audiences(apps):
    """Two rounds of cases and one of a course, what each opened to its reviewers, and two rows of no review.

    They all begin without a right, but one that an author holds by theirs.
    """
    organisation = rows(apps, "directory", "Organisation").create(code="REV", name="丙", path="/3/", level=3)
    release = rows(apps, "media_pipeline", "TeachingRelease").create(
        organisation=organisation, label="T-BBBBBB", created_at=AT
    )
    rounds = {}
    for name, kind in (("case", "case_version"), ("second case", "case_version"), ("course", "course")):
        held = rows(apps, "peer_review", "ReviewRound").create(
            subject_kind=kind, subject_id=uuid4(), number=1, title=TITLE, manifest={}, manifest_hash="h", rubric={},
            state="open", opened_at=AT, due_at=AT,
        )  # fmt: skip
        rounds[name] = f"review:{held.pk}"
    gone = {"gone round": f"review:{uuid4()}"}
    for name, purpose in (rounds | gone | {"officers": "officers"}).items():
        audience(apps).create(release=release, holder=f"p:{name}", purpose=purpose, created_at=AT)
    audience(apps).create(
        release=release, holder="p:author", purpose="course", permission="course.author", path="/3/", created_at=AT
    )


def audience(apps):
    return rows(apps, "media_pipeline", "ReleaseAudience")


def rights(apps):
    """holder -> (right, organisation it must be held over)"""
    return {holder: (right, path) for holder, right, path in audience(apps).values_list("holder", "permission", "path")}


WITHOUT_A_RIGHT = {
    "p:case": ("", ""),
    "p:second case": ("", ""),
    "p:course": ("", ""),
    "p:gone round": ("", ""),
    "p:officers": ("", ""),
    "p:author": ("course.author", "/3/"),
}


@pytest.mark.embedded
def test_what_reviewers_of_a_case_may_see_needs_their_role_and_nothing_else_does(old_schema):
    # given what was opened to reviewers before a row could ask for a right
    before, after = ("casebook", "0014_last_step"), ("casebook", "0015_reviewers_images_need_their_role")
    apps = migrate(old_schema, before)
    plant_audiences(apps)
    assert rights(apps) == WITHOUT_A_RIGHT
    # when the right is asked for
    apps = migrate(old_schema, after)
    # then it is in every round of a case, and nowhere else
    asked = {"p:case": ("case.review", ""), "p:second case": ("case.review", "")}
    assert rights(apps) == WITHOUT_A_RIGHT | asked
    # and back again no row asks for it
    apps = migrate(old_schema, before)
    assert rights(apps) == WITHOUT_A_RIGHT
