"""/reviews/rounds/<id>/: the desk names a reviewer for an empty place of a round."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.ui.access import signed_in
from peer_review import selectors, services
from peer_review.contracts import Candidate
from peer_review.subjects import subject_of


class ReviewerForm(forms.Form):
    reviewer = forms.ChoiceField(label=gettext_lazy("Reviewer"), widget=forms.RadioSelect)

    def __init__(self, *args: object, offered: list[Candidate], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field: forms.ChoiceField = self.fields["reviewer"]  # type: ignore[assignment]
        field.choices = [(str(c.person_id), f"{c.name} · {c.organisation_name}") for c in offered if not c.conflicts]


@require_http_methods(["GET", "POST"])
@signed_in
def staff_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    now = timezone.now()
    staffing = selectors.staffing_of(request.actor, round_id, now)
    form = ReviewerForm(request.POST if request.method == "POST" else None, offered=staffing.offered)
    if request.method == "POST" and form.is_valid():
        services.name_reviewer(
            actor=request.actor, round_id=round_id, reviewer_id=UUID(form.cleaned_data["reviewer"]), now=now
        )
        messages.success(request, _("The reviewer has been asked."))
        return redirect("peer_review:staff_round", round_id)
    context = {
        "staffing": staffing,
        "form": form,
        "kind": subject_of(staffing.kind).label,
        "conflicted": [c for c in staffing.offered if c.conflicts],
        "has_choice": any(not c.conflicts for c in staffing.offered),
    }
    return render(request, "peer_review/staffing.html", context, status=422 if form.is_bound else 200)
