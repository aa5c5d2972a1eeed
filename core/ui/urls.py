from django.urls import URLPattern, URLResolver, include, path

from core.ui import notifications, supervision, views

pages: list[URLPattern | URLResolver] = [
    path("home/", views.home, name="home"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("help/", views.help_page, name="help"),
    path("more/", views.more, name="more"),
    path("components/", views.components, name="components"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_all, name="read_all"),
    path("notifications/<uuid:notification_id>/open/", notifications.open_notification, name="open_notification"),
    path("language/", views.set_language, name="language"),
    path("theme/", views.set_theme, name="theme"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "ui")))]
