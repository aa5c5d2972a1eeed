"""Consents to teaching use in the seeded history: patients of the provincial hospital's closed consults, by subject."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from consult_bridge.models import Consult
from consult_bridge.services.consent import record_consent
from directory.api import SeededProvince, actor_for_person

CONSENTED = (
    "慢阻肺一年加重 3 次，吸入方案怎么调",
    "持续胸痛 2 小时，肌钙蛋白升高，是否立即上转",
    "突发右侧肢体无力 2 小时，溶栓还是先转",
    "心衰出院 3 周再次水肿，利尿剂怎么加",
    "心慌消瘦 2 个月，甲功异常怎么用药",
)
LATEST = timedelta(days=60)  # what is taught was closed two months ago at least


def give_consents(province: SeededProvince, now: datetime) -> None:
    """One consent for each subject, on the day after the consult was closed."""
    answered = Consult.unscoped.filter(
        state="closed", receiving_organisation=province.hospital, ended_at__lt=now - LATEST
    ).order_by("-ended_at", "id")
    for subject in CONSENTED:
        consult = answered.filter(subject=subject).first()
        if consult is None or consult.ended_at is None:
            continue
        at = consult.ended_at + timedelta(days=1)
        record_consent(
            actor=actor_for_person(consult.requester_id, now, is_mfa_verified=True),
            consult_id=consult.pk,
            given_by="patient",
            signed_on=timezone.localdate(at),
            form=SimpleUploadedFile("consent.jpg", scanned_page(), content_type="image/jpeg"),
            now=at,
        )


def scanned_page() -> bytes:
    """A page as a scanner would give it, with a line of handwriting at its end."""
    page = Image.new("L", (620, 877), 250)
    draw = ImageDraw.Draw(page)
    for row in range(12):
        draw.line((60, 120 + row * 46, 560, 120 + row * 46), fill=120, width=2)
    draw.line((330, 780, 540, 760), fill=40, width=4)
    body = io.BytesIO()
    page.save(body, "JPEG", quality=80)
    return body.getvalue()
