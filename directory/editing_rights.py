"""What a grant opens in Wagtail's admin, as data that the owners of pages and models register.

Directory knows no page class. A room that owns pages registers a `PageRight`: with this permission, these actions, on
the pages that its own function finds for the organisations that the grant covers. Nothing registered, nothing opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from core.actor import Actor
from directory import selectors
from directory.models import Organisation, Person

PageFinder = Callable[[QuerySet[Organisation]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class PageRight:
    """`actions` are Wagtail's: add, change, publish, lock, unlock, bulk_delete. They hold for all pages below, too."""

    permission: str
    actions: frozenset[str]
    pages: PageFinder


@dataclass(frozen=True, slots=True)
class LiveRight:
    """One action on one page, or on one collection, that a person has at this moment."""

    action: str
    place: Any


_page_rights: dict[str, PageRight] = {}
_admin_rights: dict[str, frozenset[str]] = {
    "wagtailadmin.access_admin": frozenset({"course.author", "course.publish", "case.edit"}),
}
COLLECTION_ACTIONS: dict[str, frozenset[str]] = {
    "course.author": frozenset({"add", "choose"}),
    "course.publish": frozenset({"add", "choose"}),
}


def register_page_right(name: str, right: PageRight) -> None:
    """Make pages editable for those who hold a permission. Called from `AppConfig.ready`."""
    _page_rights[name] = right


def register_admin_right(django_permission: str, *permissions: str) -> None:
    """Let holders of any of `permissions` pass a Django permission check such as "cms.change_topic"."""
    _admin_rights[django_permission] = _admin_rights.get(django_permission, frozenset()) | frozenset(permissions)


def django_permissions_of(actor: Actor) -> frozenset[str]:
    """Every registered Django permission that this actor's live grants open."""
    return frozenset(name for name, wanted in _admin_rights.items() if any(actor.may(p) for p in wanted))


def page_rights_of(person: Person, now: datetime) -> list[LiveRight]:
    """Each action on each page where a live grant gives it; at most one query per registered right, plus the grants."""
    actor = selectors.actor_of(person, now, is_mfa_verified=True)
    return [
        LiveRight(action, page)
        for right in _page_rights.values()
        if actor.may(right.permission)
        for page in right.pages(selectors.organisations_visible(actor, right.permission))
        for action in sorted(right.actions)
    ]


def collection_actions_of(person: Person, now: datetime) -> frozenset[str]:
    """What the person may do with the pictures that decorate the public site."""
    actor = selectors.actor_of(person, now, is_mfa_verified=True)
    allowed = (actions for permission, actions in COLLECTION_ACTIONS.items() if actor.may(permission))
    return frozenset().union(*allowed)


def people_with_page_action(actions: set[str], now: datetime) -> QuerySet[Person]:
    """Everybody whom a live grant lets do one of `actions` on some page."""
    permissions = {right.permission for right in _page_rights.values() if right.actions & actions}
    return selectors.people_with_permissions(permissions, now)
