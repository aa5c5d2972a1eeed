"""The fictional province Qingjiang (清江省): organisations in five levels, people, roles. Equal seeds, equal rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from directory.seed.licensed_doctors import write_licensed_doctors
from directory.seed.organisations import write_organisations
from directory.seed.people import PeopleWriter
from directory.seed.province import (
    SeededCity,
    SeededCounty,
    SeededProvince,
    SeededTownship,
    read_province,
)


def seed(*, rng: Random, now: datetime) -> SeededProvince:
    """Writes the province and returns it. Everybody joined at least 380 days before `now`."""
    organisations = write_organisations(rng, now - timedelta(days=800))
    writer = PeopleWriter(rng, now, organisations)
    writer.add_demo_people()
    writer.add_staff()
    writer.write()
    write_licensed_doctors(rng, now, organisations)
    return read_province()


__all__ = ["SeededCity", "SeededCounty", "SeededProvince", "SeededTownship", "read_province", "seed"]
