"""What every object stands in: two counties of one province, a clock, and jobs that run until they are done."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

from core.actor import Actor
from directory.models import Person
from tests.factories.consults import Bridge

Forms = dict[str, tuple[dict[str, Any], dict[str, Any]]]
"""Name -> (the URL's arguments, what a POST needs)."""


@dataclass
class House:
    """`bridge.hospital` is where the objects are made; `name` keeps two houses' codes and UIDs apart."""

    name: str
    bridge: Bridge
    now: datetime
    run_jobs: Callable[[datetime], int]

    def finish_jobs(self) -> None:
        """Deliver events and run jobs until nothing is left, as they stand two hours on."""
        self.run_jobs(self.now + timedelta(hours=2))


@dataclass(frozen=True)
class Target:
    """The object behind one URL name.

    `ids` are the URL's arguments in their order, `holder` is the person who may use it in every method, `form` is what
    a POST needs.
    """

    holder: Person
    ids: dict[str, Any]
    form: dict[str, Any] = field(default_factory=dict)


def person_of(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.person_id)


def dicom_file(patient_id: str, name: str) -> SimpleUploadedFile:
    """A small CT slice of its own study; `name` makes its UIDs, so that two calls with one name are one object."""
    dataset = dcmread(str(get_testdata_file("CT_small.dcm")))
    dataset.PatientID = patient_id
    dataset.PatientName = dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.AccessionNumber = ""
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=[name, "study"])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=[name, "series"])
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[name, "object"])
    written = io.BytesIO()
    dataset.save_as(written)
    return SimpleUploadedFile("CT_small.dcm", written.getvalue())
