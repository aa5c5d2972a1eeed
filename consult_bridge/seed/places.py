"""Who asks whom: counties with different habits, two that never ask, doctors by specialty."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from consult_bridge.models import Consult
from directory.api import SeededProvince, ancestors_of

SILENT = (6, 14)  # places in the list of counties: connected, yet without a request (零申请机构)
TOWNSHIP_SHARE = 0.12
DEMO_HOSPITAL_SHARE = 0.62
CITY_SHARE = 0.18
CITY_SPECIALTIES = {"cardiology", "respiratory"}
OTHER_PROVINCIAL = (1, 2)


class Places:
    """Draws a requester, a receiving hospital and its people for each consult."""

    def __init__(self, rng: Random, province: SeededProvince) -> None:
        self._rng = rng
        self.province = province
        self._counties = [c for place, c in enumerate(province.counties) if place not in SILENT]
        self._weights = [2.2, 1.6, *(rng.uniform(0.4, 1.6) for _county in self._counties[2:])]
        self._ancestors: dict[UUID, list[UUID]] = {}

    def requester(self) -> tuple[Any, Any]:
        """(person, organisation): a county hospital's doctor, now and then one of a township centre."""
        county = self._rng.choices(self._counties, self._weights)[0]
        if self._rng.random() < TOWNSHIP_SHARE:
            centre = self._rng.choice(county.townships).centre
            people = self.province.holders("requester", centre)
            if people:
                return people[0], centre
        return self._rng.choice(self.province.holders("requester", county.hospital)), county.hospital

    def asking(self, place: int) -> tuple[Any, Any]:
        """(person, hospital) of the n-th county that asks; 0 is the demo's own doctor."""
        if place == 0:
            return self.province.people["requester"], self.province.hospital_a
        hospital = self._counties[place].hospital
        return self.province.holders("requester", hospital)[0], hospital

    def receiver(self, specialty: str, requesting: Any) -> Any:
        """The demo's provincial hospital most often; the own city for what it has; another provincial one."""
        drawn = self._rng.random()
        if drawn < CITY_SHARE and specialty in CITY_SPECIALTIES:
            city = next(c for c in self.province.cities if requesting.path.startswith(c.authority.path))
            return city.hospital
        if drawn < CITY_SHARE + DEMO_HOSPITAL_SHARE:
            return self.province.hospital
        return self.province.provincial_hospitals[self._rng.choice(OTHER_PROVINCIAL)]

    def expert(self, specialty: str, receiving: Any) -> Any:
        people = self.province.holders("expert", receiving)
        return self._rng.choice([p for p in people if self._specialty(p) == specialty] or list(people))

    def coordinator(self, receiving: Any) -> Any:
        return self._rng.choice(self.province.holders("coordinator", receiving))

    def second_doctor(self, consult: Consult) -> UUID:
        """Another expert of the receiving hospital."""
        people = self.province.holders("expert", consult.receiving_organisation)
        others = [p.pk for p in people if p.pk != consult.expert_id]
        return self._rng.choice(others)

    def ancestors(self, organisation_id: UUID) -> list[UUID]:
        if organisation_id not in self._ancestors:
            self._ancestors[organisation_id] = ancestors_of(organisation_id)
        return self._ancestors[organisation_id]

    def _specialty(self, person: Any) -> str:
        department = self.province.membership(person).department
        return department.specialty if department else ""
