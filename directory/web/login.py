"""The sign-in page; in the demo, with its people to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.views import LoginView as AllauthLoginView
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory import idle
from directory.models import Organisation
from directory.roles import ROLES
from directory.seed.demo_people import DEMO_PEOPLE, GROUPS, DemoPerson


@dataclass(frozen=True, slots=True)
class Choice:
    """One demo person as drawn on the page."""

    username: str
    name: str
    role: str | Promise
    place: str
    sees: str | Promise


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    label: str | Promise
    people: tuple[Choice, ...]


def demo_groups() -> Iterator[ChoiceGroup]:
    """Everybody a visitor can be, by what they do. Nothing when the province is not seeded. One query."""
    language = get_language() or settings.LANGUAGE_CODE
    codes = {entry.place for entry in DEMO_PEOPLE}
    places = {o.code: o.display_name(language) for o in Organisation.objects.filter(code__in=codes)}
    for key, label in GROUPS:
        people = tuple(
            _choice(p, places[p.place], language) for p in DEMO_PEOPLE if p.group == key and p.place in places
        )
        if people:
            yield ChoiceGroup(label, people)


def _choice(entry: DemoPerson, place: str, language: str) -> Choice:
    return Choice(
        username=entry.username,
        name=entry.name_en if language == "en" else entry.name,
        role=ROLES[entry.roles[0]].label if entry.roles else _("Learner"),
        place=place,
        sees=entry.sees,
    )


class LoginView(AllauthLoginView):
    """allauth's own, with the demo's people beside it."""

    def get_form(self, form_class: Any = None) -> Any:
        """Labels stand above the fields, so that allauth's placeholders would only repeat them."""
        form = super().get_form(form_class)
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        form.fields["login"].widget.attrs["autocomplete"] = "username"
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["idle_minutes"] = idle.in_minutes(idle.limit(is_mfa_verified=True))
        if settings.XINGLIN_IS_DEMO:
            context["demo_groups"] = list(demo_groups())
        return context
