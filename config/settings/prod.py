"""Production: every address comes from the environment, and an unsafe value refuses to start."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import columns, production
from config import environment as env
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR

SECRET_KEY = env.required("SECRET_KEY")
XINGLIN_BROKER_URL = env.required("BROKER_URL")
if faults := production.faults(SECRET_KEY, DATA_DIR):
    raise ImproperlyConfigured("Refusing to start in production: " + "; ".join(faults) + ".")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
DATABASES = columns.databases(DATA_DIR)
CELERY_BROKER_URL = columns.celery_broker(XINGLIN_BROKER_URL)
CACHES = columns.caches(XINGLIN_BROKER_URL)
CHANNEL_LAYERS = columns.channel_layers(XINGLIN_BROKER_URL)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_PORT = env.integer("EMAIL_PORT", 587 if EMAIL_USE_TLS else 465 if EMAIL_USE_SSL else 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
#: How many proxies stand before the site and append to X-Forwarded-For; what a client wrote itself is never believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("XINGLIN_PROXIES", 1)
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000)
XINGLIN_CAGE_LAYERS = ("landlock", "seccomp")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")
XINGLIN_KEYS_DIR = Path(env.required("XINGLIN_KEYS_DIR"))
