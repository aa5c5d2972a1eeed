"""The words of the trail: every app registers those of its own actions, subjects and facts; core draws them.

A code that nobody registered (an older version's, say) is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

Text = str | Promise
Names = Callable[[frozenset[str]], Mapping[str, Text]]
"""From stored subject ids to what people call them: a code, a number, a colleague's name; never a patient's data."""
Values = Mapping[str, Text] | Callable[[], Mapping[str, Text]]

SHORT = 8  # characters of an id without a name


class Family(StrEnum):
    """What sort of thing was done."""

    SIGN_IN = "sign_in"
    READ = "read"
    WRITTEN = "written"
    SIGNED = "signed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


FAMILIES: dict[Family, tuple[Text, str]] = {
    Family.SIGN_IN: (pgettext_lazy("audit", "Sign-in"), "grey"),
    Family.READ: (pgettext_lazy("audit", "Read"), "grey"),
    Family.WRITTEN: (pgettext_lazy("audit", "Written"), "blue"),
    Family.SIGNED: (pgettext_lazy("audit", "Signed"), "green"),
    Family.RELEASED: (pgettext_lazy("audit", "Released"), "green"),
    Family.WITHDRAWN: (pgettext_lazy("audit", "Withdrawn"), "amber"),
    Family.REFUSED: (pgettext_lazy("audit", "Refused"), "red"),
}
"""Label and tone of the chip. Only what was refused is red."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing that is acted on. Without `names` its ids are shown shortened."""

    label: Text
    names: Names | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A value in words; `whole` is what was recorded, where the words leave something out."""

    words: str
    whole: str = ""


_actions: dict[str, tuple[Family, Text]] = {}
_subjects: dict[str, Subject] = {}
_facts: dict[str, Text] = {}
_values: dict[str, list[Values]] = {}


def register_words(
    *,
    actions: Mapping[Family, Mapping[str, Text]],
    subjects: Mapping[str, Subject] | None = None,
    facts: Mapping[str, Text] | None = None,
    values: Mapping[str, Values] | None = None,
) -> None:
    """The words of an app: its actions by family, kinds of subjects, names of facts, and values of facts by their name.

    Called from `AppConfig.ready`. Raises ValueError for an action that another app has registered.
    """
    for family, words in actions.items():
        for code, label in words.items():
            if _actions.setdefault(code, (family, label)) != (family, label):
                raise ValueError(f"the words of {code} are registered twice")
    _subjects.update(subjects or {})
    _facts.update(facts or {})
    for name, known in (values or {}).items():
        if known not in _values.setdefault(name, []):
            _values[name].append(known)


def known_actions() -> dict[str, tuple[Family, Text]]:
    return dict(_actions)


def codes_of(family: str) -> list[str]:
    return sorted(code for code, (of, _label) in _actions.items() if of == family)


def action_words(code: str) -> str:
    return str(_actions[code][1]) if code in _actions else code


def family_of(code: str) -> Family | None:
    return _actions[code][0] if code in _actions else None


def subject_label(kind: str) -> str:
    return str(_subjects[kind].label) if kind in _subjects else kind


def subject_names(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names for (kind, id), at most one query for each kind that its owner can name."""
    found: dict[tuple[str, str], str] = {}
    for kind in {kind for kind, _id in wanted}:
        subject = _subjects.get(kind)
        if subject and subject.names:
            ids = frozenset(identifier for of, identifier in wanted if of == kind)
            found |= {(kind, key): str(name) for key, name in subject.names(ids).items()}
    return found


def shortened(identifier: str) -> Said:
    """The end of an id, which is its random part, with the whole beside it; other texts stay as they are.

    An id may carry its kind before it ("completion:0192..."), which is put in words.
    """
    kind, colon, bare = identifier.rpartition(":")
    if colon and kind in _subjects and _is_id(bare):
        return Said(f"{subject_label(kind)} {shortened(bare).words}", identifier)
    if not _is_id(identifier):
        return Said(identifier)
    return Said(f"…{identifier[-SHORT:]}", identifier)


def fact_words(name: str, value: Any) -> tuple[str, Said]:
    """A recorded fact: its name and its value, in words as far as they are known."""
    return str(_facts.get(name, name.replace("_", " "))), _value_words(name, value)


def _value_words(name: str, value: Any) -> Said:
    match value:
        case None:
            return Said("–")
        case bool():
            return Said(_("yes") if value else _("no"))
        case list():
            said = [_value_words(name, item) for item in value]
            return Said(
                pgettext("list", ", ").join(item.words for item in said),
                pgettext("list", ", ").join(i.whole for i in said if i.whole),
            )
        case str():
            return _text_words(name, value)
        case _:
            return Said(str(value))


def _text_words(name: str, value: str) -> Said:
    for known in _values.get(name, ()):
        words = known() if callable(known) else known
        if value in words:
            return Said(str(words[value]))
    return shortened(value)


def _is_id(text: str) -> bool:
    try:
        return len(text) == 36 and bool(UUID(text))
    except ValueError:
        return False


def ids_of(texts: frozenset[str]) -> list[UUID]:
    """For owners who look names up: those of the stored ids that are UUIDs."""
    return [UUID(text) for text in texts if _is_id(text)]
