"""Bring a credit scheme in from data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from credits import rules
from credits.models import Cycle, Requirement, Scheme, SchemeVersion

FOLDER = Path(__file__).resolve().parent.parent / "schemes"


@transaction.atomic
def install(data: Mapping[str, Any]) -> Scheme:
    """Add a scheme with its versions, cycles and requirements. A version that is here already stays as it is.

    Raises KeyError for incomplete rules: a scheme that could not award anything is not installed.
    """
    heads = {name: data[name] for name in ("name", "name_en", "authority", "authority_en")}
    scheme, _is_new = Scheme.objects.get_or_create(code=data["code"], defaults=heads)
    for row in data["versions"]:
        rules.award_for(row["rules"], 90)
        version, is_new = SchemeVersion.objects.get_or_create(
            scheme=scheme,
            number=row["number"],
            defaults={"valid_from": date.fromisoformat(row["valid_from"]), "rules": row["rules"]},
        )
        if is_new:
            _add_cycles(version, row["years"])
    return scheme


def _add_cycles(version: SchemeVersion, years: list[int]) -> None:
    asked = version.rules["requirement"]
    for year in years:
        cycle = Cycle.objects.create(
            scheme_version=version, year=year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
        )
        Requirement.objects.create(cycle=cycle, credits=Decimal(asked["credits"]), hours=Decimal(asked["hours"]))


def install_shipped() -> Scheme:
    """The scheme of the seeded province."""
    return install(json.loads((FOLDER / "qingjiang.json").read_text(encoding="utf-8")))
