"""Which URL names are pages for a person to look at; the others say why they are not."""

from __future__ import annotations

from tests.journeys.pages import Shown
from tests.permissions.ways import listed

NOT_PAGES = {
    "healthz": "a word for a load balancer",
    "media_pipeline:viewer_fragment": "a part of the consult's page",
    "media_pipeline:frame": "an image",
    "media_pipeline:teaching_fragment": "a part of a case's page",
    "media_pipeline:teaching_frame": "an image",
    "media_pipeline:deid_frame": "an image",
    "media_pipeline:deid_strip": "an image",
    "media_pipeline:deid_alike": "stands only while several recordings of one machine wait (test_alike_places.py)",
    "media_pipeline:video_key": "a key",
    "media_pipeline:video_poster": "an image",
    "media_pipeline:video_file": "a playlist or a segment",
    "consult_bridge:opinion_document": "a PDF",
    "consult_bridge:opinion_version": "a PDF",
    "consult_bridge:report_document": "a PDF",
    "consult_bridge:critical_value": "stands only while a critical value waits",
    "casebook:take_back": "stands only while a case is in review; the same part of a page as cms:withdraw",
    "consult_bridge:attachment": "a scanned page",
    "consult_bridge:consent_form": "a scanned page",
    "lms:enrol": "sends a visitor to sign in and back",
    "lms:enrol_fragment": "a part of a course's landing page",
    "cms:cover": "the picture of a course's landing page",
    "cms:picture": "an image",
    "question_chooser:choose": "a window of the full editor",
    "question_chooser:choose_results": "a part of that window",
    "question_chooser:chosen": "a word of that window's script",
    "credits:export": "a CSV file",
    "directory:activity": "a word of the page's own script",
    "directory:my_address_code": "stands only while a code is awaited",
    "peer_review:staff_round": "stands only while a round lacks a reviewer",
    "credits:pdf": "a PDF",
    "credits:document": "a PDF",
}

#: Who is led where, tried in this order; everybody who sees a kind of page sees the same template.
PEOPLE = (
    *("", "learner", "requester", "coordinator", "expert", "deid_officer", "author", "reviewer", "editor"),
    *("manager", "supervisor", "admin", "security_admin", "audit_admin", "credit_officer"),
)

#: Pages of the libraries, in our clothes: sign-in and its second factor, and Wagtail's editor.
LIBRARY_PAGES = (
    Shown("account-code", "", "/accounts/login/code/"),
    Shown("account-reset", "", "/accounts/password/reset/"),
    Shown("account-password", "learner", "/accounts/password/change/"),
    Shown("account-factors", "requester", "/accounts/2fa/"),
    Shown("wagtail-home", "author", "/cms/"),
    Shown("wagtail-pages", "author", "/cms/pages/"),
)


def page_names() -> list[str]:
    """URL names that answer a person's GET with a whole page."""
    return sorted(
        way.name for way in listed() if way.method == "get" and way.name not in NOT_PAGES and "dicomweb" not in way.name
    )
