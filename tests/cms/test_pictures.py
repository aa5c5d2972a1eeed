"""The picture of a course: the first one of its edition, kept as it was reviewed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model

from cms import manifests, pictures, selectors, services
from cms.api import latest_edition, list_published, set_course_facts
from core.audit.models import AuditEntry
from core.ids import uuid7
from tests.factories.courses import make_course, publish, put_block
from tests.factories.people import make_person
from tests.factories.pictures import png, upload
from tests.factories.signing_in import sign_in

SHOWS = "探头放在心尖，标记点指向左侧腋下。"


@pytest.fixture
def uploaded(db):
    return upload("#1f6f5c")


def add_picture(house, course, image, now):
    put_block(house.author, course, "image", {"image": image.pk, "alt": SHOWS, "caption": "心尖四腔切面"}, now)


@pytest.fixture
def published(house, now, uploaded):
    course = make_course(house.author, house.hospital.pk, now)
    add_picture(house, course, uploaded, now)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    course.refresh_from_db()
    return course


def bytes_of(url: str) -> bytes:
    response = Client().get(url)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    return response.content


def test_the_first_picture_stands_on_the_card_and_the_landing_page(published):
    (card,) = list_published()
    assert (card.cover["width"], card.cover["height"], card.cover["alt"]) == (640, 360, SHOWS)
    assert f'src="{card.cover["url"]}"' in Client().get("/courses/").content.decode()
    assert f'src="{card.cover["url"]}"' in Client().get(card.url).content.decode()
    assert Image.open(io.BytesIO(bytes_of(card.cover["url"]))).size == (640, 360)


def test_a_course_without_pictures_shows_the_sign_of_its_subject(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    (card,) = list_published()
    assert card.cover == {}
    page = Client().get("/courses/").content.decode()
    assert "x-card__pic--none" in page and "<img" not in page


def test_what_was_reviewed_outlives_the_image_of_the_library(published, uploaded):
    """An author may replace or delete an own upload at any time; the edition is immutable."""
    edition = latest_edition(published.pk)
    (node,) = [node for node in edition.nodes if node.kind == "image"]
    url = node.html.split('src="')[1].split('"')[0]
    before, cover = bytes_of(url), bytes_of(edition.cover["url"])
    uploaded.file = upload("#b3261e").file
    uploaded.save()
    uploaded.renditions.all().delete()
    uploaded.delete()
    assert (bytes_of(url), bytes_of(edition.cover["url"])) == (before, cover)
    assert uploaded.file.name not in node.html


def test_the_same_picture_is_kept_once(house, now, published, uploaded):
    first = latest_edition(published.pk).cover["url"]
    services.revise_course(actor=house.author, course_id=published.pk, now=now + timedelta(days=1))
    publish(published, house.author, [house.reviewer, house.reviewer2], house.editor, now + timedelta(days=2))
    second = latest_edition(published.pk)
    assert (second.number, second.cover["url"]) == (2, first)


def test_hours_are_those_of_the_scheme_and_never_made_from_minutes(published, now):
    assert "约 45 分钟" in Client().get("/courses/", headers={"accept-language": "zh-hans"}).content.decode()
    facts = {"credits": {"points": "0.3", "hours": "0.5", "scheme": "省学分制度"}}
    set_course_facts(edition_id=published.current_edition_id, facts=facts, now=now)
    page = Client().get("/courses/?credits=yes", headers={"accept-language": "zh-hans"}).content.decode()
    assert "0.5 学时" in page and "约 45 分钟" not in page
    assert "0.3 学分" in page


@pytest.mark.parametrize(
    ("language", "named", "other"),
    [("zh-hans", "省学分制度", "Provincial scheme"), ("en", "Provincial scheme", "省学分制度")],
)
def test_the_scheme_is_named_in_the_reader_s_language(published, now, language, named, other):
    facts = {"credits": {"points": "0.3", "hours": "0.5", "scheme": "省学分制度", "scheme_en": "Provincial scheme"}}
    set_course_facts(edition_id=published.current_edition_id, facts=facts, now=now)
    (card,) = list_published()
    page = Client().get(card.url, headers={"accept-language": language}).content.decode()
    assert (named in page, other in page) == (True, False)


def test_only_pictures_that_are_meant_for_the_site_are_given_out(published, uploaded):
    default_storage.save("secret/a.png", ContentFile(b"x"))
    default_storage.save("images/a.html", ContentFile(b"<script>1</script>"))
    assert uploaded.file.name.startswith("original_images/")
    names = [uploaded.file.name, "secret/a.png", "images/a.html", "images/../secret/a.png", "images/none.png", "images"]
    names += ["../../etc/passwd", "images//etc/passwd.png", f"images/{'a' * 300}.png"]
    assert {name: Client().get(f"/media/{name}").status_code for name in names} == dict.fromkeys(names, 404)


def asked_by(house, address):
    """Who -> (status, what caches are told) of one address."""
    people = {"nobody": Client(), "learner": sign_in(Client(), make_person(house.elsewhere))}
    people |= {
        name: sign_in(Client(), person)
        for name, person in (
            ("author", house.people.author),
            ("reviewer", house.people.reviewer),
            ("editor", house.people.editor),
        )
    }
    answers = {name: client.get(address) for name, client in people.items()}
    return {
        name: (answer.status_code, answer["Cache-Control"] if answer.status_code == 200 else "")
        for name, answer in answers.items()
    }


EVERYBODY = "public, max-age=31536000, s-maxage=3600, immutable"
SOMEBODY = "private, max-age=3600"
DRAFT = dict.fromkeys(("nobody", "learner"), (404, "")) | dict.fromkeys(
    ("author", "reviewer", "editor"), (200, SOMEBODY)
)


def test_a_picture_is_public_only_while_a_course_of_the_catalogue_shows_it(house, now, uploaded):
    # given a draft whose picture the desk has shown, as the face and in a unit
    course = make_course(house.author, house.hospital.pk, now)
    page = selectors.page_of(course)
    draft = page.get_latest_revision_as_object()
    draft.face_image, draft.face_alt = uploaded, SHOWS
    draft.save_revision()
    add_picture(house, course, uploaded, now)
    manifest = manifests.freeze(course, now)[0]
    names = pictures.names_in(manifest)
    assert len(names) == 3  # wide in the unit, the card's, the phone's
    addresses = [f"/media/editions/{name}" for name in names]
    # then an outsider finds none of them, before and while it is reviewed
    assert [asked_by(house, address) for address in addresses] == [DRAFT] * 3
    # when it is published, then everybody does
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    assert [asked_by(house, address) for address in addresses] == [dict.fromkeys(DRAFT, (200, EVERYBODY))] * 3
    # and when it leaves the catalogue, only those who are signed in: learners finish it
    services.retire_course(actor=house.editor, course_id=course.pk, now=now + timedelta(days=9))
    retired = dict.fromkeys(DRAFT, (200, SOMEBODY)) | {"nobody": (404, "")}
    assert [asked_by(house, address) for address in addresses] == [retired] * 3


def test_a_picture_under_review_is_not_public(house, now, uploaded):
    course = make_course(house.author, house.hospital.pk, now)
    add_picture(house, course, uploaded, now)
    people = [house.reviewer.person_id, house.reviewer2.person_id]
    services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=people, now=now)
    course.refresh_from_db()
    for name in pictures.names_in(course.manifest):
        assert asked_by(house, f"/media/editions/{name}") == DRAFT


def test_a_picture_that_another_course_shows_outlives_the_retired_one(house, now, published, uploaded):
    other = make_course(house.author, house.hospital.pk, now, code="CARD-102")
    add_picture(house, other, uploaded, now)
    publish(other, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    address = latest_edition(published.pk).cover["url"]
    services.retire_course(actor=house.editor, course_id=published.pk, now=now + timedelta(days=9))
    assert Client().get(address)["Cache-Control"] == EVERYBODY


def test_scaled_pictures_of_the_library_are_for_who_chooses_among_them(house, uploaded):
    address = uploaded.get_rendition("width-300").url
    library = {"author": (200, SOMEBODY), "editor": (200, SOMEBODY)}
    assert asked_by(house, address) == dict.fromkeys(DRAFT, (404, "")) | library


def test_a_picture_of_an_edition_is_kept_by_the_browser_for_good(published):
    (card,) = list_published()
    assert Client().get(card.cover["url"])["Cache-Control"] == EVERYBODY
    assert Client().post(card.cover["url"]).status_code == 405


@pytest.fixture
def library(house):
    """The author's library with one upload of theirs, through Wagtail's own pages."""
    client = sign_in(Client(), house.people.author)
    file = SimpleUploadedFile("apex.png", png("#1f6f5c"), "image/png")
    assert client.post("/cms/images/add/", {"title": "心尖四腔", "file": file}).status_code == 302
    return client


def trail():
    return list(AuditEntry.objects.filter(subject_type="picture").order_by("at").values_list("action", "actor_id"))


def test_what_is_done_to_a_picture_stands_in_the_trail(house, library):
    image, author = get_image_model().objects.get(), house.author.person_id
    library.post(f"/cms/images/{image.pk}/", {"title": "心尖四腔切面"})
    library.post(f"/cms/images/{image.pk}/delete/")
    assert not get_image_model().objects.exists()
    assert trail() == [("picture.uploaded", author), ("picture.changed", author), ("picture.deleted", author)]


@pytest.mark.parametrize("place", ["hospital", "elsewhere"])
def test_nobody_changes_or_deletes_what_somebody_else_uploaded(house, library, place):
    image, before = get_image_model().objects.get(), trail()
    other = sign_in(Client(), make_person(getattr(house, place), "editor"))
    assert other.post(f"/cms/images/{image.pk}/", {"title": "x"}).status_code in (302, 403)
    assert other.post(f"/cms/images/{image.pk}/delete/").status_code in (302, 403)
    assert (get_image_model().objects.get().title, trail()) == ("心尖四腔", before)


def test_a_picture_whose_file_is_gone_is_named_on_the_desk(house, now, uploaded):
    course = make_course(house.author, house.hospital.pk, now)
    unit = selectors.units_of(course)[0]
    value = {"image": uploaded.pk, "alt": SHOWS, "caption": ""}
    services.add_block(
        actor=house.author, course_id=course.pk, unit_id=unit.pk, block_id=uuid7(), kind="image", value=value, now=now
    )
    uploaded.renditions.all().delete()
    default_storage.delete(uploaded.file.name)
    page = sign_in(Client(), house.people.author).get(f"/courses/desk/{course.pk}/", headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "The file of an image is missing" in page.content.decode()
