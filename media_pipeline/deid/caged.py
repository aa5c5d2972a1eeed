"""De-identification as the cage offers it: header of one object, texts of one case, pixels of one object."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from pydicom import FileDataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID

from media_pipeline.cage.input import BadInput
from media_pipeline.deid.declared import keep_declared
from media_pipeline.deid.headers import HeaderCleaner, descriptors_of, state_methods, strike_descriptors
from media_pipeline.deid.known import identifiers_in
from media_pipeline.deid.pixels import blacken, strip_unused_bits
from media_pipeline.deid.texts import Identifiers, TextCleaner
from media_pipeline.dicom.header import describe
from media_pipeline.dicom.reading import read

IMPLEMENTATION_UID = UID("2.25.173034925374640158471273446182913190717")


def find_identifiers(files: list[int], _blobs: list[bytes]) -> tuple[dict[str, list[str]], list[bytes]]:
    """What the header behind the first descriptor knows of persons, numbers, places and telephones."""
    return identifiers_in(read(files[0], stop_before_pixels=True)), []


def clean_texts(
    _files: list[int], _blobs: list[bytes], *, texts: dict[str, str], identifiers: dict[str, list[str]]
) -> tuple[dict[str, Any], list[bytes]]:
    """De-identified texts by the same names, how many of each kind of identifier were replaced, and the case.

    The case (its language, its first day, the people met in its texts) is handed on to `clean_header`: it speaks one
    language throughout.
    """
    cleaner = TextCleaner(_known(identifiers), texts.values())
    cleaned = {name: cleaner.clean(text) for name, text in texts.items()}
    first = cleaner.first_day.isoformat() if cleaner.first_day else ""
    return {
        "texts": cleaned,
        "counts": dict(cleaner.counts),
        "case": {"is_chinese": cleaner.is_chinese, "first_day": first, "people": cleaner.people},
    }, []


def clean_header(
    files: list[int],
    _blobs: list[bytes],
    *,
    key: str,
    label: str,
    offset_days: int,
    identifiers: dict[str, list[str]],
    case: dict[str, Any],
) -> tuple[dict[str, Any], list[bytes]]:
    """Write the object behind the first descriptor, its header cleaned, to the second; what was done, what it is now.

    Raises BadInput("no_pixels") for an object that is not an image: reports and documents are not released; and
    "fewer_pixels" for one whose pixels are not all there.
    """
    dataset = read(files[0])
    if "PixelData" not in dataset or dataset.SOPClassUID.is_private:
        raise BadInput("no_pixels")
    first = date.fromisoformat(case["first_day"]) if case["first_day"] else None
    text = TextCleaner(_known(identifiers), is_chinese=case["is_chinese"], first_day=first, people=case.get("people"))
    cleaner = HeaderCleaner(key=bytes.fromhex(key), label=label, offset_days=offset_days, clean_text=text.clean)
    cleaner.clean(dataset)
    comments = keep_declared(dataset) + strip_unused_bits(dataset)
    _write(dataset, files[1])
    facts = describe(dataset, has_pixels=True) | {"descriptors": descriptors_of(dataset)}
    return {"counts": dict(cleaner.counts), "actions": cleaner.actions, "comments": comments, "header": facts}, []


def finish_object(
    files: list[int],
    _blobs: list[bytes],
    *,
    boxes: list[dict[str, int]],
    is_defaced: bool,
    strikes: list[dict[str, Any]],
) -> tuple[dict[str, Any], list[bytes]]:
    """Write the confirmed object: boxes blackened on every frame, the header says so and has lost the struck words.

    It is cut to its declared frames once more: what was laid out by an earlier edition of this house may hold more.
    """
    dataset = read(files[0])
    keep_declared(dataset)
    blacken(dataset, boxes)
    dataset.BurnedInAnnotation = "NO"
    if is_defaced:
        dataset.RecognizableVisualFeatures = "NO"
    state_methods(dataset, ["113101"])
    strike_descriptors(dataset, strikes)
    _write(dataset, files[1])
    return describe(dataset, has_pixels=True), []


def _known(identifiers: dict[str, list[str]]) -> Identifiers:
    return Identifiers(**{name: tuple(values) for name, values in identifiers.items()})


def _write(dataset: FileDataset, descriptor: int) -> None:
    """A fresh preamble and file meta group: the sender's own may name the device and the archive it came from."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = dataset.file_meta.TransferSyntaxUID
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.ImplementationClassUID = IMPLEMENTATION_UID
    dataset.file_meta = meta
    dataset.preamble = b"\x00" * 128
    with os.fdopen(os.dup(descriptor), "wb") as out:
        dataset.save_as(out, enforce_file_format=True)
