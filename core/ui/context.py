"""What the shell's templates need on every page, worked out only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone, translation

from core import notify
from core.actor import Actor
from core.ui import counts, registry
from core.ui.access import actor_of

THEMES = ("light", "dark")
THEME_COOKIE = "xinglin_theme"
TOP_ITEMS = 6
TAB_ITEMS, TAB_ROLE_ITEMS = 4, 2
"""Places in the bar at the bottom of a phone, and how many of them the areas of a role may take."""


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation item as drawn."""

    key: str
    label: Any
    url: str
    icon: str
    is_current: bool
    count: int
    is_account: bool
    is_of_role: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A message that stays on the page: an error, a warning or a fact."""

    text: str
    tone: str
    icon: str


NOTES = {"error": ("danger", "circle-alert"), "warning": ("warn", "triangle-alert"), "info": ("info", "info")}


class Shell:
    """Lazy, so that a fragment or an API answer pays for nothing of it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor:
        return actor_of(self._request)

    @property
    def person(self) -> Any:
        return self._request.user

    @property
    def person_name(self) -> str:
        """The name as the reader writes it: the English one in English, where there is one."""
        english = getattr(self.person, "name_en", "") if self.language == "en" else ""
        return english or self.actor.name or str(self.person)

    @cached_property
    def links(self) -> list[Link]:
        items = registry.navigation_for(self.actor)
        current = registry.current_key(items, self._request.path)
        numbers = counts.waiting(self.actor, items, timezone.now())
        return [
            Link(
                i.key,
                i.label,
                i.url(),
                i.icon,
                i.key == current,
                numbers.get(i.key, 0),
                is_account=i.is_account,
                is_of_role=i.permission is not None,
            )
            for i in items
        ]

    @cached_property
    def _areas(self) -> list[Link]:
        return [link for link in self.links if not link.is_account]

    @property
    def top_links(self) -> list[Link]:
        return self._areas[:TOP_ITEMS]

    @property
    def further_links(self) -> list[Link]:
        """What the person's menu lists: areas that found no place above, then what is their own."""
        return self._areas[TOP_ITEMS:] + [link for link in self.links if link.is_account]

    @property
    def tab_links(self) -> list[Link]:
        """Home, the first areas of the roles, then learning and the other areas of everybody."""
        of_role = [link for link in self._areas if link.is_of_role][:TAB_ROLE_ITEMS]
        shown = [link for link in self._areas if link in of_role or not link.is_of_role]
        return shown[:TAB_ITEMS]

    @cached_property
    def outline(self) -> tuple[Any, ...]:
        """Everything that the parts around the content depend on, but for name, address and form token."""
        links = tuple((i.key, str(i.label), i.url, i.icon, i.is_current, i.count) for i in self.links)
        return (self.language, self.theme, self.actor.is_signed_in, self.unread, links)

    @cached_property
    def unread(self) -> int:
        """Notifications not read yet, counted to 100 at most."""
        return notify.unread_count(self.actor.person_id) if self.actor.person_id else 0

    @cached_property
    def theme(self) -> str:
        """Light unless chosen otherwise: the person's own choice, else this browser's."""
        chosen = getattr(self.person, "theme", "") if self.actor.is_signed_in else ""
        chosen = chosen or self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else THEMES[0]

    @property
    def other_theme(self) -> str:
        return THEMES[1] if self.theme == THEMES[0] else THEMES[0]

    @property
    def language(self) -> str:
        return translation.get_language() or settings.LANGUAGE_CODE

    @property
    def html_language(self) -> str:
        """BCP 47, as the `lang` attribute wants it."""
        return "zh-Hans" if self.language == "zh-hans" else self.language

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        """The languages to switch to, each in its own name."""
        return [
            (code, translation.get_language_info(code)["name_local"])
            for code, _name in settings.LANGUAGES
            if code != self.language
        ]

    @cached_property
    def _messages(self) -> list[Any]:
        return list(messages.get_messages(self._request))

    @property
    def toasts(self) -> list[str]:
        """What was done: goes away by itself. Errors never stand here."""
        return [str(message) for message in self._messages if message.level_tag == "success"]

    @property
    def notes(self) -> list[Note]:
        return [
            Note(str(m), *NOTES.get(m.level_tag, NOTES["info"])) for m in self._messages if m.level_tag != "success"
        ]

    @property
    def idle(self) -> Any:
        """How long this session may still be idle; None for a visitor."""
        return getattr(self._request, "idle", None)

    @property
    def path(self) -> str:
        return self._request.get_full_path()


def shell(request: HttpRequest) -> dict[str, Any]:
    is_english = translation.get_language() == "en"
    site_name = settings.XINGLIN_SITE_NAME_EN if is_english else settings.XINGLIN_SITE_NAME
    return {"site_name": site_name, "shell": Shell(request), "is_demo": settings.XINGLIN_IS_DEMO}
