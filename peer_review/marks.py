"""What a reviewer's draft looks like, in a few characters: the page sends it back with what was typed."""

from __future__ import annotations

import hashlib
import json

from peer_review.models import Assignment, ReviewReport

LENGTH = 16


def mark_of(assignment: Assignment, report: ReviewReport | None) -> str:
    """Equal marks mean the same scores, reasons, summary and answer about the name. An empty draft has one too."""
    words = (report.scores, report.reasons, report.summary) if report else ({}, {}, "")
    text = json.dumps([*words, assignment.is_named], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
