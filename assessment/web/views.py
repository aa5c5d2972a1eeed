"""The question bank: list, new, edit (always a new version), preview with a trial answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import presenting, selectors
from assessment.errors import QuestionNotFound
from assessment.forms import FORMS, FilterForm, QuestionForm
from assessment.kinds import KINDS
from assessment.models import PERMISSION, Question
from assessment.scoring import read_response, score
from assessment.services import editing
from core.ui.access import requires
from core.ui.messages import done
from core.ui.pagination import paginate

TRIAL = "trial"
BEFORE = ("organisation", "stem")  # what stands above the options


@require_safe
@requires(PERMISSION)
def question_list(request: HttpRequest) -> HttpResponse:
    pools = selectors.pools(request.actor.organisation_ids(PERMISSION)).order_by("name").values_list("name", flat=True)
    form = FilterForm(request.GET, pools=pools.distinct())
    form.is_valid()
    chosen = form.cleaned_data
    rows = selectors.questions(
        request.actor, kind=chosen.get("kind", ""), text=chosen.get("q", ""), pool=chosen.get("pool", "")
    )
    context = {
        "page": paginate(rows, page=request.GET.get("page")),
        "form": form,
        "kinds": KINDS.values(),
        "filter_fields": [form["kind"], form["pool"]],
        "is_filtered": any(chosen.values()),
    }
    return render(request, "assessment/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in FORMS:
        raise QuestionNotFound
    form = FORMS[kind](request.POST if request.method == "POST" else None)
    form.ask_whose(selectors.organisations_of(request.actor))
    if "add_row" in request.POST:
        return _with_one_more_row(request, form, None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        editing.create_question(
            actor=request.actor,
            question_id=data["form_key"],
            organisation_id=form.whose(),
            kind=kind,
            content=data["content"],
            language=data["language"],
            pool_name=data["pool"],
            now=timezone.now(),
        )
        done(request, _("The question is saved as version 1."))
        return redirect("assessment:question", data["form_key"])
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def edit(request: HttpRequest, question_id: UUID) -> HttpResponse:
    question = selectors.question_for(request.actor, question_id)
    if question.latest is None:
        raise QuestionNotFound
    form_class = FORMS[question.kind]
    initial = form_class.initial_from(question.latest.content) | {"base_number": question.latest.number}
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    for fixed in ("pool", "language"):
        del form.fields[fixed]
    if "add_row" in request.POST:
        return _with_one_more_row(request, form, question)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        editing.new_version(
            actor=request.actor,
            question_id=question_id,
            version_id=data["form_key"],
            base_number=data["base_number"],
            content=data["content"],
            now=timezone.now(),
        )
        done(request, _("Saved as a new version. Courses keep the version they were published with."))
        return redirect("assessment:question", question_id)
    return _form_page(request, form, question)


def _with_one_more_row(request: HttpRequest, form: QuestionForm, question: Question | None) -> HttpResponse:
    """What was typed, unjudged, with another empty option."""
    asked = request.POST["add_row"]
    initial = {name: field.value() for name, field in ((field.name, field) for field in form)}
    fresh = type(form)(initial=initial)
    fresh.fields = {name: fresh.fields.get(name, field) for name, field in form.fields.items()}
    fresh.shown_rows = int(asked) if asked.isdecimal() and len(asked) < 3 else form.shown_rows
    return _form_page(request, fresh, question, status=200)


def _form_page(
    request: HttpRequest, form: QuestionForm, question: Question | None, status: int | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "kind": KINDS[form.kind],
        "question": question,
        "rows": form.option_rows(),
        "marks": {"single": "radio", "multiple": "checkbox"}.get(form.kind, ""),
        "before": [form[name] for name in BEFORE if name in form.fields],
        "after": [field for field in form if field.name not in (*BEFORE, "right") and "option_" not in field.name],
    }
    return render(request, "assessment/edit.html", context, status=status or (422 if request.method == "POST" else 200))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """A version as learners see it. A posted trial answer is scored and shown, never stored."""
    found = selectors.question_for(request.actor, question_id)
    versions = list(found.versions.select_related("created_by"))
    number = request.GET.get("version", "")
    chosen = next((v for v in versions if str(v.number) == number), versions[0] if versions else None)
    if chosen is None:
        raise QuestionNotFound
    facts = selectors.version_facts(chosen.pk)
    if request.method == "POST":
        response = read_response(facts, request.POST, TRIAL)
        html = presenting.render_result(facts, key=TRIAL, response=response, score=score(facts, response))
    else:
        html = presenting.render_question(facts, key=TRIAL)
    context = {
        "question": found,
        "versions": versions,
        "chosen": chosen,
        "kind": KINDS[found.kind],
        "html": html,
        "is_answered": request.method == "POST",
    }
    return render(request, "assessment/question.html", context)
