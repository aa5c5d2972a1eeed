"""An expert who left the hospital keeps nothing there; what another role gives stays, and no more than that."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from consult_bridge import api, policies
from consult_bridge.models import Consult, ConsultScope, ConsultStudy, Opinion
from core.actor import Actor, organisation_token, person_token
from core.errors import Forbidden
from core.notify.models import Notification
from directory.models import Person, RoleGrant
from media_pipeline import api as media
from media_pipeline.models import IdentifiedStudy, Share
from tests.consult_bridge.test_images import dicom_file, send
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import TEXT, Bridge, consult_in
from tests.factories.people import grant_role, make_actor, make_person


def now_with(bridge: Bridge, now, *roles: tuple[str, str]) -> Actor:
    """The expert, whose role at the consult centre ended, with these roles at these places of the bridge."""
    person = Person.objects.get(pk=bridge.expert.person_id)
    RoleGrant.objects.filter(person=person).update(ends_at=now - timedelta(days=1))
    for role, place in roles:
        grant_role(person, role, getattr(bridge, place))
    return make_actor(person, now)


def rights_of(actor: Actor, consult: Consult, study_id, now) -> set[str]:
    """What the actor may see and do of the consult, by the rules that every way in asks."""
    consult = Consult.unscoped.get(pk=consult.pk)
    held = {
        "sees": Consult.objects.visible_to(actor).filter(pk=consult.pk).exists(),
        "images": media.may_view_study(actor, study_id, now),
        "qido": IdentifiedStudy.objects.visible_to(actor, now).exists(),
        "writes": policies.may_write(actor, consult),
        "drafts": policies.sees_drafts(actor, consult),
        "asks": policies.may_ask_information(actor, consult),
        "hands back": policies.may_hand_back(actor, consult),
        "talks": policies.takes_part(actor, consult, "consult.message"),
    }
    return {name for name, has in held.items() if has}


EVERYTHING = {"sees", "images", "qido", "writes", "drafts", "asks", "hands back", "talks"}
COORDINATING = {"sees", "asks", "talks"}


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([], set()),
        ([("expert", "sibling")], set()),
        ([("expert", "county")], set()),
        ([("expert", "centre")], EVERYTHING),
        ([("expert", "sibling"), ("expert", "centre")], EVERYTHING),
        ([("expert", "province")], EVERYTHING),
        ([("coordinator", "centre")], COORDINATING),
        ([("coordinator", "centre"), ("expert", "sibling")], COORDINATING),
        ([("requester", "hospital")], {"sees", "images", "qido", "talks"}),
        ([("reporting_doctor", "centre")], EVERYTHING - {"talks"}),
        ([("reporting_doctor", "centre"), ("expert", "sibling")], EVERYTHING - {"talks"}),
    ],
)
def test_the_assigned_expert_has_what_each_of_their_roles_gives(bridge, now, run_jobs, roles, expected):
    consult = consult_in(bridge, "accepted", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    study_id = ConsultStudy.unscoped.get(consult=consult).study_id
    assert rights_of(bridge.expert, consult, study_id, now) == EVERYTHING
    actor = now_with(bridge, now, *roles)
    if ("expert", "county") in roles:  # sees the county's consults as any expert there, answers none of another's
        expected = {"sees", "talks"}
    assert rights_of(actor, consult, study_id, now) == expected


def test_nothing_is_saved_for_an_expert_who_only_coordinates_here_now(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    actor = now_with(bridge, now, ("coordinator", "centre"), ("expert", "sibling"))
    for call in (
        lambda: api.save_opinion(actor=actor, consult_id=consult.pk, text=TEXT, revision=0, now=now),
        lambda: api.hand_back(actor=actor, consult_id=consult.pk, reason="已调离。", now=now),
    ):
        with pytest.raises(Forbidden):
            call()
    assert not Opinion.unscoped.exists()
    assert Consult.unscoped.get(pk=consult.pk).state == "accepted"
    assert reverse("consult_bridge:consult", args=[consult.pk]) not in client_of(actor).get("/home/").content.decode()


def test_whoever_left_is_told_nothing_more(bridge, now):
    consult = consult_in(bridge, "signed", now)
    Notification.objects.all().delete()
    now_with(bridge, now, ("expert", "sibling"))
    api.close_consult(actor=bridge.requester, consult_id=consult.pk, outcome="referred", usefulness=5, now=now)
    assert not Notification.objects.exists()

    other = consult_in(bridge, "submitted", now)
    told = set(Notification.objects.values_list("person_id", flat=True))
    assert (other.state, told) == ("submitted", {bridge.coordinator.person_id})


def test_an_assignment_writes_no_row_for_a_person_without_the_right_it_rests_on(bridge, now, run_jobs):
    consult = consult_in(bridge, "accepted", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    own = person_token(bridge.expert.person_id)
    assert not ConsultScope.objects.filter(token__startswith="p:").exists()
    rights = dict(Share.objects.exclude(purpose="owner").values_list("holder", "permission"))
    assert rights == {organisation_token(bridge.centre.pk): "", own: "imaging.view"}
    assert Share.objects.get(holder=own).path == bridge.centre.path

    Share.objects.filter(holder=own).update(permission="", path="")
    Share.objects.filter(holder=organisation_token(bridge.centre.pk)).delete()
    assert not IdentifiedStudy.objects.visible_to(bridge.expert, now).exists()


def test_handing_back_takes_the_experts_own_share_along(bridge, now, run_jobs):
    consult = consult_in(bridge, "accepted", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    own = Share.objects.filter(holder=person_token(bridge.expert.person_id))
    assert own.count() == 1
    api.hand_back(actor=bridge.expert, consult_id=consult.pk, reason="今日手术。", now=now)
    assert own.count() == 0
    assert Consult.unscoped.get(pk=consult.pk).state == "in_triage"


def test_rows_from_before_name_the_right_and_are_no_participants(bridge, now, run_jobs):
    consult = consult_in(bridge, "accepted", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    own = person_token(bridge.expert.person_id)
    Share.objects.filter(holder=own).update(permission="", path="")
    stranger = make_person(bridge.sibling, "expert")
    shared = Share.objects.get(holder=own)
    shared.pk, shared.holder, shared.purpose = None, person_token(stranger.pk), "another purpose"
    shared.save(force_insert=True)
    ConsultScope.objects.create(consult=consult, participant=own, token=own)
    assert not Consult.objects.visible_to(now_with(bridge, now)).exists()

    editor = SimpleNamespace(connection=connection)
    import_module("consult_bridge.migrations.0020_shares_name_a_right").fill(apps, editor)
    import_module("consult_bridge.migrations.0021_experts_are_no_participants").remove(apps, editor)
    filled = {row.purpose: (row.permission, row.path) for row in Share.objects.filter(holder__startswith="p:")}
    assert filled == {
        f"consult:{consult.pk}": ("imaging.view", bridge.centre.path),
        "another purpose": ("", ""),
    }
    assert ConsultScope.objects.filter(consult=consult).count() == 6

    import_module("consult_bridge.migrations.0021_experts_are_no_participants").restore(apps, editor)
    assert ConsultScope.objects.filter(consult=consult, participant=own, token=own).count() == 1
