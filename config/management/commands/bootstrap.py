"""`manage.py bootstrap`: from an empty, migrated database to three administrators who can sign in."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.founding import Authority, Founded, bring_into_use, is_sent_out, newcomer
from core.errors import Invalid, XinglinError
from directory.services.founding import Newcomer
from directory.services.invitations import link

PEOPLE = {"system_admin": "system", "security_admin": "security", "audit_admin": "audit"}
"""Role -> the option that names who."""
CODE = re.compile(r"[A-Za-z0-9-]{1,32}")


class Command(BaseCommand):
    help = (
        "Bring a new installation into use: the authority of the province, invitations for the three administrators "
        "(three different people), the credit scheme. Asks for what is not given; running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", help="short code of the authority: letters, digits, hyphens; it never changes")
        parser.add_argument("--name", help="its name")
        parser.add_argument("--name-en", help="its name in English (may be empty)")
        for role, option in PEOPLE.items():
            words = f"{role.replace('_admin', '')} administrator: name, then e-mail, mobile number or both"
            parser.add_argument(f"--{option}", metavar='"NAME, E-MAIL"', help=words)
        parser.add_argument("--scheme", type=Path, metavar="FILE", help="credit scheme (default: the shipped rules)")
        parser.add_argument("--print-links", action="store_true", help="print the invitations' addresses in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        code = _asked(options, "code", "Code of the authority (letters, digits, hyphens)")
        if not CODE.fullmatch(code):
            raise CommandError(f"--code {code!r}: letters, digits and hyphens only, 32 at most.")
        name = _asked(options, "name", "Name of the authority")
        name_en = _asked(options, "name_en", "Its name in English (may be empty)", is_optional=True)
        people = {role: _person(options, option) for role, option in PEOPLE.items()}
        try:
            founded = bring_into_use(
                authority=Authority(code, name, name_en), people=people, scheme=options["scheme"], now=timezone.now()
            )
        except Invalid as refused:
            texts = [str(text) for several in refused.fields.values() for text in several] or [refused.sentence()]
            raise CommandError(" ".join([*texts, refused.advice()])) from refused
        except XinglinError as refused:
            raise CommandError(f"{refused.sentence()} {refused.advice()}") from refused
        self._tell(founded, is_forced=options["print_links"])

    def _tell(self, founded: Founded, *, is_forced: bool) -> None:
        if founded.made_key:
            self.stdout.write(f"root key {founded.made_key} made: back the key folder up, apart from the database")
        self.stdout.write(f"root organisation {founded.code}")
        self.stdout.write(f"credit scheme {founded.scheme}")
        for each in founded.invitations:
            until = timezone.localtime(each.expires_at).strftime("%Y-%m-%d %H:%M")
            self.stdout.write(f"{each.role}: {each.name}, invited until {until}")
            if is_forced or not is_sent_out(each):
                self.stdout.write(f"  give this address to nobody else: {link(each)}")
        if not founded.invitations:
            self.stdout.write("the three administrators are there already")


def _asked(options: dict[str, Any], name: str, question: str, *, is_optional: bool = False) -> str:
    given = options[name]
    if given is None and sys.stdin.isatty():
        given = input(f"{question}: ")
    if not given and not is_optional:
        raise CommandError(f"--{name.replace('_', '-')} is missing. See manage.py bootstrap --help.")
    return str(given or "").strip()


def _person(options: dict[str, Any], option: str) -> Newcomer:
    text = _asked(options, option, f"The {option} administrator: name, e-mail or mobile number")
    try:
        return newcomer(text)
    except (ValueError, ValidationError) as error:
        raise CommandError(f"--{option} {text!r}: a name, then an e-mail address, a mobile number or both.") from error
