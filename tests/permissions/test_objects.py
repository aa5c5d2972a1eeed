"""Each object of county A, asked for by each role of its own hospital, of the sibling county, of the province, and by
nobody. A foreign object answers as one that does not exist, and a refused request changes nothing."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from directory.models import Person
from directory.roles import ROLES
from tests.factories.consults import make_bridge
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in
from tests.permissions import ways
from tests.permissions.asking import Reply, ask
from tests.permissions.objects import House, Target, all_targets
from tests.permissions.ways import address, existing

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("objects.csv")
PLACES = ("own", "sibling", "above")
NOBODY = "learner"  # somebody without any role
EVERYBODY = (NOBODY, *ROLES)
#: Answers a stranger without touching the object: one's own archive only.
OWN_COPY = {
    "media_pipeline:dicomweb_study",
    "media_pipeline:dicomweb_study_or_store",
}
#: Teaching material is past its county: whoever may author anywhere may ask for its video again.
FOR_EVERY_AUTHOR = {"media_pipeline:video_again"}
#: Whose rights a room asks for where its table says only "signed_in": the other roles are asked in their own hospital.
AREAS = {
    "casebook": "case.",
    "cms": "course.",
    "credits": "credit.",
    "lms": "training.",
    "media_pipeline": "course. case. deid.",
    "peer_review": "course.review case.review",
}
METHODS = ("GET", "POST")
#: An id that names nothing, by the type of the id.
UNKNOWN = {UUID: UUID("01900000-0000-7000-8000-000000000000"), int: 999_999, str: "1.2.3"}
NOT_ALLOWED = 405


@dataclass(frozen=True, slots=True)
class Row:
    """`holder` and `anonymous` are one status each ("-": refused as if there were nothing), the others are words like
    "200: expert coordinator; 409: editor"; roles that are not named are refused as if there were nothing."""

    name: str
    method: str
    holder: str
    own: str
    sibling: str
    above: str
    anonymous: str


def listed() -> dict[tuple[str, str], Row]:
    with TABLE.open(newline="") as file:
        rows = [Row(**row) for row in csv.DictReader(file)]
    return {(row.name, row.method): row for row in rows}


def way_of(name: str) -> str:
    """The URL name of a row: "name@state" is another object behind the same way."""
    return name.partition("@")[0]


def takes_id(pattern: URLPattern) -> bool:
    """A word in the address (a kind of block, of question) names no object."""
    kinds = {type(converter).__name__ for converter in pattern.pattern.converters.values()}
    return bool(kinds - {"SlugConverter"})


@dataclass
class Asked:
    """Everybody's clients, the objects of county A and of county B, and what was found wrong on the way."""

    targets: dict[str, Target]
    others: dict[str, Target]
    clients: dict[tuple[str, str], Client]
    holders: dict[str, Client]
    patterns: dict[str, URLPattern]
    access: dict[str, str]
    faults: list[str]

    def urls(self, name: str) -> tuple[str, str]:
        """The address of county A's object, and one that names nothing."""
        way, pattern = way_of(name), self.patterns[way_of(name)]
        return address(way, pattern, self.targets[name].ids), address(way, pattern)

    def client_of(self, target: Target) -> Client:
        key = str(target.holder.pk)
        if key not in self.holders:
            self.holders[key] = sign_in(Client(raise_request_exception=False), target.holder)
        return self.holders[key]

    def asked_everywhere(self, name: str) -> frozenset[str]:
        """Roles whose place can make a difference here, and somebody without one."""
        access = self.access[way_of(name)].split("|")
        if access == ["signed_in"]:
            access = AREAS.get(name.split(":")[0], "").split() or [""]
        return frozenset({NOBODY}) | {
            role.name for role in ROLES.values() if any(p.startswith(tuple(access)) for p in role.permissions)
        }


