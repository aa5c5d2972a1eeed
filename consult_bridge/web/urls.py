from django.urls import URLPattern, URLResolver, path

from consult_bridge.web import asking, ending, files, lists, opinion, page, report, supervision, triage

app_name = "consult_bridge"
urlpatterns: list[URLPattern | URLResolver] = [
    path("consults/", lists.consult_list, name="consults"),
    path("worklist/", lists.work_list, name="worklist"),
    path("consults/mine/", lists.latest, name="latest_panel"),
    path("consults/supervision/", supervision.panel, name="supervision_panel"),
    path("consults/supervision/silent/", supervision.silent, name="silent_panel"),
    path("consults/new/", asking.new_consult, name="new_consult"),
    path("consults/drafts/save/", asking.autosave, name="autosave"),
    path("consults/drafts/files/", asking.add_file, name="draft_files"),
    path("consults/drafts/<uuid:draft_id>/", asking.edit_draft, name="draft"),
    path("consults/drafts/<uuid:draft_id>/delete/", asking.delete_draft, name="delete_draft"),
    path("consults/<uuid:consult_id>/", page.consult_page, name="consult"),
    path("consults/<uuid:consult_id>/triage/", triage.triage_consult, name="triage"),
    path("consults/<uuid:consult_id>/accept/", page.accept_consult, name="accept"),
    path("consults/<uuid:consult_id>/hand-back/", page.hand_back_consult, name="hand_back"),
    path("consults/<uuid:consult_id>/ask/", page.ask_information, name="ask_information"),
    path("consults/<uuid:consult_id>/supply/", ending.supply, name="supply"),
    path("consults/<uuid:consult_id>/opinion/", opinion.edit_opinion, name="opinion"),
    path("consults/<uuid:consult_id>/opinion.pdf", files.opinion_document, name="opinion_document"),
    path("consults/<uuid:consult_id>/opinion/document/", opinion.make_document, name="make_document"),
    path("consults/<uuid:consult_id>/studies/<uuid:study_id>/report/", report.edit_report, name="report"),
    path("consults/<uuid:consult_id>/studies/<uuid:study_id>/report/save/", report.autosave, name="report_autosave"),
    path("consults/<uuid:consult_id>/reports/<uuid:report_id>.pdf", files.report_document, name="report_document"),
    path(
        "consults/<uuid:consult_id>/reports/<uuid:report_id>/document/",
        report.make_document,
        name="make_report_document",
    ),
    path("consults/<uuid:consult_id>/critical/<uuid:critical_id>/", report.critical_value, name="critical_value"),
    path("consults/<uuid:consult_id>/messages/", page.send_message, name="messages"),
    path("consults/<uuid:consult_id>/close/", ending.close, name="close"),
    path("consults/<uuid:consult_id>/cancel/", ending.cancel, name="cancel"),
    path("consults/<uuid:consult_id>/consent/", ending.consent, name="consent"),
    path("consults/<uuid:consult_id>/consent/withdraw/", ending.withdraw, name="withdraw_consent"),
    path("consults/<uuid:consult_id>/consent/<uuid:consent_id>/form/", files.consent_form, name="consent_form"),
    path("consults/<uuid:consult_id>/images/", files.images, name="images"),
    path("consults/<uuid:consult_id>/images/<uuid:attachment_id>/confirm/", files.confirm_study, name="confirm_study"),
    path("consults/<uuid:consult_id>/files/<uuid:attachment_id>/", files.attachment, name="attachment"),
]
