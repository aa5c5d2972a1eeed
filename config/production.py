"""What production refuses to start with. Each check gives one sentence for each fault; none means that it may start."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.http.request import validate_host

from config import environment as env
from config.addresses import is_loopback
from core.crypto.suites import SUITES

#: Minutes without activity: below one nobody can work, above the second number a left screen stays open for a shift.
IDLE_MINUTES = {"XINGLIN_IDLE_MINUTES": (1, 240), "XINGLIN_IDLE_MINUTES_LEARNING": (1, 720)}


def faults(secret_key: str, data: Path) -> list[str]:
    """Every fault there is, so that nobody mends one after the other."""
    return [
        *_secret(secret_key),
        *_names(),
        *_hosts(),
        *_addresses(),
        *_folders(data),
        *_transport(),
        *_mail(),
        *_limits(),
        *_not_there(),
    ]


def _secret(value: str) -> Iterable[str]:
    if len(value) < 50 or len(set(value)) < 10:
        yield "SECRET_KEY is shorter than 50 characters or too uniform"
    if env.flag("DEBUG"):
        yield "DEBUG is on"


def _names() -> Iterable[str]:
    """They are printed on certificates, which nobody can change later; the default is the demo's invented province."""
    for name in ("XINGLIN_SITE_NAME", "XINGLIN_SITE_NAME_EN"):
        if not env.text(name):
            yield f"{name} is not set: certificates, mails and text messages carry it"


def _hosts() -> Iterable[str]:
    allowed = env.items("ALLOWED_HOSTS")
    if not allowed or "*" in allowed:
        yield "ALLOWED_HOSTS is empty or names every host"
    host = _https_host(env.text("XINGLIN_BASE_URL"))
    if not host:
        yield "XINGLIN_BASE_URL is not an https address with a host: certificates and letters lead there"
    elif not validate_host(host, allowed):
        yield f"XINGLIN_BASE_URL leads to {host}, which is not in ALLOWED_HOSTS"
    if wide := [origin for origin in env.items("CSRF_TRUSTED_ORIGINS") if "*" in origin]:
        yield f"CSRF_TRUSTED_ORIGINS trusts more than one site with {wide[0]}: name each one"


def _https_host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.hostname or ""
    return "" if parts.scheme != "https" else f"[{host}]" if ":" in host else host


def _addresses() -> Iterable[str]:
    if not env.text("DATABASE_URL").startswith(("postgres://", "postgresql://")):
        yield "DATABASE_URL is not a PostgreSQL address"
    if env.text("XINGLIN_SMS_DRIVER").rpartition(".")[2] in {"", "LogDriver"}:
        yield "XINGLIN_SMS_DRIVER is the one that only writes to a file: nobody would get a sign-in code"


def _folders(data: Path) -> Iterable[str]:
    """A relative path is another folder for each process; keys in a copy of the data protect nothing."""
    for name in ("XINGLIN_DATA", "XINGLIN_KEYS_DIR"):
        if not env.text(name):
            yield f"{name} is not set"
        elif not Path(env.text(name)).is_absolute():
            yield f"{name} is not an absolute path"
    if not env.text("XINGLIN_KEYS_DIR"):
        return
    keys = Path(env.text("XINGLIN_KEYS_DIR")).resolve()
    if keys.is_relative_to(data) or data.is_relative_to(keys):
        yield "XINGLIN_KEYS_DIR and XINGLIN_DATA lie in one another: keys must not lie beside the data they protect"


def _transport() -> Iterable[str]:
    hsts = env.integer("SECURE_HSTS_SECONDS", 1)
    if hsts < 0:
        yield f"SECURE_HSTS_SECONDS={hsts} is below zero"
    if hsts <= 0 and not env.flag("SECURE_SSL_REDIRECT", True):
        yield "SECURE_SSL_REDIRECT and SECURE_HSTS_SECONDS are both off: nothing would keep a reader on https"


def _mail() -> Iterable[str]:
    """Sign-in codes, invitations and critical values go this way."""
    host, starts_tls, is_tls = env.text("EMAIL_HOST", "localhost"), env.flag("EMAIL_USE_TLS"), env.flag("EMAIL_USE_SSL")
    if starts_tls and is_tls:
        yield "EMAIL_USE_TLS and EMAIL_USE_SSL are both on: a mail server speaks one of them"
    if not (starts_tls or is_tls or is_loopback(host)):
        yield f"EMAIL_HOST={host} is another machine, and neither EMAIL_USE_TLS nor EMAIL_USE_SSL is on: mail in clear"
    if bool(env.text("EMAIL_HOST_USER")) != bool(env.text("EMAIL_HOST_PASSWORD")):
        yield "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD are not both set: the mail server would be asked without a name"
    if not 0 < (port := env.integer("EMAIL_PORT", 25)) < 65536:
        yield f"EMAIL_PORT={port} is not a port number"


def _limits() -> Iterable[str]:
    if (proxies := env.integer("XINGLIN_PROXIES", 1)) < 0:
        yield f"XINGLIN_PROXIES={proxies} is below zero"
    for name, (least, most) in IDLE_MINUTES.items():
        if not least <= (minutes := env.number(name, least)) <= most:
            yield f"{name}={minutes:g} is not between {least} and {most} minutes"


def _not_there() -> Iterable[str]:
    """What is asked for and would be missed only when the first file or patient is to be kept."""
    if env.text("STORAGE_URL"):
        yield "STORAGE_URL is set, and files in a store are not supported: they lie in the data folder"
    if (suite := env.text("XINGLIN_CRYPTO_SUITE")) not in {"", *(entry.name for entry in SUITES)}:
        yield f"XINGLIN_CRYPTO_SUITE={suite} is not installed"
