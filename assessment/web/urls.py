from django.urls import path

from assessment.web import views

app_name = "assessment"
urlpatterns = [
    path("questions/", views.question_list, name="questions"),
    path("questions/new/<slug:kind>/", views.new, name="new"),
    path("questions/<uuid:question_id>/", views.question, name="question"),
    path("questions/<uuid:question_id>/edit/", views.edit, name="edit"),
]
