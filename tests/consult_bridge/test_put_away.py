"""Images that were said to show another patient: who said so, where they stand, and how one comes back from it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from consult_bridge.errors import ConsultNotFound
from consult_bridge.identity import likeness
from consult_bridge.models import ArrivedStudy, ConsultStudy, Patient, RefusedStudy, StudyDecision
from consult_bridge.services import studies
from consult_bridge.services.studies import attach_by_hand
from core.audit.models import AuditEntry
from media_pipeline import api as media
from tests.consult_bridge.test_images import OF_ANOTHER, dicom_file, send
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_set_aside import ASIDE, NUMBER, next_file, page_of, text_of
from tests.factories.consults import consult_in
from tests.factories.people import make_actor, make_person

CAME = "Images set aside: their header does not show this patient"
SAME = "Images said to show this patient in spite of their header"
OTHER = "Images said to show another patient: they stay out of this consult"
UNDONE = "Taken back: it is open again whose images these are"
NOTED = "Noted. These images stay out of this consult."
WHO = "林晓禾 said that it is another patient."


@pytest.fixture
def another(bridge, now, run_jobs):
    """A consult to which images of somebody else were sent under its patient's number."""
    consult = consult_in(bridge, "assigned", now)
    send(bridge, consult, dicom_file(NUMBER, **OF_ANOTHER), now, run_jobs)
    return consult


@pytest.fixture
def second(bridge):
    return make_actor(make_person(bridge.hospital, "requester", name="白一诺"))


def press(actor, consult, action, **fields):
    study_id = str(ArrivedStudy.objects.get().pk)
    return client_of(actor).post(page_of(consult, "images"), {"action": action, "study": study_id} | fields)


def word():
    """The last word that it is another patient, as the page of the images carries it along."""
    return str(StudyDecision.objects.filter(said="other_patient").last().pk)


def section(page, heading):
    found = re.search(rf'aria-labelledby="{heading}".*?</section>', page)
    return found[0] if found else ""


def lines(actor, consult):
    """The lines of the history about whose images they are, in order, each with whom it names."""
    history = text_of(client_of(actor).get(page_of(consult) + "?tab=history"))
    found = re.findall(r"<li[^>]*><p>([^<]*)</p>(?:<p class=\"x-meta\">(.*?)</p>)?", history)
    told = [(text, re.sub(r"<[^>]+>", "", meta).split(" ")[-1]) for text, meta in found]
    return [(text, name) for text, name in told if text in {CAME, SAME, OTHER, UNDONE}]


def test_who_put_them_away_stands_on_the_row_under_its_own_heading_and_in_the_history(bridge, another):
    # when
    answer = press(bridge.requester, another, "other_patient")
    # then the page says so, beside the button that undoes it
    page = text_of(client_of(bridge.requester).get(answer["Location"]))
    note = re.search(r'<div class="x-note x-note--ok" role="status">.*?</div>', page)[0]
    assert NOTED in note
    assert 'value="other_patient_undo"' in note
    # then the row stands last, apart from what nobody has looked at
    assert "None waits." in section(page, "arrived")
    assert WHO in section(page, "put-away")
    assert page.index('id="put-away"') > page.index('id="arrived"')
    # then the one who answers reads it too, and no name of the header
    for actor in (bridge.requester, bridge.expert):
        assert [text for text, _who in lines(actor, another)] == [CAME, OTHER]
        assert lines(actor, another)[1] == (OTHER, "林晓禾")
    assert "Doe" not in text_of(client_of(bridge.expert).get(page_of(another) + "?tab=history"))


def test_the_undo_asks_again_and_attaches_nothing(bridge, another, now):
    # given
    press(bridge.requester, another, "other_patient")
    study_id = ArrivedStudy.objects.get().pk
    # when it is pressed twice
    for _click in range(2):
        answer = press(bridge.requester, another, "other_patient_undo")
        assert answer.status_code == 302
    # then it is as before, and both words stay
    assert not RefusedStudy.objects.exists()
    assert (ArrivedStudy.objects.get().consult_id, ArrivedStudy.objects.get().attached_at) == (another.pk, None)
    assert not ConsultStudy.unscoped.exists()
    assert not media.may_view_study(bridge.expert, study_id, now)
    requester = client_of(bridge.requester)
    assert ASIDE in text_of(requester.get(page_of(another)))
    page = text_of(requester.get(answer["Location"]))
    assert section(page, "put-away") == ""
    assert NOTED not in page
    assert lines(bridge.expert, another)[1:] == [(OTHER, "林晓禾"), (UNDONE, "林晓禾")]
    assert AuditEntry.objects.filter(action="study.other_patient_taken_back").count() == 1
    # then it can be put away again, and the history counts each word once
    press(bridge.requester, another, "other_patient")
    assert [text for text, _who in lines(bridge.expert, another)] == [CAME, OTHER, UNDONE, OTHER]


