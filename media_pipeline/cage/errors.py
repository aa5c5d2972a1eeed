"""Why a file could not be read: a code for the record, a sentence for the person."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Text, Unavailable
from media_pipeline.uploads.limits import IN_WORDS


def _limited(words: Any) -> Text:
    """With the limits of an upload in it."""
    return format_lazy(words, **IN_WORDS)


REASONS: dict[str, Text] = {
    "not_dicom": _("This is not a DICOM file."),
    "truncated": _("The file ends in the middle: it was cut off on the way."),
    "element_too_long": _("The file claims a part that is longer than the file itself."),
    "too_deep": _("The file nests its parts deeper than any device does."),
    "too_many_elements": _("The file holds more parts than any device writes."),
    "inflates_too_much": _("The file grows beyond what is allowed when it is unpacked."),
    "not_an_archive": _("The zip file is damaged or protected with a password."),
    "too_many_members": _limited(_("The zip file holds more than {members} files.")),
    "archive_too_large": _("The images in the zip file are larger than allowed when they are unpacked."),
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

_AGAIN = _("Export the file again from the device or the archive and send it once more.")
_NOT_AN_IMAGE = _(
    "Choose the DICOM file that the device or the archive made. A page, a photo or a PDF is sent as a scanned page."
)
_TOO_MUCH_WRITTEN = _("Export it without private elements, or ask the maker of the device what it writes there.")
_VALID_UIDS = _("Have whoever looks after the device or the archive give it valid UIDs, then export it again.")
_TOO_MUCH_WORK = _("Send it once more by itself. If it is refused again, tell whoever keeps the archive.")

ADVICE: dict[str, Text] = {
    "not_dicom": _NOT_AN_IMAGE,
    "truncated": _AGAIN,
    "element_too_long": _AGAIN,
    "too_deep": _TOO_MUCH_WRITTEN,
    "too_many_elements": _TOO_MUCH_WRITTEN,
    "inflates_too_much": _("Export it again uncompressed, or compressed as an image (JPEG Lossless, JPEG 2000)."),
    "archive_too_large": _limited(
        _("Send the study in several zip files of at most {unpacked_size} unpacked, each image at most {member_size}.")
    ),
    "not_an_archive": _("Pack the images again as a zip file without a password and send it once more."),
    "too_many_members": _limited(_("Send the study in several zip files of at most {members} images.")),
    "unsupported_compression": _("Export it again uncompressed, or compressed as JPEG, JPEG Lossless or JPEG 2000."),
    "no_pixels": _NOT_AN_IMAGE,
    "fewer_pixels": _AGAIN,
    "no_such_frame": _("Open the study again and choose one of its images."),
    "missing_identifier": _VALID_UIDS,
    "invalid_uid": _VALID_UIDS,
    "invalid_identifier": _(
        "Correct name and numbers of the patient in the PACS or at the device, then export it again."
    ),
    "too_large": _limited(_("Send the images one by one, or in several zip files of at most {file_size}.")),
    "took_too_long": _TOO_MUCH_WORK,
    "needs_too_much_memory": _TOO_MUCH_WORK,
    "unreadable": _AGAIN,
    "different_content": _(
        "Compare it with the stored image. If both are right, have this one exported under a UID of its own; otherwise"
        " tell whoever keeps the archive."
    ),
    "patient_mismatch": _(
        "Compare name and number in the PACS with those of the stored study. Correct them where they are wrong and"
        " export it again, or tell whoever keeps the archive."
    ),
    "other_study": _("Send it to the address of its own study, or to one that names no study."),
    "empty": _AGAIN,
}


def advice_for(reason: str) -> Text:
    """What to do about a file that was refused for `reason`."""
    return ADVICE.get(reason, _AGAIN)


class BadFile(Invalid):
    """A file from outside that cannot be used. `reason` is a key of REASONS; an unknown one reads as unreadable."""

    code = "bad_file"

    def __init__(self, reason: str) -> None:
        self.reason = reason if reason in REASONS else "unreadable"
        super().__init__(REASONS[self.reason], next_step=advice_for(self.reason))


class CageFailed(BadFile):
    """The call was lost: out of time, its process gone, no room on a disk. It may be the file, or a busy machine.

    On a page it reads like any bad file; work in the background tries again before it refuses one.
    """


class CageUnavailable(Unavailable):
    """No caged process could be started or became free in time."""

    code = "cage_unavailable"
