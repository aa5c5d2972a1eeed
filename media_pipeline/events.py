"""What happened in this room: ids only."""

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class StudyStored(Event):
    """New objects of a study lie in the archive."""

    study_id: UUID


@dataclass(frozen=True)
class FilesRefused(Event):
    """An upload was read to its end, and some of its files could not be stored."""

    upload_id: UUID


@dataclass(frozen=True)
class UploadStopped(Event):
    """No job reads an upload any more, and files of it wait. They are kept until somebody has them read again."""

    upload_id: UUID


@dataclass(frozen=True)
class ReleaseOpened(Event):
    """Two readers confirmed every frame; the teaching objects can be read."""

    release_id: UUID


@dataclass(frozen=True)
class ReleaseRefused(Event):
    """A reader refused the release; nothing of it will be used."""

    release_id: UUID


@dataclass(frozen=True)
class ReleaseClosedEvent(Event):
    """The release's key was destroyed; nothing of it can be read any more."""

    release_id: UUID


@dataclass(frozen=True)
class VideoWithdrawn(Event):
    """A video went with its release. Its row will soon be gone: only its id stands in what was made with it."""

    video_id: UUID
