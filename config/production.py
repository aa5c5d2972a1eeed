"""What production refuses to start with. Each check gives one sentence for each fault; none means that it may start."""

from __future__ import annotations

import ipaddress
import re
import stat
import unicodedata
from collections.abc import Iterable
from email.utils import parseaddr
from pathlib import Path

from django.http.request import validate_host

from config import environment as env
from config.addresses import is_loopback
from config.server_addresses import server_faults, split
from core.crypto.suites import SUITES

#: Numbers with bounds. Below a minute nobody can work, above the second number a left screen stays open for a shift.
BOUNDS = {
    "XINGLIN_IDLE_MINUTES": (1, 240, "minutes"),
    "XINGLIN_IDLE_MINUTES_LEARNING": (1, 720, "minutes"),
    "XINGLIN_DRAFT_DAYS": (1, 3650, "days"),
}
MOST_PROXIES = 10  # with more than there are nobody's address is known, and nobody can sign in
NAME_LENGTH = 120  # of the platform: it stands in one line of certificates, subjects and text messages
TOKEN_LENGTH = 16
LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*")
INDEX = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")


def faults(secret_key: str, data: Path) -> list[str]:
    """Every fault there is, so that nobody mends one after the other."""
    return [
        *_secret(secret_key),
        *_names(),
        *_hosts(),
        *server_faults(),
        *_sms(),
        *_folders(data),
        *_transport(),
        *_mail(),
        *_account_of_mail(),
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
        if not (value := env.text(name)):
            yield f"{name} is not set: certificates, mails and text messages carry it"
        elif len(value) > NAME_LENGTH or not _is_one_line(value):
            yield f"{name} is not one line of at most {NAME_LENGTH} characters"


def _is_one_line(text: str) -> bool:
    """What can be printed, with blanks of any width: Chinese letterheads part their words with a full-width one."""
    return all(each.isprintable() or unicodedata.category(each) == "Zs" for each in text)


def is_host(text: str) -> bool:
    """A name or an address of a machine, without scheme, port or path."""
    try:
        return bool(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return bool(HOST.fullmatch(text)) and len(text) <= 253


def _hosts() -> Iterable[str]:
    allowed = env.items("ALLOWED_HOSTS")
    if not allowed or "*" in allowed:
        yield "ALLOWED_HOSTS is empty or names every host"
    elif strange := [host for host in allowed if not is_host(host.removeprefix("."))]:
        yield f"ALLOWED_HOSTS names {strange[0]}, which is no host: names only, without scheme, port or path"
    host = _https_host(env.text("XINGLIN_BASE_URL"))
    if not host:
        yield "XINGLIN_BASE_URL is not an https address with a host and no more: certificates and letters lead there"
    elif not validate_host(host, allowed):
        yield f"XINGLIN_BASE_URL leads to {host}, which is not in ALLOWED_HOSTS"
    yield from _origins()


def _https_host(address: str) -> str:
    """Its host, or "" where it is not `https://HOST` or `https://HOST:PORT`."""
    parts = split(address)
    if parts is None or parts.scheme != "https" or parts.path.strip("/") or "@" in parts.netloc:
        return ""
    host = parts.hostname or ""
    return "" if parts.query or parts.fragment or not is_host(host) else f"[{host}]" if ":" in host else host


def _origins() -> Iterable[str]:
    origins = env.items("CSRF_TRUSTED_ORIGINS")
    if wide := [origin for origin in origins if "*" in origin]:
        yield f"CSRF_TRUSTED_ORIGINS trusts more than one site with {wide[0]}: name each one"
    elif strange := [origin for origin in origins if not _https_host(origin)]:
        yield f"CSRF_TRUSTED_ORIGINS names {strange[0]}, which is not https:// and a host"


def _sms() -> Iterable[str]:
    """Whether it can be loaded is asked when the apps are there (`config.starting`)."""
    if env.text("XINGLIN_SMS_DRIVER").rpartition(".")[2] in {"", "LogDriver"}:
        yield "XINGLIN_SMS_DRIVER is the one that only writes to a file: nobody would get a sign-in code"


def _folders(data: Path) -> Iterable[str]:
    """A relative path is another folder for each process; keys in a copy of the data protect nothing."""
    for name in ("XINGLIN_DATA", "XINGLIN_KEYS_DIR"):
        if not env.text(name):
            yield f"{name} is not set"
    for name in ("XINGLIN_DATA", "XINGLIN_KEYS_DIR", "XINGLIN_STATIC_ROOT", "XINGLIN_FONTS"):
        if path := env.text(name):
            yield from _folder(name, path)
    if fonts := env.text("XINGLIN_FONTS"):
        yield from [f"XINGLIN_FONTS={fonts} holds no {font}" for font in FONTS if not _is_file(Path(fonts) / font)]
    if not env.text("XINGLIN_KEYS_DIR"):
        return
    keys = env.folder("XINGLIN_KEYS_DIR")
    if keys.is_relative_to(data) or data.is_relative_to(keys):
        yield "XINGLIN_KEYS_DIR and XINGLIN_DATA lie in one another: keys must not lie beside the data they protect"


def _folder(name: str, path: str) -> Iterable[str]:
    """A folder that is there, or that could be made."""
    if not Path(path).is_absolute():
        yield f"{name} is not an absolute path"
        return
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{name}={path} cannot be used ({error.strerror})"
        return
    if not stat.S_ISDIR(mode):
        yield f"{name}={path} is not a folder"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for any file
        return False


def _transport() -> Iterable[str]:
    hsts, redirects = env.integer("SECURE_HSTS_SECONDS", 1), env.flag("SECURE_SSL_REDIRECT", True)
    if hsts < 0:
        yield f"SECURE_HSTS_SECONDS={hsts} is below zero"
    if hsts <= 0 and not redirects:
        yield "SECURE_SSL_REDIRECT and SECURE_HSTS_SECONDS are both off: nothing would keep a reader on https"


def _mail() -> Iterable[str]:
    """Sign-in codes, invitations and critical values go this way."""
    host, starts_tls, is_tls = env.text("EMAIL_HOST", "localhost"), env.flag("EMAIL_USE_TLS"), env.flag("EMAIL_USE_SSL")
    if starts_tls and is_tls:
        yield "EMAIL_USE_TLS and EMAIL_USE_SSL are both on: a mail server speaks one of them"
    if not (starts_tls or is_tls or is_loopback(host)):
        yield f"EMAIL_HOST={host} is another machine, and neither EMAIL_USE_TLS nor EMAIL_USE_SSL is on: mail in clear"
    if not is_host(host):
        yield f"EMAIL_HOST={host} is no host: a name only, without scheme, port or path"
    if not 0 < (port := env.integer("EMAIL_PORT", 25)) < 65536:
        yield f"EMAIL_PORT={port} is not a port number"
    sender = env.text("DEFAULT_FROM_EMAIL", "xinglin@localhost")
    name, _at, domain = parseaddr(sender)[1].rpartition("@")
    if not (name and is_host(domain) and _is_one_line(sender)):
        yield f"DEFAULT_FROM_EMAIL={sender!r} is no address of a sender"


def _account_of_mail() -> Iterable[str]:
    account = {name: env.text(name) for name in ("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD")}
    if 0 < sum(map(bool, account.values())) < len(account):
        yield "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD are not both set: the mail server would be asked without a name"
    for name, value in account.items():
        if not value.isascii():
            yield f"{name} holds a character that mail servers do not take: letters, digits and signs of ASCII only"


def _limits() -> Iterable[str]:
    if (proxies := env.integer("XINGLIN_PROXIES", 1)) < 0:
        yield f"XINGLIN_PROXIES={proxies} is below zero"
    elif proxies > MOST_PROXIES:
        yield f"XINGLIN_PROXIES={proxies} is more than {MOST_PROXIES}"
    for name, (least, most, unit) in BOUNDS.items():
        if not least <= (given := env.number(name, least)) <= most:
            yield f"{name}={given:g} is not between {least} and {most} {unit}"
    if not INDEX.fullmatch(index := env.text("XINGLIN_SEARCH_INDEX", "xinglin")):
        yield f"XINGLIN_SEARCH_INDEX={index} is no name of an index: small letters, digits, '-', '_' and '.'"
    if (token := env.text("XINGLIN_METRICS_TOKEN")) and not re.fullmatch(rf"[!-~]{{{TOKEN_LENGTH},}}", token):
        yield f"XINGLIN_METRICS_TOKEN is not {TOKEN_LENGTH} or more letters, digits and signs of ASCII without a space"


def _not_there() -> Iterable[str]:
    """What is asked for and would be missed only when the first file or patient is to be kept."""
    if env.text("STORAGE_URL"):
        yield "STORAGE_URL is set, and files in a store are not supported: they lie in the data folder"
    if (suite := env.text("XINGLIN_CRYPTO_SUITE")) not in {"", *(entry.name for entry in SUITES)}:
        yield f"XINGLIN_CRYPTO_SUITE={suite} is not installed"
