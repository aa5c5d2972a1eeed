"""Pixel review, what is seen: the list of releases that wait, the page where a reader looks at every frame, a frame."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from core.numbers import whole_number
from core.ui.access import requires
from core.ui.pagination import paginate
from media_pipeline.imaging.rendering import render_candidate
from media_pipeline.release import desk, listing
from media_pipeline.release.retrying import stopped_while_preparing
from media_pipeline.release.reviewing import REVIEW
from media_pipeline.states import RELEASE
from media_pipeline.web.imaging import look_of, picture
from media_pipeline.web.seen import note_seen

PER_PAGE = 20
VIEW_LABELS = {
    "waiting": _("To review"),
    "open": pgettext_lazy("releases", "Released"),
    "refused": pgettext_lazy("releases", "Refused"),
    "closed": pgettext_lazy("releases", "Closed"),
}
READ = (("", pgettext_lazy("filter", "All")), ("mine", _("Confirmed by me")))
HOLDS = (("", pgettext_lazy("filter", "All")), ("pictures", _("With images")), ("texts", _("Texts only")))


class ReleaseFilterForm(forms.Form):
    """The bar above the list; every field may stay empty."""

    q = forms.CharField(label=_("Search release or organisation"), required=False, max_length=60)
    holds = forms.ChoiceField(label=pgettext_lazy("release", "Holds"), choices=HOLDS, required=False)
    read = forms.ChoiceField(label=_("Readers"), choices=READ, required=False)

    def filters(self) -> listing.ReleaseFilters:
        """A value that is none of the choices filters nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return listing.ReleaseFilters(asked.get("q", ""), asked.get("holds", ""), asked.get("read", "") == "mine")


@require_GET
@requires(REVIEW)
def releases(request: HttpRequest) -> HttpResponse:
    form = ReleaseFilterForm(request.GET)
    filters = form.filters()
    counts = listing.view_counts(request.actor, filters)
    view = request.GET.get("tab", "waiting")
    view = view if view in counts else "waiting"
    page = paginate(listing.listed(request.actor, filters, view), page=request.GET.get("page"), per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": listing.rows_of(request.actor, page.items, timezone.now()),
        "tab": view,
        "tabs": [(name, VIEW_LABELS[name], number) for name, number in counts.items()],
        "form": form,
        "filter_fields": [form["holds"], form["read"]],
        "is_filtered": any(form.cleaned_data.values()),
        "stopped": stopped_while_preparing(page.items),
        "machine": RELEASE,
    }
    return render(request, "media_pipeline/deid_list.html", context)


@require_GET
@requires(REVIEW)
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = desk.review_page(
        actor=request.actor,
        release_id=release_id,
        page=whole_number(request.GET.get("page")) or 0,
        frame=request.GET.get("frame", ""),
        pick=request.GET.get("pick", ""),
    )
    note_seen(request, page.release.pk, page.release.organisation.path, "release", now)
    context = {"page": page, "release": page.release, "machine": RELEASE, "shows_redacted": "redacted" in request.GET}
    return render(request, "media_pipeline/deid_release.html", context)


@require_GET
@requires(REVIEW)
def frame(request: HttpRequest, release_id: UUID, candidate_id: UUID, number: int) -> HttpResponse:
    candidate = desk.candidate_for(request.actor, release_id, candidate_id)
    note_seen(request, candidate.release_id, candidate.release.organisation.path, "release", timezone.now())
    look = look_of(request)
    content = render_candidate(candidate, number, look, is_redacted="redacted" in request.GET)
    return picture(content, look, "no-store")
