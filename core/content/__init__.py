"""What a piece of teaching content must know about itself, wherever it comes from: the owner brings its own block.

casebook, media_pipeline and assessment each register one `ContentBlock` in their `AppConfig.ready`; cms only arranges
registered blocks, lms and peer_review only show them. Nobody asks which kind it is. See docs/interfaces/blocks.md.
"""

from core.content.drawn import DrawnPieces
from core.content.editing import Offer, OfferedBlock, offer_of
from core.content.node import FrozenNode
from core.content.protocol import Choice, ContentBlock, ContentGone, NotReady
from core.content.registry import (
    all_blocks,
    authors_of,
    block_of,
    label_of,
    register_block,
    releases_of,
    render_for_review,
    render_node,
)
from core.content.reviewed import register_reviewed, reviewed

__all__ = [
    "Choice",
    "ContentBlock",
    "ContentGone",
    "DrawnPieces",
    "FrozenNode",
    "NotReady",
    "Offer",
    "OfferedBlock",
    "all_blocks",
    "authors_of",
    "block_of",
    "label_of",
    "offer_of",
    "register_block",
    "register_reviewed",
    "releases_of",
    "render_for_review",
    "render_node",
    "reviewed",
]
