"""The enrolment's machine. A deadline belongs to a programme, not to a course: `fail` and `expire` are its verbs."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Machine, State, Transition

#: The states in which questions are answered.
ANSWERING = ("enrolled", "in_progress")

ENROLMENT = Machine(
    name="enrolment",
    initial="enrolled",
    states={
        "enrolled": State(pgettext_lazy("learning", "Not started"), "sent", "grey"),
        "in_progress": State(_("Learning"), "half", "blue"),
        "passed": State(_("Passed"), "done", "green"),
        "failed": State(_("Not passed"), "stopped", "red"),
        "withdrawn": State(_("Left"), "stopped", "grey"),
        "expired": State(_("Expired"), "stopped", "grey"),
    },
    transitions=(
        Transition("start", ("enrolled",), "in_progress"),
        Transition("pass", ("enrolled", "in_progress"), "passed"),
        Transition("withdraw", ("enrolled", "in_progress"), "withdrawn"),
        Transition("return", ("withdrawn",), "in_progress"),
        Transition("fail", ("in_progress",), "failed"),
        Transition("retry", ("failed",), "in_progress"),
        Transition("expire", ("enrolled", "in_progress"), "expired"),
    ),
)
