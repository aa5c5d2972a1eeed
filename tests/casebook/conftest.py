"""A hospital's editor, its neighbours, and a closed consult whose reason for teaching names the patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from casebook import api as casebook
from casebook.models import CaseVersion, Proposal
from consult_bridge import api as consult_bridge
from core.actor import Actor
from directory.models import Person
from media_pipeline.release.reading import confirm_texts
from media_pipeline.release.reviewing import confirm_release
from tests.factories.consults import consult_in, make_bridge, signed_form
from tests.factories.people import make_actor, make_organisation, make_person
from tests.factories.signing_in import sign_in

CANARY = "岑望舒"
REASON = "岑望舒这一例从青溪县柳湾村来，说明一个切面能回答什么。"
CLEANED = "[姓名]这一例从[地点]来，说明一个切面能回答什么。"


@pytest.fixture(autouse=True)
def stores(settings: Any, tmp_path: Path) -> None:
    """Each test writes its pages, forms and released bytes into folders of its own."""
    kept = {name: dict(value) for name, value in settings.STORAGES.items()}
    for name in ("identified", "teaching"):
        kept[name]["OPTIONS"] = {"location": tmp_path / name, "base_url": None}
    settings.STORAGES = kept


@pytest.fixture(scope="session", autouse=True)
def _cages() -> Iterator[None]:
    yield
    from media_pipeline import cage

    cage.close_all()


@pytest.fixture
def house(db: None, now: datetime) -> SimpleNamespace:
    """The bridge of the consult tests, with an editor at the answering hospital, above it, and elsewhere."""
    bridge = make_bridge()
    people = {
        "editor": make_person(bridge.centre, "editor", name="季怀瑾"),
        "colleague": make_person(bridge.centre, "editor", name="温若兰"),
        "province_editor": make_person(bridge.province, "editor", name="江晚舟"),
        "foreign_editor": make_person(bridge.sibling, "editor", name="鲁东篱"),
        "officer": make_person(bridge.centre, "deid_officer", name="白露"),
        "officer2": make_person(bridge.centre, "deid_officer", name="方知远"),
        "reviewer": make_person(bridge.hospital, "reviewer", name="沈知行"),
        "reviewer2": make_person(make_organisation(bridge.province), "reviewer", name="罗映真"),
        "reader": make_person(bridge.sibling, name="许小舟"),
    }
    actors = {name: make_actor(person, now) for name, person in people.items()}
    return SimpleNamespace(bridge=bridge, people=people, **actors)


@pytest.fixture
def consult(house: SimpleNamespace, now: datetime) -> Any:
    return consult_in(house.bridge, "closed", now)


def give_consent(house: SimpleNamespace, consult: Any, now: datetime) -> None:
    consult_bridge.record_consent(
        actor=house.bridge.requester,
        consult_id=consult.pk,
        given_by="patient",
        signed_on=now.date(),
        form=signed_form(),
        now=now,
    )


def proposed(house: SimpleNamespace, consult: Any, now: datetime) -> Proposal:
    proposal_id = casebook.propose(actor=house.bridge.requester, consult_id=consult.pk, reason=REASON, now=now)
    return Proposal.unscoped.get(pk=proposal_id)


@pytest.fixture
def opened(house: Any, consult: Any, now: datetime, run_jobs: Callable[..., int]) -> Proposal:
    """A proposal whose release two officers opened; it holds texts only."""
    give_consent(house, consult, now)
    proposal = proposed(house, consult, now)
    run_jobs(now)
    assert proposal.release_id is not None
    for reader in (house.officer, house.officer2):
        confirm_texts(actor=reader, release_id=proposal.release_id, now=now)
        confirm_release(actor=reader, release_id=proposal.release_id, now=now)
    run_jobs(now)
    proposal.refresh_from_db()
    assert proposal.is_release_open
    return proposal


@pytest.fixture
def draft(house: Any, opened: Proposal, now: datetime) -> CaseVersion:
    """The first draft of a case, accepted by the answering hospital's editor."""
    case_id = casebook.accept_proposal(actor=house.editor, proposal_id=opened.pk, specialty="cardiology", now=now)
    return CaseVersion.unscoped.select_related("case").get(case=case_id)


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def version_of(version_id: UUID) -> CaseVersion:
    return CaseVersion.unscoped.select_related("case").get(pk=version_id)


def actor_named(house: SimpleNamespace, name: str) -> Actor:
    found: Actor = getattr(house, name)
    return found
