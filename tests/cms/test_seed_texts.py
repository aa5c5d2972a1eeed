"""The seeded texts are readable and complete."""

from pathlib import Path

import pytest

from assessment.kinds import KINDS
from cms.seed import pictures
from cms.seed.reading import question, read_courses
from cms.states import CourseLevel, Language, Subject

PICTURES = Path(pictures.__file__).parent
COURSES = read_courses()


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.code)
def test_a_seeded_course_is_well_formed(course):
    assert course.facts["subject"] in Subject.values
    assert course.facts["level"] in CourseLevel.values
    assert course.facts["language"] in Language.values
    assert all(unit.minutes >= 5 for unit in course.units)
    for unit in course.units:
        for block in unit.blocks:
            if block.kind == "quiz":
                kind, content = question(block)
                assert KINDS[kind].validate(content)["points"] == 2
            elif block.kind == "image":
                name, shows, caption = block.head.split(" | ")
                assert (PICTURES / name).is_file() and shows and caption
            else:
                assert block.text()


def test_every_course_that_is_submitted_has_questions():
    assert all(
        any(block.kind == "quiz" for unit in course.units for block in unit.blocks)
        for course in COURSES
        if course.state != "draft"
    )


def test_codes_are_unique():
    assert len({course.code for course in COURSES}) == len(COURSES) == 17
