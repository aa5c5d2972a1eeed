from django.urls import path

from casebook.web import desk, editing, home, reader, submitting

app_name = "casebook"
urlpatterns = [
    path("cases/", reader.case_list, name="list"),
    path("cases/desk/", desk.desk, name="desk"),
    path("cases/desk/mine/", home.desk_panel, name="desk_panel"),
    path("cases/propose/<uuid:consult_id>/", desk.propose, name="propose"),
    path("cases/proposals/<uuid:proposal_id>/accept/", desk.accept, name="accept"),
    path("cases/proposals/<uuid:proposal_id>/reject/", desk.reject, name="reject"),
    path("cases/proposals/<uuid:proposal_id>/amendment/", desk.settle_amendment, name="settle_amendment"),
    path("cases/versions/<uuid:version_id>/edit/", editing.edit, name="edit"),
    path("cases/versions/<uuid:version_id>/preview/", submitting.preview, name="preview"),
    path("cases/versions/<uuid:version_id>/review/", submitting.send_to_review, name="review"),
    path("cases/versions/<uuid:version_id>/take-back/", desk.take_back, name="take_back"),
    path("cases/versions/<uuid:version_id>/publish/", desk.publish, name="publish"),
    path("cases/versions/<uuid:version_id>/retire/", desk.retire, name="retire"),
    path("cases/<uuid:case_id>/", reader.case, name="case"),
    path("cases/<uuid:case_id>/print/", reader.print_case, name="print"),
    path("cases/<uuid:case_id>/new-version/", desk.new_version, name="new_version"),
]
