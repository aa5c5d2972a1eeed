"""The plain form of a text block."""

from __future__ import annotations

import pytest
from django.test import Client

from cms import selectors, services
from core.ids import uuid7
from tests.factories.courses import make_course

FORMATTED = '<p>白细胞 12.4×10<sup>9</sup>/L，SpO<sub>2</sub> 见<a href="https://example.org/">指南</a>。</p>'


@pytest.mark.parametrize("kind", ["text", "key_message"])
def test_a_new_heading_leaves_links_and_superscripts_as_they_are(house, now, kind):
    # Given a block whose text the plain form cannot show whole
    course = make_course(house.author, house.hospital.pk, now)
    unit, block_id = selectors.units_of(course)[0], uuid7()
    services.add_block(
        actor=house.author, course_id=course.pk, unit_id=unit.pk, block_id=block_id, kind=kind,
        value={"heading": "化验", "text": FORMATTED}, now=now,
    )  # fmt: skip
    unit = selectors.units_of(course)[0]
    browser = Client()
    browser.force_login(house.people.author)
    # When its author changes the heading there, whatever a disabled field sends
    answer = browser.post(
        f"/courses/desk/{course.pk}/units/{unit.pk}/blocks/{block_id}/",
        {"revision": unit.latest_revision_id, "heading": "血常规", "text": "<p>x</p>"},
    )
    # Then the text is the same, byte for byte
    assert answer.status_code == 302
    stored = selectors.raw_blocks(selectors.units_of(course)[0])[-1]
    assert stored["value"] == {"heading": "血常规", "text": FORMATTED}
