from django.urls import URLPattern, URLResolver, path

from peer_review.web import home, staffing, views

app_name = "peer_review"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reviews/", views.desk, name="desk"),
    path("reviews/due/", home.due_panel, name="due_panel"),
    path("reviews/rounds/<uuid:round_id>/", staffing.staff_round, name="staff_round"),
    path("reviews/<uuid:assignment_id>/", views.assignment, name="assignment"),
    path("reviews/<uuid:assignment_id>/report/", views.report, name="report"),
    path("reviews/<uuid:assignment_id>/comments/", views.comment, name="comment"),
    path("reviews/<uuid:assignment_id>/comments/<uuid:comment_id>/resolve/", views.resolve, name="resolve"),
    path("reviews/<uuid:assignment_id>/conflict/", views.conflict, name="conflict"),
    path("reviews/<uuid:assignment_id>/naming/", views.naming, name="naming"),
]
