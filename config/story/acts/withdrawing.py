"""Consent is withdrawn: the case and every image of it are gone, what was earned stays."""

from __future__ import annotations

import re
import time

from config.story.acts.watching import video_is_gone
from config.story.telling import Telling, expect, refuse

SECONDS = 60


def withdraw(telling: Telling) -> None:
    tale, doctor, learner = telling.tale, telling.person(telling.tale.requester), telling.person(telling.tale.learner)
    case = learner.get(telling.known["case"])
    images = [str(node["src"]) for node in case.soup.select("img[src*='/teaching/']")]
    refuse(not images, case, "the case shows no image")
    for image in images:
        refuse(learner.raw(image).status_code != 200, case, f"{image} is not shown before the withdrawal")
    page = doctor.get(f"{telling.known['consult']}consent/")
    form = page.form("consent/withdraw/")
    doctor.submit(page, form, {"withdraw-reason": "患者撤回教学用同意。"} if "withdraw-reason" in form.names else {})
    for address in (telling.known["case"], *images):
        status = learner.raw(address).status_code
        refuse(status != 404, case, f"{address} still answers {status} after the withdrawal")
    video = video_is_gone(telling)
    listed = learner.wait_for("/cases/", lambda page: tale.case_title not in page.text, "the list to drop the case")
    unit = learner.get(f"{telling.known['enrolment']}units/1/")
    refuse(tale.case_summary in unit.text or tale.caption in unit.response.text, unit, "the unit still shows the case")
    refuse(tale.case_title in listed.text, listed, "the case is still listed")
    _search_forgets(telling)
    kept = learner.get("/credits/")
    expect(kept, tale.course_title)
    expect(telling.cast.anonymous().get(telling.known["verify"]), "有效")
    telling.say(
        "withdrawal",
        case="gone",
        images=f"{len(images)} gone",
        video=f"{video} gone",
        credits="kept",
        certificate="valid",
    )


def _search_forgets(telling: Telling) -> None:
    learner, words = telling.person(telling.tale.learner), telling.tale.case_title
    deadline = time.monotonic() + SECONDS
    while True:
        page = learner.get(f"/search/?q={words}")
        if not re.search(r"/cases/[0-9a-f-]{36}/", page.response.text):
            return
        refuse(time.monotonic() > deadline, page, "search still finds the case")
        time.sleep(0.5)
