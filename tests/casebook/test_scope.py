"""Every way in to proposals, cases and versions: the own desk, the desk above, a sibling county's, and nobody's."""

from __future__ import annotations

import pytest
from django.test import Client

from casebook import policies
from casebook.models import CaseVersion, Proposal, TeachingCase
from tests.casebook.conftest import browser, version_of

INSIDE, ABOVE, FOREIGN = "editor", "province_editor", "foreign_editor"


@pytest.fixture
def published(house, draft, now):
    """The draft as it stands, published."""
    CaseVersion.unscoped.filter(pk=draft.pk).update(
        state="published",
        published_at=now,
        approved_at=now,
        content={**draft.content, "title": "一个切面", "age_band": "60-69"},
    )
    return version_of(draft.pk)


def test_lists_start_from_what_the_actor_may_see(house, draft):
    for name, expected in ((INSIDE, 1), ("colleague", 1), (ABOVE, 1), (FOREIGN, 0), ("reader", 0)):
        actor = getattr(house, name)
        assert TeachingCase.objects.visible_to(actor).count() == expected, name
        assert Proposal.objects.visible_to(actor).count() == expected, name
        assert CaseVersion.objects.visible_to(actor).count() == expected, name
    assert TeachingCase.objects.count() == 0


def test_each_rule_answers_a_row_and_a_list_alike(house, opened, draft, now):
    for name in (INSIDE, ABOVE, FOREIGN, "reader"):
        actor, is_inside = getattr(house, name), name in {INSIDE, ABOVE}
        opened.refresh_from_db()
        case = draft.case
        assert policies.may_edit(actor, draft) is is_inside
        assert policies.editable_by(actor).filter(pk=draft.pk).exists() is is_inside
        assert policies.may_revise(actor, case) is is_inside
        assert policies.revisable_by(actor).filter(pk=case.pk).exists() is is_inside
        assert policies.may_decide(actor, opened) is policies.decidable_by(actor).filter(pk=opened.pk).exists() is False
        for may, able in (
            (policies.may_publish, policies.publishable_by),
            (policies.may_retire, policies.retirable_by),
            (policies.may_read, policies.readable_by),
        ):
            assert may(actor, draft) is able(actor).filter(pk=draft.pk).exists() is False


def test_publish_and_retire_follow_the_desk_and_reading_follows_the_sign_in(house, published):
    for name in (INSIDE, ABOVE, FOREIGN, "reader"):
        actor, is_inside = getattr(house, name), name in {INSIDE, ABOVE}
        assert policies.may_retire(actor, published) is is_inside
        assert policies.retirable_by(actor).filter(pk=published.pk).exists() is is_inside
        assert policies.may_read(actor, published) is True


@pytest.mark.parametrize("who", [FOREIGN, "learner", "visitor"])
def test_every_way_in_to_a_proposal_is_closed_to_others(house, opened, who):
    client, refusal = _client(house, who)
    for verb, data in (("accept", {"specialty": "cardiology"}), ("reject", {"reason": "不合适。"})):
        answer = client.post(f"/cases/proposals/{opened.pk}/{verb}/", data)
        assert answer.status_code == refusal, verb
    opened.refresh_from_db()
    assert (opened.state, TeachingCase.unscoped.count()) == ("releasing", 0)


@pytest.mark.parametrize("who", [FOREIGN, "learner", "visitor"])
def test_every_way_in_to_a_draft_is_closed_to_others(house, draft, who):
    client, refusal = _client(house, who)
    before = version_of(draft.pk)
    for method, path in _ways(draft):
        assert getattr(client, method)(path).status_code == refusal, path
    after = version_of(draft.pk)
    assert (after.state, after.content, after.revision) == (before.state, before.content, before.revision)
    assert CaseVersion.unscoped.count() == 1


def test_the_desk_above_takes_up_a_draft_and_then_counts_as_its_author(house, draft):
    answer = browser(house.people[ABOVE]).get(f"/cases/versions/{draft.pk}/edit/")
    assert answer.status_code == 200


def test_a_foreign_desk_shows_nothing(house, opened, draft):
    text = browser(house.people[FOREIGN]).get("/cases/desk/").content.decode()
    assert draft.case.code not in text
    assert str(opened.pk) not in text


def test_a_published_case_is_read_by_whoever_is_signed_in(house, published):
    address = f"/cases/{published.case_id}/"
    for name in ("reader", INSIDE, FOREIGN):
        assert browser(house.people[name]).get(address).status_code == 200
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"].startswith("/accounts/login/")) == (302, True)


def test_a_draft_is_no_case_for_a_reader(house, draft):
    client = browser(house.people["reader"])
    assert client.get(f"/cases/{draft.case_id}/").status_code == 404
    assert draft.case.code not in client.get("/cases/").content.decode()


def test_a_closed_release_closes_list_page_and_desk_at_once(house, published, now):
    from media_pipeline import api as media

    # Given a published case
    reader, editor = browser(house.people["reader"]), browser(house.people[INSIDE])
    assert "一个切面" in reader.get("/cases/").content.decode()
    # When its release is closed, and no event has been delivered yet
    media.close_release(release_id=published.release_id, reason="consent_withdrawn", now=now)
    # Then it is gone everywhere
    assert "一个切面" not in reader.get("/cases/").content.decode()
    assert reader.get(f"/cases/{published.case_id}/").status_code == 404
    assert "一个切面" not in editor.get("/cases/desk/").content.decode()
    assert editor.get(f"/cases/versions/{published.pk}/edit/").status_code == 404
    assert reader.get(f"/cases/{published.case_id}/print/").status_code == 404


def _client(house, who):
    """A client, and the status it must get: a role without the desk 403, another desk 404, a visitor the sign-in."""
    if who == "visitor":
        return Client(), 302
    person = house.people["reader" if who == "learner" else who]
    return browser(person), 403 if who == "learner" else 404


def _ways(draft):
    version, case = f"/cases/versions/{draft.pk}/", f"/cases/{draft.case_id}/"
    return (
        ("get", f"{version}edit/"),
        ("post", f"{version}edit/"),
        ("post", f"{version}review/"),
        ("post", f"{version}publish/"),
        ("post", f"{version}retire/"),
        ("post", f"{case}new-version/"),
    )
