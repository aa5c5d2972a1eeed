"""Named errors of this room that other rooms may meet. A bad file's own errors are in `cage.errors`."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound


class StudyNotFound(NotFound):
    """Missing, or not shared with this actor."""

    code = "study_not_found"
    message = _("This study was not found.")
    next_step = _("It may not be shared with you, or the link is mistyped.")


class UploadNotFound(NotFound):
    code = "upload_not_found"
    message = _("This upload was not found.")


class NothingSent(Invalid):
    code = "nothing_sent"
    message = _("No file was sent.")
    next_step = _("Choose DICOM files or one zip file and send the form again.")


class ReleaseNotFound(NotFound):
    code = "release_not_found"
    message = _("This release was not found.")


class ReleaseClosed(NotFound):
    """The release is not open (any more): its images and texts are not served."""

    code = "release_closed"
    message = _("This content is not released for teaching, or was withdrawn.")
    next_step = _("Nothing you did is lost. Go on with another case.")


class NothingToRelease(Invalid):
    code = "nothing_to_release"
    message = _("There is no study and no text to release.")
    next_step = _("Attach a study or write the case’s texts first.")


class PixelsMissing(Invalid):
    """Nobody can tell what the frames of such an object show, so nothing of it is released."""

    code = "pixels_missing"
    message = _("One of the images holds fewer pixels than its header says.")
    next_step = _("Have the study sent again from the device, or refuse the release.")


class FramesMissing(Invalid):
    code = "frames_missing"
    message = _("%(missing)d frames have not been confirmed yet.")
    next_step = _("Look at every frame, confirm it, then confirm the release.")


class TextsMissing(Invalid):
    code = "texts_missing"
    message = _("These texts have not been confirmed yet: %(texts)s.")
    next_step = _("Read each of them, strike out what names somebody, confirm it, then confirm the release.")


class PlacesUndecided(Invalid):
    """What the machine took for writing stands uncovered in the pictures, and this reader has not said it may."""

    code = "places_undecided"
    message = _("Places in the pictures that may be writing are not decided yet: %(places)d.")
    next_step = _("Cover each of them or leave it visible, then confirm the release.")


class NotLooked(Invalid):
    """Places are decided together only by somebody who says to have seen each of them."""

    code = "not_looked"
    message = _("Nothing was decided: you have not said that you looked at every picture of this sheet.")
    next_step = _("Look at each of them, take the tick from what differs, then tick the sentence below them.")


class NothingTicked(Invalid):
    code = "nothing_ticked"
    message = _("Nothing was decided: no picture of this sheet is ticked.")
    next_step = _("Tick those that show the same, or go back and decide the places one by one.")


class SheetChanged(Conflict):
    """A place of the sheet was decided, moved or taken away since it was opened."""

    code = "sheet_changed"
    message = _("Nothing was decided: places of this sheet were decided or changed since you opened it.")
    next_step = _("The sheet below shows them as they are now. Look at it once more.")


class NothingStruck(Invalid):
    code = "nothing_struck"
    message = _("These words stand in no text and in no image header of this release.")
    next_step = _("Select them in the text, or type them exactly as they stand there.")


class FaceVisible(Invalid):
    code = "face_visible"
    message = _("A head volume may show the face. It is released only after it was defaced.")
    next_step = _("State that it was defaced, or that no head is shown, and how you checked; or refuse the release.")


class FaceAnswersDiffer(Invalid):
    """Both readers stand by what the release says of a face."""

    code = "face_answers_differ"
    message = _("%(name)s has answered otherwise: “%(answer)s”.")
    next_step = _(
        "Look at the images again, both of you: one gives the same answer, or the other takes the confirmation back."
    )


class AlreadyConfirmed(Conflict):
    code = "already_confirmed"
    message = _("You have confirmed this release already. A second reader has to look at it.")
    next_step = _("Ask another de-identification officer to read it.")


class NothingToRetry(Conflict):
    code = "nothing_to_retry"
    message = _("Nothing stands still here: the work is running or done.")
    next_step = _("Load the page again to see how far it is.")


class NotConfirmedByYou(Conflict):
    code = "not_confirmed_by_you"
    message = _("You have not confirmed this release.")


class BothConfirmed(Conflict):
    """Two readers have signed: the release opens, and only closing it takes it back."""

    code = "both_confirmed"
    message = _("Two readers have confirmed this release. A confirmation cannot be taken back any more.")
    next_step = _("Ask the editor to withdraw the case, or the organisation to close the release.")


class BoxOutside(Invalid):
    code = "box_outside"
    message = _("The rectangle lies outside the picture.")
    next_step = _("Give left, top, width and height in pixels within the picture.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = _("A reason is needed.")
    next_step = _("Write one sentence why.")


class VideoNotFound(NotFound):
    """Missing, withdrawn, or not for this actor."""

    code = "video_not_found"
    message = _("This video is not here, is not released to you, or was withdrawn.")
    next_step = _("Nothing you did is lost. Open it from its case or its course.")


class NoLoop(Invalid):
    code = "no_loop"
    message = _("This series holds neither a loop nor several slices of one size.")
    next_step = _("Choose a series with a loop, such as an ultrasound clip, or a volume of slices.")
