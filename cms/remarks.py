"""What higher rooms have to say of a course before it is published, to its authors and reviewers: that it brings no
credit, for one. They register here, because nobody below may ask them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

RemarkProvider = Callable[[UUID, int, datetime], str]
"""(organisation, learning minutes, now) -> a sentence; "" for nothing to say. It names no organisation and no
authority: reviewers read it too, and do not see whose it is.
"""

_providers: dict[str, RemarkProvider] = {}


def register_remark(name: str, provider: RemarkProvider) -> None:
    """Called once per process from `AppConfig.ready`; by name, so that nothing is said twice."""
    _providers[name] = provider


def remarks_on(manifest: dict[str, Any], now: datetime) -> list[str]:
    """The sentences about a frozen course or a draft."""
    organisation, minutes = UUID(manifest["organisation"]), int(manifest["learning_minutes"])
    said = (provider(organisation, minutes, now) for _name, provider in sorted(_providers.items()))
    return [sentence for sentence in said if sentence]
