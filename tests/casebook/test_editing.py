"""The case editor: part by part, saved as one types, with a way back, and no text lost between two tabs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from casebook import drafting
from casebook.errors import CaseNotFound, FrozenVersion
from casebook.models import CaseSave, CaseVersion
from casebook.services.editing import KEPT_SAVES, Edit, ForeignImage, edit_draft
from core.audit.models import AuditEntry
from core.errors import StaleForm
from tests.casebook.conftest import browser, version_of

JSON = {"HTTP_ACCEPT": "application/json"}


def edit(house, draft, now, who="editor", **changes):
    return edit_draft(actor=getattr(house, who), version_id=draft.pk, edit=Edit(**changes), now=now)


def typed(draft, part="head", **values):
    """What a form of this part would send with some values changed, opened just now."""
    stored = drafting.part_of(version_of(draft.pk).content, part) or {}
    return {"part": part, "mark": mark(draft, part), "values": {**stored, **values}}


def mark(draft, part="head"):
    return drafting.mark_of(version_of(draft.pk).content, part)


def kinds(draft):
    return [step["kind"] for step in version_of(draft.pk).content["steps"]]


def test_each_part_is_saved_on_its_own(house, draft, now):
    done = edit(house, draft, now, **typed(draft, title="一个切面"))
    edit(house, draft, now, **typed(draft, "learning", objectives=["说出一个切面能回答什么", " "]))
    edit(house, draft, now, **typed(draft, "outcome", body="好转出院。"))
    stored = version_of(draft.pk)
    assert (stored.content["title"], stored.content["objectives"]) == ("一个切面", ["说出一个切面能回答什么"])
    assert drafting.part_of(stored.content, "outcome")["body"] == "好转出院。"
    assert (done.revision, stored.revision) == (1, 3)
    assert AuditEntry.objects.filter(action="case.edited", subject_id=str(draft.pk)).count() == 3


def test_saving_what_is_there_changes_nothing(house, draft, now):
    edit(house, draft, now, **typed(draft))
    assert (version_of(draft.pk).revision, CaseSave.objects.count()) == (0, 0)
    assert not AuditEntry.objects.filter(action="case.edited").exists()


def test_steps_are_added_once_moved_and_removed(house, draft, now):
    before = kinds(draft)
    # Given a double click on "add a question" behind the first step
    first = version_of(draft.pk).content["steps"][0]["id"]
    for _click in range(2):
        done = edit(house, draft, now, part=first, verb="add", target="question", new_step="abc123")
    assert (done.part, kinds(draft)) == ("abc123", [before[0], "question", *before[1:]])
    # When it is moved up, down twice, and beyond the end
    edit(house, draft, now, verb="up", target="abc123")
    assert kinds(draft)[0] == "question"
    edit(house, draft, now, verb="up", target="abc123")
    assert kinds(draft)[0] == "question"
    # Then removing it leaves what was there, and twice is no error
    for _click in range(2):
        edit(house, draft, now, verb="remove", target="abc123")
    assert kinds(draft) == before


def test_two_tabs_on_two_parts_do_not_disturb_each_other(house, draft, now):
    head, outcome = typed(draft, title="甲"), typed(draft, "outcome", body="乙")
    edit(house, draft, now, **head)
    edit(house, draft, now, who="colleague", **outcome)
    content = version_of(draft.pk).content
    assert (content["title"], drafting.part_of(content, "outcome")["body"]) == ("甲", "乙")


def test_two_tabs_on_one_part_the_second_is_told_and_nothing_is_overwritten(house, draft, now):
    first, second = typed(draft, title="甲"), typed(draft, title="乙")
    edit(house, draft, now, **first)
    with pytest.raises(StaleForm):
        edit(house, draft, now, **second, verb="add", target="points", new_step="p1")
    assert version_of(draft.pk).content["title"] == "甲"
    assert drafting.part_of(version_of(draft.pk).content, "p1") is None


def test_the_page_keeps_what_was_typed_shows_the_other_text_and_lets_one_replace_it(house, draft, now):
    client, address = browser(house.people["editor"]), f"/cases/versions/{draft.pk}/edit/"
    data = form_of(client.get(address))
    edit(house, draft, now, who="colleague", **typed(draft, title="别人的题目"))
    # When the second tab saves
    answer = client.post(address, data | {"part-title": "我的题目", "action": "save"})
    # Then both texts are there and nothing is overwritten
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="我的题目"' in text
    assert "别人的题目" in text
    assert version_of(draft.pk).content["title"] == "别人的题目"
    # And saving again replaces it on purpose
    again = client.post(address, form_of(answer) | {"part-title": "我的题目", "action": "save"})
    assert (again.status_code, version_of(draft.pk).content["title"]) == (302, "我的题目")


def test_autosave_answers_with_the_new_mark_and_a_stale_one_with_a_sentence(house, draft, now):
    client, address = browser(house.people["editor"]), f"/cases/versions/{draft.pk}/edit/"
    data = form_of(client.get(address))
    saved = client.post(address, data | {"part-title": "第一次"}, **JSON)
    assert (saved.status_code, saved.json()["version"]) == (200, mark(draft))
    second = client.post(address, data | {"part-title": "第二次", "version": saved.json()["version"]}, **JSON)
    stale = client.post(address, data | {"part-title": "旧表单"}, **JSON)
    assert (second.status_code, stale.status_code) == (200, 409)
    assert stale.json()["code"] == "stale_form"
    assert version_of(draft.pk).content["title"] == "第二次"


def test_a_removed_step_comes_back_with_what_was_typed_in_another_tab(house, draft, now):
    client, address = browser(house.people["editor"]), f"/cases/versions/{draft.pk}/edit/"
    data = form_of(client.get(f"{address}?part=outcome"))
    edit(house, draft, now, verb="remove", target="outcome")
    stale = client.post(address, data | {"part-body": "补充一句。", "action": "save"})
    assert stale.status_code == 409
    assert client.post(address, form_of(stale) | {"part-body": "补充一句。", "action": "save"}).status_code == 302
    assert drafting.part_of(version_of(draft.pk).content, "outcome")["body"] == "补充一句。"


def test_undo_goes_back_step_by_step_and_any_state_can_be_restored(house, draft, now):
    # Given three changes: a title, a removed step, another title later
    start = version_of(draft.pk).content
    edit(house, draft, now, **typed(draft, title="甲"))
    edit(house, draft, now, verb="remove", target="outcome")
    edit(house, draft, now + timedelta(minutes=10), **typed(draft, title="乙"))
    # When undone three times
    titles = []
    for _click in range(3):
        edit(house, draft, now, verb="undo")
        content = version_of(draft.pk).content
        titles.append((content["title"], drafting.part_of(content, "outcome") is not None))
    # Then each went one change back
    assert titles == [("甲", False), ("甲", True), ("", True)]
    assert version_of(draft.pk).content == start
    # And the last state is still there to be restored
    number = str(CaseSave.objects.filter(content__title="乙").first().number)
    edit(house, draft, now, verb="restore", target=number)
    assert version_of(draft.pk).content["title"] == "乙"


def test_typing_in_one_part_is_one_state_for_some_minutes_and_old_states_go(house, draft, now):
    for second in range(5):
        edit(house, draft, now + timedelta(seconds=second), **typed(draft, title=f"甲{second}"))
    assert list(CaseSave.objects.values_list("what", flat=True)) == ["text", "start"]
    edit(house, draft, now + timedelta(seconds=9), who="colleague", **typed(draft, title="乙"))
    assert CaseSave.objects.count() == 3
    for number in range(KEPT_SAVES + 5):
        edit(house, draft, now, verb="down" if number % 2 == 0 else "up", target="presentation")
    assert CaseSave.objects.count() == KEPT_SAVES


def test_an_image_of_another_release_is_refused(house, draft, now):
    figure = {"study": "01900000-0000-7000-8000-000000000000", "series": 1, "frame": 1, "caption": "x"}
    with pytest.raises(ForeignImage):
        edit(house, draft, now, **typed(draft, "outcome", figure=figure))
    assert version_of(draft.pk).revision == 0


def test_a_frozen_version_and_a_foreign_desk_change_nothing(house, draft, now):
    with pytest.raises(CaseNotFound):
        edit(house, draft, now, who="foreign_editor", **typed(draft, title="甲"))
    CaseVersion.unscoped.filter(pk=draft.pk).update(state="in_review", frozen_at=now)
    with pytest.raises(FrozenVersion):
        edit(house, draft, now, **typed(draft, title="甲"))
    assert version_of(draft.pk).content["title"] == ""


def test_a_question_that_the_checklist_adds_is_asked_before_it_is_answered(house, draft, now):
    # Given a case that tells its reasoning, its outcome and its points, and asks nothing
    for number, kind in enumerate(("reasoning", "outcome", "points")):
        edit(house, draft, now, part="check", verb="add", target=kind, new_step=f"step{number}")
    before = kinds(draft)
    # When the checklist adds the question that is missing
    edit(house, draft, now, part="check", verb="add", target="question", new_step="asked")
    # Then it stands before the first of them
    told = min(before.index(kind) for kind in ("reasoning", "outcome", "points"))
    assert kinds(draft) == [*before[:told], "question", *before[told:]]


def test_whoever_writes_in_a_case_counts_as_its_author(house, draft, now):
    edit(house, draft, now, who="province_editor", **typed(draft, title="甲"))
    assert set(draft.case.editors.values_list("name", flat=True)) == {"季怀瑾", "江晚舟"}


def test_the_checklist_leads_to_what_is_missing_and_the_preview_asks_as_readers_are_asked(house, draft, now):
    client, address = browser(house.people["editor"]), f"/cases/versions/{draft.pk}/"
    edit(house, draft, now, part="outcome", verb="add", target="question", new_step="q1")
    check = client.get(f"{address}edit/?part=check").content.decode()
    assert {"go:head#id_part-title", "go:q1#id_part-stem"} <= set(re.findall(r'value="(go:[^"]+)"', check))
    question = {"stem": "下一步？", "options": ["观察", "上转"], "answer": 1, "explanation": "因为危险信号。"}
    edit(house, draft, now, **typed(draft, "q1", kind="question", question=question))
    preview = client.get(f"{address}preview/").content.decode()
    assert ("下一步？" in preview, "因为危险信号。" in preview) == (True, False)
    answered = client.get(f"{address}preview/?q-q1=1").content.decode()
    assert "因为危险信号。" in answered


def test_an_answer_keeps_the_answers_before_it_and_the_steps_open(house, draft, now):
    question = {"stem": "?", "options": ["甲", "乙"], "answer": 0, "explanation": "释。"}
    for name in ("qa", "qb"):
        edit(house, draft, now, part="outcome", verb="add", target="question", new_step=name)
        edit(house, draft, now, **typed(draft, name, kind="question", question=question))
    client = browser(house.people["editor"])
    text = client.get(f"/cases/versions/{draft.pk}/preview/?q-qb=1").content.decode()
    assert "?q-qb=1&amp;q-qa=0#step-qa" in text or "?q-qa=0&amp;q-qb=1#step-qa" in text
    steps = len(version_of(draft.pk).content["steps"])
    position = [step["id"] for step in version_of(draft.pk).content["steps"]].index("qb")
    assert text.count("<details open") == position
    assert text.count('<summary class="x-btn"') == steps - 1


def form_of(answer):
    """The fields of the part's form as a browser would send them."""
    from bs4 import BeautifulSoup

    form = BeautifulSoup(answer.content, "html.parser").find("form", id="part-form")
    fields = {}
    for node in form.find_all(["input", "textarea", "select"]):
        name = node.get("name")
        if not name or node.get("type") in {"radio", "checkbox"}:
            continue
        if node.name == "select":
            chosen = node.find("option", selected=True)
            fields[name] = chosen["value"] if chosen else node.find("option")["value"]
        else:
            fields[name] = node.get_text() if node.name == "textarea" else node.get("value", "")
    return fields


def test_the_editor_stands_under_the_case_desk_with_its_number_once(house, draft, now):
    client = browser(house.people["editor"])
    client.cookies["xinglin_language"] = "en"

    page = BeautifulSoup(client.get(reverse("casebook:edit", args=[draft.pk])).content, "html.parser")

    here = {link.get_text(" ", strip=True).split(" ")[0] for link in page.select("header [aria-current=page]")}
    assert here == {"Case"}  # desk, not the readers' "Cases"
    assert page.h1.get_text(strip=True) == "A case without a title yet"
    assert page.select_one("header.x-ph, main").get_text().count(draft.case.code) == 1
    # the parts stand before the form, and fold on a phone; saving and going on stay together
    fold = page.select_one("#parts > details[data-fold=narrow][open]")
    assert fold.find("ol") and not page.select('a[href="#parts"]')
    together = page.select_one(".x-ced__save")
    assert [button.get_text(strip=True) for button in together.select("button")] == ["Save", "Save and go on"]
