"""The editor's desk: proposals, drafts, review and publication."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casebook import desk as desks
from casebook import selectors
from casebook.forms import AcceptForm, DeskFilterForm, ProposeForm, RejectForm
from casebook.services import correcting, curating, proposing, publishing
from casebook.states import CASE_VERSION
from consult_bridge import api as consult_bridge
from core.ui.access import requires
from core.ui.pagination import paginate
from core.ui.problems import wants_problem
from peer_review import api as peer_review

PER_PAGE = 20
VIEW_LABELS = {
    "open": gettext_lazy("In hand and in use"),
    "draft": gettext_lazy("Drafts"),
    "review": gettext_lazy("In review"),
    "approved": gettext_lazy("To publish"),
    "published": gettext_lazy("Published"),
    "retired": gettext_lazy("Retired"),
}


@require_safe
@requires("case.edit")
def desk(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    form = DeskFilterForm(request.GET)
    filters = form.filters()
    counts = desks.desk_counts(actor, filters)
    view = request.GET.get("tab", "open")
    view = view if view in counts else "open"
    page = paginate(desks.desk_versions(actor, filters, view), page=request.GET.get("page"), per_page=PER_PAGE)
    context = {
        "proposals": selectors.desk_proposals(actor),
        "specialties": AcceptForm.base_fields["specialty"].choices,
        "page": page,
        "rows": desks.as_rows(actor, page.items),
        "tab": view,
        "tabs": [(name, VIEW_LABELS[name], number) for name, number in counts.items()],
        "form": form,
        "filter_fields": [form["specialty"]],
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "casebook/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.propose")
def propose(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """The form, or where the proposal stands. For participants of the consult only."""
    actor, now = request.actor, timezone.now()
    consult = consult_bridge.read_proposable(actor=actor, consult_id=consult_id, now=now)
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        proposing.propose(actor=actor, consult_id=consult_id, reason=form.cleaned_data["reason"], now=now)
        messages.success(request, _("Proposed for teaching. You will be told what the editors decide."))
        return redirect("consult_bridge:consult", consult_id)
    status = 422 if request.method == "POST" else 200
    proposal = selectors.proposal_of(consult_id)
    is_live = proposal is not None and proposal.state in proposing.LIVE
    context = {"form": form, "consult": consult, "proposal": proposal, "is_live": is_live}
    return render(request, "casebook/propose.html", context, status=status)


@require_POST
@requires("case.edit")
def accept(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    form = AcceptForm(request.POST)
    specialty = form.cleaned_data["specialty"] if form.is_valid() else ""
    case_id = proposing.accept_proposal(
        actor=request.actor, proposal_id=proposal_id, specialty=specialty, now=timezone.now()
    )
    return redirect("casebook:edit", selectors.first_version_id(request.actor, case_id))


@require_POST
@requires("case.edit")
def reject(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    form = RejectForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    proposing.reject_proposal(actor=request.actor, proposal_id=proposal_id, reason=reason, now=timezone.now())
    messages.success(request, _("The proposal is rejected and its material is closed."))
    return redirect("casebook:desk")


@require_POST
@requires("case.edit")
def settle_amendment(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    correcting.settle_amendment(actor=request.actor, proposal_id=proposal_id, now=timezone.now())
    messages.success(request, _("Noted that you have looked at the corrected report."))
    return redirect("casebook:desk")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def take_back(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Asks, with what the reviewers have done; a form that has not seen that, or not as it is now, is asked again."""
    if request.method != "POST":
        return _ask_to_take_back(request, version_id)
    try:
        seen = request.POST.get("seen", "")
        publishing.take_back(actor=request.actor, version_id=version_id, now=timezone.now(), seen=seen)
    except peer_review.ReviewWentOn as error:
        if wants_problem(request):
            raise
        return _ask_to_take_back(request, version_id, error)
    messages.success(request, _("Taken back. It is a draft again, and its reviewers are released."))
    return redirect("casebook:desk")


def _ask_to_take_back(
    request: HttpRequest, version_id: UUID, conflict: peer_review.ReviewWentOn | None = None
) -> HttpResponse:
    version = selectors.editable_version(request.actor, version_id)
    CASE_VERSION.check(version.state, "take_back")
    context = {
        "version": version,
        "card": selectors.card(version),
        "standing": peer_review.standing_of(version.round_id),
        "conflict": conflict,
    }
    return render(request, "casebook/take_back.html", context, status=conflict.status if conflict else 200)


@require_POST
@requires("case.publish")
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    publishing.publish_version(actor=request.actor, version_id=version_id, now=timezone.now())
    messages.success(request, _("Published. Signed-in readers can open it now."))
    return redirect("casebook:desk")


@require_POST
@requires("case.publish")
def retire(request: HttpRequest, version_id: UUID) -> HttpResponse:
    publishing.retire_version(actor=request.actor, version_id=version_id, now=timezone.now())
    messages.success(request, _("Retired. Courses that use this version keep it."))
    return redirect("casebook:desk")


@require_POST
@requires("case.edit")
def new_version(request: HttpRequest, case_id: UUID) -> HttpResponse:
    version_id = curating.start_new_version(actor=request.actor, case_id=case_id, now=timezone.now())
    return redirect("casebook:edit", version_id)
