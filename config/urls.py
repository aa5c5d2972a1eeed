"""Every address of the house. Plain Django views stand ahead of Wagtail's catch-all."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import JavaScriptCatalog
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from config import health, operations, operations_work

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("operations/", operations.operations_panel, name="operations_panel"),
    path("operations/work/", operations_work.work, name="operations_work"),
    path("operations/work/<uuid:job_id>/again/", operations_work.again, name="operations_again"),
    path("", include("core.ui.urls")),
    path("", include("core.audit.web.urls")),
    path("", include("core.search.web.urls")),
    path("accounts/", include("directory.web.account_urls")),
    path("", include("directory.web.urls")),
    path("", include("media_pipeline.web.urls")),
    path("", include("consult_bridge.web.urls")),
    path("", include("casebook.web.urls")),
    path("", include("peer_review.web.urls")),
    path("", include("assessment.web.urls")),
    path("", include("cms.web.urls")),
    path("", include("lms.web.urls")),
    path("", include("credits.web.urls")),
    path("cms/", include("directory.web.editing_edge")),
    # Wagtail's own serves its words only; ours add those that it leaves in English.
    path("cms/jsi18n/", JavaScriptCatalog.as_view(packages=["wagtail.admin", "config"]), name="admin_script_words"),
    path("cms/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]

handler400 = "core.ui.views.bad_request"
handler403 = "core.ui.views.forbidden"
handler404 = "core.ui.views.not_found"
handler500 = "core.ui.views.server_error"
