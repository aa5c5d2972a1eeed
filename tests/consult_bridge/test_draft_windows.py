"""One draft in two windows: whoever comes second is told what the first has done, and nothing happens twice."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult_bridge.errors import DraftChanged, DraftGone, DraftSent
from consult_bridge.models import Consult, ConsultDraft, DraftFile, GoneDraft
from consult_bridge.models.record import identified_storage
from consult_bridge.selectors.drafts import draft_of, fields_of
from consult_bridge.services import drafts, submitting
from consult_bridge.services.submitting import submit_consult
from consult_bridge.web.request_steps import step_of as step_named
from tests.consult_bridge.test_drafts import NEW, begin, page, stored
from tests.consult_bridge.test_pages import client_of, request_fields
from tests.factories.consults import make_request
from tests.factories.people import make_actor, make_person
from tests.permissions.objects.house import dicom_file

JSON = {"accept": "application/json"}


def test_a_discarded_draft_is_not_brought_back_by_another_window(bridge):
    # given a draft that one window discards
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(reverse("consult_bridge:delete_draft", args=[key]))
    # when the other window saves by itself, adds a file, takes a step, and sends
    kept = requester.post(reverse("consult_bridge:autosave"), {"form_key": key, "subject": "另一个"}, headers=JSON)
    file = requester.post(reverse("consult_bridge:draft_files"), {"form_key": key, "attachments": page()})
    step = requester.post(NEW, {"form_key": key, "step": "asked", "action": "next", "subject": "另一个"})
    sent = requester.post(NEW, request_fields(bridge, form_key=key) | {"action": "submit"})
    # then each is told, and the draft stays gone
    assert [answer.status_code for answer in (kept, file, step, sent)] == [409, 409, 409, 409]
    assert kept.json()["title"] == "This draft was deleted. Nothing was saved."
    assert "This draft was deleted. Nothing was saved." in step.content.decode()
    assert (ConsultDraft.objects.count(), DraftFile.objects.count(), Consult.unscoped.count()) == (0, 0, 0)
    assert requester.get(reverse("consult_bridge:draft", args=[key])).status_code == 409


def typed_in(text):
    """What the page's form would post: name -> value of its inputs and text areas."""
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', text))
    return found | {name: value.strip() for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)<', text)}


@pytest.mark.parametrize("way", ["discarded", "expired"])
def test_what_is_typed_for_a_draft_that_is_gone_comes_back_as_a_new_one(bridge, way):
    # given a draft with a file that another window discards, or that was kept long enough
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(NEW, {"form_key": key, "step": "files", "action": "upload", "attachments": page()})
    drafts.bury(ConsultDraft.objects.get(pk=key), has_expired=way == "expired", now=timezone.now())
    # when a step of it is saved
    sent = {
        "form_key": key,
        "step": "record",
        "action": "next",
        "chief_complaint": "气促 2 周。",
        "allergies": "<b>否认",
    }
    answer = requester.post(NEW, sent)
    # then the page has every word, under a key of its own, and says what is gone; nothing is saved
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This draft was deleted. Nothing was saved." in text
    assert "What stood on other steps and all files are gone with the deleted draft" in text
    form = typed_in(text)
    assert (form["chief_complaint"], form["allergies"]) == ("气促 2 周。", "&lt;b&gt;否认")
    assert (form["step"], form["form_key"] == key) == ("record", False)
    assert ConsultDraft.objects.count() == 0
    # and it can be saved, while the old key stays dead
    saved = requester.post(NEW, sent | {"form_key": form["form_key"], "action": "save_draft"})
    assert saved.url == f"{reverse('consult_bridge:draft', args=[form['form_key']])}?step=record"
    assert fields_of(draft_of(bridge.requester, UUID(form["form_key"])))["chief_complaint"] == ["气促 2 周。"]
    assert requester.post(NEW, sent).status_code == 409
    assert list(GoneDraft.objects.values_list("pk", flat=True)) == [UUID(key)]


def test_a_whole_request_for_a_draft_that_is_gone_comes_back_whole_and_is_sent(bridge):
    # given
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(reverse("consult_bridge:delete_draft", args=[key]))
    # when everything is sent at once, for the deleted draft
    answer = requester.post(NEW, request_fields(bridge, form_key=key) | {"action": "submit"})
    # then each field is on the page, whichever step it belongs to
    text = answer.content.decode()
    form = typed_in(text)
    assert answer.status_code == 409
    assert (form["subject"], form["question"]) == ("活动后气促", "是否上转？")
    assert (form["patient_name"], form["birth_date"], form["examination"]) == ("岑望舒", "1964-03-05", "双肺清。")
    assert (form["labs-0-analyte"], form["labs-0-value"], form["labs-TOTAL_FORMS"]) == ("NT-proBNP", "510", "1")
    assert re.search(rf'value="{bridge.centre.pk}"[^>]* (?:selected|checked)', text)
    # and sent from there, with what is chosen on its first step, it is one consult
    fields = request_fields(bridge)
    chosen = {name: fields[name] for name in step_named("asked").fields if name in fields}
    assert requester.post(NEW, form | chosen | {"action": "submit"}).url == reverse(
        "consult_bridge:consult", args=[form["form_key"]]
    )
    assert [str(one.pk) for one in Consult.unscoped.all()] == [form["form_key"]]


