"""From a draft to its reviewers: what is missing and where, whom to ask, and what both sides then see of it."""

from __future__ import annotations

import copy

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from casebook.content import MARK, gaps
from casebook.models import CaseVersion
from casebook.services import curating
from directory.models import Membership
from media_pipeline.deid.texts import WORDS
from peer_review.api import standing_of
from peer_review.models import Assignment, ReviewRound
from peer_review.services import submit_report
from tests.casebook.conftest import browser, version_of
from tests.factories.courses import put_in_department
from tests.factories.people import make_person

REASON = "未写地点和日期。"
WHOLE = {
    "title": "只有一个切面的床旁心脏超声",
    "summary": "一个切面能回答什么，不能回答什么。",
    "age_band": "60-69",
    "sex": "female",
    "specialty": "cardiology",
    "difficulty": 2,
    "objectives": ["说出单切面能回答的问题"],
    "references": ["ASE focused cardiac ultrasound, 2013"],
    "steps": [
        {"id": "s1", "kind": "presentation", "heading": "", "body": "六十多岁，气促两周。"},
        {
            "id": "s2",
            "kind": "question",
            "heading": "",
            "body": "",
            "question": {
                "stem": "可以判断什么？",
                "options": ["收缩功能", "肺动脉压"],
                "answer": 0,
                "explanation": "目测。",
            },
        },
        {"id": "s3", "kind": "points", "heading": "", "body": "看不清就写看不清。"},
    ],
}
MARKS = sorted({word for words in WORDS.values() for word in words} | {"[日期]", "[date]"})
PLACES = [
    ("title", "head", "title"),
    ("summary", "head", "summary"),
    ("objectives", "learning", "objectives"),
    ("references", "learning", "references"),
    ("body", "s3", "body"),
    ("heading", "s3", "heading"),
    ("stem", "s2", "stem"),
    ("options", "s2", "options"),
    ("explanation", "s2", "explanation"),
]


@pytest.fixture
def whole(house, draft, now):
    return saved(house, draft, WHOLE, now)


@pytest.fixture
def editor(house):
    client = browser(house.people["editor"])
    client.cookies["xinglin_language"] = "en"
    return client


def saved(house, version, content, now):
    curating.save_draft(actor=house.editor, version_id=version.pk, revision=version.revision, content=content, now=now)
    return version_of(version.pk)


def marked(place, mark):
    """The whole case with a mark of the cleaning left in one place."""
    content = copy.deepcopy(WHOLE)
    text = f"{mark}来院"
    if place in {"title", "summary"}:
        content[place] = text
    elif place in {"objectives", "references"}:
        content[place] = [text]
    elif place in {"body", "heading"}:
        content["steps"][2][place] = text
    else:
        content["steps"][1]["question"][place] = [text, "乙"] if place == "options" else text
    return content


