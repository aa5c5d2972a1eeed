from django.urls import URLPattern, URLResolver, include, path

from core.audit.web import views

pages: list[URLPattern | URLResolver] = [path("audit/", views.trail, name="trail")]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "audit")))]
