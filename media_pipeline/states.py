"""The state machines of this room."""

from django.utils.translation import gettext_lazy as _

from core.states import Machine, State, Transition

RELEASE = Machine(
    name="release",
    initial="preparing",
    states={
        "preparing": State(_("Being de-identified"), "p25", "blue"),
        "pixel_review": State(_("Pixel review"), "half", "blue"),
        "open": State(_("Released for teaching"), "done", "green"),
        "refused": State(_("Release refused"), "stopped", "red"),
        "closed": State(_("Closed"), "lock", "grey"),
    },
    transitions=(
        Transition("present", ("preparing",), "pixel_review"),
        Transition("open", ("pixel_review",), "open"),
        Transition("refuse", ("preparing", "pixel_review"), "refused"),
        Transition("close", ("preparing", "pixel_review", "open"), "closed"),
    ),
)

UPLOAD = Machine(
    name="upload",
    initial="received",
    states={
        "received": State(_("Received"), "sent", "blue"),
        "done": State(_("Finished"), "done", "green"),
    },
    transitions=(Transition("finish", ("received",), "done"),),
)

UPLOADED_FILE = Machine(
    name="uploaded_file",
    initial="waiting",
    states={
        "waiting": State(_("Waiting"), "sent", "grey"),
        "unpacked": State(_("Unpacked"), "done", "grey"),
        "stored": State(_("Stored"), "done", "green"),
        "duplicate": State(_("Already here"), "done", "grey"),
        "refused": State(_("Not stored"), "trouble", "red"),
    },
    transitions=(
        Transition("unpack", ("waiting",), "unpacked"),
        Transition("store", ("waiting",), "stored"),
        Transition("recognise", ("waiting",), "duplicate"),
        Transition("refuse", ("waiting",), "refused"),
    ),
)

VIDEO = Machine(
    name="video",
    initial="preparing",
    states={
        "preparing": State(_("Video is being made"), "half", "blue"),
        "ready": State(_("Video is ready"), "done", "green"),
    },
    transitions=(Transition("finish", ("preparing",), "ready"),),
)
