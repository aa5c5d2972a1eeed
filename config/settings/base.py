"""Settings shared by every column. What differs is read from the environment by dev, test and prod."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment as env

BASE_DIR = env.ROOT
DATA_DIR = env.data_folder()

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "directory.Person"
SITE_ID = 1

# Ours first: their templates and commands win over the libraries'. Lower rooms stand below higher ones.
OUR_APPS = [
    "credits",
    "lms",
    "cms",
    "casebook",
    "peer_review",
    "assessment",
    "consult_bridge",
    "media_pipeline",
    "directory",
    "core",
]
INSTALLED_APPS = [
    *OUR_APPS,
    "config",
    "bench",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "csp",
    "django_prometheus",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "directory.wagtail_rights.apps.WagtailRightsConfig",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "core.ui.page_cache.AnonymousPageCache",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "directory.web.middleware.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "directory.web.idle.IdleMiddleware",
    "directory.web.middleware.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.ui.text_guard.TextGuardMiddleware",
    "directory.web.editing_edge.ForeignPageMiddleware",
    "core.ui.middleware.ErrorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.ui.context.shell",
            ],
        },
    },
]

# --- language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = False
LANGUAGE_COOKIE_NAME = "xinglin_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- sign-in -----------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "directory.backends.GrantBackend",
    "directory.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_ADAPTER = "directory.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # our own page confirms an address (ADR 0019)
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "request_login_code": "directory.web.address_forms.RequestLoginCodeForm",
    "reset_password": "directory.web.address_forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_DISPLAY = str
# A hospital sits behind one address: limits by address are wide, limits by account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "120/m/ip,5/300s/key",
    "request_login_code": "120/m/ip,3/m/key",
}
MFA_ADAPTER = "directory.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Xinglin"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s either way: phones are not synchronised
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_AGE = 60 * 60 * 12
#: Minutes without activity that end a session: of whoever may see patients or administer, and of everybody else.
XINGLIN_IDLE_MINUTES = env.number("XINGLIN_IDLE_MINUTES", 30)
XINGLIN_IDLE_MINUTES_LEARNING = env.number("XINGLIN_IDLE_MINUTES_LEARNING", 240)
#: Days that an unsent request is kept after it was last saved.
XINGLIN_DRAFT_DAYS = env.number("XINGLIN_DRAFT_DAYS", 30)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.ui.views.csrf_failure"

# --- files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("XINGLIN_STATIC_ROOT") or BASE_DIR / "build" / "static")
# Names that carry a hash of the content (Django's "name.12hex.css", Vite's "name-8characters.js") never change.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+(\.[0-9a-f]{12}|/app/assets/[\w-]+-[\w-]{8})\.[\w.]+$"
STATICFILES_DIRS = [("app", BASE_DIR / "frontend" / "dist")]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "public"
PRIVATE_MODES = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "identified": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "identified", "base_url": None, **PRIVATE_MODES},
    },
    "teaching": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "teaching", "base_url": None, **PRIVATE_MODES},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Layers of confinement (media_pipeline.cage.confinement) without which no byte from outside is read.
XINGLIN_CAGE_LAYERS: tuple[str, ...] = ()
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 2000
mimetypes.add_type("text/javascript", ".mjs")

# --- security ----------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- Wagtail -----------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Xinglin 杏林"
WAGTAILADMIN_BASE_URL = env.text("XINGLIN_BASE_URL", "http://127.0.0.1:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = False  # courses are reviewed by peer_review, side by side and on a frozen manifest
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database.fallback"}}

# --- REST --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"TITLE": "Xinglin", "VERSION": "0.1.0", "SERVE_INCLUDE_SCHEMA": False}

# --- work in the background --------------------------------------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"*": {"queue": "default"}}  # a job's own queue is given when it is woken
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- our own -----------------------------------------------------------------------------------------------------
XINGLIN_SITE_NAME = env.text("XINGLIN_SITE_NAME", "清江省医学教育与会诊平台")
XINGLIN_SITE_NAME_EN = env.text("XINGLIN_SITE_NAME_EN", "Qingjiang medical education and consult platform")
XINGLIN_IS_DEMO = False
XINGLIN_KEYS_DIR = DATA_DIR / "keys"
# The typeface of printed documents, from npm; where no front end was built, a folder with the same two weights.
_FONTS = BASE_DIR / "frontend" / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
XINGLIN_FONT_DIRS = (
    [env.text("XINGLIN_FONTS")] if env.text("XINGLIN_FONTS") else [_FONTS / "400Regular", _FONTS / "700Bold"]
)
XINGLIN_CONSULT_HOURS = {"stat": 0.5, "urgent": 4, "routine": 48}  # from submission to the signed opinion
XINGLIN_CRYPTO_SUITE = env.text("XINGLIN_CRYPTO_SUITE", "international")
XINGLIN_AUDIT_HEADS = DATA_DIR / "logs" / "audit-heads.jsonl"
XINGLIN_SMS_LOG = DATA_DIR / "logs" / "sms.log"
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # who limits attempts by address reads this one, sign-in and verification alike
XINGLIN_SMS_DRIVER = env.text("XINGLIN_SMS_DRIVER", "core.notify.sms.LogDriver")
XINGLIN_SEARCH_URL = env.text("SEARCH_URL")
XINGLIN_SEARCH_INDEX = env.text("XINGLIN_SEARCH_INDEX", "xinglin")
XINGLIN_WS_PORT: int | None = env.integer("XINGLIN_WS_PORT", 0) or None
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "logs" / "mail"
EMAIL_TIMEOUT = 20  # seconds: a mail server that hangs must not hold a worker
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "xinglin@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.level("LOG_LEVEL", "WARNING")},
}
