"""A page is in the identified store exactly when a row says whose it is; the same click twice is done once."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api, files
from consult_bridge.models import Consult, Feedback, Opinion, RecordAttachment, TeachingConsent
from consult_bridge.models.record import identified_storage
from consult_bridge.services import consent, submitting
from core.errors import Forbidden
from core.ids import uuid7
from core.states import WrongState
from directory.models import Person
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in, make_request, report_in, signed_form
from tests.factories.pages import paper
from tests.factories.signing_in import sign_in


def stored(folder: str) -> int:
    return len(identified_storage().listdir(folder)[1]) if identified_storage().exists(folder) else 0


def give(bridge, consult, now, who="requester"):
    return api.record_consent(
        actor=getattr(bridge, who),
        consult_id=consult.pk,
        given_by="patient",
        signed_on=now.date(),
        form=signed_form(),
        now=now,
    )


def test_a_consent_that_is_refused_leaves_no_form_behind(bridge, now):
    consult = consult_in(bridge, "closed", now)
    with pytest.raises(Forbidden):
        give(bridge, consult, now, who="expert")
    assert stored("consents") == 0
    given = give(bridge, consult, now)
    assert give(bridge, consult, now) == given
    assert (stored("consents"), TeachingConsent.unscoped.count()) == (1, 1)


def test_a_form_goes_with_the_transaction_that_failed(bridge, now, monkeypatch):
    consult = consult_in(bridge, "closed", now)

    def full(*_arguments, **_options):
        raise OSError("disk full")

    monkeypatch.setattr(consent.outbox, "publish", full)
    with pytest.raises(OSError, match="disk full"):
        give(bridge, consult, now)
    assert (stored("consents"), TeachingConsent.unscoped.count()) == (0, 0)


def test_a_form_whose_row_was_committed_stays_when_the_answer_is_lost(bridge, now, monkeypatch):
    # given a connection that breaks after the row was committed, before that was said
    consult = consult_in(bridge, "closed", now)
    atomic = consent.transaction.atomic

    @contextmanager
    def answer_lost():
        with atomic():
            yield
        if TeachingConsent.unscoped.exists():
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(consent, "transaction", SimpleNamespace(atomic=answer_lost))

    # when the consent is given
    with pytest.raises(OperationalError, match="unexpectedly"):
        give(bridge, consult, now)

    # then the row's form is there to be read
    assert identified_storage().exists(TeachingConsent.unscoped.get().form.name)
    assert stored("consents") == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_stays_when_something_fails_after_its_commit(bridge, now, monkeypatch):
    consult = consult_in(bridge, "closed", now)

    def fails():
        raise OSError("broker away")

    monkeypatch.setattr(consent.outbox, "publish", lambda *_event, **_when: consent.transaction.on_commit(fails))
    with pytest.raises(OSError, match="broker away"):
        give(bridge, consult, now)
    assert (stored("consents"), TeachingConsent.unscoped.count()) == (1, 1)


def test_a_form_is_kept_and_logged_when_the_database_cannot_be_asked(bridge, now, monkeypatch, caplog):
    consult = consult_in(bridge, "closed", now)
    asked = []

    def unreachable(execute, sql, *rest):
        if sql.startswith("SELECT"):
            asked.append(sql)
            raise OperationalError("no connection")
        return execute(sql, *rest)

    with ExitStack() as outage:

        def breaks(*_arguments, **_options):
            outage.enter_context(connection.execute_wrapper(unreachable))
            raise OSError("network gone")

        monkeypatch.setattr(consent.outbox, "publish", breaks)
        with pytest.raises(OSError, match="network gone"):
            give(bridge, consult, now)
    [name] = identified_storage().listdir("consents")[1]
    assert len(asked) == 1
    assert f"consents/{name}" in caplog.text
    assert TeachingConsent.unscoped.count() == 0


def test_of_several_pages_none_stays_when_one_cannot_be_stored(monkeypatch):
    store = files.store_page

    def second_fails(upload, *, folder):
        if upload.name == "two.pdf":
            raise OSError("disk full")
        return store(upload, folder=folder)

    monkeypatch.setattr(files, "store_page", second_fails)
    pages = [signed_form(), SimpleUploadedFile("two.pdf", paper("two"))]
    with pytest.raises(OSError, match="disk full"):
        files.store_pages(pages, folder="records")
    assert stored("records") == 0


def test_information_is_supplied_once_and_its_pages_with_it(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="请补心电图。", now=now)
    supplied = {"consult_id": consult.pk, "text": "已补。", "now": now + timedelta(minutes=1)}
    with pytest.raises(Forbidden):
        api.supply_information(actor=bridge.expert, files=[signed_form()], **supplied)
    assert stored("records") == 0

    for _click in range(2):
        api.supply_information(actor=bridge.requester, files=[signed_form()], **supplied)

    assert (stored("records"), RecordAttachment.unscoped.count()) == (1, 1)
    with pytest.raises(WrongState):
        api.supply_information(actor=bridge.requester, files=[signed_form()], **supplied | {"text": "另一段。"})
    assert (stored("records"), consult.steps.filter(verb="resume_assigned").count()) == (1, 1)


def test_the_same_words_with_another_page_are_not_swallowed(bridge, now):
    # given an answer with one page
    consult = consult_in(bridge, "assigned", now)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="请补心电图。", now=now)
    supplied = {"actor": bridge.requester, "consult_id": consult.pk, "text": "见附件。", "now": now}
    api.supply_information(files=[signed_form()], **supplied)
    # when the same words come with another page, alone or beside the first
    other = SimpleUploadedFile("ecg.pdf", paper("another page"))
    for files_sent in ([other], [signed_form(), other]):
        with pytest.raises(WrongState):
            api.supply_information(files=files_sent, **supplied)
    # then it is said, and nothing was kept of it
    assert (stored("records"), RecordAttachment.unscoped.count()) == (1, 1)
    # and without any page it is a second click
    api.supply_information(**supplied)
    assert consult.steps.filter(verb="resume_assigned").count() == 1


def test_an_answer_that_came_too_late_stays_typed_and_says_why(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "assigned", now)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="请补心电图。", now=now)
    client, url = client_of(bridge.requester), f"/consults/{consult.pk}/supply/"
    assert client.post(url, {"text": "见附件。", "attachments": signed_form()}).status_code == 302
    other = SimpleUploadedFile("ecg.pdf", paper("another page"))
    answer = client.post(url, {"text": "见附件。", "attachments": other})
    shown = answer.content.decode()
    assert answer.status_code == 409
    for words in ("见附件。", "does not wait for an answer any more", "Write it in the discussion"):
        assert words in shown, words
    assert RecordAttachment.unscoped.count() == 1


def test_the_slower_of_two_clicks_keeps_no_page(bridge, now, monkeypatch):
    consult = consult_in(bridge, "assigned", now)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="请补心电图。", now=now)
    supplied = {"actor": bridge.requester, "consult_id": consult.pk, "text": "已补。", "now": now}
    store = submitting.store_pages

    def other_is_faster(pages, *, folder):
        kept = store(pages, folder=folder)
        monkeypatch.setattr(submitting, "store_pages", store)
        api.supply_information(files=[signed_form()], **supplied)
        return kept

    monkeypatch.setattr(submitting, "store_pages", other_is_faster)
    api.supply_information(files=[signed_form()], **supplied)

    assert (stored("records"), RecordAttachment.unscoped.count()) == (1, 1)


def test_a_request_that_was_sent_meanwhile_keeps_no_second_page(bridge, now, monkeypatch):
    key, store = uuid7(), submitting.store_pages
    request = make_request(bridge, attachments=[signed_form()])
    asked = {"actor": bridge.requester, "consult_id": key, "request": request, "now": now}

    def other_is_faster(pages, *, folder):
        kept = store(pages, folder=folder)
        monkeypatch.setattr(submitting, "store_pages", store)
        api.submit_consult(**asked)
        return kept

    monkeypatch.setattr(submitting, "store_pages", other_is_faster)
    assert api.submit_consult(**asked) == key

    assert (stored("records"), RecordAttachment.unscoped.count(), Consult.unscoped.count()) == (1, 1, 1)


def test_a_second_click_on_closing_shows_the_closed_consult(bridge, now):
    consult = consult_in(bridge, "signed", now)
    client = sign_in(Client(), Person.objects.get(pk=bridge.requester.person_id))
    feedback = {"outcome": "referred", "usefulness": "5", "comment": "已上转。"}
    for _click in range(2):
        answer = client.post(reverse("consult_bridge:close", args=[consult.pk]), feedback)
        assert (answer.status_code, answer.url) == (302, reverse("consult_bridge:consult", args=[consult.pk]))
    assert Feedback.objects.count() == 1
    other = client.post(reverse("consult_bridge:close", args=[consult.pk]), feedback | {"usefulness": "1"})
    assert other.status_code == 409
    assert Feedback.objects.get().usefulness == 5


@pytest.mark.parametrize("revision", ["9" * 25, "²", "-1", ""])
def test_a_revision_that_no_column_holds_is_refused_by_the_form(bridge, now, revision):
    report = report_in(bridge, "drafting", now)
    client = sign_in(Client(), Person.objects.get(pk=bridge.writer.person_id))
    where = [report.consult_id, report.study_id]
    typed = {"findings": "所见。", "revision": revision}
    assert client.post(reverse("consult_bridge:report_autosave", args=where), typed).status_code == 422
    assert client.post(reverse("consult_bridge:opinion_autosave", args=where[:1]), typed).status_code == 422
    assert client.post(reverse("consult_bridge:opinion", args=where[:1]), typed).status_code == 422
    assert not Opinion.unscoped.exists()
