"""The images of a tale: public samples with the tale's patient in their header, as the county's machine writes it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pydicom
from PIL import Image, ImageDraw
from pydicom.uid import generate_uid

from config.environment import ROOT
from config.story.tales import Tale

SAMPLES = ROOT / "tests" / "data" / "dicom"


@dataclass(frozen=True, slots=True)
class Imaged:
    """Whose images they are, as a modality writes it: `sex` is DICOM's F, M or O, `birth_date` ISO 8601."""

    name: str
    number: str
    sex: str
    birth_date: str


def study_of(tale: Tale, folder: Path, source: Path | None, now: datetime) -> list[Path]:
    """The tale's study. `source` is a folder of other images for it."""
    made = write_study(source or SAMPLES / tale.dicom, imaged(tale), folder, now, prefix=tale.key)
    if source is None:
        _describe(made, tale)
    return made


def imaged(tale: Tale) -> Imaged:
    return Imaged(tale.patient_name, tale.hospital_number, tale.patient_sex[0].upper(), tale.birth_date)


def _describe(files: list[Path], tale: Tale) -> None:
    """Where the sample's own project is named, the county's machine names the examination.

    Into the protocol's name, which stays in the header, somebody has typed the patient's in pinyin, as people do.
    """
    for path in files:
        dataset = pydicom.dcmread(path)
        if "StudyDescription" in dataset:
            dataset.StudyDescription = tale.report.examination
        dataset.ProtocolName = f"{dataset.get('ProtocolName') or dataset.Modality} {tale.patient_pinyin}"
        dataset.save_as(path, enforce_file_format=True)


def write_study(source: Path, patient: Imaged, folder: Path, now: datetime, *, prefix: str = "image") -> list[Path]:
    """Write the images of `source` with this patient in their headers into `folder` and return the files.

    Every run is a new study: the unique identifiers are made anew, the same for objects of one series.
    """
    study = NewStudy(patient, now)
    made: list[Path] = []
    for path in files_of(source):
        target = folder / f"{prefix}-{len(made):03d}.dcm"
        try:
            study.write(path, target)
        except pydicom.errors.InvalidDicomError:
            continue
        made.append(target)
    return made


def files_of(source: Path) -> list[Path]:
    return sorted(path for path in source.rglob("*") if path.is_file())


class NewStudy:
    """A study that is being written: all its objects get one patient and one study."""

    def __init__(self, patient: Imaged, now: datetime) -> None:
        self.patient, self.now = patient, now
        self.uid = generate_uid()
        self.series: dict[tuple[str, ...], str] = {}

    def write(self, path: Path, target: Path) -> None:
        """Raises InvalidDicomError, and whatever pydicom raises over what is no sound object."""
        dataset, patient, now = pydicom.dcmread(path), self.patient, self.now
        dataset.PatientName, dataset.PatientID = patient.name, patient.number
        dataset.SpecificCharacterSet = "ISO_IR 192"
        dataset.PatientBirthDate = patient.birth_date.replace("-", "")
        dataset.PatientSex = patient.sex
        dataset.AccessionNumber = f"A{now:%y%m%d%H%M%S}"
        dataset.StudyDate, dataset.StudyTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
        belongs = tuple(str(dataset.get(name, "")) for name in ("StudyInstanceUID", "SeriesInstanceUID", "Modality"))
        dataset.StudyInstanceUID = self.uid
        dataset.SeriesInstanceUID = self.series.setdefault(belongs, generate_uid())
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.save_as(target, enforce_file_format=True)


def scanned_form(tale: Tale, folder: Path) -> Path:
    """A page as a scanner would give it: the signed consent to teaching, as a JPEG."""
    page = Image.new("L", (620, 877), 250)
    draw = ImageDraw.Draw(page)
    for row in range(12):
        draw.line((60, 120 + row * 46, 560, 120 + row * 46), fill=120, width=2)
    draw.line((330, 780, 540, 760), fill=40, width=4)
    body = io.BytesIO()
    page.save(body, "JPEG", quality=80)
    target = folder / f"{tale.key}-consent.jpg"
    target.write_bytes(body.getvalue())
    return target