@pytest.fixture
def asked(db, run_jobs, rights_read_once) -> Asked:
    """The objects first, then the people, so that nobody of them has a part in an object."""
    bridge, now = make_bridge(), timezone.now() - timedelta(hours=6)
    targets = all_targets(House("A", bridge, now, run_jobs))
    requester = make_actor(make_person(bridge.sibling, "requester", name="赵临川"))
    across = replace(bridge, hospital=bridge.sibling, sibling=bridge.hospital, requester=requester)
    others = all_targets(House("B", across, now, run_jobs))
    places = {"own": bridge.hospital, "sibling": bridge.sibling, "above": bridge.province}
    clients = {}
    for place, organisation in places.items():
        for role in EVERYBODY:
            person: Person = make_person(organisation, *([] if role == NOBODY else [role]))
            clients[place, role] = sign_in(Client(raise_request_exception=False), person)
    access = {way.name: way.access for way in ways.listed()}
    return Asked(targets, others, clients, {}, existing(), access, [])


def words(statuses: dict[str, list[str]], asked: int) -> str:
    """{"200": [roles], ...} as the table writes it."""
    parts = [
        f"{status}: {'*' if len(roles) == asked else ' '.join(roles)}" for status, roles in sorted(statuses.items())
    ]
    return "; ".join(parts) or "-"


def outcome(asked: Asked, said: str, answer: Reply, missing: Reply) -> str:
    """ "-" for a refusal that equals the one for nothing, else the status. Notes what may never be."""
    if answer.status >= 500:
        asked.faults.append(f"{said}: {answer.status}")
    is_same = answer.says_the_same_as(missing)
    if (answer.status >= 400 or is_same) and answer.written - missing.written:
        asked.faults.append(f"{said}: {answer.status}, and yet it wrote {sorted(answer.written)}")
    if answer.is_refusal and is_same:
        return "-"
    if answer.is_refusal and (" sibling" in said or " anonymous" in said):
        asked.faults.append(
            f"{said}: {answer.status}, but {missing.status} for nothing: it tells that the object exists"
        )
    return str(answer.status)


def row_of(asked: Asked, name: str, method: str) -> Row:
    """Ask for one object by one method as everybody, and write down the answers."""
    target, (url, nothing) = asked.targets[name], asked.urls(name)
    form = target.form if method == "POST" else {}
    blank: dict[str, Reply] = {}
    everywhere = asked.asked_everywhere(name)

    def told(place: str, role: str) -> str:
        answer = ask(asked.clients[place, role], method, url, form)
        other = role if role in everywhere else NOBODY
        if other not in blank:
            blank[other] = ask(asked.clients["own", other], method, nothing, form)
        return outcome(asked, f"{method} {name} as {place} {role}", answer, blank[other])

    answered: dict[str, str] = {}
    for place in PLACES:
        roles = [role for role in EVERYBODY if place == "own" or role in everywhere]
        statuses = defaultdict(list)
        for role in roles:
            if (status := told(place, role)) != "-":
                statuses[status].append(role)
        answered[place] = words(statuses, len(roles))
    visitor = Client(raise_request_exception=False)
    answer, missing = ask(visitor, method, url, form), ask(visitor, method, nothing, form)
    anonymous = outcome(asked, f"{method} {name} as anonymous", answer, missing)
    held = ask(asked.client_of(target), method, url, form)
    if held.status >= 400:
        asked.faults.append(f"{method} {name}: even the holder gets {held.status}, so the row proves nothing")
    return Row(name, method, str(held.status), **answered, anonymous=anonymous)


def ways_with_objects(asked: Asked) -> Iterator[tuple[str, str]]:
    """(Name, method) of each way that is open to its holder; what is missing or too much is noted."""
    wanted = {name for name, pattern in asked.patterns.items() if takes_id(pattern)}
    made = {name: way_of(name) for name in asked.targets}
    asked.faults += [
        f"{name}: nobody made its object. Add it to `targets` of a module of tests/permissions/objects/"
        for name in sorted(wanted - asked.targets.keys())
    ]
    asked.faults += [f"{name}: an object is made for no such way" for name in sorted(made) if made[name] not in wanted]
    for name in sorted(name for name in made if made[name] in wanted):
        url, target = asked.urls(name)[0], asked.targets[name]
        for method in METHODS:
            form = target.form if method == "POST" else {}
            if ask(asked.client_of(target), method, url, form).status != NOT_ALLOWED:
                yield name, method