def test_the_last_step_of_a_draft_that_is_gone_begins_at_the_first(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(reverse("consult_bridge:delete_draft", args=[key]))
    answer = requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"})
    assert (answer.status_code, typed_in(answer.content.decode())["step"]) == (409, "asked")


def test_a_program_reads_the_code_of_a_draft_that_is_gone(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(reverse("consult_bridge:delete_draft", args=[key]))
    answer = requester.post(NEW, request_fields(bridge, form_key=key), headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "draft_gone"
    assert Consult.unscoped.count() == 0


def test_a_foreign_deleted_draft_says_nothing_of_itself(bridge):
    key = begin(client_of(bridge.requester))
    client_of(bridge.requester).post(reverse("consult_bridge:delete_draft", args=[key]))
    other = client_of(make_actor(make_person(bridge.hospital, "requester", name="白一诺")))
    assert other.post(NEW, {"form_key": key, "step": "asked", "subject": "另"}).status_code == 404
    assert ConsultDraft.objects.count() == 0


def test_a_consult_is_not_made_of_a_discarded_draft(bridge, now):
    key = UUID(begin(client_of(bridge.requester)))
    drafts.discard_draft(actor=bridge.requester, draft_id=key, now=now)
    with pytest.raises(DraftGone):
        submit_consult(actor=bridge.requester, consult_id=key, request=make_request(bridge), now=timezone.now())
    assert Consult.unscoped.count() == 0


def test_a_sent_draft_is_not_discarded(bridge):
    # given a request that was sent with a page and an image
    requester = client_of(bridge.requester)
    key = begin(requester)
    files = {"attachments": page("门诊.pdf"), "dicom": dicom_file("QX-1", "kept with the draft")}
    sent = request_fields(bridge, form_key=key) | files | {"action": "submit"}
    assert requester.post(NEW, sent).status_code == 302
    names = [*stored(), *(one.file.name for one in Consult.unscoped.get(pk=key).attachments.all())]
    # when another window discards it
    answer = requester.post(reverse("consult_bridge:delete_draft", args=[key]))
    # then it is told that it was sent, and every file is there
    assert answer.status_code == 409
    assert "This request was sent already. Nothing was changed." in answer.content.decode()
    assert len(names) == 2
    assert [identified_storage().exists(name) for name in names] == [True, True]
    assert (DraftFile.objects.count(), GoneDraft.objects.count()) == (1, 0)


def test_what_another_window_saved_while_this_one_sent_is_not_lost(bridge):
    # given a draft as one window read it, and what the other saved since
    requester = client_of(bridge.requester)
    key = UUID(begin(requester))
    requester.post(NEW, request_fields(bridge, form_key=str(key)) | {"action": "save_draft"})
    read = fields_of(draft_of(bridge.requester, key))
    requester.post(reverse("consult_bridge:autosave"), {"form_key": key, "question": "是否立即上转？"})
    # when the first sends what it read
    now = timezone.now()
    with pytest.raises(DraftChanged):
        submit_consult(actor=bridge.requester, consult_id=key, request=make_request(bridge), read_from=read, now=now)
    # then nothing is sent, and the other's words are kept
    assert Consult.unscoped.count() == 0
    assert fields_of(draft_of(bridge.requester, key))["question"] == ["是否立即上转？"]
    # and what is read anew is sent
    read = fields_of(draft_of(bridge.requester, key))
    submit_consult(actor=bridge.requester, consult_id=key, request=make_request(bridge), read_from=read, now=now)
    assert (Consult.unscoped.count(), ConsultDraft.objects.count()) == (1, 0)


def test_the_page_says_that_another_window_was_faster(bridge, monkeypatch):
    # given another window that saves between the reading and the sending
    requester = client_of(bridge.requester)
    key = begin(requester)
    judge = submitting._judge

    def interrupted(request, now):
        body = {"question": ["是否立即上转？"]}
        drafts.save_draft(actor=bridge.requester, draft_id=UUID(key), body=body, now=timezone.now())
        judge(request, now)

    monkeypatch.setattr(submitting, "_judge", interrupted)
    # when this one sends
    answer = requester.post(NEW, request_fields(bridge, form_key=key) | {"action": "submit"})
    # then
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This draft was changed in another window while you sent it." in text
    # and shows both changes, to be looked through and sent
    assert "是否立即上转？" in text
    assert "双肺清。" in text
    assert (typed_in(text)["form_key"], typed_in(text)["step"]) == (key, "check")
    assert (Consult.unscoped.count(), ConsultDraft.objects.count()) == (0, 1)


def test_a_save_that_meets_a_sending_is_told_so(bridge):
    """Between the first look at the draft and its saving the other window sends it."""
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(NEW, request_fields(bridge, form_key=key) | {"action": "submit"})
    with pytest.raises(DraftSent):
        drafts.save_draft(actor=bridge.requester, draft_id=UUID(key), body={"subject": ["另"]}, now=timezone.now())
    opened = requester.get(reverse("consult_bridge:draft", args=[key]))
    assert opened.url == reverse("consult_bridge:consult", args=[key])
    assert ConsultDraft.objects.count() == 0


def test_saving_sending_and_discarding_look_at_the_drafts_row_first(bridge, now):
    """SQLite takes one writer at a time; on PostgreSQL the row is locked before anything else is read or written."""
    key = UUID(begin(client_of(bridge.requester)))
    other = UUID(begin(client_of(bridge.requester)))
    actor, at = bridge.requester, timezone.now()
    writings = (
        lambda: drafts.save_draft(actor=actor, draft_id=key, body={"subject": ["气促"]}, now=at),
        lambda: drafts.discard_draft(actor=actor, draft_id=other, now=at),
        lambda: submit_consult(actor=actor, consult_id=key, request=make_request(bridge), now=at),
    )
    for write in writings:
        with CaptureQueriesContext(connection) as queries:
            write()
        inside = [one["sql"] for one in queries][_first_savepoint(queries) + 1 :]
        assert 'FROM "consult_bridge_consultdraft"' in inside[0]


def _first_savepoint(queries):
    return next(place for place, one in enumerate(queries) if one["sql"].startswith("SAVEPOINT"))
