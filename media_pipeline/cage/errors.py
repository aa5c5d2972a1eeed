"""Why a file could not be read: a code for the record, a sentence for the person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Text, Unavailable

ADVICE = _("Export the file again from the device or the archive and send it once more. Nothing of it was stored.")

REASONS: dict[str, Text] = {
    "not_dicom": _("This is not a DICOM file."),
    "truncated": _("The file ends in the middle: it was cut off on the way."),
    "element_too_long": _("The file claims a part that is longer than the file itself."),
    "too_deep": _("The file nests its parts deeper than any device does."),
    "too_many_elements": _("The file holds more parts than any device writes."),
    "inflates_too_much": _("The file grows beyond what is allowed when it is unpacked."),
    "not_an_archive": _("The zip file is damaged or protected with a password."),
    "too_many_members": _("The zip file holds more than 2,000 files."),
    "unsupported_compression": _("The image is compressed in a way that cannot be read here."),
    "no_pixels": _("The file holds no image."),
    "fewer_pixels": _("The file holds fewer pixels than its header says."),
    "no_such_frame": _("The image has no frame with this number."),
    "missing_identifier": _("The file has no study, series or instance UID."),
    "invalid_uid": _(
        "A UID of the file is not valid: it is longer than 64 characters, or not made of digits and dots."
    ),
    "invalid_identifier": _("The patient’s number or name or the accession number is too long or damaged."),
    "too_large": _("The file is larger than allowed."),
    "took_too_long": _("Reading the file took longer than allowed."),
    "needs_too_much_memory": _("Reading the file needs more memory than allowed."),
    "unreadable": _("The file is damaged and cannot be read."),
    "different_content": _("An image with this identifier is already stored with different content."),
    "patient_mismatch": _("The file belongs to a study that is already stored for another patient."),
    "other_study": _("The image belongs to another study than the one it was sent to."),
    "empty": _("The file is empty."),
}

NOT_AN_IMAGE = _(
    "Choose the DICOM file that the device or the archive made. A page, a photo or a PDF is sent as a scanned page."
)


def advice_for(reason: str) -> Text:
    """What to do about a file that was refused for `reason`."""
    return NOT_AN_IMAGE if reason in {"not_dicom", "no_pixels"} else ADVICE


class BadFile(Invalid):
    """A file from outside that cannot be used. `reason` is a key of REASONS; an unknown one reads as unreadable."""

    code = "bad_file"
    next_step = ADVICE

    def __init__(self, reason: str) -> None:
        self.reason = reason if reason in REASONS else "unreadable"
        super().__init__(REASONS[self.reason])


class CageFailed(BadFile):
    """The call was lost: out of time, its process gone, no room on a disk. It may be the file, or a busy machine.

    On a page it reads like any bad file; work in the background tries again before it refuses one.
    """


class CageUnavailable(Unavailable):
    """No caged process could be started or became free in time."""

    code = "cage_unavailable"
