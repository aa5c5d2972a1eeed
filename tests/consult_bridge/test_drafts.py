"""A request before it is sent: steps, what each lacks, files that stay, and a draft that nobody else sees."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult_bridge.errors import AttachmentRefused, ConsultNotFound
from consult_bridge.models import Consult, ConsultDraft, ConsultUpload, DraftFile
from consult_bridge.models.record import identified_storage
from consult_bridge.services import drafts
from consult_bridge.services.kept_images import send_kept_images
from core.errors import Forbidden
from core.ids import uuid7
from tests.consult_bridge.test_pages import client_of, hidden, request_fields
from tests.factories.consults import PDF
from tests.permissions.objects.house import dicom_file

NEW = "/consults/new/"


def begin(client, **fields):
    """A draft with its first step typed; returns its key."""
    key = hidden(client.get(NEW), "form_key")
    client.post(NEW, {"form_key": key, "step": "asked", "action": "save_draft", "subject": "气促", **fields})
    return key


def step_of(client, key, step):
    return client.get(reverse("consult_bridge:draft", args=[key]), {"step": step}).content.decode()


def page(name="scan.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def stored():
    return [row.file.name for row in DraftFile.objects.order_by("added_at", "id")]


def test_each_step_keeps_its_own_fields_and_no_other(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester, question="是否上转？")
    requester.post(NEW, {"form_key": key, "step": "patient", "action": "next", "patient_name": "岑望舒"})
    kept = json.loads(ConsultDraft.objects.get(pk=key).body)
    assert (kept["subject"], kept["question"], kept["patient_name"]) == (["气促"], ["是否上转？"], ["岑望舒"])
    assert "action" not in kept
    assert "form_key" not in kept


def test_save_and_continue_goes_to_the_next_step_and_back_to_the_one_before(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    draft = reverse("consult_bridge:draft", args=[key])
    sent = {"form_key": key, "step": "record"}
    assert requester.post(NEW, sent | {"action": "next"}).url == f"{draft}?step=measured"
    assert requester.post(NEW, sent | {"action": "back"}).url == f"{draft}?step=patient"
    assert requester.post(NEW, sent | {"action": "go:check"}).url == f"{draft}?step=check"


def test_an_entry_that_is_none_is_corrected_before_the_next_step_and_stays_typed(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    sent = {"form_key": key, "step": "patient", "action": "next", "birth_date": "gestern", "patient_name": "岑望舒"}
    answer = requester.post(NEW, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_birth_date">Date of birth: Enter a valid date.</a>' in text
    assert "岑望舒" in text
    assert "1 entry to correct" in text


def test_the_check_lists_what_the_service_type_needs_and_links_to_it(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester, service_type="referral_advice")
    fields = request_fields(bridge, form_key=key, service_type="referral_advice", examination="", pulse="80")
    requester.post(NEW, fields | {"action": "save_draft"})
    draft = reverse("consult_bridge:draft", args=[key])
    shown = step_of(requester, key, "check")
    assert f'href="{draft}?step=record#id_examination"' in shown
    assert f'href="{draft}?step=measured#id_pulse"' in shown
    assert "2 things are missing before it can be sent" in shown
    refused = requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"})
    assert refused.status_code == 422
    assert f'<a href="{draft}?step=record#id_examination">' in refused.content.decode()
    assert Consult.unscoped.count() == 0
    assert ConsultDraft.objects.filter(pk=key).exists()


def test_a_draft_opens_on_the_first_step_that_lacks_something(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, present_history="")
    requester.post(NEW, fields | {"action": "save_draft"})
    opened = requester.get(reverse("consult_bridge:draft", args=[key])).content.decode()
    assert re.search(r'value="go:record" aria-current="step"', opened)


def test_the_check_shows_the_request_as_the_expert_will_see_it(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(NEW, request_fields(bridge, form_key=key, pulse="112") | {"action": "save_draft"})
    shown = step_of(requester, key, "check")
    assert "Everything the expert needs is there." in shown
    for words in ("岑望舒", "是否上转？", "2 周前起气促。", "NT-proBNP", "510", "112"):
        assert words in shown
    assert len(re.findall(r'class="x-oor">high<', shown)) == 2
    assert Consult.unscoped.count() == 0


def test_autosave_answers_with_the_step_list_and_leaves_the_other_steps(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    sent = {"form_key": key, "step": "patient", "patient_name": "岑望舒", "sex": "female", "birth_date": "1964-03-05"}
    answer = requester.post(reverse("consult_bridge:autosave"), sent)
    assert answer.status_code == 200
    steps = answer.json()["steps"]
    assert re.search(r'class="is-done is-now">.*?Patient</b><small>Complete', steps, re.S)
    assert "气促" in ConsultDraft.objects.get(pk=key).body


def test_autosave_of_a_request_that_was_sent_changes_nothing(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(NEW, request_fields(bridge, form_key=key) | {"action": "submit"})
    sent = {"form_key": key, "subject": "另一个"}
    late = requester.post(reverse("consult_bridge:autosave"), sent, headers={"accept": "application/json"})
    again = requester.post(NEW, {"form_key": key, "step": "asked", "action": "next", "subject": "另一个"})
    assert (late.status_code, late.json()["title"]) == (409, "This request was sent already. Nothing was changed.")
    assert again.url == reverse("consult_bridge:consult", args=[key])
    assert Consult.unscoped.get(pk=key).subject == "活动后气促"
    assert ConsultDraft.objects.count() == 0


def test_another_person_neither_reads_writes_nor_deletes_a_draft(bridge):
    requester, other = client_of(bridge.requester), client_of(bridge.outsider)
    key = begin(requester)
    before = ConsultDraft.objects.get(pk=key).body
    assert other.get(reverse("consult_bridge:draft", args=[key])).status_code == 404
    assert other.post(NEW, {"form_key": key, "action": "save_draft", "subject": "别人"}).status_code == 404
    assert other.post(reverse("consult_bridge:autosave"), {"form_key": key, "subject": "别人"}).status_code == 404
    assert (
        other.post(reverse("consult_bridge:draft_files"), {"form_key": key, "attachments": page()}).status_code == 404
    )
    other.post(reverse("consult_bridge:delete_draft", args=[key]))
    assert ConsultDraft.objects.get(pk=key).body == before
    assert DraftFile.objects.count() == 0


def test_rows_are_removed_one_by_one_and_the_others_stay(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    rows = {
        "labs-TOTAL_FORMS": "2",
        "labs-INITIAL_FORMS": "0",
        "labs-0-analyte": "白细胞",
        "labs-0-value": "15.2",
        "labs-1-analyte": "血红蛋白",
        "labs-1-value": "102",
    }
    sent = {"form_key": key, "step": "measured", "action": "remove_row:0", **rows}
    shown = requester.post(NEW, sent, follow=True)
    assert hidden(shown, "labs-0-analyte") == "血红蛋白"
    assert "白细胞" not in shown.content.decode()


def test_a_value_outside_its_range_says_so_in_a_word(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, pulse="112", **{"labs-0-value": "0.5", "labs-0-low": "1"})
    requester.post(NEW, fields | {"action": "save_draft", "step": "measured"})
    shown = step_of(requester, key, "measured")
    assert re.findall(r"data-word>(\w+)<", shown) == ["high", "low"]


def test_files_stay_with_the_draft_and_can_be_taken_out(bridge):
    requester = client_of(bridge.requester)
    key = begin(requester)
    answer = requester.post(reverse("consult_bridge:draft_files"), {"form_key": key, "attachments": page("门诊.pdf")})
    (file,) = answer.json()["files"]
    assert (file["title"], file["size"]) == ("门诊.pdf", len(PDF))
    requester.post(NEW, {"form_key": key, "step": "files", "action": "upload", "attachments": page("化验.pdf")})
    shown = step_of(requester, key, "files")
    assert "门诊.pdf" in shown
    assert "化验.pdf" in shown
    _first, second = stored()
    requester.post(NEW, {"form_key": key, "step": "files", "action": f"remove_file:{file['id']}"})
    assert stored() == [second]


def test_a_removed_file_is_gone_from_the_store(bridge, django_capture_on_commit_callbacks):
    requester = client_of(bridge.requester)
    key = begin(requester)
    requester.post(NEW, {"form_key": key, "step": "files", "action": "upload", "attachments": page()})
    (name,) = stored()
    assert identified_storage().exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.discard_draft(actor=bridge.requester, draft_id=UUID(key), now=timezone.now())
    assert not identified_storage().exists(name)
    assert (DraftFile.objects.count(), ConsultDraft.objects.count()) == (0, 0)


def test_kept_pages_become_the_consults_own_and_kept_images_go_to_the_archive(bridge, run_jobs):
    requester = client_of(bridge.requester)
    key = begin(requester)
    files = {"attachments": page("门诊.pdf"), "dicom": dicom_file("QX-1", "kept with the draft")}
    fields = request_fields(bridge, form_key=key, step="files", service_type="joint_diagnosis")
    vitals = {"pulse": "80", "respiration": "18", "systolic": "120", "diastolic": "80"}
    requester.post(NEW, {**fields, **vitals, **files, "action": "upload", "labs-0-analyte": "", "labs-0-value": ""})
    sent = requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"})
    assert sent.url == reverse("consult_bridge:consult", args=[key])
    consult = Consult.unscoped.get(pk=key)
    assert [one.title for one in consult.attachments.all()] == ["门诊.pdf"]
    run_jobs()
    assert DraftFile.objects.count() == 0
    assert ConsultUpload.objects.filter(consult=consult).count() == 1
    assert consult.studies.filter(is_attached=True).count() == 1
    assert send_kept_images(actor=bridge.requester, consult_id=consult.pk, now=timezone.now()) == 0


def test_files_are_kept_all_or_none(bridge):
    key = UUID(begin(client_of(bridge.requester)))
    bad = SimpleUploadedFile("scan.svg", b"<svg onload=alert(1)>")
    with pytest.raises(AttachmentRefused):
        drafts.keep_files(actor=bridge.requester, draft_id=key, kind="page", uploads=[page(), bad], now=timezone.now())
    assert DraftFile.objects.count() == 0


def test_files_need_a_draft_of_ones_own_and_the_right_to_ask(bridge):
    now = timezone.now()
    for actor, error in ((bridge.requester, ConsultNotFound), (bridge.learner, Forbidden)):
        with pytest.raises(error):
            drafts.keep_files(actor=actor, draft_id=uuid7(), kind="page", uploads=[page()], now=now)
    assert DraftFile.objects.count() == 0


def test_the_drafts_view_lists_what_was_asked_and_costs_the_same_for_many(bridge):
    requester = client_of(bridge.requester)
    costs = []
    for wanted in (1, 5):
        while ConsultDraft.objects.count() < wanted:
            begin(requester, patient_name="岑望舒")
        requester.get(reverse("consult_bridge:consults"), {"tab": "drafts"})
        with CaptureQueriesContext(connection) as queries:
            shown = requester.get(reverse("consult_bridge:consults"), {"tab": "drafts"}).content.decode()
        costs.append(len(queries))
        assert shown.count("岑望舒") == wanted
    assert "things are missing" in shown
    assert costs[0] == costs[1]


def test_an_empty_drafts_view_says_what_would_be_here(bridge):
    shown = client_of(bridge.requester).get(reverse("consult_bridge:consults"), {"tab": "drafts"}).content.decode()
    assert "No drafts" in shown
    assert "tab=drafts" not in client_of(bridge.expert).get(reverse("consult_bridge:consults")).content.decode()


def test_what_is_wrong_is_not_counted_as_missing(bridge):
    # given a request that lacks one thing and has one entry that is none
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, examination="", respiration="16.5", action="save_draft")
    requester.post(NEW, fields)
    # when its last step is read, and sent all the same
    shown = step_of(requester, key, "check")
    refused = requester.post(NEW, {"form_key": key, "step": "check", "action": "submit"})
    # then both are counted apart
    headings = re.findall(r"</svg><strong>(.*?)</strong>", shown)
    assert headings == ["1 entry to correct", "1 thing is missing before it can be sent"]
    assert "Respiration is a whole number a minute." in shown
    assert refused.status_code == 422
    heading = re.search(r'id="errors-heading">(.*?)</h2>', refused.content.decode())
    assert heading[1] == "Not sent: 1 thing is missing, 1 entry to correct"
    assert not Consult.unscoped.exists()


@pytest.mark.parametrize(("count", "folds"), [(6, 0), (7, 1)])
def test_many_image_files_are_one_line_that_opens(bridge, count, folds):
    requester = client_of(bridge.requester)
    key = begin(requester, **request_fields(bridge))
    for number in range(count):
        DraftFile.objects.create(
            draft_id=key,
            person_id=bridge.requester.person_id,
            kind="image",
            title=f"{number}.dcm",
            size=512,
            file=f"drafts/{number}",
            added_at=timezone.now(),
        )
    for step in ("files", "check"):
        page_shown = step_of(requester, key, step)
        main = page_shown[page_shown.index('id="request-form"') :]
        assert main.count('<details class="x-fold">') == folds, step
        assert (f"{count} image files" in main) is bool(folds)
        assert main.count(".dcm</b>") == count


def test_the_band_is_spoken_of_only_where_one_is_drawn(bridge):
    # given one value, that makes no trend
    requester = client_of(bridge.requester)
    key = begin(requester)
    fields = request_fields(bridge, form_key=key, action="save_draft")
    requester.post(NEW, fields)
    sentence = "The green band is the reference range."
    assert sentence not in step_of(requester, key, "check")
    # then two of them, with the range
    second = {name.replace("labs-0", "labs-1"): value for name, value in fields.items() if name.startswith("labs-0")}
    requester.post(NEW, fields | second | {"labs-TOTAL_FORMS": "2", "labs-0-taken_on": "2026-01-05"})
    assert sentence in step_of(requester, key, "check")
