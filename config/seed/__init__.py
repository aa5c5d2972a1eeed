"""Images for the consults that stand on the desks: the same public samples as in the story, sent the real way."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from config.story.images import SAMPLES, Imaged, write_study
from consult_bridge.models import Consult
from consult_bridge.services.studies import send_images, study_stored
from core.ids import uuid7
from core.jobs.models import Job
from core.jobs.running import run_job
from core.notify import mark_all_read
from directory.api import SeededProvince, actor_for_person
from media_pipeline.models import IdentifiedStudy

STUDIES = {
    "活动后气促 2 周，床旁心脏超声一段请指导": "us_cine",
    "反复头痛 3 个月，头颅 MR 平扫一个序列请阅片": "mr_t1",
}
"""Subject of the open consult -> folder of the samples."""


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Send each study as its requesting doctor, read it as a worker would, and let it find its consult."""
    for subject, sample in STUDIES.items():
        consult = Consult.unscoped.select_related("patient").filter(subject=subject).order_by("-id").first()
        if consult is not None and (SAMPLES / sample).is_dir():
            _send(consult, SAMPLES / sample)


def _send(consult: Consult, sample: Path) -> None:
    patient = consult.patient
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    imaged = Imaged(patient.name, patient.record_number, patient.sex[0].upper(), born)
    at = consult.created_at
    upload_id = uuid7()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_study(sample, imaged, Path(folder), at)
        send_images(
            actor=actor_for_person(consult.requester_id, at, is_mfa_verified=True),
            consult_id=consult.pk,
            upload_id=upload_id,
            files=[SimpleUploadedFile(path.name, path.read_bytes(), "application/dicom") for path in paths],
            now=at,
        )
    job = Job.objects.get(arguments={"upload_id": str(upload_id)})
    run_job(job.pk, clock=lambda: at)
    studies = IdentifiedStudy.unscoped.filter(patient_id=patient.record_number, organisation=patient.organisation)
    for study_id in studies.values_list("pk", flat=True):
        study_stored(study_id=study_id, now=at)
    for person_id in (consult.requester_id, consult.expert_id, consult.coordinator_id):
        if person_id:
            mark_all_read(person_id=person_id, now=at)
