"""What a course says of itself, for its reviewers: all that is published beside its units.

Authors and their organisation stay out: reviewers do not see whose it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import faces
from cms.remarks import remarks_on
from cms.richtext import clean
from cms.states import CourseLevel, Language, Subject
from peer_review.api import ReviewBlock

PLACES: dict[str, str | Promise] = {
    "course-facts": gettext_lazy("Title, summary and classification"),
    "course-face": gettext_lazy("Face of the course"),
    "course-aims": gettext_lazy("Aims"),
    "course-introduction": gettext_lazy("Introduction"),
    "course-passing": gettext_lazy("Passing"),
    "course-disclosure": gettext_lazy("Disclosure of interests"),
}
"""The block's anchor, and what it is called."""


def facts_blocks(manifest: dict[str, Any], held: dict[str, Any] | None, now: datetime) -> list[ReviewBlock]:
    """One block for each place; with `held`, the manifest before, what changed since."""
    before = _texts(held) if held else {}
    after = _texts(manifest)
    if not manifest.get("face") and not (held or {}).get("face"):  # nobody chose one: it is a picture of a unit
        del after["course-face"]
    shown = {"facts": _facts(manifest), "remarks": remarks_on(manifest, now)}
    return [
        ReviewBlock(
            anchor=anchor,
            section=_("About the course"),
            title=str(PLACES[anchor]),
            html=render_to_string("cms/review/facts.html", {"part": anchor, **shown}),
            **_change(before.get(anchor), text),
        )
        for anchor, text in after.items()
    ]


def _facts(manifest: dict[str, Any]) -> dict[str, Any]:
    language = str(manifest["language"])
    return {
        "title": manifest["title"],
        "code": manifest["code"],
        "summary": manifest["summary"],
        "subject": _label(Subject, manifest["subject"]),
        "level": _label(CourseLevel, manifest["level"]),
        "language": _label(Language, language),
        "html_language": "zh-Hans" if language.startswith("zh") else language,
        "learning_minutes": manifest["learning_minutes"],
        "units": [(unit["title"], unit["minutes"]) for unit in manifest["units"]],
        "objectives": manifest["objectives"],
        "introduction": clean(manifest["introduction"]),
        "pass_percent": manifest["pass_percent"],
        "attempts_allowed": manifest.get("attempts_allowed", ""),
        "disclosure": manifest.get("disclosure", ""),
        "face": manifest.get("face", {}),
    }


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def _texts(manifest: dict[str, Any]) -> dict[str, str]:
    """Each place as plain text, to tell two manifests apart."""
    facts = _facts(manifest)
    named = ("title", "code", "summary", "subject", "level", "language", "learning_minutes")
    units = [f"{title} {minutes}" for title, minutes in facts["units"]]
    return {
        "course-facts": "\n".join([*(str(facts[name]) for name in named), *units]),
        "course-face": faces.words_of(facts["face"]),
        "course-aims": "\n".join(facts["objectives"]),
        "course-introduction": strip_tags(facts["introduction"]),
        "course-passing": f"{facts['pass_percent']} % · {facts['attempts_allowed']}",
        "course-disclosure": facts["disclosure"],
    }


def _change(before: str | None, after: str) -> dict[str, str]:
    if before is None:
        return {}
    if before == after:
        return {"change": _("unchanged")}
    return {"change": _("changed"), "before": before, "after": after}
