from django.urls import URLPattern, URLResolver, include, path

from core.search.web import views

pages: list[URLPattern | URLResolver] = [path("search/", views.results, name="results")]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "search")))]
