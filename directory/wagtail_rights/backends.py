"""The page policy and its collection twin: Wagtail asks them, live grants answer. No Group, no sync.

Wagtail's own algorithms stay; only where the permissions come from is ours. They are read once per request, because
Wagtail keeps them on the request's user.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from directory import editing_rights
from directory.models import Person


@dataclass(frozen=True, slots=True)
class Codename:
    """Stands where Wagtail reads `permission.codename`."""

    codename: str


@dataclass(frozen=True, slots=True)
class PagePermission:
    """Stands where Wagtail reads a GroupPagePermission."""

    permission: Codename
    page: Any

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


@dataclass(frozen=True, slots=True)
class CollectionPermission:
    """Stands where Wagtail reads a GroupCollectionPermission."""

    permission: Codename
    collection: Collection

    @property
    def collection_id(self) -> int:
        return int(self.collection.pk)


def _is_somebody(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


class GrantPagePolicy(PagePermissionPolicy):
    """Page rights from role grants: revoked at once, and an end date holds."""

    def get_all_permissions_for_user(self, user: Any) -> list[PagePermission]:
        if not _is_somebody(user):
            return []
        return [
            PagePermission(Codename(f"{right.action}_page"), right.place)
            for right in editing_rights.page_rights_of(user, timezone.now())
        ]

    def users_with_any_permission(self, actions: Iterable[str], include_superusers: bool = True) -> QuerySet[Person]:
        return editing_rights.people_with_page_action(set(actions), timezone.now())

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Any, include_superusers: bool = True
    ) -> QuerySet[Person]:
        candidates = self.users_with_any_permission(actions)
        ids = [p.pk for p in candidates if self.user_has_any_permission_for_instance(p, set(actions), instance)]
        return Person.objects.filter(pk__in=ids)

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        """Wagtail's own shows the whole tree's top to somebody without a single page."""
        if not self.get_cached_permissions_for_user(user):
            return self.model._default_manager.none()
        return super().explorable_instances(user)


class GrantCollectionPolicy(CollectionOwnershipPermissionPolicy):
    """Pictures of the public site: who writes or publishes courses adds and chooses, and changes only their own."""

    def get_all_permissions_for_user(self, user: Any) -> list[CollectionPermission]:
        if not _is_somebody(user):
            return []
        actions = editing_rights.collection_actions_of(user, timezone.now())
        root = Collection.get_first_root_node() if actions else None
        model = self.auth_model._meta.model_name
        return [CollectionPermission(Codename(f"{action}_{model}"), root) for action in sorted(actions) if root]

    def _users_with_perm_filter(self, actions: Iterable[str], collection: Collection | None = None) -> Q:
        wanted = set(actions)
        permissions = {p for p, allowed in editing_rights.COLLECTION_ACTIONS.items() if allowed & wanted}
        return Q(pk__in=editing_rights.selectors.people_with_permissions(permissions, timezone.now()).values("pk"))
