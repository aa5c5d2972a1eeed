"""Make `docs/screenshots/`: start a demo, tell the story, photograph every page of the list, then a release that waits.

Run by `bin/screenshots [NAME...]`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402  (models need the app registry)

from config.story.cast import Cast  # noqa: E402
from config.story.play import leave_a_release_waiting  # noqa: E402
from tests.journeys.chromium import launch, unfold, window  # noqa: E402
from tests.journeys.pages import SHOWN, Shown  # noqa: E402
from tests.journeys.running import RunningDemo, start_demo, tell_story  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WAITING = "deid-release"
LATE = (WAITING, "deid")  # shown while a release waits for its readers
VIEWS = ((1280, "zh-hans", "zh"), (360, "en", "en"))


def main(names: list[str]) -> int:
    wanted = [shown for shown in SHOWN if not names or shown.name in names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo = start_demo(Path(folder) / "data", idle_minutes=None)  # sign-in and profile say how long it is
        try:
            tell_story(demo)
            photograph(demo, [shown for shown in wanted if shown.name not in LATE])
            if not names or set(names) & set(LATE):
                release = Shown(WAITING, "deid_officer", leave_a_release_waiting(demo.base_url, timezone.now()))
                late = [release, *(shown for shown in SHOWN if shown.name in LATE)]
                photograph(demo, [shown for shown in late if not names or shown.name in names])
        finally:
            demo.stop()
    return 0


def photograph(demo: RunningDemo, wanted: list[Shown]) -> None:
    """Two pictures of each page: Chinese at 1280 px, English at 360 px."""
    cast = Cast(demo.base_url)
    with launch() as browser:
        for shown in wanted:
            person = cast[shown.person] if shown.person else None
            address = shown.address(cast)
            for width, language, short in VIEWS:
                with window(browser, demo.base_url, width=width, language=language, person=person) as page:
                    page.goto(address, wait_until="networkidle")
                    unfold(page)
                    page.screenshot(path=FOLDER / f"{shown.name}-{short}-{width}.png", full_page=True)
                print(f"{shown.name}-{short}-{width}")
    cast.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
