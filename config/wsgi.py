import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")  # a demo names its own
application = get_wsgi_application()

from config.starting import refuse_without_keys  # noqa: E402  (after the app registry is ready)

refuse_without_keys()
