from media_pipeline.models.identified import (
    IdentifiedInstance,
    IdentifiedSeries,
    IdentifiedStudy,
    KeyImage,
    Share,
    Upload,
    UploadedFile,
)
from media_pipeline.models.release import (
    Candidate,
    DeidRun,
    PixelReview,
    RedactionBox,
    ReleaseAudience,
    TeachingInstance,
    TeachingRelease,
    TeachingSeries,
    TeachingStudy,
    TextStrike,
)
from media_pipeline.models.video import Rendition, Video

__all__ = [
    "Candidate",
    "DeidRun",
    "IdentifiedInstance",
    "IdentifiedSeries",
    "IdentifiedStudy",
    "KeyImage",
    "PixelReview",
    "RedactionBox",
    "ReleaseAudience",
    "Rendition",
    "Share",
    "TeachingInstance",
    "TeachingRelease",
    "TeachingSeries",
    "TeachingStudy",
    "TextStrike",
    "Upload",
    "UploadedFile",
    "Video",
]
