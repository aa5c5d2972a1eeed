"""Who says what, and who listens."""

from __future__ import annotations

from core.outbox import all_subscriptions


def page() -> str:
    """A Markdown table of every event that has a subscriber."""
    rows = [f"| `{event}` | `{subscriber}` |" for event, subscriber in all_subscriptions()]
    head = [
        "# Domain events",
        "",
        "Made by `manage.py build_docs` from the subscriptions; do not edit.",
        "",
        "| event | subscriber |",
        "|---|---|",
    ]
    return "\n".join([*head, *rows, ""])
