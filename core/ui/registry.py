"""Where every room registers what the shell shows: navigation, tasks, panels and page actions.

Called from `AppConfig.ready`. Registration is by key, so that a reloaded process does not show a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise

from core.actor import Actor
from core.states import Machine

Text = str | Promise
CountFunction = Callable[[Actor, datetime], int]

#: Urgency of a task: 0 critical value, 1 stat, 2 urgent, 5 routine, 7 learning, 9 whenever there is time.
ROUTINE = 5


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One area in the top bar. `permission` None means every signed-in person, several mean whoever holds one of them;
    `is_public` shows it to visitors too.

    `areas` are path prefixes that count as this area ("/consults/"); without any, the item's own address is the prefix.
    `is_account` items stand in the person's own menu, not among the areas.
    `count` returns only what waits for this actor; it is read at most every 20 seconds for a person.
    """

    key: str
    label: Text
    url_name: str
    icon: str
    order: int = 50
    permission: str | tuple[str, ...] | None = None
    count: CountFunction | None = None
    areas: tuple[str, ...] = ()
    is_public: bool = False
    is_account: bool = False

    def url(self) -> str:
        return (
            self.url_name
            if self.url_name.startswith("/")
            else _address(self.url_name, get_script_prefix(), get_urlconf())
        )


@lru_cache(maxsize=256)
def _address(url_name: str, _prefix: str, _urlconf: str | None) -> str:
    """Asked twice for each area on every page; the same until the URL list is another one."""
    return reverse(url_name)


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as it is drawn: words, how far (glyph), whose turn (tone)."""

    label: Text
    glyph: str = ""
    tone: str = "grey"

    @classmethod
    def of(cls, machine: Machine, state: str) -> Chip:
        shown = machine.states[state]
        return cls(shown.label, shown.glyph, shown.tone)


@dataclass(frozen=True, slots=True)
class TaskItem:
    """One line of "what needs me now". `meta` holds short facts, drawn with dots between them; `say` is one
    sentence of its content, where that decides what to do.
    """

    title: Text
    url: str
    action: Text
    meta: tuple[Text, ...] = ()
    say: Text = ""
    chip: Chip | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    urgency: int = ROUTINE
    icon: str = "circle-dot"


@dataclass(frozen=True, slots=True)
class Panel:
    """A fragment on a shared page (`area`: "home", "supervision"), loaded by htmx from its owner's URL.

    `is_wide` takes a row of its own; `is_beside` is short and stands beside the map of the supervision page.
    """

    key: str
    title: Text
    url_name: str
    permission: str | None = None
    order: int = 50
    is_wide: bool = False
    is_beside: bool = False

    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class PageAction:
    """A button that another room puts on a page. POST actions become a small form with its own token."""

    label: Text
    url: str
    icon: str = ""
    style: Literal["primary", "outline", "quiet", "danger"] = "outline"
    method: Literal["get", "post"] = "get"
    confirm: Text = ""


@dataclass(frozen=True, slots=True)
class SearchHint:
    """Where else to look: what a room keeps out of the search has a list of its own there. `url` carries the words."""

    text: Text
    label: Text
    url: str


SearchHintProvider = Callable[[Actor, str], Iterable[SearchHint]]
ScopeProvider = Callable[[Actor, datetime], Iterable[tuple[str, Text]]]
TaskProvider = Callable[[Actor, datetime], Iterable[TaskItem]]
ActionProvider = Callable[[Actor, UUID], Iterable[PageAction]]

_navigation: dict[str, NavigationItem] = {}
_tasks: dict[str, TaskProvider] = {}
_panels: dict[str, dict[str, Panel]] = {}
_actions: dict[str, dict[str, ActionProvider]] = {}
_scopes: dict[str, ScopeProvider] = {}
_search_hints: dict[str, SearchHintProvider] = {}


def _name_of(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def register_navigation(item: NavigationItem) -> None:
    _navigation[item.key] = item


def register_tasks(provider: TaskProvider) -> None:
    _tasks[_name_of(provider)] = provider


def register_panel(area: str, panel: Panel) -> None:
    _panels.setdefault(area, {})[panel.key] = panel


def register_actions(page: str, provider: ActionProvider) -> None:
    _actions.setdefault(page, {})[_name_of(provider)] = provider


def register_search_hints(provider: SearchHintProvider) -> None:
    """`provider(actor, words)` says where else this actor may look for the words."""
    _search_hints[_name_of(provider)] = provider


def register_scopes(provider: ScopeProvider) -> None:
    """Who knows organisations offers those whose figures an actor may read: (id, name), widest first."""
    _scopes[_name_of(provider)] = provider


def _is_allowed(actor: Actor, permission: str | tuple[str, ...] | None) -> bool:
    if permission is None or not actor.is_signed_in:
        return actor.is_signed_in
    return any(actor.may(name) for name in ((permission,) if isinstance(permission, str) else permission))


def _is_routable(item: NavigationItem) -> bool:
    """An area whose room has no page yet in this installation is left out instead of breaking every page."""
    try:
        item.url()
    except NoReverseMatch:
        return False
    return True


def navigation_for(actor: Actor) -> list[NavigationItem]:
    """The areas of this actor: home, then what the roles came for, then what is everybody's."""
    items = (i for i in _navigation.values() if i.is_public or _is_allowed(actor, i.permission))
    return sorted((i for i in items if _is_routable(i)), key=lambda i: (i.order > 0, not i.permission, i.order, i.key))


def current_key(items: Iterable[NavigationItem], path: str) -> str | None:
    """The item whose area holds `path`: the longest prefix wins."""
    best, best_length = None, 0
    for item in items:
        for prefix in item.areas or (item.url(),):
            if path.startswith(prefix) and len(prefix) > best_length and (prefix != "/" or path == "/"):
                best, best_length = item.key, len(prefix)
    return best


def tasks_for(actor: Actor, now: datetime) -> list[TaskItem]:
    """Everything that waits for this actor: by urgency, then by due time; what has no due time comes last."""
    found = [task for provider in _tasks.values() for task in provider(actor, now)]
    return sorted(found, key=lambda t: (t.urgency, t.due_at is None, t.due_at or now))


def scopes_for(actor: Actor, now: datetime) -> list[tuple[str, Text]]:
    return [choice for provider in _scopes.values() for choice in provider(actor, now)]


def panels_for(area: str, actor: Actor) -> list[Panel]:
    panels = (p for p in _panels.get(area, {}).values() if _is_allowed(actor, p.permission))
    return sorted(panels, key=lambda p: (p.order, p.key))


def actions_for(page: str, actor: Actor, subject_id: UUID) -> list[PageAction]:
    return [action for provider in _actions.get(page, {}).values() for action in provider(actor, subject_id)]


def search_hints_for(actor: Actor, words: str) -> list[SearchHint]:
    return [hint for provider in _search_hints.values() for hint in provider(actor, words)]
