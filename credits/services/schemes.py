"""Bring a credit scheme in from data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from core.actor import SYSTEM
from core.audit import record
from credits import rules
from credits.errors import SchemeBesideAnother, SchemeUnreadable
from credits.models import Cycle, Requirement, Scheme, SchemeVersion

SHIPPED = Path(__file__).resolve().parent.parent / "schemes" / "qingjiang.json"


@transaction.atomic
def install(data: Mapping[str, Any]) -> Scheme:
    """Add a scheme with its versions, cycles and requirements. A version that is here already stays as it is.

    `years` of a version are the names of its credit years: 2026 from January to December, or {"year": 2026,
    "starts_on": "2026-07-01", "ends_on": "2027-06-30"}. `organisation` (an id, none for everybody) is whom the scheme
    covers. What a version in force changes in the catalogue, and for who waited for it, the clock brings about within
    the hour: `credits.services.beginning`.

    Raises KeyError for incomplete rules: a scheme that could not award anything is not installed. Raises ValueError for
    steps finer than what pages and certificates show. Raises SchemeBesideAnother for a new scheme where another covers
    the same organisation, or like it everybody: the constraint of the table does not see two without an organisation,
    and cannot be made to where an older installation holds two.
    """
    heads = {name: data[name] for name in ("name", "name_en", "authority", "authority_en")}
    heads["organisation_id"] = data.get("organisation")
    scheme = Scheme.objects.filter(code=data["code"]).first() or _add_scheme(data["code"], heads)
    for row in data["versions"]:
        rules.check(row["rules"])
        version, is_new = SchemeVersion.objects.get_or_create(
            scheme=scheme,
            number=row["number"],
            defaults={"valid_from": date.fromisoformat(row["valid_from"]), "rules": row["rules"]},
        )
        if is_new:
            _add_cycles(version, row["years"])
    return scheme


def _add_scheme(code: str, heads: dict[str, Any]) -> Scheme:
    other = Scheme.objects.filter(organisation_id=heads["organisation_id"]).order_by("code").first()
    if other is not None:
        raise SchemeBesideAnother(code=other.code)
    return Scheme.objects.create(code=code, **heads)


def _add_cycles(version: SchemeVersion, years: list[int | dict[str, Any]]) -> None:
    asked = version.rules["requirement"]
    for each in years:
        row: dict[str, Any] = each if isinstance(each, dict) else {"year": each}
        starts_on, ends_on = row.get("starts_on", f"{row['year']}-01-01"), row.get("ends_on", f"{row['year']}-12-31")
        cycle = Cycle.objects.create(
            scheme_version=version,
            year=row["year"],
            starts_on=date.fromisoformat(starts_on),
            ends_on=date.fromisoformat(ends_on),
        )
        Requirement.objects.create(cycle=cycle, credits=Decimal(asked["credits"]), hours=Decimal(asked["hours"]))


def install_shipped() -> Scheme:
    """The scheme of the seeded province."""
    return install(read_scheme(SHIPPED))


@transaction.atomic
def install_file(*, path: Path = SHIPPED, heads: Mapping[str, str] | None = None, now: datetime) -> Scheme:
    """A scheme from its data file, recorded in the trail. `heads` (code, name, authority ...) stand instead of its own.

    Raises SchemeUnreadable, SchemeBesideAnother.
    """
    try:
        scheme = install(read_scheme(path) | dict(heads or {}))
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise SchemeUnreadable(file=path.name, what=type(error).__name__) from error
    record(action="scheme.installed", actor=SYSTEM, subject_type="scheme", subject_id=scheme.pk, now=now)
    return scheme


def read_scheme(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
