"""Wagtail's pages: the public site, the catalogue, course landings, and the units as drafts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.drawings import Drawing
from cms.fields import ContentField
from cms.models.course import Course
from cms.models.desk_rights import DeskPage
from cms.web.face_form import FaceForm, FaceSelect
from cms.web.unit_form import UnitForm
from core.ids import uuid7

#: A course's address comes from its code, a unit has none: neither is changed in the editor.
NO_PANELS: list[FieldPanel] = []
#: Comments between authors; no date of publishing, which is a service's.
DESK_SETTINGS = [CommentPanel()]
PLAIN_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class HomePage(Page):
    """The public front of the site. Its words may be edited; figures and courses are read live."""

    lead = models.CharField(_("lead sentence"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    lead_en = models.CharField(_("lead sentence in English"), max_length=300, blank=True)

    template = "cms/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.CatalogueIndexPage", "cms.LibraryIndexPage", "cms.TextPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("title_en"),
        FieldPanel("lead_en"),
    ]

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.web.public import home_context

        return {**super().get_context(request, *args, **kwargs), **home_context(), **self._words()}

    def _words(self) -> dict[str, str]:
        """Title and lead in the interface language; Chinese where no English ones were given."""
        is_english = get_language() == "en" and bool(self.title_en)
        return {
            "front_title": self.title_en if is_english else self.title,
            "front_lead": self.lead_en if is_english else self.lead,
        }


class CatalogueIndexPage(Page):
    """/courses/: the catalogue. Nothing personal, so that one stored copy serves everybody."""

    template = "cms/catalogue_page.html"
    max_count = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.OrganisationSpacePage"]

    class Meta:
        verbose_name = _("catalogue")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.web.catalogue import catalogue_context

        return {**super().get_context(request, *args, **kwargs), **catalogue_context(request)}


class OrganisationSpacePage(DeskPage, Page):
    """The page space of one authoring organisation: below it stand its courses, and its authors' rights end there."""

    organisation = models.OneToOneField("directory.Organisation", on_delete=models.PROTECT, related_name="+")

    parent_page_types = ["cms.CatalogueIndexPage"]
    subpage_types = ["cms.CoursePage"]
    promote_panels = NO_PANELS
    settings_panels = DESK_SETTINGS

    class Meta:
        verbose_name = _("organisation’s courses")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(f"/courses/?organisation={self.organisation.code}")


class CoursePage(DeskPage, Page):
    """The landing page of a course. What the public reads comes from the current edition, never from this draft.

    `face` is a drawing of the house and `face_image` a picture of the library; one of them or none (`cms.faces`).
    """

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="page")
    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)
    face = models.CharField(_("drawing"), max_length=30, choices=Drawing.choices, blank=True, default="", db_default="")
    face_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Instead of a drawing: at least 640 × 360 pixels, wider than high. Its focal point stays in sight."
        ),
    )
    face_alt = models.CharField(
        _("what the picture shows"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("In the language of the course, for those who cannot see it."),
    )
    face_alt_en = models.CharField(
        _("what the picture shows, in English"), max_length=300, blank=True, default="", db_default=""
    )

    template = "cms/course_page.html"
    parent_page_types = ["cms.OrganisationSpacePage"]
    subpage_types = ["cms.UnitPage"]
    base_form_class = FaceForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FieldPanel("face", widget=FaceSelect),
                FieldPanel("face_image"),
                FieldPanel("face_alt"),
                FieldPanel("face_alt_en"),
            ],
            heading=_("Face of the course"),
        ),
    ]
    promote_panels = NO_PANELS
    settings_panels = DESK_SETTINGS

    class Meta:
        verbose_name = _("course page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.web.public import course_context

        context = course_context(self)
        if context is None:
            raise Http404
        return {**super().get_context(request, *args, **kwargs), **context}


class UnitPage(DeskPage, Page):
    """One unit of a course, as a draft for ever: it is never live and has no address. `key` lasts over editions."""

    key = models.UUIDField(default=uuid7, unique=True, editable=False)
    minutes = models.PositiveSmallIntegerField(_("learning time in minutes"), default=15)
    body = ContentField(verbose_name=_("blocks"), blank=True)

    parent_page_types = ["cms.CoursePage"]
    subpage_types: list[str] = []
    preview_modes: list[tuple[str, str]] = []
    base_form_class = UnitForm
    content_panels = [*Page.content_panels, FieldPanel("minutes"), FieldPanel("body")]
    promote_panels = NO_PANELS
    settings_panels = DESK_SETTINGS

    class Meta:
        verbose_name = _("course unit")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        raise Http404

    def get_url_parts(self, request: HttpRequest | None = None) -> None:
        """No address."""
        return None


class LibraryIndexPage(Page):
    """/library/: books, guidelines and videos."""

    template = "cms/library_index_page.html"
    max_count = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.LibraryPage"]

    class Meta:
        verbose_name = _("library")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.web.public import library_context

        return {**super().get_context(request, *args, **kwargs), **library_context(self)}


class LibraryKind(models.TextChoices):
    GUIDELINE = "guideline", _("Guideline")
    BOOK = "book", _("Book")
    HANDOUT = "handout", _("Handout")


class LibraryPage(Page):
    """One entry of the library: what it is, where it comes from, its text."""

    kind = models.CharField(_("kind"), max_length=12, choices=LibraryKind.choices, default=LibraryKind.HANDOUT)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    text = RichTextField(_("text"), blank=True, features=PLAIN_FEATURES)

    template = "cms/library_page.html"
    parent_page_types = ["cms.LibraryIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("language"),
        FieldPanel("summary"),
        FieldPanel("source"),
        FieldPanel("text"),
    ]

    class Meta:
        verbose_name = _("library entry")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.web.public import library_entry_context

        return {**super().get_context(request, *args, **kwargs), **library_entry_context(self)}


class TextPage(Page):
    """A page of site text: about, terms, help."""

    text = RichTextField(_("text"), features=PLAIN_FEATURES)

    template = "cms/text_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("text")]

    class Meta:
        verbose_name = _("text page")
