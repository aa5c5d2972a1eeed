"""What changed in a course stands in words: facts before and after, blocks by unit, number, kind and title."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from assessment.api import create_question
from cms import manifests, selectors, services
from cms.api import void_in_overlay
from cms.models import Course
from core.ids import uuid7
from peer_review.api import comments_of, withdraw_parts
from peer_review.models import Assignment, ReviewRound
from peer_review.services import write_comment
from tests.factories.courses import FACTS, QUESTION, make_course, publish, report
from tests.factories.signing_in import sign_in

OTHER = QUESTION | {"stem": "疑似主动脉夹层时先做什么？"}
RAW_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


@pytest.fixture
def course(house, now):
    return make_course(house.author, house.hospital.pk, now)


def page_of(house, course, name="author"):
    client = sign_in(Client(headers={"accept-language": "en"}), getattr(house.people, name))
    return BeautifulSoup(client.get(f"/courses/desk/{course.pk}/changes/").content, "html.parser").main


def hand_in(house, course, now):
    peers = [house.reviewer.person_id, house.reviewer2.person_id]
    return services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=peers, now=now)


def send_back(house, course, now):
    round_id = hand_in(house, course, now)
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, round_id, now, "changes")
    services.apply_decision(round_id=round_id, now=now)


def reviewers_page(house, round_id):
    reviewer = sign_in(Client(headers={"accept-language": "en"}), house.people.reviewer)
    mine = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    return BeautifulSoup(reviewer.get(f"/reviews/{mine.pk}/").content, "html.parser")


def words(node):
    return " ".join(node.get_text(" ", strip=True).split())


def test_a_question_added_after_changes_were_requested_is_named_and_the_rest_is_folded(house, course, now):
    # given a course that came back, to which a question was added
    send_back(house, course, now)
    unit = selectors.units_of(course)[0]
    version = create_question(
        actor=house.author, organisation_id=house.hospital.pk, kind="single", content=OTHER, now=now
    )
    at = {"actor": house.author, "course_id": course.pk, "unit_id": unit.pk, "now": now}
    services.add_block(block_id=uuid7(), kind="quiz", value={"reference": str(version)}, **at)
    # when its author looks what changed
    page = page_of(house, course)
    # then the new one is named by place, kind and question, and no id stands there
    cards = [words(card) for card in page.select("[id^=b-]")]
    assert len(cards) == 1
    assert cards[0] == "3 Question Single best answer: 疑似主动脉夹层时先做什么？ (v1) new block"
    assert not RAW_ID.search(page.get_text())
    # and the others are counted, folded and named
    folded = page.select_one("details")
    assert not folded.has_attr("open")
    assert words(folded.summary) == "2 blocks unchanged"
    assert [words(row)[:7] for row in folded.select("li")] == ["1 Text ", "2 Quest"]


def test_blocks_that_moved_or_were_taken_out_say_where_they_stood(house, course, now):
    send_back(house, course, now)
    unit = selectors.units_of(course)[0]
    at = {"actor": house.author, "course_id": course.pk, "unit_id": unit.pk, "now": now}
    text, quiz = [raw["id"] for raw in selectors.raw_blocks(unit)]
    services.move_block(block_id=quiz, up=True, **at)
    moved = [words(card) for card in page_of(house, course).select("[id^=b-]")]
    assert len(moved) == 1
    assert re.search(r"moved stood in unit 1, block [12]$", moved[0])
    services.remove_block(block_id=text, **at)
    gone = page_of(house, course).select_one(f"#b-{text}")
    assert words(gone.h3) == "Text 先做什么"
    assert "taken out was block 1" in words(gone)
    assert gone.find("del").get_text().startswith("先做什么")


def test_a_new_edition_says_which_facts_changed_as_its_reviewers_read_it(house, course, now):
    # given a second edition with another title and pass mark
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    services.revise_course(actor=house.author, course_id=course.pk, now=now)
    Course.unscoped.filter(pk=course.pk).update(title="胸痛分诊与转运", pass_percent=90)
    course.refresh_from_db()
    # when it is looked at as a draft, and again while it is reviewed
    seen = [page_of(house, course)]
    round_id = hand_in(house, course, now)
    seen.append(page_of(house, course, "editor"))
    for page in seen:
        # then both facts stand there before and after, and what stayed is named in one line
        facts = page.select_one("#course-facts")
        assert words(facts.find("ins")) == "与转运"
        assert FACTS["summary"] not in facts.get_text()
        passing = page.select_one("#course-passing")
        assert (passing.find("del").get_text(), passing.find("ins").get_text()) == ("60", "90")
        assert "Unchanged: Aims · Introduction · Disclosure of interests" in page.get_text()
        assert page.select("[id^=b-]") == []
    # and its reviewers read the very same
    theirs = reviewers_page(house, round_id)
    for anchor in ("course-facts", "course-passing"):
        assert str(theirs.select_one(f"#b-{anchor} details p").decode_contents()) in str(seen[1])


def test_a_block_that_cannot_be_read_yet_is_unfinished_and_not_taken_out(house, course, now):
    send_back(house, course, now)
    unit = selectors.units_of(course)[0]
    text = selectors.raw_blocks(unit)[0]["id"]
    page = unit.get_latest_revision_as_object()
    page.body.raw_data[0]["value"]["text"] = ""
    page.save_revision()
    card = page_of(house, course).select_one(f"#b-{text}")
    assert words(card) == "Text 先做什么 not finished, so it is not compared"


def test_of_a_course_that_was_never_handed_in_all_is_new(house, course):
    page = page_of(house, course)
    assert [words(card.h3)[:6] for card in page.select("[id^=b-]")] == ["1 Text", "2 Ques"]
    assert page.select("details") == []


def test_reviewers_read_what_was_taken_out_at_the_end_of_its_unit(house, course, now):
    # given a course that came back, out of which its author took the first block
    send_back(house, course, now)
    unit = selectors.units_of(course)[0]
    text = selectors.raw_blocks(unit)[0]["id"]
    services.remove_block(actor=house.author, course_id=course.pk, unit_id=unit.pk, block_id=text, now=now)
    # when it is handed in again
    round_id = hand_in(house, course, now)
    # then
    page = reviewers_page(house, round_id)
    blocks = [node["id"] for node in page.select("[id^=b-]") if not node["id"].startswith("b-course-")]
    gone = page.select_one(f"#b-{text}")
    assert blocks[-1] == f"b-{text}"
    assert "taken out" in words(gone)
    assert gone.find("del").get_text().startswith("先做什么")
    assert gone.find("ins") is None


def test_a_submission_that_was_taken_back_hides_no_change_from_the_next_reviewers(house, course, now):
    # given an edition in use, and a revision with another pass mark and without its text, handed in and taken back
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    services.revise_course(actor=house.author, course_id=course.pk, now=now)
    unit = selectors.units_of(course)[0]
    text = selectors.raw_blocks(unit)[0]["id"]
    at = {"actor": house.author, "course_id": course.pk, "now": now}
    services.remove_block(unit_id=unit.pk, block_id=text, **at)
    Course.unscoped.filter(pk=course.pk).update(pass_percent=80)
    hand_in(house, course, now)
    services.withdraw_submission(**at)
    # when a word is changed and it is handed in again
    Course.unscoped.filter(pk=course.pk).update(title="胸痛的分诊")
    round_id = hand_in(house, course, now)
    # then its reviewers read all of it beside what was reviewed last
    theirs = reviewers_page(house, round_id)
    assert "taken out" in words(theirs.select_one(f"#b-{text}"))
    assert theirs.select_one(f"#b-{text} del").get_text().startswith("先做什么")
    passing = theirs.select_one("#b-course-passing details")
    assert (passing.find("del").get_text(), passing.find("ins").get_text()) == ("60", "80")
    # and its author too
    mine = page_of(house, course)
    assert "What was submitted, beside edition 1" in words(mine)
    assert "taken out was block 1" in words(mine.select_one(f"#b-{text}"))
    passing = mine.select_one("#course-passing")
    assert (passing.find("del").get_text(), passing.find("ins").get_text()) == ("60", "80")
    assert words(mine.select_one("#course-facts ins")) == "的"


def test_a_link_that_leads_elsewhere_is_a_change(house, course, now):
    # given a second edition whose introduction says the same and links to another page
    link = '<p>先读<a href="https://example.org/{}">这一页</a>。</p>'
    at = {"actor": house.author, "course_id": course.pk, "facts": {}, "now": now}
    services.change_course(introduction=link.format("old"), **at)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    services.revise_course(actor=house.author, course_id=course.pk, now=now)
    services.change_course(introduction=link.format("new"), **at)
    # then both pages show it
    assert "example.org" in words(page_of(house, course).select_one("#course-introduction"))
    shown = reviewers_page(house, hand_in(house, course, now)).select_one("#b-course-introduction")
    assert (bool(shown.find("del")), bool(shown.find("ins"))) == (True, True)


def test_a_remark_on_a_block_that_was_taken_out_has_a_place_and_goes_with_what_was_withdrawn(house, course, now):
    # given a question that its author took out between two rounds, and a reviewer's remark on it in the second
    send_back(house, course, now)
    unit = selectors.units_of(course)[0]
    node = next(raw for raw in selectors.raw_blocks(unit) if raw["type"] == "quiz")
    other = create_question(
        actor=house.author, organisation_id=house.hospital.pk, kind="single", content=OTHER, now=now
    )
    at = {"actor": house.author, "course_id": course.pk, "unit_id": unit.pk, "now": now}
    services.add_block(block_id=uuid7(), kind="quiz", value={"reference": str(other)}, **at)
    services.remove_block(block_id=node["id"], **at)
    round_id = hand_in(house, course, now)
    part = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    words_of_it = {
        "assignment_id": part.pk,
        "comment_id": uuid7(),
        "anchor": node["id"],
        "text": "为什么去掉 BNP 510？",
    }
    write_comment(actor=house.reviewer, now=now, **words_of_it)
    for reviewer in (house.reviewer, house.reviewer2):
        report(reviewer, round_id, now, "changes")
    services.apply_decision(round_id=round_id, now=now)
    # then its author reads where it stands
    client = sign_in(Client(headers={"accept-language": "en"}), house.people.author)
    for page in (f"/courses/desk/{course.pk}/", f"/courses/desk/{course.pk}/rounds/{round_id}/"):
        shown = client.get(page).content.decode()
        assert ("A block that was taken out" in shown, "为什么去掉 BNP 510？" in shown) == (True, True)
    # when the question is withdrawn
    withdraw_parts(
        subject_kind="course",
        reference=str(node["value"]["reference"]),
        anchors_of=lambda manifest: {
            held["key"] for part in manifest["units"] for held in part["nodes"] if held.get("reference")
        },
        now=now,
    )
    # then the remark of the later round is gone too
    assert [comment.text for comment in comments_of(round_id)] == [""]


def test_a_block_that_shows_another_question_since_keeps_its_later_remarks(house, course, now):
    # given a block that showed one question in the first round and another since, and a remark on it in each of three
    unit = selectors.units_of(course)[0]
    first = next(raw for raw in selectors.raw_blocks(unit) if raw["type"] == "quiz")
    other = create_question(
        actor=house.author, organisation_id=house.hospital.pk, kind="single", content=OTHER, now=now
    )
    at = {"actor": house.author, "course_id": course.pk, "now": now}
    changes = (
        lambda: services.change_block(
            unit_id=unit.pk, revision_id=None, block_id=first["id"], value={"reference": str(other)}, **at
        ),
        lambda: services.change_course(facts={}, introduction="<p>先读这一页。</p>", **at),
        None,
    )
    rounds = []
    for change in changes:
        rounds.append(hand_in(house, course, now))
        part = Assignment.objects.get(round=rounds[-1], reviewer=house.people.reviewer)
        remark = {"assignment_id": part.pk, "comment_id": uuid7(), "anchor": first["id"], "text": "请改题干。"}
        write_comment(actor=house.reviewer, now=now, **remark)
        if change:
            for reviewer in (house.reviewer, house.reviewer2):
                report(reviewer, rounds[-1], now, "changes")
            services.apply_decision(round_id=rounds[-1], now=now)
            change()
    # when the first question is withdrawn
    void_in_overlay(reference=str(first["value"]["reference"]), reason="withdrawn", now=now)
    # then the remarks go where it is shown, last as what stood there before, and the open round keeps its own
    assert [[c.text for c in comments_of(held)] for held in rounds] == [[""], [""], ["请改题干。"]]
    # and they go with the other question
    void_in_overlay(reference=str(other), reason="withdrawn", now=now)
    assert [[c.text for c in comments_of(held)] for held in rounds] == [[""], [""], [""]]


def test_a_kind_of_block_that_nobody_brings_any_more_is_called_by_its_own_name(house, course, now):
    # given a course that came back, in whose reviewed manifest a block is of such a kind
    send_back(house, course, now)
    course.refresh_from_db()
    node = {"key": str(uuid7()), "kind": "hologram", "reference": str(uuid7())}
    course.manifest["units"][0]["nodes"].append(node)
    course.save()
    digest = manifests.digest_of(course.manifest)
    ReviewRound.objects.filter(subject_id=course.pk).update(manifest=course.manifest, manifest_hash=digest)
    # when its author looks what changed, it is handed in, and both sides look
    draft = page_of(house, course)
    round_id = hand_in(house, course, now)
    shown = [draft, page_of(house, course)]
    # then it stands there as taken out, by the name of its kind and without a word of its content
    for page in shown:
        card = page.select_one(f"#b-{node['key']}")
        assert words(card) == "hologram taken out was block 3"
    theirs = reviewers_page(house, round_id).select_one(f"#b-{node['key']}")
    assert "hologram taken out" in words(theirs)
    assert not RAW_ID.search(theirs.get_text())
    # and reviewers read a round that holds it
    ReviewRound.objects.filter(pk=round_id).update(manifest=course.manifest)
    assert "hologram" in words(reviewers_page(house, round_id).select_one(f"#b-{node['key']}"))
