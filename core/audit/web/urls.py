from django.urls import URLPattern, URLResolver, include, path

from core.audit.web import home, views

pages: list[URLPattern | URLResolver] = [
    path("audit/", views.trail, name="trail"),
    path("audit/seal/", home.seal_panel, name="seal_panel"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "audit")))]
