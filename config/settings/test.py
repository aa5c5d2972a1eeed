"""The suite: the embedded column by default, the production column when its addresses are set."""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path

from config import columns, sharing

if folder := sharing.own_folder():
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR

XINGLIN_IS_DEMO = True
XINGLIN_SEARCH_INDEX = f"xinglin-{sharing.worker()}".rstrip("-")
SECRET_KEY = "test-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES = columns.databases(DATA_DIR)
DATABASES["default"]["CONN_MAX_AGE"] = 0
XINGLIN_BROKER_URL = columns.broker_url(DATA_DIR)
CELERY_BROKER_URL = columns.celery_broker(XINGLIN_BROKER_URL) or "memory://"
CACHES = columns.caches(XINGLIN_BROKER_URL)
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
Path(DATA_DIR).mkdir(parents=True, exist_ok=True)
