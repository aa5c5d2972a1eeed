"""Writes the tree: province, cities, counties, townships, villages, and the hospitals that hang under their authority.

Codes are readable and stable: QJ, QJ-H1 (provincial hospital), QJ-C01 (city), QJ-C01-H (its hospital), QJ-C01-X01
(county), QJ-C01-X01-H, QJ-C01-X01-T1 (township centre), QJ-C01-X01-T1-V1 (village clinic).
"""

from __future__ import annotations

from datetime import datetime
from itertools import count
from random import Random

from core.ids import seeded_uuid7
from directory.models import Department, Level, Organisation, OrganisationKind
from directory.seed import geography

FIRST_AREA = 11  # hospitals take 0001 upwards below their authority, areas 0011 upwards


class TreeWriter:
    """Collects rows with their paths, then writes them level by level in one statement each."""

    def __init__(self, rng: Random, at: datetime) -> None:
        self._rng = rng
        self._at = at
        self.rows: list[Organisation] = []

    def add(
        self, *, parent: Organisation | None, number: int, level: Level, kind: OrganisationKind, code: str, name: str,
        name_en: str, tile: tuple[int, int] | None = None, authors_courses: bool = False,
    ) -> Organisation:  # fmt: skip
        row = Organisation(
            id=seeded_uuid7(self._rng, self._at),
            parent=parent,
            path=f"{parent.path if parent else ''}{number:04d}/",
            level=level,
            kind=kind,
            code=code,
            name=name,
            name_en=name_en,
            authors_courses=authors_courses,
            map_column=tile[0] if tile else None,
            map_row=tile[1] if tile else None,
        )
        self.rows.append(row)
        return row


def write_organisations(rng: Random, at: datetime) -> list[Organisation]:
    """Writes every organisation and its departments; returns the organisations in tree order."""
    tree = TreeWriter(rng, at)
    root = _province(tree)
    for number, city in enumerate(geography.CITIES, start=1):
        _city(tree, root, number, city)
    Organisation.objects.bulk_create(tree.rows)
    Department.objects.bulk_create(_departments(rng, at, tree.rows))
    return tree.rows


def _province(tree: TreeWriter) -> Organisation:
    root = tree.add(
        parent=None, number=1, level=Level.PROVINCE, kind=OrganisationKind.AUTHORITY, code="QJ",
        name=f"{geography.PROVINCE}卫生健康委员会", name_en="Qingjiang Provincial Health Commission",
    )  # fmt: skip
    for number, (hospital, hospital_en) in enumerate(geography.PROVINCIAL_HOSPITALS, start=1):
        tree.add(
            parent=root, number=number, level=Level.PROVINCE, kind=OrganisationKind.HOSPITAL, code=f"QJ-H{number}",
            name=hospital, name_en=hospital_en, authors_courses=True,
        )  # fmt: skip
    return root


def _city(tree: TreeWriter, root: Organisation, number: int, city: geography.CityPlace) -> None:
    code = f"QJ-C{number:02d}"
    authority = tree.add(
        parent=root, number=FIRST_AREA + number - 1, level=Level.CITY, kind=OrganisationKind.AUTHORITY, code=code,
        name=f"{city.name}市卫生健康委员会", name_en=f"{city.name_en} Municipal Health Commission",
        tile=(city.column, city.row),
    )  # fmt: skip
    tree.add(
        parent=authority, number=1, level=Level.CITY, kind=OrganisationKind.HOSPITAL, code=f"{code}-H",
        name=f"{city.name}市人民医院", name_en=f"{city.name_en} Municipal People's Hospital",
    )  # fmt: skip
    counties = [county for county in geography.COUNTIES if county.city == city.name]
    for position, county in enumerate(counties, start=1):
        _county(tree, authority, f"{code}-X{position:02d}", position, county)


def _county(tree: TreeWriter, city: Organisation, code: str, position: int, county: geography.CountyPlace) -> None:
    authority = tree.add(
        parent=city, number=FIRST_AREA + position - 1, level=Level.COUNTY, kind=OrganisationKind.AUTHORITY, code=code,
        name=f"{county.name}卫生健康局", name_en=f"{county.name_en} Health Bureau", tile=(position - 1, 0),
    )  # fmt: skip
    tree.add(
        parent=authority, number=1, level=Level.COUNTY, kind=OrganisationKind.HOSPITAL, code=f"{code}-H",
        name=f"{county.name}人民医院", name_en=f"{county.name_en} People's Hospital",
    )  # fmt: skip
    villages = count((position - 1) * 4)
    for number, (town, town_en) in enumerate(county.townships, start=1):
        centre = tree.add(
            parent=authority, number=FIRST_AREA + number - 1, level=Level.TOWNSHIP,
            kind=OrganisationKind.TOWNSHIP_CENTRE, code=f"{code}-T{number}",
            name=f"{town}中心卫生院", name_en=f"{town_en} Health Centre",
        )  # fmt: skip
        for place in (1, 2):
            village, village_en = geography.VILLAGES[next(villages) % len(geography.VILLAGES)]
            tree.add(
                parent=centre, number=place, level=Level.VILLAGE, kind=OrganisationKind.VILLAGE_CLINIC,
                code=f"{code}-T{number}-V{place}", name=f"{village}卫生室", name_en=f"{village_en} Clinic",
            )  # fmt: skip


def _departments(rng: Random, at: datetime, organisations: list[Organisation]) -> list[Department]:
    return [
        Department(
            id=seeded_uuid7(rng, at),
            organisation=organisation,
            specialty=specialty,
            name=geography.SPECIALTIES[specialty][0],
            name_en=geography.SPECIALTIES[specialty][1],
        )
        for organisation in organisations
        if organisation.kind != OrganisationKind.AUTHORITY
        for specialty in geography.DEPARTMENTS_BY_LEVEL[organisation.level]
    ]
