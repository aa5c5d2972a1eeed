"""Single best answer (item types A1 and A2) and multiple response (item type X)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessment.errors import StaleAnswers
from assessment.kinds.base import Kind, option_rows, printed_key


def _keys(content: Mapping[str, Any]) -> list[str]:
    return [option["key"] for option in content["options"]]


def _read(content: Mapping[str, Any], posted: Sequence[str], key: str) -> list[str]:
    """The options among `posted`, in the order of the content. Their own keys are read too: pages opened before they
    were hidden hold them, and nothing about an answer follows from them. Raises StaleAnswers for what is no option:
    the house's key has changed since the page was opened."""
    known = {printed: option for option in _keys(content) for printed in (option, printed_key(key, option))}
    if any(value and value not in known for value in posted):
        raise StaleAnswers
    chosen = {known[value] for value in posted if value}
    return [option for option in _keys(content) if option in chosen]


def _present(
    content: Mapping[str, Any], chosen: set[str], right: set[str], *, key: str, shows_key: bool
) -> dict[str, Any]:
    return {
        "options": [
            option
            | {"value": printed_key(key, option["key"]), "is_chosen": option["key"] in chosen}
            | ({"is_right": option["key"] in right} if shows_key else {})
            for option in content["options"]
        ]
    }


class SingleBestAnswer(Kind):
    """One option of two to eight is best. All points or none."""

    name = "single"
    label = _("Single best answer")
    hint = _("Choose one.")
    rule = _("All points for the best answer, none otherwise.")

    def own_fields(self, content: Mapping[str, Any], faults: dict[str, list[Any]]) -> dict[str, Any]:
        options = option_rows(content, "options", faults)
        answer = content.get("answer")
        if answer not in {option["key"] for option in options}:
            faults["right"] = [_("Mark the best answer.")]
        return {"options": options, "answer": answer}

    def read(self, content: Mapping[str, Any], data: Mapping[str, Any], key: str) -> dict[str, Any]:
        chosen = _read(content, [str(data.get(f"{key}-answer") or "")], key)
        return {"choice": chosen[0]} if chosen else {}

    def share(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
        return Fraction(response.get("choice") == content["answer"])

    def perfect(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"choice": content["answer"]}

    def present(
        self, content: Mapping[str, Any], response: Mapping[str, Any], *, key: str, seed: str, shows_key: bool
    ) -> dict[str, Any]:
        chosen = response.get("choice")
        return _present(
            content, {chosen} if isinstance(chosen, str) else set(), {content["answer"]}, key=key, shows_key=shows_key
        )


class MultipleChoice(Kind):
    """Any number of options is right. As in item type X of the Chinese medical examinations, one too many or one too
    few earns nothing.
    """

    name = "multiple"
    label = _("Multiple response")
    hint = _("Choose all that apply.")
    rule = _("All points for exactly the right set; one too many or too few earns none.")

    def own_fields(self, content: Mapping[str, Any], faults: dict[str, list[Any]]) -> dict[str, Any]:
        options = option_rows(content, "options", faults)
        given = content.get("answers")
        answers = [o["key"] for o in options if isinstance(given, list) and o["key"] in given]
        if not answers:
            faults["right"] = [_("Mark every right answer.")]
        return {"options": options, "answers": answers}

    def read(self, content: Mapping[str, Any], data: Mapping[str, Any], key: str) -> dict[str, Any]:
        name = f"{key}-answer"
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        chosen = _read(content, given, key)
        return {"choices": chosen} if chosen else {}

    def share(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
        return Fraction(_chosen(response) == set(content["answers"]))

    def perfect(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"choices": list(content["answers"])}

    def present(
        self, content: Mapping[str, Any], response: Mapping[str, Any], *, key: str, seed: str, shows_key: bool
    ) -> dict[str, Any]:
        return _present(content, _chosen(response), set(content["answers"]), key=key, shows_key=shows_key)


def _chosen(response: Mapping[str, Any]) -> set[str]:
    choices = response.get("choices")
    return {c for c in choices if isinstance(c, str)} if isinstance(choices, list) else set()
