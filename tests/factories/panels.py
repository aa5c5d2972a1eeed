"""Ask for a panel of the first screen as its page does, and read its numbers."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.ui.home_panel import HomePanel
from directory.models import Person
from tests.factories.signing_in import sign_in

FRAGMENT = {"HX-Request": "true"}


def panel_of(person: Person, name: str) -> HomePanel:
    """Read in English, whatever the person's own language."""
    Person.objects.filter(pk=person.pk).update(language="en")
    person.language = "en"
    panel: HomePanel = sign_in(Client(), person).get(reverse(name), headers=FRAGMENT).context["panel"]
    return panel


def figures_of(person: Person, name: str) -> list[object]:
    """The panel's numbers in their order."""
    return [figure.value for figure in panel_of(person, name).figures]


def titles_of(person: Person, name: str) -> list[str]:
    return [str(line.title) for line in panel_of(person, name).lines]


def cost_of(person: Person, name: str) -> int:
    """How many queries the panel costs once what is remembered between requests is remembered."""
    browser = sign_in(Client(), person)
    browser.get(reverse(name), headers=FRAGMENT)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(reverse(name), headers=FRAGMENT).status_code == 200
    return len(queries)


def status_of(person: Person, name: str) -> int:
    return sign_in(Client(), person).get(reverse(name)).status_code


def offers(person: Person, name: str) -> bool:
    """Whether the person's first screen has this panel."""
    return f'hx-get="{reverse(name)}"' in sign_in(Client(), person).get("/home/").content.decode()
