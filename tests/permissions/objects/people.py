"""A hospital of county A, somebody who works there, a machine key, a grant, a notice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.actor import SYSTEM
from core.ids import uuid7
from core.jobs.models import Job
from core.notify.models import Notification
from directory.models import Department, Membership
from directory.services.tokens import create_token
from tests.factories.people import grant_role, make_organisation, make_person
from tests.permissions.objects.house import House, Target


def targets(house: House) -> dict[str, Target]:
    hospital = house.bridge.hospital
    system, security = make_person(hospital, "system_admin"), make_person(hospital, "security_admin")
    worker = make_person(hospital, "author")
    grant = worker.grants.get()
    token, _secret = create_token(actor=SYSTEM, person=worker, scopes=["dicomweb"], label="影像", now=house.now)
    notice = Notification.objects.create(person=worker, kind="consult.message", url="/home/", created_at=house.now)
    grant_role(worker, "manager", hospital)
    details = {"name": "王小川", "is_active": "on"}
    whole = {"name": "青溪县医院", "is_active": "on"}
    new = {"form_key": uuid7(), "name": "柳湾卫生室", "code": "T-NEW", "kind": "hospital"}
    invitation = {"form_key": uuid7(), "name": "程一诺", "title": "医师", "email": "new@example.org"}
    role = {"role": "reviewer", "organisation_code": hospital.code}
    key = {"form_key": uuid7(), "label": "CT 1", "scopes": ["dicomweb"], "organisation_code": hospital.code}
    key["last_day"] = (timezone.localdate() + timedelta(days=30)).isoformat()
    department = Department.objects.create(organisation=hospital, specialty="neurology", name="神经内科")
    empty = Department.objects.create(organisation=hospital, specialty="nursing", name="护理部")
    ward = {"form_key": uuid7(), "specialty": "cardiology", "name": "心血管内科"}
    one = {"person_id": worker.pk}
    colleague = {"person_id": make_person(hospital).pk}
    second = make_person(hospital)
    own, other = (
        second.memberships.get(),
        Membership.objects.create(person=second, organisation=make_organisation(hospital), is_primary=False),
    )
    two = {"person_id": second.pk}
    given_up = Job.objects.create(
        name="media_pipeline.ingest", state="dead", organisation_path=hospital.path, error_code="unavailable",
        run_after=house.now, created_at=house.now, finished_at=house.now,
    )  # fmt: skip
    return {
        "operations_again": Target(system, {"job_id": given_up.pk}),
        "directory:organisation": Target(system, {"organisation_id": hospital.pk}, whole),
        "directory:organisation_new": Target(system, {"parent_id": hospital.pk}, new),
        "directory:invite": Target(system, {"organisation_id": hospital.pk}, invitation),
        "directory:doctors": Target(system, {"organisation_id": hospital.pk}, {"year": 2025, "number": 300}),
        "directory:department_new": Target(system, {"organisation_id": hospital.pk}, ward),
        "directory:department": Target(system, {"department_id": department.pk}, {"name": "神经科"}),
        "directory:department_close": Target(system, {"department_id": empty.pk}),
        "directory:membership_add": Target(system, colleague, {"organisation_code": hospital.code, "title": "医师"}),
        "directory:membership_end": Target(system, {**two, "membership_id": other.pk}),
        "directory:membership_main": Target(system, {**two, "membership_id": own.pk}),
        "directory:token_add": Target(security, colleague, key),
        "directory:person": Target(system, one),
        "directory:person_change": Target(system, one, details),
        "directory:grant_add": Target(security, one, role),
        "directory:grant_end": Target(security, {**one, "grant_id": grant.pk}),
        "directory:sessions_end": Target(security, one),
        "directory:factor_reset": Target(security, one, {"is_sure": "yes"}),
        "directory:token_revoke": Target(security, {**one, "token_id": token.pk}),
        "directory:revoke_my_token": Target(worker, {"token_id": token.pk}),
        "ui:open_notification": Target(worker, {"notification_id": notice.pk}),
    }
