"""A report that is corrected after its texts were taken is told to whoever edits the case, until they have looked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casebook.errors import CaseNotFound
from casebook.models import CaseVersion
from casebook.services.correcting import settle_amendment
from consult_bridge import api
from consult_bridge.models import Consult
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.notify.models import Notification
from tests.casebook.conftest import browser
from tests.casebook.test_content import WHOLE
from tests.factories.consults import REPORT, study_of

NOTICE = "The imaging report or the opinion behind this case was corrected."


@pytest.fixture
def reported(house, consult, draft, now, run_jobs) -> dict[str, Any]:
    """A case is written; a report of the consult was signed for the first time after its texts had been taken."""
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now)}
    Consult.unscoped.filter(pk=consult.pk).update(state="drafting")
    later = now + timedelta(hours=1)
    api.save_report(actor=house.bridge.writer, **at, text=REPORT, revision=0, now=later)
    signed(house, at, later)
    Consult.unscoped.filter(pk=consult.pk).update(state="closed")
    run_jobs(later)
    return at


def signed(house, at, now, *, revision: int = 1) -> None:
    api.submit_report(actor=house.bridge.writer, **at, now=now)
    api.sign_report(actor=house.bridge.second, **at, revision=revision, now=now)


def amended(house, at, now, run_jobs) -> None:
    api.amend_report(actor=house.bridge.writer, **at, reason="左右写反。", now=now)
    signed(house, at, now, revision=2)
    run_jobs(now)


def page(house, address, name="editor"):
    answer = browser(house.people[name]).get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_first_report_says_nothing_and_a_corrected_one_stands_on_desk_and_version(
    house, opened, draft, reported, now, run_jobs
):
    # Given a case whose consult had its first report signed
    pages = ("/cases/desk/", f"/cases/versions/{draft.pk}/edit/")
    assert [NOTICE in page(house, address) for address in pages] == [False, False]
    # When the report is corrected
    later = now + timedelta(hours=2)
    amended(house, reported, later, run_jobs)
    # Then the desk and the version say so, a frozen one too, and its editor was told once, without a word of it
    assert [NOTICE in page(house, address) for address in pages] == [True, True]
    CaseVersion.unscoped.filter(pk=draft.pk).update(
        content=WHOLE, content_hash="sha256:1", state="published", frozen_at=now, published_at=now
    )
    assert NOTICE in page(house, f"/cases/versions/{draft.pk}/preview/")
    told = Notification.objects.filter(kind="casebook.report_amended")
    assert list(told.values_list("person_id", "params", "url")) == [(house.editor.person_id, {}, "/cases/desk/")]
    # And when an editor says that they looked, it is gone, and a second click is no error
    client = browser(house.people["editor"])
    for _twice in range(2):
        assert client.post(f"/cases/proposals/{opened.pk}/amendment/").status_code == 302
    assert NOTICE not in page(house, "/cases/desk/")
    actions = AuditEntry.objects.filter(subject_id=str(opened.pk), action__startswith="case.").order_by("at", "id")
    assert list(actions.values_list("action", flat=True))[-2:] == ["case.report_amended", "case.amendment_settled"]


def test_a_corrected_opinion_is_told_as_a_report_is(house, opened, draft, consult, now, run_jobs):
    # Given a case whose consult was closed, when its opinion is corrected
    assert NOTICE not in page(house, "/cases/desk/")
    at = {"consult_id": consult.pk, "now": now + timedelta(hours=2)}
    content = CaseVersion.unscoped.get(pk=draft.pk).content
    api.amend_opinion(actor=house.bridge.expert, **at, reason="左右写反。")
    api.submit_opinion(actor=house.bridge.expert, **at)
    run_jobs(at["now"])
    assert NOTICE not in page(house, "/cases/desk/")
    api.sign_opinion(actor=house.bridge.second, **at, revision=2)
    run_jobs(at["now"])
    # Then its editor is told to look, and the case itself is as it was
    assert NOTICE in page(house, "/cases/desk/")
    told = Notification.objects.filter(kind="casebook.report_amended")
    assert list(told.values_list("person_id", "url")) == [(house.editor.person_id, "/cases/desk/")]
    assert CaseVersion.unscoped.get(pk=draft.pk).content == content


def test_a_proposal_that_nobody_took_up_says_it_too(house, opened, consult, now, run_jobs):
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now)}
    Consult.unscoped.filter(pk=consult.pk).update(state="drafting")
    later = now + timedelta(hours=1)
    api.save_report(actor=house.bridge.writer, **at, text=REPORT, revision=0, now=later)
    signed(house, at, later)
    Consult.unscoped.filter(pk=consult.pk).update(state="closed")
    amended(house, at, later + timedelta(hours=1), run_jobs)
    assert "The imaging report or the opinion behind this proposal was corrected." in page(house, "/cases/desk/")


def test_a_foreign_editor_and_a_reader_settle_nothing(house, opened, reported, now, run_jobs):
    amended(house, reported, now + timedelta(hours=2), run_jobs)
    opened.refresh_from_db()
    since = opened.report_amended_at
    for actor, error in ((house.foreign_editor, CaseNotFound), (house.reader, Forbidden)):
        with pytest.raises(error):
            settle_amendment(actor=actor, proposal_id=opened.pk, now=now)
    opened.refresh_from_db()
    assert (opened.report_amended_at, since is None) == (since, False)
    assert NOTICE not in page(house, "/cases/desk/", "foreign_editor")
