"""What the house keeps of a header: identifiers for the tables, facts for the viewer. Runs in the cage."""

from __future__ import annotations

import json
import math
from typing import Any

from pydicom import Dataset

from media_pipeline.cage.input import BadInput
from media_pipeline.dicom.functional import numbers, of_frame, orientations
from media_pipeline.dicom.geometry import orientation_letters, slice_position
from media_pipeline.dicom.identifiers import fault_of
from media_pipeline.dicom.reading import read

BULK = 1024  # bytes: longer binary values are left out of the metadata
WIDEST = 2**31  # whole numbers stay below: a column of the tables holds 32 bits

TEXTS = {
    "study_uid": "StudyInstanceUID",
    "series_uid": "SeriesInstanceUID",
    "sop_uid": "SOPInstanceUID",
    "sop_class_uid": "SOPClassUID",
    "accession_number": "AccessionNumber",
    "patient_id": "PatientID",
    "patient_name": "PatientName",
    "patient_birth_date": "PatientBirthDate",
    "patient_sex": "PatientSex",
    "patient_age": "PatientAge",
    "institution_name": "InstitutionName",
    "referring_physician": "ReferringPhysicianName",
    "study_description": "StudyDescription",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "modality": "Modality",
    "series_description": "SeriesDescription",
    "body_part": "BodyPartExamined",
    "laterality": "Laterality",
}
EXACT = ("study_uid", "series_uid", "sop_uid", "sop_class_uid", "patient_id", "accession_number")


def inspect(files: list[int], _blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """The header of the first descriptor as a flat dict. Raises BadInput."""
    dataset = read(files[0], stop_before_pixels=True)
    found = describe(dataset, has_pixels=_has_pixels(files[0]))
    if fault := fault_of(found | {name: _said(dataset, TEXTS[name]) for name in EXACT}):
        raise BadInput(fault)
    return found, []


def describe(dataset: Dataset, *, has_pixels: bool) -> dict[str, Any]:
    """Identifiers and viewer facts of a data set; texts are trimmed, missing ones empty."""
    value: dict[str, Any] = {name: _text(dataset, keyword) for name, keyword in TEXTS.items()}
    if not (value["study_uid"] and value["series_uid"] and value["sop_uid"]):
        raise BadInput("missing_identifier")
    value["transfer_syntax_uid"] = str(dataset.file_meta.TransferSyntaxUID)
    value["series_number"] = _whole(dataset, "SeriesNumber")
    value["number"] = _whole(dataset, "InstanceNumber")
    value["rows"] = _whole(dataset, "Rows") or 0
    value["columns"] = _whole(dataset, "Columns") or 0
    is_image = has_pixels and value["rows"] > 0 and value["columns"] > 0
    value["frames"] = max(1, _whole(dataset, "NumberOfFrames") or 1) if is_image else 0
    first = of_frame(dataset, 1)
    position = slice_position(numbers(first, "ImageOrientationPatient"), numbers(first, "ImagePositionPatient"))
    is_placed = position is not None and math.isfinite(position)
    value["position"] = position if is_placed else float(value["number"] or 0)
    value["facts"] = _facts(dataset, first)
    return value


def metadata(files: list[int], _blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """DICOM JSON of the header (PS3.18, F.2) without bulk data. A number that JSON does not know is an empty value."""
    dataset = read(files[0], stop_before_pixels=True)
    for element in list(dataset):
        if element.VR in {"OB", "OW", "UN", "OF", "OD", "OL", "OV"} and len(element.value or b"") > BULK:
            del dataset[element.tag]
    return json.loads(dataset.to_json(suppress_invalid_tags=True), parse_constant=lambda _word: None), []


def _facts(dataset: Dataset, first: Dataset) -> dict[str, Any]:
    """`first` is the header as it counts for the first frame. Where frames face different ways no edge has a letter."""
    facing = orientations(dataset)
    letters = orientation_letters(facing[0] if facing else [], dataset.get("PatientOrientation"))
    return {
        "photometric": _text(dataset, "PhotometricInterpretation"),
        "bits_stored": _whole(dataset, "BitsStored") or 0,
        "windows": _windows(first),
        "is_hounsfield": _is_hounsfield(first),
        "letters": letters if len(facing) < 2 else {},
        "spacing": numbers(first, "PixelSpacing") or numbers(first, "ImagerPixelSpacing"),
        "thickness": next(iter(numbers(first, "SliceThickness") or ()), None),
        "frame_time": _frame_time(dataset),
        "burned_in": _text(dataset, "BurnedInAnnotation"),
        "is_lossy": _text(dataset, "LossyImageCompression") == "01",
        "study_description": _text(dataset, "StudyDescription"),
        "series_description": _text(dataset, "SeriesDescription"),
    }


def _is_hounsfield(dataset: Dataset) -> bool:
    """Whether the output units of a CT are HU: it has a rescale, and no other unit is named (PS3.3, C.8.2.1.1.6 and
    C.11.1.1.2)."""
    return "RescaleSlope" in dataset and _text(dataset, "RescaleType") in {"", "HU"}


def _windows(dataset: Dataset) -> list[dict[str, Any]]:
    """The header's own windows (PS3.3, C.11.2.1.2), centre and width in output units."""
    centres, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    names = dataset.get("WindowCenterWidthExplanation") or []
    names = [names] if isinstance(names, str) else list(names)
    names += [""] * len(centres)
    return [
        {"centre": centre, "width": width, "name": str(name).replace("\x00", "")[:40]}
        for centre, width, name in zip(centres, widths, names, strict=False)
        if width >= 1
    ]


def _frame_time(dataset: Dataset) -> float | None:
    """Milliseconds from one frame to the next, when the device says so."""
    if times := numbers(dataset, "FrameTime"):
        return times[0] if times[0] > 0 else None
    rate = numbers(dataset, "CineRate") or numbers(dataset, "RecommendedDisplayFrameRate")
    time = 1000.0 / rate[0] if rate and rate[0] > 0 else None
    return time if time is not None and math.isfinite(time) else None


def _has_pixels(descriptor: int) -> bool:
    return "PixelData" in read(descriptor, specific_tags=["PixelData"], defer_size=BULK)


def _text(dataset: Dataset, keyword: str) -> str:
    return _said(dataset, keyword).replace("\x00", "").strip()


def _said(dataset: Dataset, keyword: str) -> str:
    """Without the padding of its end (PS3.5, 6.2)."""
    value = dataset.get(keyword)
    if value is None:
        return ""
    if not isinstance(value, str) and hasattr(value, "__iter__") and not hasattr(value, "components"):
        value = "\\".join(str(part) for part in value)
    return str(value).strip(" \x00")


def _whole(dataset: Dataset, keyword: str) -> int | None:
    """None for what is no whole number, and for one that no device means and no column holds."""
    try:
        number = int(str(dataset.get(keyword)))
    except ValueError:
        return None
    return number if abs(number) < WIDEST else None
