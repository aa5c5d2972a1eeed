"""The embedded column: what `bin/demo` starts. Everything that lasts lies under the data folder."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from config import addresses, columns, secrets
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR

if faults := addresses.not_for_a_demo(os.environ):
    raise ImproperlyConfigured(addresses.refusal(faults))

XINGLIN_IS_DEMO = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = secrets.secret_key(DATA_DIR)
DATABASES = columns.databases(DATA_DIR)
XINGLIN_BROKER_URL = columns.broker_url(DATA_DIR)
CELERY_BROKER_URL = columns.celery_broker(XINGLIN_BROKER_URL)
CACHES = columns.caches(XINGLIN_BROKER_URL)
CHANNEL_LAYERS = columns.channel_layers(XINGLIN_BROKER_URL)
if not XINGLIN_BROKER_URL:
    SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
