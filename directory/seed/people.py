"""Writes the people: the demo's own first, then the staff of every organisation with titles, departments and roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from core.ids import seeded_uuid7
from directory.models import Department, Level, Membership, Organisation, OrganisationKind, Person, RoleGrant
from directory.seed.demo_people import DEMO_PEOPLE, PASSWORD, TOTP_SECRET
from directory.seed.names import NameSource
from directory.services.sign_in import SECOND_FACTOR_ROLES


@dataclass(frozen=True, slots=True)
class Post:
    """One post that an organisation of a kind and level has: title, department, roles held there."""

    title: str
    specialty: str
    roles: tuple[str, ...] = ()


_EXPERT_SPECIALTIES = ("cardiology", "respiratory", "neurology", "radiology", "endocrinology", "paediatrics")
POSTS: dict[tuple[str, int], tuple[Post, ...]] = {
    ("authority", Level.PROVINCE): (Post("科员", ""), Post("科员", "", ("manager",))),
    ("authority", Level.CITY): (Post("科长", "", ("supervisor",)),),
    ("authority", Level.COUNTY): (Post("科员", "", ("supervisor", "manager")),),
    ("hospital", Level.PROVINCE): (
        *(Post("主任医师", specialty, ("expert",)) for specialty in _EXPERT_SPECIALTIES),
        Post("副主任医师", "ultrasound", ("expert", "author")),
        Post("主治医师", "radiology", ("reporting_doctor",)),
        Post("副主任医师", "emergency", ("expert", "reviewer")),
        Post("主管护师", "telemedicine", ("coordinator",)),
        Post("住院医师", "respiratory"),
    ),
    ("hospital", Level.CITY): (
        Post("主任医师", "cardiology", ("expert",)),
        Post("副主任医师", "respiratory", ("expert", "reviewer")),
        Post("主治医师", "radiology", ("reporting_doctor",)),
        Post("主管护师", "telemedicine", ("coordinator",)),
        Post("住院医师", "neurology", ("requester",)),
    ),
    ("hospital", Level.COUNTY): (
        Post("副主任医师", "cardiology", ("requester",)),
        Post("主治医师", "respiratory", ("requester",)),
        Post("住院医师", "emergency", ("requester",)),
        Post("主治医师", "radiology"),
        Post("主管护师", "nursing", ("manager",)),
        Post("护师", "nursing"),
    ),
    ("township_centre", Level.TOWNSHIP): (
        Post("主治医师", "general_practice", ("requester",)),
        Post("护士", "nursing"),
    ),
    ("village_clinic", Level.VILLAGE): (Post("乡村医生", "general_practice"),),
}

FIRST_PHONE = 19_000_000_001  # fictional: 190 0000 0001 upwards, in the order of the people


class PeopleWriter:
    """Collects people, memberships and grants, and writes each table in one statement."""

    def __init__(self, rng: Random, now: datetime, organisations: Iterable[Organisation]) -> None:
        self._rng = rng
        self._now = now
        self._names = NameSource(rng, {person.name for person in DEMO_PEOPLE})
        self._password = make_password(PASSWORD)
        self._organisations = {organisation.code: organisation for organisation in organisations}
        self._departments = {(d.organisation_id, d.specialty): d for d in Department.objects.all()}
        self.people: list[Person] = []
        self.memberships: list[Membership] = []
        self.grants: list[RoleGrant] = []

    def add_demo_people(self) -> None:
        for entry in DEMO_PEOPLE:
            place = self._organisations[entry.place]
            person = self._person(entry.username, entry.name, entry.name_en)
            self._place(person, place, entry.title, entry.specialty)
            self._grant(person, self._organisations[entry.granted_at or entry.place], entry.roles)

    def add_staff(self) -> None:
        """Every organisation's posts. Every second village clinic has nobody who signs in yet."""
        for organisation in self._organisations.values():
            if organisation.kind == OrganisationKind.VILLAGE_CLINIC and not organisation.code.endswith("-V1"):
                continue
            for number, post in enumerate(POSTS[(organisation.kind, organisation.level)], start=1):
                name, name_en = self._names.draw()
                person = self._person(f"{organisation.code.lower()}-{number:02d}", name, name_en)
                self._place(person, organisation, post.title, post.specialty)
                self._grant(person, organisation, post.roles)

    def write(self) -> None:
        Person.objects.bulk_create(self.people)
        Membership.objects.bulk_create(self.memberships)
        RoleGrant.objects.bulk_create(self.grants)
        holders = {grant.person_id: grant.person for grant in self.grants if grant.role in SECOND_FACTOR_ROLES}
        sealed = get_mfa_adapter().encrypt(TOTP_SECRET)
        Authenticator.objects.bulk_create(
            Authenticator(user=person, type=Authenticator.Type.TOTP, data={"secret": sealed}, created_at=self._now)
            for person in holders.values()
        )

    def _person(self, username: str, name: str, name_en: str) -> Person:
        joined = self._now - timedelta(days=self._rng.randint(380, 760))
        person = Person(
            id=seeded_uuid7(self._rng, joined),
            username=username,
            name=name,
            name_en=name_en,
            email=f"{username}@qingjiang.example",
            password=self._password,
            joined_at=joined,
            agreed_to_terms_at=joined,
        )
        person.set_phone(f"{FIRST_PHONE + len(self.people)}")
        person.phone_verified_at = person.email_verified_at = joined
        self.people.append(person)
        return person

    def _place(self, person: Person, organisation: Organisation, title: str, specialty: str) -> None:
        department = self._departments[(organisation.pk, specialty)] if specialty else None
        self.memberships.append(
            Membership(
                id=seeded_uuid7(self._rng, self._joined(person)),
                person=person,
                organisation=organisation,
                department=department,
                title=title,
            )
        )

    def _grant(self, person: Person, organisation: Organisation, roles: tuple[str, ...]) -> None:
        for role in roles:
            self.grants.append(
                RoleGrant(
                    id=seeded_uuid7(self._rng, self._joined(person)),
                    person=person,
                    organisation=organisation,
                    role=role,
                    starts_at=self._joined(person),
                )
            )

    def _joined(self, person: Person) -> datetime:
        return person.joined_at or self._now
