"""What a course says of itself, for its reviewers: all that is published beside its units.

Authors and their organisation stay out: reviewers do not see whose it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms import faces
from cms.remarks import remarks_on
from cms.richtext import clean, with_addresses
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


def places_of(manifest: dict[str, Any]) -> defaultdict[str, str | Promise]:
    """Anchor -> where a remark of its round stands: a place of the facts, the block's unit, or what was taken out."""
    units = {node["key"]: unit["title"] for unit in manifest["units"] for node in unit["nodes"]}
    return defaultdict(lambda: _("A block that was taken out"), PLACES | units)


@dataclass(frozen=True, slots=True)
class FactsChange:
    """One place of `PLACES`. `state` is changed or same, "" where nothing is known before.

    `old` and `new` hold those of its facts that differ, one a line, each behind its name.
    """

    anchor: str
    title: str
    state: str
    old: str = ""
    new: str = ""


def changes_of(manifest: dict[str, Any], held: dict[str, Any] | None) -> list[FactsChange]:
    """Every place in order; with `held`, the manifest before, what changed since."""
    before = _texts(held) if held else {}
    after = _texts(manifest)
    if not manifest.get("face") and not (held or {}).get("face"):  # nobody chose one: it is a picture of a unit
        del after["course-face"]
    return [_change(anchor, before.get(anchor), texts) for anchor, texts in after.items()]


def facts_blocks(manifest: dict[str, Any], held: dict[str, Any] | None, now: datetime) -> list[ReviewBlock]:
    """One block for each place; with `held`, the manifest before, what changed since."""
    shown = {"facts": _facts(manifest), "remarks": remarks_on(manifest, now)}
    words = {"": "", "same": _("unchanged"), "changed": _("changed")}
    return [
        ReviewBlock(
            anchor=change.anchor,
            section=_("About the course"),
            title=change.title,
            html=render_to_string("cms/review/facts.html", {"part": change.anchor, **shown}),
            change=words[change.state],
            before=change.old,
            after=change.new,
        )
        for change in changes_of(manifest, held)
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


def _texts(manifest: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Each place as plain text, fact by fact under its name ("" where it needs none), to tell two manifests apart."""
    facts = _facts(manifest)
    units = [f"{title} ({_('%(n)s minutes') % {'n': minutes}})" for title, minutes in facts["units"]]
    attempts = facts["attempts_allowed"]
    passing = {"percent": _("To pass: %(n)s%% of the points.") % {"n": facts["pass_percent"]}}
    if attempts:
        sentence = ngettext("%(n)s attempt at a unit’s questions.", "%(n)s attempts at a unit’s questions.", attempts)
        passing["attempts"] = sentence % {"n": attempts}
    return {
        "course-facts": _named(
            {
                _("Title"): facts["title"],
                _("Course code"): facts["code"],
                _("Summary"): facts["summary"],
                _("Subject area"): facts["subject"],
                _("Written for"): facts["level"],
                _("Language"): facts["language"],
                _("Learning time"): _("%(n)s minutes") % {"n": facts["learning_minutes"]},
                _("Units"): " · ".join(units),
            }
        ),
        "course-face": {"": faces.words_of(facts["face"])},
        "course-aims": {"": "\n".join(facts["objectives"])},
        "course-introduction": {"": with_addresses(facts["introduction"])},
        "course-passing": passing,
        "course-disclosure": {"": facts["disclosure"]},
    }


def _named(values: dict[str, str]) -> dict[str, str]:
    return {name: _("%(name)s: %(text)s") % {"name": name, "text": text} for name, text in values.items()}


def _change(anchor: str, before: dict[str, str] | None, after: dict[str, str]) -> FactsChange:
    title = str(PLACES[anchor])
    if before is None:
        return FactsChange(anchor, title, "")
    names = [name for name in after | before if before.get(name) != after.get(name)]
    if not names:
        return FactsChange(anchor, title, "same")
    old, new = ("\n".join(texts[name] for name in names if name in texts) for texts in (before, after))
    return FactsChange(anchor, title, "changed", old, new)
