from django.urls import path

from credits.web import certificates, mine, office, panels, transcript, verification

app_name = "credits"
urlpatterns = [
    path("credits/", transcript.transcript, name="transcript"),
    path("credits/export.csv", transcript.export, name="export"),
    path("credits/print/", transcript.printed, name="print"),
    path("credits/certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path("credits/certificates/<uuid:certificate_id>/pdf/", certificates.pdf, name="pdf"),
    path("credits/certificates/<uuid:certificate_id>/document/", certificates.document, name="document"),
    path("credits/certificates/<uuid:certificate_id>/revoke/", office.revoke, name="revoke"),
    path("credits/office/", office.entries, name="office"),
    path("credits/entries/<uuid:entry_id>/reverse/", office.reverse_entry, name="reverse"),
    path("credits/shortage/", panels.shortage, name="shortage_panel"),
    path("credits/remind/", panels.remind, name="remind"),
    path("credits/mine/", mine.mine, name="mine_panel"),
    path("credits/area/", panels.area, name="area_panel"),
    path("verify/", verification.ask, name="verify_ask"),
    path("verify/<uuid:certificate_id>/", verification.verify, name="verify"),
]
