"""Production: every address comes from the environment, and an unsafe value refuses to start."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import columns
from config import environment as env
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR
from core.crypto.suites import SUITES

SECRET_KEY = env.required("SECRET_KEY")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
DATABASES = columns.databases(DATA_DIR)
XINGLIN_BROKER_URL = env.required("BROKER_URL")
CELERY_BROKER_URL = columns.celery_broker(XINGLIN_BROKER_URL)
CACHES = columns.caches(XINGLIN_BROKER_URL)
CHANNEL_LAYERS = columns.channel_layers(XINGLIN_BROKER_URL)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
#: How many proxies stand before the site and append to X-Forwarded-For; what a client wrote itself is never believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("XINGLIN_PROXIES", 1)
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000)
XINGLIN_CAGE_LAYERS = ("landlock", "seccomp")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")


def _not_there() -> list[str]:
    """What is asked for and would be missed only when the first file or patient is to be kept."""
    faults = []
    if env.text("STORAGE_URL"):
        faults.append("STORAGE_URL is set, and files in a store are not supported: they lie in the data folder")
    if (suite := env.text("XINGLIN_CRYPTO_SUITE")) not in {"", *(entry.name for entry in SUITES)}:
        faults.append(f"XINGLIN_CRYPTO_SUITE={suite} is not installed")
    return faults


def _refuse_unsafe() -> None:
    faults = []
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        faults.append("SECRET_KEY is shorter than 50 characters or too uniform")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS is empty or names every host")
    if not env.text("DATABASE_URL").startswith(("postgres://", "postgresql://")):
        faults.append("DATABASE_URL is not a PostgreSQL address")
    if not env.text("XINGLIN_BASE_URL").startswith("https://"):
        faults.append("XINGLIN_BASE_URL is not an https address")
    if not env.text("XINGLIN_KEYS_DIR"):
        faults.append("XINGLIN_KEYS_DIR is not set: keys must not lie beside the data they protect")
    if env.text("XINGLIN_SMS_DRIVER") in {"", "core.notify.sms.LogDriver"}:
        faults.append("XINGLIN_SMS_DRIVER is the one that only writes to a file: nobody would get a sign-in code")
    if env.flag("DEBUG"):
        faults.append("DEBUG is on")
    faults += _not_there()
    if faults:
        raise ImproperlyConfigured("Refusing to start in production: " + "; ".join(faults) + ".")


_refuse_unsafe()
XINGLIN_KEYS_DIR = Path(env.required("XINGLIN_KEYS_DIR"))
