"""What a reader of cases sees."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casebook import selectors
from casebook.content import STEP_KINDS
from casebook.contracts import CaseVersionFacts
from casebook.forms import CaseFilterForm, PurposeForm
from casebook.services.reading import state_purpose
from core.numbers import whole_number
from core.ui.access import signed_in
from core.ui.filters import active_filters
from core.ui.pagination import paginate

PAGE = 20


@require_safe
@signed_in
def case_list(request: HttpRequest) -> HttpResponse:
    form = CaseFilterForm(request.GET, specialties=selectors.published_specialties(request.actor))
    versions = selectors.published_versions(
        request.actor,
        query=form.chosen("q"),
        specialty=form.chosen("specialty"),
        difficulty=form.chosen("difficulty"),
    )
    page = paginate(versions, page=request.GET.get("page"), per_page=PAGE)
    active = active_filters(form, ("q", "specialty", "difficulty"))
    context = {
        "page": page,
        "cards": [selectors.card(version) for version in page],
        "form": form,
        "filter_fields": [form["specialty"], form["difficulty"]],
        "active": active,
        "is_filtered": bool(active),
        "folds": True,
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


def shown_steps(facts: CaseVersionFacts, request: HttpRequest) -> list[dict[str, Any]]:
    """The steps for the template. A question shows its answer only after the reader chose one (`?q-<step>=n`).

    Each answer's address carries the answers before it, and every step up to the last answered one stands open.
    """
    answers = {step["id"]: _answer_to(step, request) for step in facts.steps if step.get("question")}
    given = [number for number, step in enumerate(facts.steps) if answers.get(step["id"]) is not None]
    last = max(given, default=0)
    steps = []
    for number, step in enumerate(facts.steps):
        shown = {**step, "label": STEP_KINDS[step["kind"]], "is_open": number <= last}
        if question := step.get("question"):
            chosen = answers[step["id"]]
            shown["chosen"] = chosen
            shown["is_right"] = chosen == question["answer"]
            shown["options"] = [_option(step, answers, index) for index in range(len(question["options"]))]
        steps.append(shown)
    return steps


def _answer_to(step: dict[str, Any], request: HttpRequest) -> int | None:
    chosen = whole_number(request.GET.get(f"q-{step['id']}"))
    return chosen if chosen is not None and chosen < len(step["question"]["options"]) else None


def _option(step: dict[str, Any], answers: dict[str, int | None], index: int) -> dict[str, Any]:
    given = {**answers, step["id"]: index}
    query = urlencode({f"q-{name}": number for name, number in given.items() if number is not None})
    chosen = answers[step["id"]]
    return {
        "text": step["question"]["options"][index],
        "address": f"?{query}#step-{step['id']}",
        "is_chosen": chosen == index,
        "is_right": chosen is not None and index == step["question"]["answer"],
    }


@require_safe
@signed_in
def print_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The whole case on paper, answers at the end, for a reader who has stated a purpose."""
    now = timezone.now()
    facts = selectors.readable_version(request.actor, case_id)
    if not selectors.stated_purpose(request.actor, case_id, now):
        return redirect("casebook:case", case_id)
    steps = shown_steps(facts, request)
    for step in steps:
        if question := step.get("question"):
            step["right_text"] = question["options"][question["answer"]]
    response = render(request, "casebook/print.html", {"case": facts, "steps": steps, "now": now})
    response["Cache-Control"] = "private, no-store"
    return response
