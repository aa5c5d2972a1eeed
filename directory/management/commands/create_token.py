"""`manage.py create_token PERSON --scope dicomweb`: a key for a machine, printed once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actor import SYSTEM
from core.errors import XinglinError
from directory.models import Organisation, Person
from directory.scopes import SCOPES
from directory.services.tokens import DEFAULT_LIFE, create_token


class Command(BaseCommand):
    help = "Makes an access token for a person's machine and prints it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="user name")
        parser.add_argument("--scope", action="append", required=True, choices=sorted(SCOPES))
        parser.add_argument("--organisation", help="code of the organisation that owns what the machine sends")
        parser.add_argument("--label", default="", help="what it is for")
        parser.add_argument("--days", type=int, default=DEFAULT_LIFE.days)

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["person"]).first()
        if person is None:
            raise CommandError(f"There is no person with the user name {options['person']!r}.")
        place = None
        if code := options["organisation"]:
            place = Organisation.objects.filter(code=code).first()
            if place is None:
                raise CommandError(f"There is no organisation with the code {code!r}.")
        try:
            _token, secret = create_token(
                actor=SYSTEM, person=person, organisation=place, scopes=options["scope"],
                label=options["label"] or ", ".join(options["scope"]), life=timedelta(days=options["days"]),
                now=timezone.now(),
            )  # fmt: skip
        except XinglinError as refused:
            raise CommandError(f"{refused.sentence()} {getattr(refused, 'fields', '')}") from refused
        self.stdout.write(secret)
