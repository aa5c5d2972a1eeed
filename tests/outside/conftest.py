"""A certificate, a signed opinion and signed reports, as the services make them."""

from __future__ import annotations

from tests.consult_bridge.conftest import bridge
from tests.credits.conftest import actor, completion, entry, learner, scheme, world

__all__ = ["actor", "bridge", "completion", "entry", "learner", "scheme", "world"]
