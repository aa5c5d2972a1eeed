"""A StreamField whose blocks are whatever the owners registered."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import cached_property
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField

from core.content import all_blocks


class ContentField(StreamField):
    """Blocks come from `core.content` when the editor is first opened, so a new kind of content needs no migration."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("block_types", None)
        super().__init__([], **kwargs)

    @cached_property
    def stream_block(self) -> StreamBlock:
        block = StreamBlock([(owner.kind, owner.editor()) for owner in all_blocks()])
        block.set_meta_options(self.block_opts)
        return block

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Without the blocks: Wagtail's own would write them into every migration."""
        name, path, _args, kwargs = models.Field.deconstruct(self)
        return name, path, [], kwargs
