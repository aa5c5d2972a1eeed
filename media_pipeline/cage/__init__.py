"""Where bytes from outside are read: forked processes without network, files or time to spare.

`call(function, files=..., arguments=...)` runs one registered function in a caged process of a trust zone. The parent
never unpickles what a cage answers: messages are JSON and raw blobs, files go as descriptors.
"""

from media_pipeline.cage.errors import BadFile, CageFailed, CageUnavailable
from media_pipeline.cage.pool import CageResult, call, close_all

__all__ = ["BadFile", "CageFailed", "CageResult", "CageUnavailable", "call", "close_all"]
