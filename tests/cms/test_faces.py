"""The face of a course: what its author chose in the editor, frozen with the edition, and what cannot be one."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model

from cms import manifests, selectors, services
from cms.api import latest_edition, list_published
from cms.errors import CourseNotReady
from cms.reviewing import render_manifest
from directory.editing_rights import COLLECTION_ACTIONS
from tests.factories.courses import make_course, publish
from tests.factories.pictures import upload
from tests.factories.signing_in import sign_in

SHOWS, SHOWS_EN = "医生给村民量血压。", "A doctor takes a villager’s blood pressure."
WIDE, SMALL = (640, 360), (400, 225)


@pytest.fixture
def course(house, now):
    return make_course(house.author, house.hospital.pk, now)


@pytest.fixture
def uploaded(db):
    return upload("#1f6f5c")


def file_of(size, kind="PNG", **options):
    file = io.BytesIO()
    Image.new("RGB", size, "#8a5a2b").save(file, kind, **options)
    return file.getvalue()


def library(content, name):
    image = get_image_model()(title="封面", file=ImageFile(io.BytesIO(content), name=name))
    image.save()
    return image


def save(house, course, **face):
    """What the author's form of Wagtail's editor posts; the answer."""
    page = selectors.page_of(course)
    empty = {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    introduction = '{"blocks": [], "entityMap": {}}'
    form = {"title": course.title, "introduction": introduction, "face": "", "face_image": ""} | empty
    form |= {"face_alt": "", "face_alt_en": ""} | face
    return sign_in(Client(headers={"accept-language": "en"}), house.people.author).post(
        f"/cms/pages/{page.pk}/edit/", form
    )


def draft(course):
    return selectors.page_of(course).get_latest_revision_as_object()


def published(house, course, now):
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    (card,) = list_published()
    return card


def text_of(response):
    return response.content.decode()


def test_an_author_picks_a_drawing_among_pictures(house, course):
    page = selectors.page_of(course)
    shown = text_of(sign_in(Client(), house.people.author).get(f"/cms/pages/{page.pk}/edit/"))
    assert shown.count('type="radio" name="face"') == 21
    assert 'value="siren"><span class="x-faces__plate"' in shown and "icons.svg#siren" in shown
    assert save(house, course, face="siren").status_code == 302
    assert (draft(course).face, draft(course).face_image) == ("siren", None)


def test_a_drawing_stands_on_the_card_and_in_the_head_of_the_page(house, course, now):
    save(house, course, face="siren")
    card = published(house, course, now)
    assert card.cover == {"drawn": "siren"}
    listed, page = text_of(Client().get("/courses/")), text_of(Client().get(card.url))
    assert listed.count("#siren") == 1 and "x-card__pic--none" in listed
    assert page.count("#siren") == 1 and "x-hero__img--drawn" in page and f"/courses/cover/{course.pk}/" not in page


def test_a_picture_is_frozen_with_a_small_copy_and_words_in_both_languages(house, course, now, uploaded):
    assert save(house, course, face_image=uploaded.pk, face_alt=SHOWS, face_alt_en=SHOWS_EN).status_code == 302
    card = published(house, course, now)
    assert {name: card.cover[name] for name in ("width", "height", "alt", "alt_en")} == {
        "width": 640, "height": 360, "alt": SHOWS, "alt_en": SHOWS_EN,
    }  # fmt: skip
    sizes = [Image.open(io.BytesIO(Client().get(card.cover[name]).content)).size for name in ("url", "small")]
    assert sizes == [WIDE, SMALL]
    listed = text_of(Client().get("/courses/"))
    assert f'<source media="(max-width: 30rem)" srcset="{card.cover["small"]}">' in listed
    for language, words in (("zh-hans", f'alt="{SHOWS}" lang="zh-Hans"'), ("en", f'alt="{SHOWS_EN}" lang="en"')):
        assert words in text_of(Client().get(card.url, headers={"accept-language": language}))


def test_the_chosen_face_goes_before_the_pictures_of_the_units_and_is_kept(house, course, now, uploaded):
    """The next draft has another face, the library another file: the edition shows what was reviewed."""
    save(house, course, face_image=uploaded.pk, face_alt=SHOWS)
    first = published(house, course, now).cover
    services.revise_course(actor=house.author, course_id=course.pk, now=now + timedelta(days=3))
    save(house, course, face="pill")
    uploaded.delete()
    assert latest_edition(course.pk).cover == first
    assert Client().get(first["url"]).status_code == 200


def test_a_picture_deleted_from_the_library_leaves_the_draft_as_without_a_choice(house, course, now, uploaded):
    save(house, course, face_image=uploaded.pk, face_alt=SHOWS)
    uploaded.delete()
    manifest, missing = manifests.freeze(course, now)
    assert ("face" in manifest, missing) == (False, [])


def test_reviewers_see_the_face_and_what_changed_in_it(house, course, now):
    save(house, course, face="siren")
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    services.revise_course(actor=house.author, course_id=course.pk, now=now + timedelta(days=3))
    save(house, course, face="pill")
    manifest = manifests.freeze(course, now)[0]
    blocks = {block.anchor: block for block in render_manifest(manifest, actor=house.reviewer, now=now)}
    face = blocks["course-face"]
    assert (face.before, face.after) == ("Drawing: Siren", "Drawing: Capsule")
    assert "#pill" in face.html
    changes = sign_in(Client(headers={"accept-language": "en"}), house.people.author).get(
        f"/courses/desk/{course.pk}/changes/"
    )
    assert "Face of the course" in text_of(changes)


def test_a_course_without_a_choice_has_no_block_about_its_face(course, house, now):
    manifest = manifests.freeze(course, now)[0]
    anchors = [block.anchor for block in render_manifest(manifest, actor=house.reviewer, now=now)]
    assert "face" not in manifest and "course-face" not in anchors


def moving():
    frames = [Image.new("RGB", (800, 450), colour) for colour in ("#000", "#fff")]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def turned():
    """A landscape file that a camera marked as turned by a quarter."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return file_of((1600, 900), "JPEG", exif=exif)


