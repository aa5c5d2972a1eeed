"""Hand a draft in for review, and look at it as readers or as reviewers see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casebook import selectors
from casebook.models import CaseVersion
from casebook.reviewing import render_for_review
from casebook.services import publishing
from casebook.web.editing import CHECK, Submission, show_part
from casebook.web.reader import shown_steps
from core.errors import Invalid
from core.ui.access import requires
from media_pipeline import api as media
from peer_review import api as peer_review

LONGEST_QUERY = 60


@require_POST
@requires("case.edit")
def send_to_review(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """`find` looks for reviewers and keeps what was ticked and typed; so does a refusal, with its reason."""
    sent = _submission(request.POST)
    if "find" in request.POST:
        return _check_page(request, version_id, sent, 200)
    try:
        publishing.freeze_version(
            actor=request.actor,
            version_id=version_id,
            reviewer_ids=list(sent.reviewer_ids),
            like_reason=sent.like_reason,
            now=timezone.now(),
        )
    except Invalid as error:
        return _check_page(request, version_id, replace(sent, refused=(error.sentence(), error.advice())), error.status)
    messages.success(request, _("Sent to the reviewers. The text is frozen until they decide."))
    return redirect("casebook:desk")


def _check_page(request: HttpRequest, version_id: UUID, sent: Submission, status: int) -> HttpResponse:
    version = selectors.editable_version(request.actor, version_id)
    release = media.get_release(version.release_id)
    return show_part(request, version, release, CHECK, None, status=status, submission=sent)


def _submission(data: QueryDict) -> Submission:
    """Ids that are none are left out."""
    return Submission(
        reviewer_ids=tuple(UUID(value) for value in data.getlist("reviewers") if _is_uuid(value)),
        query=data.get("who", "").replace("\0", "").strip()[:LONGEST_QUERY],
        like_reason=data.get("like_reason", ""),
    )


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@require_safe
@requires("case.edit")
def preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A draft as a reader will see it, questions included; what is frozen as its reviewers see it."""
    version = selectors.editable_version(request.actor, version_id)
    if version.state != "draft":
        return _frozen(request, version)
    facts = selectors.facts(version)
    context = {"case": facts, "steps": shown_steps(facts, request), "version": version}
    return _private(render(request, "casebook/preview.html", context))


def _frozen(request: HttpRequest, version: CaseVersion) -> HttpResponse:
    """Every block of the frozen text, how far its review is, and the blind reports once all are in."""
    manifest = {"version": str(version.pk), "content": version.content_hash}
    blocks = render_for_review(manifest, actor=request.actor, now=timezone.now())
    context: dict[str, Any] = {"version": version, "blocks": blocks, "amendment": selectors.amendment_of(version)}
    if version.round_id:
        context["round"] = peer_review.get_round(version.round_id)
        titles = {block.anchor: block.title for block in blocks}
        threads = peer_review.comments_of(version.round_id)
        context["threads"] = [(titles.get(thread.anchor, ""), thread) for thread in threads]
    return _private(render(request, "casebook/frozen.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
