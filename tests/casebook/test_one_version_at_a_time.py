"""No version begins beside one that is in review or approved, and an older one never replaces a newer one."""

from __future__ import annotations

import pytest
from django.utils import translation

from casebook import api as casebook
from casebook import policies
from casebook.desk import DeskFilters, as_rows, desk_versions
from casebook.errors import NewerPublished, VersionInReview
from casebook.models import CaseVersion
from casebook.services.curating import start_new_version
from core.audit.models import AuditEntry


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def two(draft, now):
    """The case's first version, published, and a second."""
    draft.state, draft.published_at = "published", now
    draft.save()
    return draft, CaseVersion.unscoped.create(
        case=draft.case, number=2, release_id=draft.release_id, content=draft.content, updated_at=now
    )


def offers(house) -> dict[int, tuple[bool, bool]]:
    """Of each version on the desk: whether a new one, and whether its publication is offered."""
    rows = as_rows(house.editor, desk_versions(house.editor, DeskFilters()))
    return {row.number: (row.may_revise, row.may_publish) for row in rows}


@pytest.mark.parametrize("is_approved", [False, True])
def test_nothing_begins_beside_a_version_in_review(house, two, now, is_approved):
    # Given the second version in review, or approved
    published, second = two
    second.state, second.approved_at = "in_review", now if is_approved else None
    second.save()
    # When a third is begun, then a sentence names the second, and nothing was made or written down
    with pytest.raises(VersionInReview) as refused:
        start_new_version(actor=house.editor, case_id=published.case_id, now=now)
    assert refused.value.sentence().startswith("本病例第 2 版正在评审")
    assert published.case.versions.count() == 2
    assert not AuditEntry.objects.filter(action="case.version_started").exists()
    # And neither desk nor policy offers it
    assert [may_revise for may_revise, _may_publish in offers(house).values()] == [False, False]
    assert not policies.may_revise(house.editor, published.case)
    assert not policies.revisable_by(house.editor).exists()


def test_a_draft_beside_the_published_one_is_gone_on_with(house, two, now):
    published, second = two
    assert start_new_version(actor=house.editor, case_id=published.case_id, now=now) == second.pk
    assert offers(house)[1] == (True, False)


def test_an_older_version_is_not_published_over_a_newer_one(house, two, now):
    # Given the second version published, and the first approved, as they could be before
    first, second = two
    CaseVersion.unscoped.filter(pk=first.pk).update(state="in_review", approved_at=now, published_at=None)
    CaseVersion.unscoped.filter(pk=second.pk).update(state="published", published_at=now)
    # When the first is published, then it is refused with a sentence, and the second stays in force
    assert offers(house)[1][1] is False
    with pytest.raises(NewerPublished) as refused:
        casebook.publish_version(actor=house.editor, version_id=first.pk, now=now)
    assert refused.value.sentence().startswith("本病例已发布第 2 版，比这一版新")
    states = dict(CaseVersion.unscoped.filter(case=first.case).values_list("number", "state"))
    assert states == {1: "in_review", 2: "published"}
    assert not AuditEntry.objects.filter(action="case.published").exists()
