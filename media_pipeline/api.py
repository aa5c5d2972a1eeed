"""The door of media_pipeline."""

from media_pipeline.access.audience import Right, admit, admit_only, dismiss
from media_pipeline.access.authorise import may_view_study
from media_pipeline.access.sharing import share, unshare
from media_pipeline.cage.errors import BadFile
from media_pipeline.errors import (
    NothingSent,
    NothingToRelease,
    ReleaseClosed,
    ReleaseNotFound,
    StudyNotFound,
    UploadNotFound,
)
from media_pipeline.imaging.covers import covers
from media_pipeline.release.closing import close_release
from media_pipeline.release.reading import confirm_texts
from media_pipeline.release.reviewing import confirm_release
from media_pipeline.release.starting import start_release
from media_pipeline.selectors import (
    get_release,
    get_release_state,
    get_study,
    list_studies,
    open_release_ids,
    refused_files,
    released_texts,
    senders_of,
    studies_arrived,
    uploads_of,
)
from media_pipeline.uploads.judging import judge_file, judge_page
from media_pipeline.uploads.receiving import store_instances
from media_pipeline.uploads.retrying import files_being_read, retry_upload, stopped_uploads

__all__ = [
    "BadFile",
    "NothingSent",
    "NothingToRelease",
    "ReleaseClosed",
    "ReleaseNotFound",
    "Right",
    "StudyNotFound",
    "UploadNotFound",
    "admit",
    "admit_only",
    "close_release",
    "confirm_release",
    "confirm_texts",
    "covers",
    "dismiss",
    "files_being_read",
    "get_release",
    "get_release_state",
    "get_study",
    "judge_file",
    "judge_page",
    "list_studies",
    "may_view_study",
    "open_release_ids",
    "refused_files",
    "released_texts",
    "retry_upload",
    "senders_of",
    "share",
    "start_release",
    "stopped_uploads",
    "store_instances",
    "studies_arrived",
    "unshare",
    "uploads_of",
]