def huge():
    """132 million pixels in a few kilobytes."""
    file = io.BytesIO()
    Image.new("1", (12_000, 11_000)).save(file, "PNG")
    return file.getvalue()


BAD = {
    "portrait": (lambda: file_of((900, 1600)), "a.png", "The picture is higher than wide (900 × 1600 pixels)."),
    "turned": (turned, "a.jpg", "The picture is higher than wide (900 × 1600 pixels)."),
    "small": (lambda: file_of((639, 360)), "a.png", "The picture is too small (639 × 360 pixels)."),
    "moving": (moving, "a.gif", "The picture moves. A face is a still picture: choose another one."),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_a_face_is_refused_in_a_sentence_and_nothing_is_saved(house, course, case):
    content, name, sentence = BAD[case]
    before = draft(course).latest_revision_id
    answer = save(house, course, face_image=library(content(), name).pk, face_alt=SHOWS)
    assert (answer.status_code, sentence in text_of(answer)) == (200, True)
    assert (draft(course).latest_revision_id, draft(course).face_image) == (before, None)


def test_a_picture_needs_words_and_no_drawing_beside_it(house, course, uploaded):
    answer = text_of(save(house, course, face="siren", face_image=uploaded.pk))
    assert "Choose a drawing or a picture, not both." in answer
    assert "Say what the picture shows, for those who cannot see it." in answer
    assert draft(course).face == ""


def test_a_picture_that_an_author_may_not_choose_is_refused(house, course, uploaded, monkeypatch):
    monkeypatch.setitem(COLLECTION_ACTIONS, "course.author", frozenset())
    answer = save(house, course, face_image=uploaded.pk, face_alt=SHOWS)
    assert (answer.status_code, "You may not put this into a course." in text_of(answer)) == (200, True)
    assert draft(course).face_image is None


def test_the_focal_point_stays_in_sight(house, course, now):
    """A square, black above and white below: cut around its middle, the white would begin at 180 pixels."""
    square = Image.new("RGB", (1200, 1200), "#ffffff")
    square.paste("#000000", (0, 0, 1200, 600))
    file = io.BytesIO()
    square.save(file, "PNG")
    image = library(file.getvalue(), "square.png")
    image.focal_point_x, image.focal_point_y = 600, 100
    image.focal_point_width, image.focal_point_height = 100, 100
    image.save()
    save(house, course, face_image=image.pk, face_alt=SHOWS)
    shown = Image.open(io.BytesIO(Client().get(published(house, course, now).cover["url"]).content)).convert("L")
    assert [shown.getpixel((320, y)) for y in (0, 280, 350)] == [0, 0, 255]


def test_a_drawing_that_the_house_has_not_is_refused(house, course):
    assert save(house, course, face="skull").status_code == 200
    assert draft(course).face == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.png", b"not a picture"),
        ("a.png", huge()),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
)
def test_what_is_no_picture_does_not_enter_the_library(house, name, content):
    client = sign_in(Client(), house.people.author)
    answer = client.post("/cms/images/add/", {"title": "封面", "file": SimpleUploadedFile(name, content)})
    assert (answer.status_code, get_image_model().objects.count()) == (200, 0)


def test_a_face_that_became_wrong_is_named_before_submission(house, course, now, uploaded):
    """Its uploader may replace the file at any time."""
    save(house, course, face_image=uploaded.pk, face_alt=SHOWS)
    uploaded.file = ImageFile(io.BytesIO(file_of((300, 900))), name="b.png")
    uploaded.save()
    with pytest.raises(CourseNotReady) as refused:
        services.submit_course(actor=house.author, course_id=course.pk, now=now)
    assert list(refused.value.fields) == ["Face of the course"]


def test_nothing_that_a_camera_wrote_stands_in_a_face(house, course, now):
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "Zhang San’s phone", {1: "N", 2: (31.0, 14.0, 0.0)}
    save(house, course, face_image=library(file_of((1600, 900), "JPEG", exif=exif), "a.jpg").pk, face_alt=SHOWS)
    card = published(house, course, now)
    for address in (card.cover["url"], card.cover["small"]):
        content = Client().get(address).content
        assert b"Zhang" not in content and not Image.open(io.BytesIO(content)).getexif()


def test_the_desk_shows_the_face_and_leads_to_the_editor(house, course):
    save(house, course, face="siren")
    client = sign_in(Client(headers={"accept-language": "en"}), house.people.author)
    page = text_of(client.get(f"/courses/desk/{course.pk}/"))
    assert "#siren" in page and f'href="/cms/pages/{selectors.page_of(course).pk}/edit/"' in page
