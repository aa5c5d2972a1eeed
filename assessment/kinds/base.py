"""What a question type must know about itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.errors import InvalidQuestion
from core import crypto

MAX_POINTS = 20
LETTERS = "abcdefgh"
KEY_DIGITS = 20


class Kind(ABC):
    """`content` is JSON with `stem`, `explanation`, `points` and what the type adds. A response is JSON too; {} means
    that nothing was answered. No method here may raise for a response, whatever it holds: responses come from outside.
    Only `read` may refuse a form, and only one that this type never printed.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    hint: ClassVar[str | Promise]
    rule: ClassVar[str | Promise]

    def validate(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content with exactly the fields of this type. Raises InvalidQuestion."""
        faults: dict[str, list[Any]] = {}
        clean: dict[str, Any] = {
            "stem": str(content.get("stem") or "").strip(),
            "explanation": str(content.get("explanation") or "").strip(),
            "points": content.get("points", 1),
        }
        if not clean["stem"]:
            faults["stem"] = [_("Write the question.")]
        if not clean["explanation"]:
            faults["explanation"] = [_("Say why the answer is right: learners read it after they answered.")]
        if not isinstance(clean["points"], int) or not 1 <= clean["points"] <= MAX_POINTS:
            faults["points"] = [_("Points are a whole number from 1 to 20.")]
        clean |= self.own_fields(content, faults)
        if faults:
            raise InvalidQuestion(fields=faults)
        return clean

    @abstractmethod
    def own_fields(self, content: Mapping[str, Any], faults: dict[str, list[Any]]) -> dict[str, Any]:
        """What the type adds to the content; sentences about what is wrong go into `faults`."""

    @abstractmethod
    def read(self, content: Mapping[str, Any], data: Mapping[str, Any], key: str) -> dict[str, Any]:
        """The response in posted `data` (a QueryDict), whose fields start with `key`; {} when there is none.

        Raises StaleAnswers for fields that no form of today prints.
        """

    def is_complete(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> bool:
        """Whether nothing of the question was left empty."""
        return bool(response)

    def fault(self, response: Mapping[str, Any]) -> str | Promise:
        """A sentence when what was given cannot be read as an answer of this type; "" when it can, or is empty."""
        return ""

    @abstractmethod
    def share(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
        """How much of the points the response earns, from 0 to 1."""

    @abstractmethod
    def perfect(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The response that earns everything."""

    @abstractmethod
    def present(
        self, content: Mapping[str, Any], response: Mapping[str, Any], *, key: str, seed: str, shows_key: bool
    ) -> dict[str, Any]:
        """What the type's template needs; its fields start with `key`. With `shows_key` false nothing it prints may
        tell the right answer.
        """


def printed_key(field: str, item_key: str) -> str:
    """What a page says instead of the key of an option or item, in the controls whose names start with `field`.

    Stored keys follow the order in which the author wrote, which for a sequence is its answer and for options defeats
    their shuffling. Nobody without the house's own key can tell the one from the other.
    """
    return crypto.mac(f"{field}:{item_key}".encode(), purpose="question-fields").hex()[-KEY_DIGITS:]


def option_rows(content: Mapping[str, Any], field: str, faults: dict[str, list[Any]]) -> list[dict[str, str]]:
    """Options or items, keyed a, b, c. Empty texts are left out; two to eight different texts are asked for."""
    rows = content.get(field)
    texts = [str(r.get("text") or "").strip() for r in rows if isinstance(r, Mapping)] if isinstance(rows, list) else []
    texts = [text for text in texts if text][: len(LETTERS)]
    if len(texts) < 2:
        faults["option_1"] = [_("Give at least two.")]
    elif len(set(texts)) < len(texts):
        faults["option_1"] = [_("Two of them are the same.")]
    return [{"key": LETTERS[i], "text": text} for i, text in enumerate(texts)]
