"""Every registered block, and the two ways to show a frozen node."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core.actor import Actor
from core.content.node import FrozenNode
from core.content.protocol import ContentBlock, ContentGone

_blocks: dict[str, ContentBlock] = {}


def register_block(block: ContentBlock) -> None:
    """Called in `AppConfig.ready` of the owner. Raises ValueError when the kind is taken by another class."""
    held = _blocks.get(block.kind)
    if held is not None and type(held) is not type(block):
        raise ValueError(f"content kind {block.kind} is registered twice")
    _blocks[block.kind] = block


def block_of(kind: str) -> ContentBlock:
    """Raises KeyError when nobody brought this kind."""
    return _blocks[kind]


def label_of(kind: str) -> str:
    """What a kind is called: its own name where nobody brings it any more, as in a manifest from before."""
    return str(_blocks[kind].label) if kind in _blocks else kind


def all_blocks() -> tuple[ContentBlock, ...]:
    """In the order of registration: lower rooms first."""
    return tuple(_blocks.values())


def releases_of(nodes: Iterable[FrozenNode]) -> set[UUID]:
    """The releases that these nodes show; one question to each owner."""
    return {release for kind, named in _by_kind(nodes).items() for release in block_of(kind).releases_of(named)}


def authors_of(nodes: Iterable[FrozenNode]) -> set[UUID]:
    """Those who wrote what these nodes refer to; one question to each owner."""
    return {person for kind, named in _by_kind(nodes).items() for person in block_of(kind).authors_of(named)}


def _by_kind(nodes: Iterable[FrozenNode]) -> dict[str, set[str]]:
    references: dict[str, set[str]] = {}
    for node in nodes:
        if node.reference:
            references.setdefault(node.kind, set()).add(node.reference)
    return references


def render_node(node: FrozenNode, *, actor: Actor, now: datetime) -> str:
    """The node for a learner, or its tombstone. Never raises for withdrawn content."""
    if node.html:
        return node.html
    block = block_of(node.kind)
    try:
        return block.render(node, actor=actor, now=now)
    except ContentGone:
        return block.tombstone(node)


def render_for_review(node: FrozenNode, *, actor: Actor, now: datetime) -> str:
    """The node for a peer reviewer, or its tombstone; of a kind that nobody brings any more, what was frozen of it."""
    block = _blocks.get(node.kind)
    if block is None:
        return node.html
    try:
        return block.render_for_review(node, actor=actor, now=now)
    except ContentGone:
        return block.tombstone(node)
