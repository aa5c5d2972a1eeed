"""Fixtures of this room: a county with a requester, two officers of the province, real samples, cages that end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.actor import Actor
from directory.models import Organisation, Person
from tests.factories.people import make_actor, make_organisation, make_person

DATA = Path(__file__).parent.parent / "data" / "dicom"


@pytest.fixture(scope="session", autouse=True)
def _cages() -> Iterator[None]:
    yield
    from media_pipeline import cage

    cage.close_all()


@pytest.fixture
def echo() -> Path:
    """A 120-frame bedside echo, JPEG baseline."""
    return DATA / "us_cine" / "color3d_jpeg_baseline.dcm"


@pytest.fixture
def head_slices() -> list[Path]:
    """Forty slices of a defaced head, JPEG Lossless."""
    return sorted((DATA / "mr_t1").glob("*.dcm"))


@dataclass(frozen=True)
class Place:
    """People of one county hospital, and officers of the province who read its releases."""

    county: Organisation
    province: Organisation
    requester: Person
    officer: Person
    officer2: Person

    def actor(self, person: Person) -> Actor:
        return make_actor(person)


@pytest.fixture
def place(db: None) -> Place:
    root = make_organisation(kind="authority")
    county, province = make_organisation(root), make_organisation(root)
    return Place(
        county=county,
        province=province,
        requester=make_person(county, "requester"),
        officer=make_person(province, "deid_officer"),
        officer2=make_person(province, "deid_officer"),
    )
