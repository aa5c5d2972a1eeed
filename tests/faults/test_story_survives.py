"""The story goes on while its services are killed, and every step of it is done once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

from django.utils import timezone

from config.setup.testing.stages import comparable
from config.story.play import play
from tests.faults.processes import BACK_AFTER, service_of, there, wait_until
from tests.journeys.running import ROOT, RunningDemo

#: After which line of which tale what is killed: most of these lines leave a job or an event behind that somebody else
#: must finish, and the story goes on at once.
KILLED = {
    ("request", "breathless"): ("worker",),  # reading the images
    ("images", "breathless"): ("web",),
    ("opinion", "breathless"): ("broker", "worker"),  # the signature's document is made next
    ("consent", "breathless"): ("worker",),  # de-identifying 120 frames
    ("deid", "breathless"): ("broker",),  # the opened release reaches the editor
    ("case_review", "breathless"): ("web", "worker"),  # the decision reaches the editor
    ("questions", "breathless"): ("worker",),  # a video is made next
    ("review", "breathless"): ("broker", "web"),  # the decision reaches the author
    ("publish", "breathless"): ("worker",),  # the edition reaches learners and search
    ("attempt", "breathless"): ("worker", "broker"),  # the credit
    ("credit", "breathless"): ("worker", "web"),  # the certificate's document
    ("request", "headache"): ("broker", "web"),
    ("consent", "headache"): ("worker", "beat"),
    ("questions", "headache"): ("broker",),
    ("publish", "headache"): ("web", "broker"),
    ("attempt", "headache"): ("beat", "worker"),
    ("certificate", "headache"): ("worker", "broker", "web"),  # the withdrawal
}

#: Rows that the two tales leave behind.
ROWS = {
    "consult_bridge_consult": 2,
    "consult_bridge_opinion": 2,
    "consult_bridge_opiniondocument": 2,
    "consult_bridge_feedback": 2,
    "consult_bridge_teachingconsent": 2,
    "media_pipeline_identifiedstudy": 2,
    "media_pipeline_identifiedinstance": 41,
    "media_pipeline_teachingrelease": 2,
    "media_pipeline_video": 1,  # the withdrawn one is removed with its release
    "casebook_proposal": 2,
    "casebook_teachingcase": 2,
    "casebook_caseversion": 2,
    "assessment_question": 9,
    "cms_course": 2,
    "cms_courseedition": 2,
    "peer_review_reviewround": 6,
    "peer_review_reviewreport": 12,
    "peer_review_decision": 6,
    "lms_enrolment": 2,
    "lms_attempt": 3,
    "lms_completion": 2,
    "credits_creditentry": 2,
    "credits_certificate": 2,
    "credits_certificatedocument": 2,
}

UNFINISHED = {
    "jobs": "SELECT count(*) FROM core_job WHERE state <> 'succeeded'",
    "events": "SELECT count(*) FROM core_outboxevent WHERE delivered_at IS NULL",
    "audit": "SELECT count(*) FROM core_auditentry WHERE sealed_in IS NULL",
}


def test_every_step_is_done_once_whatever_is_killed(start: Callable[[], RunningDemo], story: str) -> None:
    # given the lines of an undisturbed story, and a demo of its own
    demo = start()
    before = counted(demo)
    lines: list[str] = []

    def write(line: str) -> None:
        lines.append(line)
        step, _, rest = line.partition(" ")
        for name in KILLED.get((step, rest.split()[0]), ()):
            kill(demo, name)

    # when the story is told while its services are killed
    play(demo.base_url, None, timezone.localtime(), write)
    # then it says the same
    assert comparable("\n".join(lines)) == comparable(story)
    # and everything is there once, nothing waits or has failed
    wait_until(lambda: set(unfinished(demo).values()) == {0}, BACK_AFTER)
    after = counted(demo)
    assert {table: after[table] - before[table] for table in ROWS} == ROWS
    # and the audit trail holds
    verified = verify_audit(demo)
    assert (verified.returncode, verified.stdout.rpartition(",")[2].strip()) == (0, "0 faults")


def kill(demo: RunningDemo, name: str) -> None:
    """Kill a service as soon as it is there: it may still be on its way back from the time before."""
    os.kill(there(lambda: service_of(demo, f"{name}.log")), signal.SIGKILL)


def counted(demo: RunningDemo) -> dict[str, int]:
    return {table: _number(demo, f"SELECT count(*) FROM {table}") for table in ROWS}  # noqa: S608 (our own names)


def unfinished(demo: RunningDemo) -> dict[str, int]:
    return {name: _number(demo, question) for name, question in UNFINISHED.items()}


def _number(demo: RunningDemo, question: str) -> int:
    with closing(sqlite3.connect(f"file:{demo.data / 'db.sqlite3'}?mode=ro", uri=True)) as database:
        return int(database.execute(question).fetchone()[0])


def verify_audit(demo: RunningDemo) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "verify_audit"],
        env={**os.environ, "XINGLIN_DATA": str(demo.data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