def test_what_was_put_away_is_attached_only_with_a_reason_and_by_a_second_person(bridge, another, now, second):
    # given
    press(bridge.requester, another, "other_patient")
    study_id = ArrivedStudy.objects.get().pk
    # when it is attached without a word
    answer = press(second, another, "attach", read=word())
    # then nothing changed, and the page says what it asks for
    assert answer.status_code == 422
    assert "these images were said to show another one" in text_of(answer)
    assert RefusedStudy.objects.count() == 1
    assert not ConsultStudy.unscoped.exists()
    row = section(text_of(answer), "put-away")
    assert "It is this patient after all" in row
    assert "Say what you know better; a second person confirms it." in row
    # when a reason is given it waits for a second person, and the first cannot be it
    assert f'name="read" value="{word()}"' in answer.content.decode()
    assert press(second, another, "attach", mismatch_reason="曾用名，已核对身份证。", read=word()).status_code == 302
    waiting = ConsultStudy.unscoped.get()
    assert (waiting.is_attached, waiting.attached_by_id) == (False, second.person_id)
    confirm = f"/consults/{another.pk}/images/{waiting.pk}/confirm/"
    assert client_of(second).post(confirm).status_code == 403
    assert not media.may_view_study(bridge.expert, study_id, now)
    # then the row names who said that it is another patient, to whoever confirms
    assert WHO in section(text_of(client_of(bridge.requester).get(page_of(another, "images"))), "aside")
    # then by another one it is, and the history keeps every word
    assert client_of(bridge.requester).post(confirm).status_code == 302
    assert media.may_view_study(bridge.expert, study_id, now)
    assert [text for text, _who in lines(bridge.requester, another)] == [CAME, OTHER]


def test_a_header_that_agrees_now_does_not_undo_what_was_said(bridge, another, now):
    # given images that were put away, and a record that was corrected to their header
    press(bridge.requester, another, "other_patient")
    Patient.objects.filter(pk=another.patient_id).update(name="Doe Jane", birth_date=date(1966, 11, 24), sex="female")
    facts = media.get_study(ArrivedStudy.objects.get().pk)
    assert likeness(Patient.objects.get(pk=another.patient_id), facts).is_same
    # when
    answer = press(bridge.requester, another, "attach")
    # then
    assert answer.status_code == 422
    assert not ConsultStudy.unscoped.exists()
    assert RefusedStudy.objects.count() == 1


def test_the_word_of_the_first_person_stays_when_the_second_says_no(bridge, another, now, second):
    # given
    call = {"actor": second, "consult_id": another.pk, "study_id": ArrivedStudy.objects.get().pk, "now": now}
    attach_by_hand(**call, mismatch_reason="曾用名。")
    # when
    press(bridge.requester, another, "other_patient")
    # then who said what stands in the history, and the reason, which nobody confirmed, does not
    assert {(SAME, "白一诺"), (OTHER, "林晓禾")} <= set(lines(bridge.expert, another))
    assert "曾用名" not in text_of(client_of(bridge.expert).get(page_of(another) + "?tab=history"))
    # then the undo leads back to the question, not to the first word
    press(bridge.requester, another, "other_patient_undo")
    assert not ConsultStudy.unscoped.exists()
    assert ArrivedStudy.objects.get().consult_id == another.pk


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 403), ("expert", 403), ("outsider", 404), ("learner", 403), ("second", 403)],
)
def test_nobody_else_takes_it_back(bridge, another, second, who, status):
    # given
    put_away = press(bridge.requester, another, "other_patient")["Location"]
    actor = second if who == "second" else getattr(bridge, who)
    # then a colleague reads who said it, and has no button that undoes it
    if who == "second":
        page = text_of(client_of(second).get(put_away))
        assert WHO in section(page, "put-away")
        assert "other_patient_undo" not in page
    # when it is sent all the same nothing changed
    assert press(actor, another, "other_patient_undo").status_code == status
    assert RefusedStudy.objects.count() == 1
    assert ArrivedStudy.objects.get().consult is None
    assert not StudyDecision.objects.filter(said="taken_back").exists()


