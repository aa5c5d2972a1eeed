"""What a reviewer reads whose verdict is refused."""

from __future__ import annotations

from bs4 import BeautifulSoup
from django.test import Client

from peer_review.models import Assignment, ReviewReport
from tests.factories.signing_in import sign_in


def test_a_refused_verdict_names_on_top_what_is_missing_and_leads_there(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    mine = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    browser = sign_in(Client(), house.people.reviewer)
    browser.cookies["xinglin_language"] = "en"
    # when a reviewer sends the course back with one low score, no reason, no summary, and all else unscored
    answer = browser.post(f"/reviews/{mine.pk}/report/", {"verdict": "changes", "score_accuracy": "1"})
    # then a summary that takes the focus links to each place, in the order of the page
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    box = page.select_one("main .x-errors[role=alert][tabindex='-1']")
    links = {link["href"]: link.get_text() for link in box.select("a")}
    assert list(links) == [
        "#reason_accuracy",
        "#score_fit",
        "#score_design",
        "#score_cases",
        "#score_wording",
        "#summary",
    ]
    assert links["#summary"] == "Say what has to change."
    assert links["#score_fit"].endswith(": Not scored yet.")
    assert [len(page.select(anchor)) for anchor in links] == [1] * 6
    # and nothing was handed in
    mine.refresh_from_db()
    assert mine.state == "assigned"
    assert not ReviewReport.objects.filter(submitted_at__isnull=False).exists()
