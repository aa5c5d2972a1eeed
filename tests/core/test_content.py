"""The protocol of content blocks."""

import pytest

from core.actor import ANONYMOUS
from core.content import Choice, ContentBlock, ContentGone, FrozenNode, registry, render_node


class GoneBlock(ContentBlock):
    kind = "test_gone"
    label = "Test"

    def choices(self, *, actor, now):
        return [Choice("v1", "First version")]

    def freeze(self, raw, *, key, now):
        return FrozenNode(key=key, kind=self.kind, reference=raw["reference"])

    def render(self, node, *, actor, now):
        if node.reference == "v1":
            raise ContentGone
        return f"<p>{node.reference}</p>"


@pytest.fixture
def block(monkeypatch):
    monkeypatch.setitem(registry._blocks, "test_gone", GoneBlock())
    return registry.block_of("test_gone")


def test_withdrawn_content_shows_a_tombstone_that_names_nothing(block, now):
    node = block.freeze({"reference": "v1"}, key="k1", now=now)
    html = render_node(node, actor=ANONYMOUS, now=now)
    assert "data-tombstone" in html
    assert "v1" not in html


def test_a_node_survives_json(block, now):
    node = block.freeze({"reference": "v2"}, key="k1", now=now)
    assert FrozenNode.from_json(node.to_json()) == node
    assert render_node(node, actor=ANONYMOUS, now=now) == "<p>v2</p>"


@pytest.mark.parametrize("fields", [{}, {"html": "<p>x</p>", "reference": "v1"}])
def test_a_node_is_either_html_or_a_reference(fields):
    with pytest.raises(ValueError, match="either HTML or a reference"):
        FrozenNode(key="k", kind="text", **fields)


def test_the_plain_form_offers_what_the_owner_offers_and_keeps_what_was_chosen(block, now):
    form = block.plain_form(actor=ANONYMOUS, now=now, data={"reference": "v0"}, initial={"reference": "v0"})
    assert [value for value, _label in form.fields["reference"].choices] == ["", "v1", "v0"]
    assert form.is_valid()
    assert block.raw_value(form) == {"reference": "v0"}


def test_a_kind_has_one_owner(block):
    class Other(GoneBlock):
        label = "Other"

    with pytest.raises(ValueError, match="registered twice"):
        registry.register_block(Other())
