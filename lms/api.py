"""The door of lms."""

from lms.contracts import CompletionFacts
from lms.selectors import completion_facts as get_completion
from lms.selectors import completion_id_of, completions_since
from lms.selectors import completions as list_completions
from lms.services.attempting import start_attempt, submit_attempt
from lms.services.enrolling import enrol, withdraw
from lms.services.learning import complete_unit, open_unit

__all__ = [
    "CompletionFacts",
    "complete_unit",
    "completion_id_of",
    "completions_since",
    "enrol",
    "get_completion",
    "list_completions",
    "open_unit",
    "start_attempt",
    "submit_attempt",
    "withdraw",
]
