"""What bin/demo prints when the site is up: the address, and who one can be."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from django.utils import translation

from directory.roles import ROLES
from directory.seed.demo_people import DEMO_PEOPLE, PASSWORD, TOTP_SECRET


def banner(port: int, data: Path) -> str:
    """Plain lines; `password: ...` and `totp secret: ...` stand on lines of their own for programs to read."""
    with translation.override("en"):
        rows = [
            (person.username, person.name, ", ".join(str(ROLES[role].label) for role in person.roles) or "Learner")
            for person in DEMO_PEOPLE
        ]
    people = "\n".join(f"  {username:<18}{_padded(name, 10)}{roles}" for username, name, roles in rows)
    return (
        f"\nXinglin 杏林 is running: http://127.0.0.1:{port}/\n\n{people}\n\n"
        f"password: {PASSWORD}\ntotp secret: {TOTP_SECRET}\n"
        f"data: {data}\n\nEverybody signs in with the password; whoever can see a patient or administers is asked for\n"
        f"a code made from the secret as well. Ctrl-C stops everything; the data stays.\n"
    )


def _padded(text: str, width: int) -> str:
    """Chinese characters take two columns in a terminal."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(1, width - taken)
