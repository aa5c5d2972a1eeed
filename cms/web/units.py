"""Units and blocks by plain forms, beside Wagtail's full editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cms import manifests, policies, references, selectors, services
from cms.errors import CourseNotFound
from cms.web.desk import content_language
from cms.web.forms import NewUnitForm, UnitForm, keep_typed
from core.actor import Actor
from core.content import NotReady, all_blocks, block_of, label_of, render_for_review
from core.errors import StaleForm
from core.ids import uuid7
from core.numbers import whole_number
from core.ui.access import signed_in
from core.ui.idempotency import posted_key


@require_POST
@signed_in
def unit_add(request: HttpRequest, course_id: UUID) -> HttpResponse:
    form = NewUnitForm(request.POST)
    if not form.is_valid():
        found = selectors.desk_course(request.actor, course_id)
        return render(request, "cms/desk/unit_new.html", {"form": form, "course": found}, status=422)
    unit_id = services.add_unit(
        actor=request.actor,
        course_id=course_id,
        key=form.cleaned_data["form_key"],
        title=form.cleaned_data["title"],
        minutes=form.cleaned_data["minutes"],
        now=timezone.now(),
    )
    return redirect("cms:unit", course_id, unit_id)


@require_http_methods(["GET", "POST"])
@signed_in
def unit(request: HttpRequest, course_id: UUID, unit_id: int) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    draft = selectors.unit_of(found, unit_id)
    initial = {"title": draft.title, "minutes": draft.minutes, "revision": draft.latest_revision_id}
    form = UnitForm(request.POST or None, initial=initial)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            _change_unit(request, course_id, unit_id, form.cleaned_data)
        except StaleForm as error:
            keep_typed(form, error)
            status = error.status
        else:
            messages.success(request, _("Saved."))
            return redirect("cms:unit", course_id, unit_id)
    blocks = selectors.raw_blocks(draft)
    foreign = references.foreign(found, references.named(blocks), timezone.now())
    context = {
        "course": found,
        "content_language": content_language(found),
        "unit": draft,
        "form": form,
        "blocks": [_block_row(raw, request.actor, foreign) for raw in blocks],
        "kinds": all_blocks(),
        "may_edit": policies.may_edit(request.actor, found),
    }
    return render(request, "cms/desk/unit.html", context, status=status)


def _change_unit(request: HttpRequest, course_id: UUID, unit_id: int, given: dict[str, Any]) -> None:
    services.change_unit(
        actor=request.actor,
        course_id=course_id,
        unit_id=unit_id,
        revision_id=given["revision"],
        title=given["title"],
        minutes=given["minutes"],
        now=timezone.now(),
    )


def _block_row(raw: dict[str, Any], actor: Actor, foreign: references.Named) -> dict[str, Any]:
    """The block as it would be frozen now, or the sentence that says why it can't be."""
    now = timezone.now()
    label = label_of(raw["type"])
    try:
        node = manifests.freeze_block(raw, now, foreign)
    except NotReady as error:
        return {"id": raw["id"], "label": label, "html": "", "problem": error.sentence()}
    return {"id": raw["id"], "label": label, "html": render_for_review(node, actor=actor, now=now), "problem": ""}


@require_POST
@signed_in
def unit_move(request: HttpRequest, course_id: UUID, unit_id: int) -> HttpResponse:
    services.move_unit(
        actor=request.actor,
        course_id=course_id,
        unit_id=unit_id,
        up=request.POST.get("direction") == "up",
        now=timezone.now(),
    )
    return redirect("cms:course", course_id)


@require_POST
@signed_in
def unit_remove(request: HttpRequest, course_id: UUID, unit_id: int) -> HttpResponse:
    services.remove_unit(actor=request.actor, course_id=course_id, unit_id=unit_id, now=timezone.now())
    messages.success(request, _("The unit was taken out."))
    return redirect("cms:course", course_id)


@require_http_methods(["GET", "POST"])
@signed_in
def block_add(request: HttpRequest, course_id: UUID, unit_id: int, kind: str) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    draft = selectors.unit_of(found, unit_id)
    owner = _owner(kind)
    form = owner.plain_form(actor=request.actor, now=timezone.now(), data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_block(
            actor=request.actor,
            course_id=course_id,
            unit_id=unit_id,
            block_id=posted_key(request),
            kind=kind,
            value=owner.raw_value(form),
            now=timezone.now(),
        )
        messages.success(request, _("Block added."))
        return redirect("cms:unit", course_id, unit_id)
    context = {"course": found, "unit": draft, "form": form, "owner": owner, "form_key": _form_key(request)}
    return render(request, "cms/desk/block.html", context, status=422 if form.is_bound else 200)


def _form_key(request: HttpRequest) -> str:
    return request.POST.get("form_key") or str(uuid7())


def _owner(kind: str) -> Any:
    try:
        return block_of(kind)
    except KeyError:
        raise CourseNotFound from None


@require_http_methods(["GET", "POST"])
@signed_in
def block(request: HttpRequest, course_id: UUID, unit_id: int, block_id: str) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    draft = selectors.unit_of(found, unit_id)
    raw = next((b for b in selectors.raw_blocks(draft) if str(b["id"]) == block_id), None)
    if raw is None:
        raise CourseNotFound
    owner = _owner(raw["type"])
    form: forms.Form = owner.plain_form(
        actor=request.actor, now=timezone.now(), data=request.POST or None, initial=raw["value"]
    )
    revision, status = whole_number(request.POST.get("revision")), 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.change_block(
                actor=request.actor,
                course_id=course_id,
                unit_id=unit_id,
                revision_id=revision,
                block_id=block_id,
                value=owner.raw_value(form),
                now=timezone.now(),
            )
        except StaleForm as error:
            keep_typed(form, error)
            status = error.status
        else:
            messages.success(request, _("Saved."))
            return redirect("cms:unit", course_id, unit_id)
    shown = revision if form.is_bound else draft.latest_revision_id
    context = {"course": found, "unit": draft, "form": form, "owner": owner, "revision": shown or ""}
    return render(request, "cms/desk/block.html", context, status=status)


@require_POST
@signed_in
def block_move(request: HttpRequest, course_id: UUID, unit_id: int, block_id: str) -> HttpResponse:
    services.move_block(
        actor=request.actor,
        course_id=course_id,
        unit_id=unit_id,
        block_id=block_id,
        up=request.POST.get("direction") == "up",
        now=timezone.now(),
    )
    return redirect("cms:unit", course_id, unit_id)


@require_POST
@signed_in
def block_remove(request: HttpRequest, course_id: UUID, unit_id: int, block_id: str) -> HttpResponse:
    services.remove_block(
        actor=request.actor, course_id=course_id, unit_id=unit_id, block_id=block_id, now=timezone.now()
    )
    messages.success(request, _("The block was taken out."))
    return redirect("cms:unit", course_id, unit_id)
