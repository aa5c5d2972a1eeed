"""The page of a step that needs one reason: hand back, ask for information, cancel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consult_bridge.errors import ConsultWentOn
from consult_bridge.selectors import consults as selectors
from consult_bridge.web.responding import say, to_consult
from core.ui.access import actor_of
from core.ui.problems import wants_problem


@dataclass(frozen=True, slots=True)
class Words:
    """What the page asks, its button, and what is said once it is done."""

    title: str
    button: str
    done: str
    is_destructive: bool = False


def ask_reason(
    request: HttpRequest, consult_id: UUID, form: forms.Form, verb: Callable[..., None], words: Words
) -> HttpResponse:
    """The form, or with its reason the step; where the consult went on meanwhile the page says so, and keeps it."""
    status, conflict = 422 if form.is_bound else 200, None
    if request.method == "POST" and form.is_valid():
        try:
            verb(
                actor=actor_of(request),
                consult_id=consult_id,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except ConsultWentOn as error:
            if wants_problem(request):
                raise
            status, conflict = error.status, error
        else:
            say(request, words.done)
            return to_consult(consult_id)
    consult = selectors.get_consult(actor_of(request), consult_id, now=timezone.now())
    context = {
        "consult": consult,
        "form": form,
        "conflict": conflict,
        "title": words.title,
        "button": words.button,
        "is_destructive": words.is_destructive,
    }
    return render(request, "consult_bridge/ask.html", context, status=status)
