"""The case as a block of a course: who may choose which version, and whose work it is."""

from __future__ import annotations

from casebook.blocks import CaseBlock
from core.actor import ANONYMOUS
from core.content import authors_of
from core.content.node import FrozenNode
from tests.casebook.conftest import actor_named


def test_its_editors_are_its_authors_and_a_draft_is_nobodys_choice(house, draft, now):
    block, reference = CaseBlock(), str(draft.pk)
    editors = set(draft.case.editors.values_list("pk", flat=True))
    assert editors
    assert block.authors_of([reference, "none"]) == editors
    assert authors_of([FrozenNode(key="k", kind="case", reference=reference)]) == editors
    editor = actor_named(house, "editor")
    assert block.choosable([reference, "none"], actor=editor, now=now) == set()
    type(draft).unscoped.filter(pk=draft.pk).update(state="published", published_at=now)
    assert block.choosable([reference], actor=editor, now=now) == {reference}
    assert block.choosable([reference], actor=ANONYMOUS, now=now) == set()
