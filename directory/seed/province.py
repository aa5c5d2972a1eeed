"""The seeded province as the other apps' seeds see it: read back from the tables, in a stable order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from directory.models import Department, Level, Membership, Organisation, OrganisationKind, Person, RoleGrant
from directory.seed import demo_people


@dataclass(frozen=True, slots=True)
class SeededTownship:
    centre: Organisation
    clinics: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class SeededCounty:
    authority: Organisation
    hospital: Organisation
    city: Organisation
    townships: tuple[SeededTownship, ...]


@dataclass(frozen=True, slots=True)
class SeededCity:
    authority: Organisation
    hospital: Organisation
    counties: tuple[SeededCounty, ...]


@dataclass(frozen=True)
class SeededProvince:
    """Organisations, people and roles. `people` holds everybody by user name, `names` every personal name in use."""

    root: Organisation
    provincial_hospitals: tuple[Organisation, ...]
    cities: tuple[SeededCity, ...]
    organisations: dict[str, Organisation]
    people: dict[str, Person]
    names: frozenset[str]
    _staff: dict[UUID, tuple[Person, ...]]
    _holders: dict[str, tuple[tuple[Person, Organisation], ...]]
    _memberships: dict[UUID, Membership]
    _departments: dict[tuple[UUID, str], Department]

    @property
    def counties(self) -> tuple[SeededCounty, ...]:
        return tuple(county for city in self.cities for county in city.counties)

    @property
    def hospital(self) -> Organisation:
        """The provincial hospital of the demo's experts."""
        return self.organisations[demo_people.HOSPITAL]

    @property
    def hospital_a(self) -> Organisation:
        """The county hospital of `requester`."""
        return self.organisations[demo_people.HOSPITAL_A]

    @property
    def hospital_b(self) -> Organisation:
        """The sibling county's hospital, of `outsider`."""
        return self.organisations[demo_people.HOSPITAL_B]

    def staff(self, organisation: Organisation) -> tuple[Person, ...]:
        """People whose primary membership is in this organisation itself."""
        return self._staff.get(organisation.pk, ())

    def holders(self, role: str, organisation: Organisation | None = None) -> tuple[Person, ...]:
        """People granted `role`, in this very organisation when one is given."""
        pairs = self._holders.get(role, ())
        return tuple(person for person, place in pairs if organisation is None or place.pk == organisation.pk)

    def grants(self, role: str) -> tuple[tuple[Person, Organisation], ...]:
        """Every holder of `role` with the organisation it was granted at."""
        return self._holders.get(role, ())

    def membership(self, person: Person) -> Membership:
        """Where this person works; `organisation` and `department` are loaded."""
        return self._memberships[person.pk]

    def department(self, organisation: Organisation, specialty: str) -> Department:
        """Raises KeyError when the organisation has no such department."""
        return self._departments[(organisation.pk, specialty)]


def read_province() -> SeededProvince:
    """Reads what `seed` wrote. Raises KeyError when this database was not seeded."""
    organisations = {o.code: o for o in Organisation.objects.filter(code__startswith="QJ").select_related("parent")}
    children: dict[UUID, list[Organisation]] = defaultdict(list)
    for organisation in organisations.values():
        if organisation.parent_id:
            children[organisation.parent_id].append(organisation)
    root = organisations["QJ"]
    places = Membership.objects.filter(is_primary=True).select_related("person", "organisation", "department")
    memberships = {m.person_id: m for m in places.order_by("person__username")}
    staff: dict[UUID, list[Person]] = defaultdict(list)
    for membership in memberships.values():
        staff[membership.organisation_id].append(membership.person)
    people = {m.person.username: m.person for m in memberships.values()}
    return SeededProvince(
        root=root,
        provincial_hospitals=_hospitals(children[root.pk]),
        cities=tuple(_city(city, children) for city in _areas(children[root.pk])),
        organisations=organisations,
        people=people,
        names=frozenset(person.name for person in people.values()),
        _staff={key: tuple(value) for key, value in staff.items()},
        _holders=_holders(),
        _memberships=memberships,
        _departments={(d.organisation_id, d.specialty): d for d in Department.objects.select_related("organisation")},
    )


def _holders() -> dict[str, tuple[tuple[Person, Organisation], ...]]:
    holders: dict[str, list[tuple[Person, Organisation]]] = defaultdict(list)
    for grant in RoleGrant.objects.select_related("person", "organisation").order_by("person__username", "role"):
        holders[grant.role].append((grant.person, grant.organisation))
    return {role: tuple(pairs) for role, pairs in holders.items()}


def _hospitals(organisations: list[Organisation]) -> tuple[Organisation, ...]:
    return tuple(o for o in organisations if o.kind == OrganisationKind.HOSPITAL)


def _areas(organisations: list[Organisation]) -> tuple[Organisation, ...]:
    return tuple(o for o in organisations if o.kind == OrganisationKind.AUTHORITY)


def _city(city: Organisation, children: dict[UUID, list[Organisation]]) -> SeededCity:
    below = children[city.pk]
    return SeededCity(
        authority=city,
        hospital=_hospitals(below)[0],
        counties=tuple(_county(county, city, children) for county in _areas(below)),
    )


def _county(county: Organisation, city: Organisation, children: dict[UUID, list[Organisation]]) -> SeededCounty:
    below = children[county.pk]
    return SeededCounty(
        authority=county,
        hospital=_hospitals(below)[0],
        city=city,
        townships=tuple(
            SeededTownship(centre=centre, clinics=tuple(children[centre.pk]))
            for centre in below
            if centre.level == Level.TOWNSHIP
        ),
    )
