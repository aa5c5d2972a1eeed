"""The job's machine. A lease that ran out sends it back to the queue; too many attempts make it dead."""

from django.utils.translation import gettext_lazy as _

from core.states import Machine, State, Transition

JOB = Machine(
    name="job",
    initial="queued",
    states={
        "queued": State(_("Waiting"), "sent", "grey"),
        "running": State(_("Running"), "half", "blue"),
        "succeeded": State(_("Done"), "done", "green"),
        "dead": State(_("Failed"), "trouble", "red"),
    },
    transitions=(
        Transition("start", ("queued",), "running"),
        Transition("finish", ("running",), "succeeded"),
        Transition("retry", ("running",), "queued"),
        Transition("give_up", ("running", "queued"), "dead"),
        Transition("revive", ("dead",), "queued"),
    ),
)