def test_each_object_answers_each_role_of_each_place_as_the_table_says(asked):
    """One test, so that the objects are made once; every fault is named, with the row as it is answered now."""
    table, found = listed(), {}
    for name, method in ways_with_objects(asked):
        found[name, method] = row_of(asked, name, method)
        _compare_pages(asked, name, method)
        _compare_mixed(asked, name, method)
    faults = [
        f"objects.csv has {table.get(key) and ','.join(astuple(table[key]))}; to be written there once it is right:"
        f"\n{','.join(astuple(row))}"
        for key, row in found.items()
        if row != table.get(key)
    ]
    faults += [f"objects.csv lists {key}, which is no way to an object" for key in table.keys() - found.keys()]
    faults += asked.faults
    assert not faults, "\n".join(faults)


def _compare_pages(asked: Asked, name: str, method: str) -> None:
    """The page that a stranger sees, besides the problem document that a program reads."""
    target, (url, nothing) = asked.targets[name], asked.urls(name)
    roles = [role for role in target.holder.grants.values_list("role", flat=True)] or [NOBODY]
    stranger, form = asked.clients["sibling", roles[0]], target.form if method == "POST" else {}
    answer, missing = (ask(stranger, method, address, form, accept="text/html") for address in (url, nothing))
    if answer.is_refusal and not answer.says_the_same_as(missing):
        asked.faults.append(f"{method} {name}: the page of a foreign object differs from the one for nothing")


def _compare_mixed(asked: Asked, name: str, method: str) -> None:
    """County B's holder, below their own object, asks for county A's part: the same as for a part that is none."""
    mine, theirs = asked.others[name], asked.targets[name]
    keys = [key for key in mine.ids if mine.ids[key] != theirs.ids[key]][1:]
    form = mine.form if method == "POST" else {}
    for key in keys:
        urls = [
            address(way_of(name), asked.patterns[way_of(name)], {**mine.ids, key: value})
            for value in (theirs.ids[key], UNKNOWN.get(type(theirs.ids[key])))
            if value is not None
        ]
        if len(urls) == 2:
            answer, missing = (ask(asked.client_of(mine), method, url, form) for url in urls)
            said = f"{method} {name} below one's own, with county A's {key}"
            outcome(asked, said, answer, missing)
            if not answer.says_the_same_as(missing):
                asked.faults.append(f"{said}: {answer.status}, should be as for nothing ({missing.status})")


def test_both_tables_agree_on_who_may_come_in():
    """Whoever is let in by objects.csv holds the permission that ways.csv asks for."""
    access = {way.name: way.permissions() for way in ways.listed()}
    faults = []
    for row in listed().values():
        if access[way_of(row.name)] & {"public", "signed_in"}:
            continue
        for place in (row.own, row.sibling, row.above):
            for part in (part for part in place.split("; ") if part[0] in "23"):
                roles = EVERYBODY if part.endswith("*") else part.split(": ")[1].split()
                holders = {r for r in roles if r != NOBODY and ROLES[r].permissions & access[way_of(row.name)]}
                faults += [f"{row.method} {row.name}: {role}" for role in roles if role not in holders]
    assert faults == []


def test_nobody_of_another_county_is_let_in_where_objects_are_not_for_all():
    """The sibling county's column names nobody, but for what is open to everybody signed in."""
    for_all = {way.name for way in ways.listed() if way.access in {"public", "signed_in"}}
    let_in = {name for (name, _method), row in listed().items() if row.sibling != "-"}
    strangers = {name for name in let_in if way_of(name) not in for_all}
    assert strangers == OWN_COPY | FOR_EVERY_AUTHOR
