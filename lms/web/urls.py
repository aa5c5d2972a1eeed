from django.urls import path

from lms.web import attempts, courses, home, panels, units

app_name = "lms"
urlpatterns = [
    path("learn/", courses.my_courses, name="my_courses"),
    path("learn/mine/", home.mine, name="mine_panel"),
    path("learn/figures/", panels.learning, name="learning_panel"),
    path("learn/courses/<uuid:course_id>/enrol/", courses.enrol, name="enrol"),
    path("learn/courses/<uuid:course_id>/enrol/fragment/", courses.enrol_fragment, name="enrol_fragment"),
    path("learn/<uuid:enrolment_id>/", courses.course, name="course"),
    path("learn/<uuid:enrolment_id>/leave/", courses.leave, name="leave"),
    path("learn/<uuid:enrolment_id>/units/<int:number>/", units.unit, name="unit"),
    path("learn/<uuid:enrolment_id>/units/<int:number>/done/", units.done, name="unit_done"),
    path("learn/<uuid:enrolment_id>/units/<int:number>/attempts/", attempts.start, name="start_attempt"),
    path("learn/<uuid:enrolment_id>/attempts/<uuid:attempt_id>/", attempts.attempt, name="attempt"),
    path("learn/<uuid:enrolment_id>/attempts/<uuid:attempt_id>/kept/", attempts.keep, name="keep_answers"),
    path("learn/<uuid:enrolment_id>/positions/<str:node_key>/", units.position, name="position"),
]