def page_of(client, version, part):
    answer = client.get(f"{reverse('casebook:edit', args=[version.pk])}?part={part}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def actions(soup):
    return [button["value"] for button in soup.select(".x-ced__gaps button")]


def send(client, version, **fields):
    return client.post(reverse("casebook:review", args=[version.pk]), {"like_reason": REASON, **fields})


def asked(version):
    return set(
        Assignment.objects.filter(round=version_of(version.pk).round_id).values_list("reviewer__name", flat=True)
    )


def test_reviewers_see_everything_that_will_be_published(house, whole, editor):
    # given a case that is frozen for two reviewers
    send(editor, whole, reviewers=[house.reviewer.person_id, house.reviewer2.person_id])
    assignment = Assignment.objects.get(reviewer=house.reviewer.person_id)
    client = browser(house.people["reviewer"])
    client.cookies["xinglin_language"] = "en"
    # when one of them opens it
    soup = BeautifulSoup(client.get(f"/reviews/{assignment.pk}/").content, "html.parser")
    # then every text of it stands there, also those of the list of cases and above the first step
    words = soup.select_one(".x-rv__main").get_text(" ", strip=True)
    texts = [WHOLE["title"], WHOLE["summary"], "60-69", "Female", "Intermediate", *WHOLE["objectives"]]
    for text in [*texts, *WHOLE["references"], *(step["body"] for step in WHOLE["steps"])]:
        assert text in words, text
    # and the right answer is marked at once, not to be thought of first
    assert [option.get_text(" ", strip=True) for option in soup.select(".x-option.is-right")] == ["收缩功能 right"]
    assert not soup.select(".x-think")
    # and each part is counted once, under its own heading
    assert [heading.get_text(strip=True) for heading in soup.select(".x-rv__sec")] == [
        "About the case",
        "Steps of the case",
    ]
    numbers = [number.get_text(strip=True) for number in soup.select(".x-blk__k b")]
    assert numbers == ["1", "2", "3", "1", "2", "3"]


def test_every_mark_that_the_cleaning_makes_is_known():
    assert all(MARK.fullmatch(mark) for mark in MARKS)
    assert not MARK.search("[1] 血压 [见图]")


@pytest.mark.parametrize(("place", "part", "field"), PLACES)
def test_a_mark_left_anywhere_keeps_the_case_from_review_and_its_place_is_linked(
    house, draft, editor, now, place, part, field
):
    version = saved(house, draft, marked(place, "[姓名]"), now)
    # given that the check names the place and leads to the very field
    assert actions(page_of(editor, version, "check")) == [f"go:{part}#id_part-{field}"]
    led = editor.post(
        reverse("casebook:edit", args=[version.pk]), {"part": "check", "action": f"go:{part}#id_part-{field}"}
    )
    assert led["Location"].endswith(f"?part={part}#id_part-{field}")
    assert page_of(editor, version, part).select_one(f"#id_part-{field}") is not None
    # when it is sent all the same
    answer = send(editor, version, reviewers=[house.reviewer.person_id, house.reviewer2.person_id])
    # then nothing is frozen and nobody is asked
    assert answer.status_code == 422
    stored = version_of(version.pk)
    assert (stored.state, stored.frozen_at, ReviewRound.objects.count()) == ("draft", None, 0)


@pytest.mark.parametrize("mark", [*MARKS, "[ 姓名 ]", "[Name]"])
def test_each_kind_of_mark_is_found(mark):
    (gap,) = gaps(marked("body", mark))
    assert (gap.step, gap.field, mark in str(gap.sentence)) == ("s3", "body", True)


def test_the_check_adds_a_step_that_is_missing_where_it_belongs(house, draft, editor, now):
    # given a case with everything but its question and its presentation
    version = saved(house, draft, {**WHOLE, "steps": [WHOLE["steps"][2]]}, now)
    soup = page_of(editor, version, "check")
    assert actions(soup) == ["add:presentation", "add:question"]
    assert "incomplete" not in soup.select_one(".x-ced__list > li").get_text()
    # when both are added from there
    for kind, step_id in (("presentation", "p1"), ("question", "q1")):
        answer = editor.post(
            reverse("casebook:edit", args=[version.pk]), {"part": "check", "action": f"add:{kind}", "new_step": step_id}
        )
        # then the new step is on the screen
        assert answer["Location"].endswith(f"?part={step_id}")
    # and the patient comes first, the teaching points stay last
    assert [step["kind"] for step in version_of(version.pk).content["steps"]] == ["presentation", "question", "points"]


def test_a_draft_says_what_it_needs_and_marks_as_optional_only_what_is(house, draft, editor):
    # given a release that left the age open
    CaseVersion.unscoped.filter(pk=draft.pk).update(content=draft.content | {"age_band": ""})
    head = page_of(editor, draft, "head")
    labels = {label["for"]: label.get_text(" ", strip=True) for label in head.select("label[for^=id_part]")}
    assert (labels["id_part-title"], labels["id_part-age_band"]) == ("Title", "Age band")
    assert labels["id_part-sex"] == "Sex optional"
    needs = [link["href"] for link in head.select("[data-part-gaps] a")]
    assert needs == ["#id_part-title", "#id_part-age_band"]
    # and one scale of ages is offered; a wider band beside it only around one that is chosen
    ages = head.select_one("#id_part-age_band")
    assert (len(ages.find_all("option")), ages.find_all("optgroup")) == (11, [])
    CaseVersion.unscoped.filter(pk=draft.pk).update(content=draft.content | {"age_band": "60-69"})
    (wider,) = page_of(editor, draft, "head").select("#id_part-age_band optgroup")
    assert (wider["label"], [option["value"] for option in wider.select("option")]) == (
        "Wider, for few patients alike",
        ["60+"],
    )


def test_a_question_that_cannot_be_asked_is_saved_and_says_what_is_wrong(house, whole, editor):
    # given a question with one option, whose right answer is number 5
    page = page_of(editor, whole, "s2")
    form = {
        "part": "s2",
        "version": page.select_one("input[name=version]")["value"],
        "part-kind": "question",
        "part-stem": "可以判断什么？",
        "part-options": "收缩功能",
        "part-answer": "5",
        "part-explanation": "目测。",
    }
    # when it is saved as one types
    answer = editor.post(
        reverse("casebook:edit", args=[whole.pk]), {**form, "action": "save"}, HTTP_ACCEPT="application/json"
    )
    # then it is kept, and both faults are told at once and on the next look
    assert answer.status_code == 200
    faults = [
        ("options", "at least two answers to choose from"),
        ("answer", "a right answer that is there: number 5 is given, answers to choose from: 1"),
    ]
    assert [(gap["field"], gap["sentence"]) for gap in answer.json()["gaps"]] == faults
    assert version_of(whole.pk).content["steps"][1]["question"]["options"] == ["收缩功能"]
    shown = page_of(editor, whole, "s2").select("[data-part-gaps] a")
    assert [(link["href"], link.get_text(strip=True)) for link in shown] == [
        (f"#id_part-{field}", sentence) for field, sentence in faults
    ]


def test_sections_of_a_step_are_folded_until_they_are_needed(house, whole, editor):
    assert page_of(editor, whole, "s1").select_one("#ask").has_attr("open") is False
    assert page_of(editor, whole, "s2").select_one("#ask").has_attr("open") is True


def test_with_nobody_ticked_the_two_least_busy_are_asked_as_the_form_says(house, whole, editor):
    # given a third reviewer, and one who owes a report already
    third = make_person(house.bridge.sibling, "reviewer", name="第三人")
    send(editor, whole, reviewers=[house.reviewer.person_id, house.reviewer2.person_id])
    whole.refresh_from_db()
    seen = standing_of(whole.round_id).mark
    assert editor.post(reverse("casebook:take_back", args=[whole.pk]), {"seen": seen}).status_code == 302
    soup = page_of(editor, whole, "check")
    assert "With nobody ticked the two least busy" in soup.select_one("#reviewers-hint").get_text()
    listed = [row.get_text(" ", strip=True) for row in soup.select(".x-asked li")]
    assert len(listed) == 3
    assert all("0 reports owed" in row for row in listed)
    # when it is sent with nobody ticked
    assert send(editor, whole).status_code == 302
    # then two of them are asked, and the desk says so without a name
    assert len(asked(whole)) == 2
    desk = editor.get("/cases/desk/").content.decode()
    assert "2 reviewers asked" in desk
    assert "0 of 2 reports" in desk
    assert not [name for name in ("沈知行", "罗映真", third.name) if name in desk]


def test_one_reviewer_is_refused_and_what_was_ticked_and_typed_stays(house, whole, editor):
    answer = send(editor, whole, reviewers=[house.reviewer.person_id])
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "One reviewer is not enough" in soup.select_one("#reviewers [role=alert]").get_text()
    assert [box["value"] for box in soup.select("input[name=reviewers][checked]")] == [str(house.reviewer.person_id)]
    assert soup.select_one("#like-reason").get_text(strip=True) == REASON
    assert (version_of(whole.pk).state, ReviewRound.objects.count()) == ("draft", 0)


def test_a_reviewer_is_found_by_name_hospital_and_specialty_and_ticks_stay(house, whole, editor):
    put_in_department(house.people["reviewer2"], "neurology")
    ticked = str(house.reviewer.person_id)

    def found(words):
        soup = BeautifulSoup(send(editor, whole, find="1", who=words, reviewers=[ticked]).content, "html.parser")
        assert [box["value"] for box in soup.select("input[name=reviewers][checked]")] == [ticked]
        return [row.get_text(" ", strip=True).split()[0] for row in soup.select(".x-asked li")]

    hospital = Membership.objects.get(person=house.people["reviewer2"], is_primary=True).organisation
    for words in ("罗映真", "Neurology", f"罗映真 {hospital.name}", f"罗映真 {hospital.name_en}"):
        assert found(words) == ["沈知行", "罗映真"], words
    assert found("nobody") == ["沈知行"]
    assert (version_of(whole.pk).state, ReviewRound.objects.count()) == ("draft", 0)


def test_an_editor_reads_the_frozen_text_and_later_the_blind_reports(house, whole, editor, now):
    send(editor, whole, reviewers=[house.reviewer.person_id, house.reviewer2.person_id])
    address = reverse("casebook:preview", args=[whole.pk])
    assert address in editor.get("/cases/desk/?tab=review").content.decode()
    # when the text is frozen, its editor reads it, and can change nothing
    soup = BeautifulSoup(editor.get(address).content, "html.parser")
    main = soup.select_one("main")
    assert all(text in main.get_text() for text in (WHOLE["summary"], *WHOLE["references"], "看不清就写看不清。"))
    assert not main.select("form, input, textarea")
    assert "You will read the reports when all of them are in." in main.get_text()
    # and once both reports are in they stand there, without a name
    for name, verdict in (("reviewer", "approve"), ("reviewer2", "changes")):
        assignment = Assignment.objects.select_related("round").get(reviewer=getattr(house, name).person_id)
        submit_report(
            actor=getattr(house, name),
            assignment_id=assignment.pk,
            scores={item["key"]: 5 for item in assignment.round.rubric["items"]},
            reasons={},
            summary=f"意见{verdict}",
            verdict=verdict,
            is_named=True,
            now=now,
        )
    later = editor.get(address).content.decode()
    assert "意见approve" in later
    assert "意见changes" in later
    assert not [name for name in ("沈知行", "罗映真") if name in later]


def test_the_frozen_text_is_closed_to_other_desks(house, whole, editor):
    send(editor, whole, reviewers=[house.reviewer.person_id, house.reviewer2.person_id])
    address = reverse("casebook:preview", args=[whole.pk])
    for name, status in (("foreign_editor", 404), ("reviewer", 403)):
        answer = browser(house.people[name]).get(address)
        assert answer.status_code == status
        assert WHOLE["summary"] not in answer.content.decode()


def test_those_of_the_specialty_are_offered_first_and_named_so(house, whole, editor):
    # given a reviewer of the case's specialty, and one of another who owes as little
    put_in_department(house.people["reviewer2"], "neurology")
    put_in_department(house.people["reviewer"], "cardiology")
    for specialty, first, second in (("neurology", "罗映真", "沈知行"), ("cardiology", "沈知行", "罗映真")):
        CaseVersion.unscoped.filter(pk=whole.pk).update(content=whole.content | {"specialty": specialty})
        # when the editor chooses
        soup = page_of(editor, whole, "check")
        # then they stand first, under their heading
        rows = [row.get_text(" ", strip=True).split()[0] for row in soup.select(".x-asked li:not(.x-label)")]
        assert rows == [first, second]
        headings = [row.get_text(strip=True) for row in soup.select(".x-asked .x-label")]
        assert headings == ["Of the case’s specialty", "Others"]
    # and where nobody is of it, there is one list without headings
    CaseVersion.unscoped.filter(pk=whole.pk).update(content=whole.content | {"specialty": "paediatrics"})
    assert page_of(editor, whole, "check").select(".x-asked .x-label") == []
