"""The door of assessment."""

from assessment.contracts import QuestionVersionFacts, Score
from assessment.presenting import render_answered, render_question, render_result
from assessment.scoring import fault_of, is_complete, perfect_response, read_response, score
from assessment.selectors import version_facts as get_question_version
from assessment.selectors import version_facts_many as get_question_versions
from assessment.services.editing import create_question, new_version

__all__ = [
    "QuestionVersionFacts",
    "Score",
    "create_question",
    "fault_of",
    "get_question_version",
    "get_question_versions",
    "is_complete",
    "new_version",
    "perfect_response",
    "read_response",
    "render_answered",
    "render_question",
    "render_result",
    "score",
]
