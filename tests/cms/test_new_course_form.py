"""The page of a new course says which entry is wrong and what to do."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cms.models import Course
from core.ids import uuid7
from tests.factories.courses import FACTS

PAGE = "/courses/desk/new/"


@pytest.fixture
def author(house) -> Client:
    client = Client()
    client.force_login(house.people.author)
    return client


def _summary(answer) -> list[str]:
    text = answer.content.decode()
    return re.findall(r"<li><a href=\"#[^\"]+\">([^<]+)</a>", text[text.index("x-errors") :])


def test_a_new_course_begins_with_the_usual_pass_mark(author):
    assert re.search(r'name="pass_percent" value="60"', author.get(PAGE).content.decode())


def test_an_empty_page_names_each_field(author):
    answer = author.post(PAGE, {"form_key": str(uuid7()), "language": "zh-hans"})

    said = _summary(answer)
    assert "课程代码：请填写。" in said
    assert "学科：请选择一项。" in said
    assert "通过线（%）：请填写数字。" in said
    assert "---------" not in answer.content.decode()
    assert Course.unscoped.count() == 0


@pytest.mark.parametrize("percent", ["0", "250"])
def test_a_pass_mark_is_a_share_of_a_hundred(house, author, percent):
    form = {**FACTS, "form_key": str(uuid7()), "organisation": house.hospital.pk, "first_unit_minutes": 20}

    answer = author.post(PAGE, form | {"code": "CARD-101", "pass_percent": percent})

    assert _summary(answer) == ["通过线（%）：请输入 1 到 100 的数字。"]
    assert "course_pass_percent" not in answer.content.decode()
    assert Course.unscoped.count() == 0


def test_a_course_code_says_how_it_is_made(house, author):
    form = {**FACTS, "form_key": str(uuid7()), "organisation": house.hospital.pk, "first_unit_minutes": 20}

    answer = author.post(PAGE, form | {"code": "1 x"})

    assert _summary(answer) == ["课程代码：以字母开头，后接 2 至 29 个字母、数字或连字符，不含空格，如 CARD-101。"]
    assert Course.unscoped.count() == 0
