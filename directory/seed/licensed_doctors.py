"""What the houses of the province reported for their last two statistics years; one city has not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random

from core.ids import seeded_uuid7
from directory.models import Level, LicensedDoctors, Organisation, OrganisationKind

#: The least and the most licensed doctors of a house of each level: invented, in the range of such houses.
RANGES: dict[int, tuple[int, int]] = {
    Level.PROVINCE: (800, 1500),
    Level.CITY: (400, 900),
    Level.COUNTY: (180, 420),
    Level.TOWNSHIP: (8, 25),
    Level.VILLAGE: (1, 3),
}
SILENT_CITY = "西岭"


def write_licensed_doctors(rng: Random, now: datetime, organisations: Iterable[Organisation]) -> None:
    """The last calendar year and the one before, in which some had a few doctors less; entered each spring."""
    rows: list[LicensedDoctors] = []
    silent = next(row.path for row in organisations if row.name.startswith(SILENT_CITY))
    houses = [row for row in organisations if row.kind != OrganisationKind.AUTHORITY]
    for house in houses:
        number = rng.randint(*RANGES[house.level])
        earlier = max(1, round(number * rng.uniform(0.94, 1.0)))
        if house.path.startswith(silent):
            continue
        for back, count in ((1, number), (2, earlier)):
            year = now.year - back
            at = now.replace(year=year + 1, month=1, day=20, hour=9)
            rows.append(
                LicensedDoctors(
                    id=seeded_uuid7(rng, at), organisation=house, year=year, number=count, entered_at=min(at, now)
                )
            )
    LicensedDoctors.objects.bulk_create(rows)
