"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.words import Family, Subject, Values, ids_of, register_words
from media_pipeline.models import Video

ACTIONS = {
    Family.READ: {
        "imaging.study_viewed": _("Opened a patient’s images"),
        "imaging.teaching_study_viewed": _("Opened teaching images"),
        "imaging.release_viewed": _("Opened a release to check its images"),
        "imaging.video_viewed": _("Played a video"),
    },
    Family.WRITTEN: {
        "imaging.study_stored": _("Stored an imaging study"),
        "imaging.upload_received": _("Received uploaded image files"),
        "imaging.upload_retried": _("Had waiting image files read again"),
        "imaging.key_image_marked": _("Marked a key image"),
        "imaging.key_image_unmarked": _("Unmarked a key image"),
        "release.started": _("Started a release for teaching"),
        "release.deidentified": _("Removed identifying data by machine"),
        "release.retried": _("Tried a stopped release again"),
        "release.box_drawn": _("Drew a box over identifying pixels"),
        "release.box_moved": _("Moved a box over pixels"),
        "release.box_removed": _("Removed a box over pixels"),
        "release.mark_left": _("Left a suspected mark visible"),
        "release.decided_together": _("Decided the same place in several recordings at once"),
        "release.mark_reopened": _("Will decide about a suspected mark again"),
        "release.words_struck": _("Struck identifying words from a text"),
        "release.strike_removed": _("Put struck words back"),
        "video.asked": _("Asked for a video to be prepared"),
        "video.retried": _("Tried a stopped video again"),
    },
    Family.SIGNED: {
        "release.confirmed": _("Confirmed the images and texts of a release"),
        "release.stated_defaced": _("Stated that the face was removed from the images of a release"),
        "release.stated_no_head": _("Stated that the images of a release show no head"),
    },
    Family.WITHDRAWN: {
        "release.confirmation_taken_back": _("Took back a confirmation"),
        "release.frames_taken_back": _("Took back that the frames were looked at"),
        "release.texts_taken_back": _("Took back that the texts were read"),
        "release.closed": _("Closed a release and destroyed its key"),
        "release.pulled": _("Took a release back because of what was found in it, and destroyed its key"),
    },
    Family.RELEASED: {
        "release.opened": _("Opened a release for teaching"),
    },
    Family.REFUSED: {
        "release.refused": _("Refused a release for teaching"),
    },
}


def _videos(ids: frozenset[str]) -> dict[str, str]:
    return {str(key): title for key, title in Video.objects.filter(pk__in=ids_of(ids)).values_list("pk", "title")}


SUBJECTS = {
    "release": Subject(pgettext_lazy("audit", "Release for teaching")),
    "study": Subject(pgettext_lazy("audit", "Imaging study")),
    "teaching_study": Subject(pgettext_lazy("audit", "Teaching study")),
    "upload": Subject(pgettext_lazy("audit", "Upload")),
    "video": Subject(pgettext_lazy("audit", "Video"), _videos),
}
FACTS = {
    "act": pgettext_lazy("audit", "Decision"),
    "candidate": pgettext_lazy("audit", "Image object"),
    "code": pgettext_lazy("audit", "Code"),
    "files": pgettext_lazy("audit", "Files"),
    "frame": pgettext_lazy("audit", "Frame"),
    "is_second": pgettext_lazy("audit", "Second reader"),
    "left_out": pgettext_lazy("audit", "Left out"),
    "mark": pgettext_lazy("audit", "Suspected mark"),
    "objects": pgettext_lazy("audit", "Objects"),
    "places": pgettext_lazy("audit", "Places"),
    "purpose": pgettext_lazy("audit", "Purpose"),
    "series": pgettext_lazy("audit", "Series"),
    "source": pgettext_lazy("audit", "Came by"),
    "strike": pgettext_lazy("audit", "Struck words"),
    "studies": pgettext_lazy("audit", "Imaging studies"),
    "study": pgettext_lazy("audit", "Imaging study"),
    "texts": pgettext_lazy("audit", "Texts"),
    "upload": pgettext_lazy("audit", "Upload"),
    "left": pgettext_lazy("audit", "Left"),
    "top": pgettext_lazy("audit", "Top"),
    "right": pgettext_lazy("audit", "Right"),
    "bottom": pgettext_lazy("audit", "Bottom"),
    "width": pgettext_lazy("audit", "Width"),
    "height": pgettext_lazy("audit", "Height"),
    "left_before": pgettext_lazy("audit", "Left before"),
    "top_before": pgettext_lazy("audit", "Top before"),
    "width_before": pgettext_lazy("audit", "Width before"),
    "height_before": pgettext_lazy("audit", "Height before"),
    "x": pgettext_lazy("audit", "Left"),
    "y": pgettext_lazy("audit", "Top"),
}
VALUES: dict[str, Values] = {
    "act": {
        "leave": pgettext_lazy("audit", "Left visible"),
        "again": pgettext_lazy("audit", "Will be decided again"),
        "cover": pgettext_lazy("audit", "Covered"),
        "remove": pgettext_lazy("audit", "Cover taken away"),
    },
    "list": {
        "media_pipeline.dicomweb": pgettext_lazy("audit", "Studies by DICOMweb"),
        "media_pipeline.studies": pgettext_lazy("audit", "Imaging studies"),
        "media_pipeline.upload": pgettext_lazy("audit", "Studies of an upload"),
    },
    "source": {
        "consult": pgettext_lazy("audit", "A consult"),
        "stow": pgettext_lazy("audit", "DICOMweb"),
        "form": pgettext_lazy("audit", "The upload page"),
    },
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS, values=VALUES)