def test_after_the_end_it_is_read_and_no_longer_changed(bridge, another, now):
    # given
    press(bridge.requester, another, "other_patient")
    another.state, another.ended_at = "declined", now
    another.save(update_fields=["state", "ended_at"])
    # then
    row = section(text_of(client_of(bridge.requester).get(page_of(another, "images"))), "put-away")
    assert WHO in row
    assert "It is this patient after all" not in row
    assert press(bridge.requester, another, "other_patient_undo").status_code == 409
    assert RefusedStudy.objects.count() == 1


def test_a_page_older_than_the_word_is_told_of_it_and_keeps_the_reason(bridge, another, second):
    # given a page of the second person from before, and the word of the first
    press(bridge.requester, another, "other_patient")
    # when
    answer = press(second, another, "attach", mismatch_reason="曾用名，已核对身份证。")
    # then nothing changed, and the page says who said it, with what was typed
    assert answer.status_code == 409
    page = text_of(answer)
    assert "林晓禾 said on " in page
    assert "that these images show another patient. They were not attached." in page
    row = section(page, "put-away")
    assert "<details open>" in row
    assert 'value="曾用名，已核对身份证。"' in row
    assert f'name="read" value="{word()}"' in answer.content.decode()
    assert RefusedStudy.objects.count() == 1
    assert not ConsultStudy.unscoped.exists()
    # when it is sent from this page it waits for a second person
    assert press(second, another, "attach", mismatch_reason="曾用名，已核对身份证。", read=word()).status_code == 302
    assert not ConsultStudy.unscoped.get().is_attached


def test_a_word_that_somebody_else_had_taken_back_still_needs_reason_and_second_person(
    bridge, another, now, second, run_jobs
):
    # given a word that another person undid, as it was possible once, and a record corrected to the header
    press(bridge.requester, another, "other_patient")
    study_id = ArrivedStudy.objects.get().pk
    RefusedStudy.objects.all().delete()
    undone = {"said": "taken_back", "person_id": second.person_id, "said_at": now}
    StudyDecision.objects.create(consult=another, study_id=study_id, **undone)
    Patient.objects.filter(pk=another.patient_id).update(name="Doe Jane", birth_date=date(1966, 11, 24), sex="female")
    # when it is attached without a word, and when its next file arrives
    answer = press(second, another, "attach", read=word())
    send(bridge, another, next_file(OF_ANOTHER | {"PatientID": NUMBER}), now, run_jobs)
    # then nothing is attached
    assert answer.status_code == 422
    assert WHO in section(text_of(answer), "put-away")
    assert not ConsultStudy.unscoped.exists()
    assert not media.may_view_study(bridge.expert, study_id, now)
    # when who said it takes it back, the header alone is enough
    assert press(bridge.requester, another, "other_patient_undo").status_code == 302
    assert press(second, another, "attach").status_code == 302
    assert media.may_view_study(bridge.expert, study_id, now)


def test_two_words_are_taken_back_by_two(bridge, another, second):
    # given
    press(bridge.requester, another, "other_patient")
    press(bridge.requester, another, "attach", mismatch_reason="看错了。")
    press(second, another, "other_patient")
    # when one takes it back, and clicks twice, the other word stands
    for _click in range(2):
        assert press(second, another, "other_patient_undo").status_code == 302
    assert RefusedStudy.objects.count() == 1
    assert WHO in section(text_of(client_of(second).get(page_of(another, "images"))), "put-away")
    # when both do it is open again
    assert press(bridge.requester, another, "other_patient_undo").status_code == 302
    assert not RefusedStudy.objects.exists()


def test_who_confirms_what_a_colleague_says_is_another_patients_at_that_moment_reads_that_it_is_gone(
    bridge, another, second, now, monkeypatch
):
    # given images that wait for a second person, and a colleague who is a moment ahead of that person
    study_id = ArrivedStudy.objects.get().pk
    call = {"actor": bridge.requester, "consult_id": another.pk, "study_id": study_id, "now": now}
    row = attach_by_hand(**call, mismatch_reason="曾用名。")
    lock = studies.lock_consult

    def slower(actor, consult_id):
        ConsultStudy.unscoped.filter(pk=row.pk).delete()
        return lock(actor, consult_id)

    monkeypatch.setattr(studies, "lock_consult", slower)
    # when the second person confirms
    with pytest.raises(ConsultNotFound):
        studies.confirm_same_patient(actor=second, attachment_id=row.pk, now=now)
    # then nothing is attached
    assert not ConsultStudy.unscoped.filter(is_attached=True).exists()
