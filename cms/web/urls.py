from django.urls import URLPattern, URLResolver, path

from cms.web import authors, changes, cover, desk, errata, home, pictures, review, units

app_name = "cms"
COURSE = "courses/desk/<uuid:course_id>/"
UNIT = COURSE + "units/<int:unit_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/cover/<uuid:course_id>/", cover.cover, name="cover"),
    path("media/<path:name>", pictures.picture, name="picture"),
    path("courses/desk/", desk.course_list, name="desk"),
    path("courses/desk/mine/", home.desk_panel, name="desk_panel"),
    path("courses/desk/new/", desk.course_new, name="course_new"),
    path(COURSE, desk.course, name="course"),
    path(COURSE + "facts/", desk.facts, name="facts"),
    path(COURSE + "publish/", desk.publish, name="publish"),
    path(COURSE + "revise/", desk.revise, name="revise"),
    path(COURSE + "retire/", desk.retire, name="retire"),
    path(COURSE + "authors/", authors.authors, name="authors"),
    path(COURSE + "authors/<uuid:person_id>/move/", authors.move, name="author_move"),
    path(COURSE + "authors/<uuid:person_id>/remove/", authors.remove, name="author_remove"),
    path(COURSE + "errata/", errata.errata, name="errata"),
    path(COURSE + "submit/", review.submit, name="submit"),
    path(COURSE + "withdraw/", review.withdraw, name="withdraw"),
    path(COURSE + "rounds/<uuid:round_id>/", review.round_page, name="round"),
    path(COURSE + "comments/<uuid:comment_id>/answer/", review.answer, name="answer"),
    path(COURSE + "changes/", changes.changes, name="changes"),
    path(COURSE + "units/add/", units.unit_add, name="unit_add"),
    path(UNIT, units.unit, name="unit"),
    path(UNIT + "move/", units.unit_move, name="unit_move"),
    path(UNIT + "remove/", units.unit_remove, name="unit_remove"),
    path(UNIT + "blocks/add/<slug:kind>/", units.block_add, name="block_add"),
    path(UNIT + "blocks/<str:block_id>/", units.block, name="block"),
    path(UNIT + "blocks/<str:block_id>/move/", units.block_move, name="block_move"),
    path(UNIT + "blocks/<str:block_id>/remove/", units.block_remove, name="block_remove"),
]
