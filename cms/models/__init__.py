from cms.models.course import Course, CourseAuthor
from cms.models.edition import CourseEdition, EditionOverlay, EditionPicture, EditionReference
from cms.models.pages import (
    CatalogueIndexPage,
    CoursePage,
    HomePage,
    LibraryIndexPage,
    LibraryPage,
    OrganisationSpacePage,
    TextPage,
    UnitPage,
)
from cms.models.picture_log import PictureLogEntry

__all__ = [
    "CatalogueIndexPage",
    "Course",
    "CourseAuthor",
    "CourseEdition",
    "CoursePage",
    "EditionOverlay",
    "EditionPicture",
    "EditionReference",
    "HomePage",
    "LibraryIndexPage",
    "LibraryPage",
    "OrganisationSpacePage",
    "PictureLogEntry",
    "TextPage",
    "UnitPage",
]
