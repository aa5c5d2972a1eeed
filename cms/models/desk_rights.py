"""What Wagtail's admin may do with a page of a course: edit its draft, and lock it. The rest is the desk's."""

from __future__ import annotations

from typing import Any

from wagtail.models import PagePermissionTester


class DeskPermissions(PagePermissionTester):
    """Without this, whoever may change a draft may in Wagtail also delete and move it, in any state of its course."""

    def can_add_subpage(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False


class DeskPage:
    """A page that services make, arrange, publish and remove. First among a page's bases."""

    def permissions_for_user(self, user: Any) -> DeskPermissions:
        return DeskPermissions(user, self)
