"""Two people read every text; what one strikes out is gone from all texts, and the other reads again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.audit.models import AuditEntry
from media_pipeline import api
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.deid.striking import strike
from media_pipeline.errors import BothConfirmed, NothingStruck, ReleaseNotFound, TextsMissing
from media_pipeline.models import PixelReview, TeachingRelease, TextStrike
from media_pipeline.release import reading, reviewing
from media_pipeline.release.confirming import confirmations
from media_pipeline.release.texts import reading_of
from media_pipeline.templatetags.media_pipeline import what_is_left
from tests.factories.people import make_organisation, make_person
from tests.factories.signing_in import sign_in

TEXTS = {
    "present_history": "患者绰号铁匠，活动后气促，心率 96 次/分。",
    "question": "请问铁 匠的心功能？",
    "examination": "双肺呼吸音清。",
}
STRUCK = {
    "present_history": "患者绰号[已划去]，活动后气促，心率 96 次/分。",
    "question": "请问[已划去]的心功能？",
    "examination": "双肺呼吸音清。",
}


@pytest.fixture
def release(place, now, run_jobs) -> TeachingRelease:
    """A release of texts alone, in review."""
    release_id = api.start_release(
        study_ids=[], texts=TEXTS, identifiers=PatientIdentifiers(), organisation_id=place.province.pk, now=now
    )
    run_jobs()
    return TeachingRelease.objects.get(pk=release_id)


def said(error: TextsMissing) -> str:
    with translation.override("en"):
        return str(error.sentence())


def read_all(place, person, release, now) -> bool:
    actor = place.actor(person)
    reading.confirm_texts(actor=actor, release_id=release.pk, now=now)
    return reviewing.confirm_release(actor=actor, release_id=release.pk, now=now)


def test_a_release_of_texts_waits_for_every_text(place, release, now, run_jobs):
    actor = place.actor(place.officer)

    with translation.override("en"), pytest.raises(TextsMissing) as refused:
        reviewing.confirm_release(actor=actor, release_id=release.pk, now=now)

    assert said(refused.value) == (
        "These texts have not been confirmed yet: History of the present illness, Question asked, Physical examination."
    )
    assert not PixelReview.objects.filter(confirmed_at__isnull=False).exists()
    assert read_all(place, place.officer, release, now) is False
    assert api.get_release_state(release.pk) == "pixel_review"
    assert read_all(place, place.officer2, release, now) is True
    run_jobs()
    assert api.get_release(release.pk).texts == TEXTS


def test_a_text_is_confirmed_in_the_wording_that_was_seen(place, release, now):
    actor = place.actor(place.officer)

    assert reading.confirm_texts(actor=actor, release_id=release.pk, seen=[("question", "another")], now=now) == 0
    assert reading.confirm_texts(actor=actor, release_id=release.pk, seen=[("nothing", "")], now=now) == 0
    assert reading.confirm_texts(actor=actor, release_id=release.pk, now=now) == 3
    with pytest.raises(ReleaseNotFound):
        reading.confirm_texts(actor=place.actor(place.requester), release_id=release.pk, now=now)


def test_struck_words_are_gone_everywhere_and_the_other_reader_reads_again(place, release, now, run_jobs):
    first, second = place.actor(place.officer), place.actor(place.officer2)
    read_all(place, place.officer, release, now)

    strike_id = reading.strike_words(actor=second, release_id=release.pk, words=" 铁匠 ", now=now)

    assert reading_of(release).texts == STRUCK
    assert "铁匠".encode() not in bytes(TextStrike.objects.get().sealed_words)
    assert confirmations(release) == 0
    with translation.override("en"), pytest.raises(TextsMissing) as refused:
        reviewing.confirm_release(actor=first, release_id=release.pk, now=now)
    assert "Physical examination" not in said(refused.value)
    assert not AuditEntry.objects.filter(details__icontains="铁匠").exists()

    reading.remove_strike(actor=first, release_id=release.pk, strike_id=strike_id, now=now)
    assert reading_of(release).texts == TEXTS
    reading.strike_words(actor=first, release_id=release.pk, words="铁匠", now=now)
    read_all(place, place.officer, release, now)
    assert read_all(place, place.officer2, release, now) is True
    run_jobs()

    facts = api.get_release(release.pk)
    assert facts.texts == STRUCK
    assert not TextStrike.objects.exists()
    assert TeachingRelease.objects.get(pk=release.pk).run.report["strikes"] == 1


def test_a_strike_between_confirmation_and_opening_stops_the_opening(place, release, now, run_jobs):
    read_all(place, place.officer, release, now)
    read_all(place, place.officer2, release, now)
    reading.strike_words(actor=place.actor(place.officer), release_id=release.pk, words="铁匠", now=now)

    run_jobs()

    assert api.get_release_state(release.pk) == "pixel_review"


@pytest.mark.parametrize("words", ["", "  ", "木匠", "9"])
def test_words_that_stand_nowhere_are_not_struck(place, release, now, words):
    before = reading_of(release).texts

    if words == "9":  # a digit inside a number is struck when nothing else fits
        reading.strike_words(actor=place.actor(place.officer), release_id=release.pk, words=words, now=now)
        assert reading_of(release).texts["present_history"].endswith("心率 [已划去]6 次/分。")
        return
    with pytest.raises(NothingStruck):
        reading.strike_words(actor=place.actor(place.officer), release_id=release.pk, words=words, now=now)
    assert reading_of(release).texts == before
    assert not TextStrike.objects.exists()


def test_texts_are_taken_back_until_both_have_confirmed(place, release, now):
    actor = place.actor(place.officer)
    read_all(place, place.officer, release, now)

    reading.take_texts_back(actor=actor, release_id=release.pk, names=["question"], now=now)

    review = PixelReview.objects.get()
    assert (sorted(review.texts), review.confirmed_at) == (["examination", "present_history"], None)
    read_all(place, place.officer, release, now)
    read_all(place, place.officer2, release, now)
    with pytest.raises(BothConfirmed):
        reading.take_texts_back(actor=actor, release_id=release.pk, names=["question"], now=now)


def test_a_closed_release_keeps_no_strike(place, release, now):
    reading.strike_words(actor=place.actor(place.officer), release_id=release.pk, words="铁匠", now=now)

    api.close_release(release_id=release.pk, reason="consent withdrawn", now=now)

    assert not TextStrike.objects.exists()


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Li had 12 of 120", "12", "Li had [struck out] of 120"),
        ("LiLi and Li", "li", "LiLi and [struck out]"),
        ("zhang66", "66", "zhang[struck out]"),
        ("铁\n匠，铁匠", "铁 匠", "[struck out]，[struck out]"),
        ("ＡＢ１", "AB1", "[struck out]"),
        ("a.c abc", "a.c", "[struck out] abc"),
    ],
)
def test_exact_words_are_struck(text, words, expected):
    assert strike(text, words, is_chinese=False)[0] == expected


def test_what_is_left_is_marked_for_the_eye():
    assert what_is_left("第 3 天 Zhang 心率 96 mmHg，<b>") == (
        "第 3 天 <mark>Zhang</mark> 心率 <mark>96</mark> mmHg，&lt;b&gt;"
    )


def test_the_page_takes_confirmations_and_strikes_without_script(place, release, now):
    client = sign_in(Client(headers={"accept-language": "en"}), place.officer)
    page = reverse("media_pipeline:deid_release", args=[release.pk])

    early = client.post(reverse("media_pipeline:deid_confirm", args=[release.pk]), follow=True).content.decode()
    assert "These texts have not been confirmed yet" in early
    assert early.count("Confirm the text</button>") == 3
    struck = client.post(
        reverse("media_pipeline:deid_strike", args=[release.pk]), {"words": "铁匠", "part": "texts"}, follow=True
    )
    assert struck.redirect_chain[-1][0] == page + "#texts"
    assert "<del>铁匠</del>" in struck.content.decode()
    nowhere = client.post(reverse("media_pipeline:deid_strike", args=[release.pk]), {"words": "木匠"}, follow=True)
    assert "These words stand in no text and in no image header of this release." in nowhere.content.decode()
    value = struck.content.decode().split('name="text" value="')[1].split('"')[0]
    confirmed = client.post(
        reverse("media_pipeline:deid_texts", args=[release.pk]), {"text": value, "part": "to-read"}, follow=True
    )
    assert confirmed.redirect_chain[-1][0] == page + "#to-read"
    left = confirmed.content.decode()
    assert left.count("Confirm the text</button>") == 2
    assert left.count('id="to-read"') == 1
    assert left.index('id="to-read"') < left.index("Confirm the text</button>")
    outside = sign_in(Client(), make_person(make_organisation(), "deid_officer"))
    assert outside.post(reverse("media_pipeline:deid_strike", args=[release.pk]), {"words": "患者"}).status_code == 404
    assert TextStrike.objects.count() == 1
