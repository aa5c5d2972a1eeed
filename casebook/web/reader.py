"""What a reader of cases sees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casebook import selectors
from casebook.content import STEP_KINDS
from casebook.contracts import CaseVersionFacts
from casebook.forms import PurposeForm
from casebook.services.reading import state_purpose
from core.ui.access import signed_in
from core.ui.pagination import paginate

PAGE = 20


@require_safe
@signed_in
def case_list(request: HttpRequest) -> HttpResponse:
    query, specialty = request.GET.get("q", "").strip(), request.GET.get("specialty", "")
    versions = selectors.published_versions(request.actor, query=query, specialty=specialty)
    page = paginate(versions, page=request.GET.get("page"), per_page=PAGE)
    context = {
        "page": page,
        "cards": [selectors.card(version) for version in page],
        "query": query,
        "specialty": specialty,
        "specialties": selectors.published_specialties(request.actor),
    }
    return render(request, "casebook/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case, once a purpose is stated; before that, the question what it is read for."""
    now = timezone.now()
    facts = selectors.readable_version(request.actor, case_id)
    if request.method == "POST" and "purpose" in request.POST:
        form = PurposeForm(request.POST)
        if form.is_valid():
            state_purpose(actor=request.actor, case_id=case_id, purpose=form.cleaned_data["purpose"], now=now)
            return redirect("casebook:case", case_id)
        return render(request, "casebook/purpose.html", {"case": facts, "form": form}, status=422)
    if not selectors.stated_purpose(request.actor, case_id, now):
        return render(request, "casebook/purpose.html", {"case": facts, "form": PurposeForm()})
    response = render(request, "casebook/case.html", {"case": facts, "steps": shown_steps(facts, request)})
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@signed_in
def version_fragment(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A pinned version inside somebody else's page (a course unit): the case, or the notice that it was withdrawn."""
    facts = selectors.version_facts(version_id)
    if not facts.is_available or facts.state not in {"published", "retired"}:
        return render(request, "casebook/tombstone.html", {"case": facts})
    response = render(request, "casebook/fragment.html", {"case": facts, "steps": shown_steps(facts, request)})
    response["Cache-Control"] = "private, no-store"
    return response


def shown_steps(facts: CaseVersionFacts, request: HttpRequest) -> list[dict[str, Any]]:
    """The steps for the template; a question shows its answer only after the reader chose one (`?q-<step>=n`)."""
    steps = []
    for step in facts.steps:
        shown = {**step, "label": STEP_KINDS[step["kind"]]}
        if question := step.get("question"):
            chosen = request.GET.get(f"q-{step['id']}", "")
            number = int(chosen) if chosen.isdecimal() and int(chosen) < len(question["options"]) else None
            shown["chosen"] = number
            shown["is_right"] = number == question["answer"]
            shown["options"] = list(enumerate(question["options"]))
        steps.append(shown)
    return steps
