"""A demo that is stopped in order leaves a trail without a gap, whatever became of beat meanwhile."""

from __future__ import annotations

import signal
from collections.abc import Callable

from config.story.cast import Cast
from tests.faults.processes import service_of, stopped, there
from tests.faults.test_story_survives import unfinished, verify_audit
from tests.journeys.running import RunningDemo


def test_what_was_recorded_last_is_sealed_when_the_demo_ends(start: Callable[[], RunningDemo]) -> None:
    # given a demo whose beat stands still, so that nothing is sealed while somebody acts
    demo = start()
    cast = Cast(demo.base_url)
    with stopped(there(lambda: service_of(demo, "beat.log"))):
        cast["learner"].client.get("/supervision/")  # refused, which is an entry
        assert unfinished(demo)["audit"] > 0
        # when it is stopped in order
        demo.process.send_signal(signal.SIGTERM)
        assert demo.process.wait(60) == 0
    # then everything is sealed
    assert unfinished(demo)["audit"] == 0
    verified = verify_audit(demo)
    assert (verified.returncode, verified.stdout.rpartition(",")[2].strip()) == (0, "0 faults")


def test_an_end_that_cannot_seal_says_so_and_the_next_start_makes_it_up(start: Callable[[], RunningDemo]) -> None:
    # given entries that wait, and a key folder that is away
    demo = start()
    keys, away = demo.data / "keys", demo.data / "keys-away"
    with stopped(there(lambda: service_of(demo, "beat.log"))):
        Cast(demo.base_url)["learner"].client.get("/supervision/")
        keys.rename(away)
        # when
        demo.process.send_signal(signal.SIGTERM)
        assert demo.process.wait(60) == 0
    # then one sentence says what waits
    waiting = unfinished(demo)["audit"]
    assert waiting > 0
    assert demo.log.read_text().splitlines()[-1] == (
        f"The audit trail's last entries wait for the next start's seal (see {demo.data / 'logs'}/sealer.log)"
    )
    # and the next demo seals them
    away.rename(keys)
    start().stop()
    assert unfinished(demo)["audit"] == 0
