"""Every action that any source records has words, so that an auditor never meets a bare code."""

from __future__ import annotations

from consult_bridge.services.opinions import AMENDMENT_STEPS
from consult_bridge.states import CONSULT
from core.audit.words import FAMILIES, known_actions
from core.translation.packages import own_packages
from tests.architecture.audit_codes import recorded

#: What the places make that put their code together while running. A new place is listed here, with its codes.
MADE = {
    "cms/services/review.py:apply_decision": {"course.approved", "course.changes_requested"},
    "consult_bridge/services/moving.py:move": {f"consult.{step.verb}" for step in CONSULT.transitions},
    "consult_bridge/services/opinions.py:go": {f"opinion.{word}" for word in AMENDMENT_STEPS.values()},
    "consult_bridge/services/patients.py:_merge": {
        "patient.contact_changed", "patient.record_confirmed", "patient.corrected",
    },
    "cms/services/pictures.py:note_picture": {"picture.uploaded", "picture.changed", "picture.deleted"},
    "consult_bridge/services/reports.py:_announce": {"report.signed", "report.amended"},
    "consult_bridge/trail.py:note_reading": {
        "consult.viewed", "consult.attachment_read", "consult.consent_read", "consult.opinion_read",
        "consult.report_read",
    },
    "lms/services/enrolling.py:enrol": {"enrolment.made", "enrolment.returned"},
    "media_pipeline/access/trail.py:note_view": {
        "imaging.study_viewed", "imaging.teaching_study_viewed", "imaging.release_viewed", "imaging.video_viewed",
    },
}  # fmt: skip


def found():
    return recorded([package.name for package in own_packages()])


def test_every_place_that_makes_its_code_is_listed():
    assert found().made == set(MADE)


def test_every_recorded_action_has_words():
    codes = set().union(*found().codes.values(), *MADE.values())

    assert codes - set(known_actions()) == set()


def test_no_words_are_kept_for_what_nobody_records():
    codes = set().union(*found().codes.values(), *MADE.values())

    assert set(known_actions()) - codes == set()


def test_known_recorders_are_found():
    """The reading of the sources itself: direct, through helpers, and by a choice between two texts."""
    codes = found().codes

    assert "list.read" in codes["core"]
    assert {"release.box_drawn", "imaging.key_image_unmarked"} <= codes["media_pipeline"]
    assert {"person.signed_out", "person.signed_out_idle"} <= codes["directory"]
    assert "course.block_moved" in codes["cms"]


def test_every_action_belongs_to_a_family():
    assert {family for family, _words in known_actions().values()} == set(FAMILIES)
