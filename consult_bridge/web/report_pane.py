"""What the consult's page shows of its imaging reports: which study, which version, which form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from consult_bridge import policies
from consult_bridge.models import Consult, Report
from consult_bridge.opinion_templates import REPORT_TEMPLATES, report_template_for
from consult_bridge.selectors.documents import documents_being_made, documents_given_up
from consult_bridge.selectors.opinions import checker_changes
from consult_bridge.selectors.reports import ReportShown, reports_of
from consult_bridge.selectors.second_doctors import leaves_nobody
from consult_bridge.selectors.unsaved import Unsaved, unsaved_of
from consult_bridge.web.conflict import meet
from consult_bridge.web.small_forms import ReportForm
from core.ui.access import actor_of


def report_context(
    request: HttpRequest, consult: Consult, *, form: ReportForm | None = None, study_id: UUID | None = None
) -> dict[str, Any]:
    """The reports of a consult, and of the chosen study what this person may do with it."""
    actor = actor_of(request)
    reports = reports_of(actor, consult)
    chosen = _chosen(reports, str(study_id or request.GET.get("study", "")))
    if chosen is None:
        return {"reports": [], "report": None, "may_report": {}}
    current = chosen.current
    may = {
        "begin": current is None and policies.may_begin_report(actor, consult),
        "write": current is not None and policies.may_go_on(actor, current),
        "check": current is not None and policies.may_check(actor, current),
        "give_up": current is not None and policies.may_give_up(actor, current),
        "take_back": current is not None and policies.may_take_back(actor, current),
        "take_over": current is not None and policies.may_take_over(actor, current),
        "amend": current is not None and policies.may_amend(actor, current),
    }
    may["leave_nobody"] = current is not None and may["take_over"] and leaves_nobody(current, actor, now=timezone.now())
    may["ends_for_good"] = current is not None and policies.ends_for_good(current)
    may["edit"] = may["begin"] or may["write"] or may["check"]
    revision = current.revision if current else 0
    is_typing = may["edit"] or policies.may_type(actor, consult, is_begun=current is not None)
    typed = unsaved_of(actor, consult, chosen.study_id, revision=revision) if is_typing else None
    return {
        "reports": reports,
        "report": chosen,
        "may_report": may,
        "reports_given_up": documents_given_up(chosen.signed),
        "reports_being_made": documents_being_made(chosen.signed),
        "report_form": (form or report_form_for(chosen, typed)) if may["edit"] else form,
        "report_unsaved": typed if form is None else None,
        "report_both": meet(form, current),
        "report_changes": checker_changes(current) if current and policies.sees_drafts(actor, consult) else [],
    }


def _chosen(reports: list[ReportShown], study_id: str) -> ReportShown | None:
    return next((shown for shown in reports if str(shown.study_id) == study_id), reports[0] if reports else None)


def report_form_for(shown: ReportShown, typed: Unsaved | None) -> ReportForm:
    """The editor: what was typed last over the saved text, or the headings of a template for the modality."""
    initial = _saved(shown) | (typed.texts if typed and not typed.is_stale else {})
    return ReportForm(initial=initial)


def _saved(shown: ReportShown) -> dict[str, Any]:
    if shown.current is not None:
        return {name: getattr(shown.current, name) for name in ("revision", "template", *Report.TEXTS)}
    template = report_template_for(shown.modalities)
    kind = shown.facts.modality_label if shown.facts else ""
    day = shown.facts.study_date.isoformat() if shown.facts and shown.facts.study_date else ""
    return {
        "revision": 0,
        "template": template.key,
        "examination": f"{kind} {day}".strip(),  # a header's description may hold anything
        "technique": template.technique,
        "findings": template.findings,
    }


def with_template(request: HttpRequest) -> ReportForm:
    """What was typed stays; the template's headings fill what is empty."""
    template = REPORT_TEMPLATES.get(request.POST.get("template", ""), REPORT_TEMPLATES["general"])
    initial = {name: request.POST.get(name, "") for name in ReportForm.base_fields}
    for name in ("technique", "findings"):
        initial[name] = initial[name] or str(getattr(template, name))
    return ReportForm(initial=initial)
