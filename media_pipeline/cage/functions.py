"""Everything that may be asked of a cage. Each takes descriptors, blobs and JSON arguments, gives JSON and blobs.

Imported by the zygote before it forks, so that a cage needs no file of its own. Nothing here may import models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from media_pipeline.cage.input import BadInput
from media_pipeline.deid import caged as deid
from media_pipeline.deid import marks
from media_pipeline.deid.profile import rules
from media_pipeline.dicom import frames, header, strips
from media_pipeline.uploads import archive, pages

Function = Callable[..., tuple[Any, list[bytes]]]

FUNCTIONS: dict[str, Function] = {
    "inspect": header.inspect,
    "metadata": header.metadata,
    "render_frame": frames.render_frame,
    "render_strip": strips.render_strip,
    "measure_frame": frames.measure_frame,
    "extract_frame": frames.extract_frame,
    "list_archive": archive.list_members,
    "unpack_member": archive.unpack_member,
    "check_page": pages.check_page,
    "clean_header": deid.clean_header,
    "clean_texts": deid.clean_texts,
    "find_identifiers": deid.find_identifiers,
    "find_marks": marks.find_marks,
    "finish_object": deid.finish_object,
}


def preload() -> None:
    """Read what the functions need from disk, before a cage can no longer."""
    rules()


__all__ = ["FUNCTIONS", "BadInput", "preload"]
