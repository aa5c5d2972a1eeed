"""Every variable of an installation with nonsense in it: it works, or production names it in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment, production
from tests.config.test_production_settings import ROOT, SAFE

NOT_REDIS = "is not an address of Redis or Valkey (redis://, rediss:// or unix://)"
NO_ADDRESS = (
    "is no address: a port is a number below 65536, and what is neither letter nor digit in a password is "
    "written as %XX"
)
NOT_TAKEN = "has after its question mark what its client does not take: "
NO_SENDER = "is no address of a sender"
LONG = "a" * 5000

#: Variable, value, what is said after its name.
REFUSED = [
    ("SECRET_KEY", "nonsense", " is shorter than 50 characters or too uniform"),
    ("XINGLIN_SITE_NAME", "a" * 121, " is not one line of at most 120 characters"),
    ("XINGLIN_SITE_NAME", "杏林\nBcc: x@example.org", " is not one line"),
    ("XINGLIN_SITE_NAME_EN", "a\tb", " is not one line"),
    ("XINGLIN_SITE_NAME_EN", "a\u2028b", " is not one line"),
    ("ALLOWED_HOSTS", " , ", " is empty"),
    ("ALLOWED_HOSTS", "xinglin.example.org,https://xinglin.example.org", " names https://xinglin.example.org, which"),
    ("ALLOWED_HOSTS", "xinglin.example.org,xinglin.example.org:443", " names xinglin.example.org:443, which is no"),
    ("ALLOWED_HOSTS", "xinglin.example.org,.", " names ., which is no host"),
    ("XINGLIN_BASE_URL", "nonsense", " is not an https address with a host and no more"),
    ("XINGLIN_BASE_URL", "https://xinglin.example.org:99999", " is not an https address"),
    ("XINGLIN_BASE_URL", "https://xinglin.example.org/path", " is not an https address"),
    ("XINGLIN_BASE_URL", "https://a:b@xinglin.example.org", " is not an https address"),
    ("XINGLIN_BASE_URL", "https://xinglin.example.org?x=1", " is not an https address"),
    ("DATABASE_URL", "", " is not a PostgreSQL address"),
    ("DATABASE_URL", "nonsense", " is not a PostgreSQL address"),
    ("DATABASE_URL", "mysql://u:p@db/x", " is not a PostgreSQL address"),
    ("DATABASE_URL", "postgres://", " names no server"),
    ("DATABASE_URL", "postgres://", " ends in no name of a database"),
    ("DATABASE_URL", "postgres:///xinglin", " names no server"),
    ("DATABASE_URL", "postgres://u:p@db", " ends in no name of a database"),
    ("DATABASE_URL", "postgres://u:p@db/" + "x" * 64, " ends in no name of a database"),
    ("DATABASE_URL", "postgres://u:p@[::1/x", " is no address"),
    ("DATABASE_URL", "postgres://u:p@db:99999/x", " is no address"),
    ("DATABASE_URL", "postgres://u:p@db:-1/x", " is no address"),
    ("DATABASE_URL", "postgres://u:se/cret@db/x", f" {NO_ADDRESS}"),
    ("DATABASE_URL", "postgres://u:1/cret@db/x", f" {NO_ADDRESS}"),
    ("DATABASE_URL", "postgres://u:1#cret@db/x", f" {NO_ADDRESS}"),
    ("DATABASE_URL", "postgres:///x?sslmode=require", " names no server"),
    *[
        (name, url, f" {said}")
        for name in ("BROKER_URL", "CACHE_URL")
        for url, said in [
            ("filesystem://", NOT_REDIS),
            ("memory://", NOT_REDIS),
            ("amqp://u:p@broker//", NOT_REDIS),
            ("nonsense", NOT_REDIS),
            ("redis://[::1", NO_ADDRESS),
            ("redis://broker:99999/0", NO_ADDRESS),
            ("redis://broker:0/0", NO_ADDRESS),
            ("redis", NOT_REDIS),
            ("redis://:se#cret@broker:6379/0", NO_ADDRESS),
            ("redis://:1#cret@broker:6379/0", NO_ADDRESS),
            ("redis://u:1/cret@broker:6379/0", NO_ADDRESS),
            ("redis://u:1?cret=x@broker:6379/0", NO_ADDRESS),
            ("redis://u:p@x#cret@broker:6379/0", NO_ADDRESS),
            ("redis://broker/0?db=x", NOT_TAKEN + "Invalid value for 'db' in connection URL."),
            ("redis://broker/0?nonsense=1", "unexpected keyword argument 'nonsense'"),
            ("rediss://broker/0?ssl_cert_reqs=CERT_REQUIRED", NOT_TAKEN + "Invalid SSL Certificate Requirements Flag"),
            ("redis://", "names no server"),
            ("unix://", "names no server"),
            ("redis://broker/x", "ends in x, and a database of Redis or Valkey is a number"),
            ("redis://broker/-1", "ends in -1, and a database"),
        ]
    ],
    *[
        ("SEARCH_URL", url, " is neither http://HOST:PORT nor https://HOST:PORT")
        for url in ("nonsense", "ftp://x", "http://", "http://search", "http://search:99999", "http://[::1")
    ],
    ("XINGLIN_DATA", "{folder}/file", "={folder}/file is not a folder"),
    ("XINGLIN_DATA", "{folder}/file/below", "={folder}/file/below cannot be used (Not a directory)"),
    ("XINGLIN_DATA", f"/{LONG}", f"=/{LONG} cannot be used (File name too long)"),
    ("XINGLIN_KEYS_DIR", "nonsense", " is not an absolute path"),
    ("XINGLIN_KEYS_DIR", "{folder}/file", "={folder}/file is not a folder"),
    ("XINGLIN_SEARCH_INDEX", "Xinglin", "=Xinglin is no name of an index"),
    ("XINGLIN_SEARCH_INDEX", "-x", "=-x is no name of an index"),
    ("XINGLIN_SEARCH_INDEX", "a,b*", "=a,b* is no name of an index"),
    ("XINGLIN_SEARCH_INDEX", "a" * 101, " is no name of an index"),
    ("XINGLIN_FONTS", "fonts", " is not an absolute path"),
    ("XINGLIN_FONTS", "{folder}/empty", "={folder}/empty holds no NotoSansSC_400Regular.ttf"),
    ("XINGLIN_FONTS", "{folder}/nowhere", "={folder}/nowhere holds no NotoSansSC_700Bold.ttf"),
    ("XINGLIN_FONTS", f"/{LONG}", f"=/{LONG} cannot be used"),
    ("XINGLIN_STATIC_ROOT", "static", " is not an absolute path"),
    ("XINGLIN_STATIC_ROOT", "{folder}/file", "={folder}/file is not a folder"),
    ("XINGLIN_METRICS_TOKEN", "x", " is not 16 or more letters"),
    ("XINGLIN_METRICS_TOKEN", "sixteen or more characters", " is not 16 or more letters"),
    ("XINGLIN_METRICS_TOKEN", "令牌令牌令牌令牌令牌令牌令牌令牌", " is not 16 or more letters"),
    ("CSRF_TRUSTED_ORIGINS", "nonsense", " names nonsense, which is not https:// and a host"),
    ("CSRF_TRUSTED_ORIGINS", "https://[::1", " names https://[::1, which is not"),
    ("CSRF_TRUSTED_ORIGINS", "http://a.example.org", " names http://a.example.org, which is not"),
    ("SECURE_SSL_REDIRECT", "maybe", "='maybe' is neither true nor false"),
    ("SECURE_HSTS_SECONDS", "a year", "='a year' is not a whole number"),
    ("SECURE_HSTS_SECONDS", "9" * 5000, " is not a whole number"),
    ("SECURE_HSTS_SECONDS", "-1", "=-1 is below zero"),
    ("EMAIL_HOST", "smtp://127.0.0.1", "=smtp://127.0.0.1 is no host"),
    ("EMAIL_HOST", "localhost:25", "=localhost:25 is no host"),
    ("EMAIL_HOST", LONG, " is no host"),
    ("DEFAULT_FROM_EMAIL", "nonsense", f"='nonsense' {NO_SENDER}"),
    ("DEFAULT_FROM_EMAIL", "@", f"='@' {NO_SENDER}"),
    ("DEFAULT_FROM_EMAIL", "a@b\nBcc: c@example.org", f" {NO_SENDER}"),
    ("EMAIL_USE_TLS", "starttls", "='starttls' is neither true nor false"),
    ("EMAIL_USE_SSL", "-1", "='-1' is neither true nor false"),
    ("EMAIL_PORT", "smtp", "='smtp' is not a whole number"),
    ("EMAIL_PORT", "-25", "=-25 is not a port number"),
    ("EMAIL_PORT", "65536", "=65536 is not a port number"),
    ("EMAIL_HOST_USER", "杏林", " holds a character that mail servers do not take"),
    ("EMAIL_HOST_PASSWORD", "密码", " holds a character that mail servers do not take"),
    ("XINGLIN_SMS_DRIVER", "LogDriver", " is the one that only writes to a file"),
    ("XINGLIN_PROXIES", "one", "='one' is not a whole number"),
    ("XINGLIN_PROXIES", "11", "=11 is more than 10"),
    ("XINGLIN_IDLE_MINUTES", "soon", "='soon' is not a number above zero"),
    ("XINGLIN_IDLE_MINUTES", "inf", "='inf' is not a number above zero"),
    ("XINGLIN_IDLE_MINUTES_LEARNING", "-5", "='-5' is not a number above zero"),
    ("XINGLIN_DRAFT_DAYS", "0.01", "=0.01 is not between 1 and 3650 days"),
    ("XINGLIN_DRAFT_DAYS", "1e12", "=1e+12 is not between 1 and 3650 days"),
    ("XINGLIN_CRYPTO_SUITE", "nonsense", "=nonsense is not installed"),
    ("LOG_LEVEL", "loud", "='LOUD' is none of CRITICAL, FATAL, ERROR, WARN"),
    ("LOG_LEVEL", "-1", "='-1' is none of"),
    ("DEBUG", "nonsense", "='nonsense' is neither true nor false"),
    ("STORAGE_URL", "nonsense", " is set, and files in a store are not supported"),
]

#: What looks odd and can be used.
WORKS = [
    ("XINGLIN_SITE_NAME", "杏" * 120),
    ("ALLOWED_HOSTS", ".example.org, 10.0.0.7, [::1], under_score.example.org,"),
    ("XINGLIN_BASE_URL", "https://xinglin.example.org:8443/"),
    ("DATABASE_URL", "postgresql://u:%23%2F%3F@[::1]:5432/x?sslmode=require"),
    ("DATABASE_URL", "postgres://u@%2Frun%2Fpostgresql/x"),
    ("DATABASE_URL", "postgres:///x?host=/run/postgresql"),
    ("DATABASE_URL", "postgres:///x?service=xinglin"),
    ("DATABASE_URL", "postgres:///?service=xinglin"),
    ("XINGLIN_SITE_NAME", "清江省\u3000远程医疗平台"),
    ("XINGLIN_SITE_NAME_EN", "Qingjiang\u00a0Province"),
    ("DEFAULT_FROM_EMAIL", "清江省\u3000远程医疗平台 <xinglin@example.org>"),
    ("BROKER_URL", "redis://broker:6379/0?password=a@b"),
    ("BROKER_URL", "rediss://:p@broker:6380/15?ssl_cert_reqs=required"),
    ("BROKER_URL", "unix:///run/valkey.sock?db=1"),
    ("BROKER_URL", "redis://broker"),
    ("CACHE_URL", ""),
    ("CACHE_URL", "redis://:p@127.0.0.1:6379/1"),
    ("SEARCH_URL", "https://u:p@search:9200/behind"),
    ("XINGLIN_SEARCH_INDEX", "xinglin-2.test_1"),
    ("XINGLIN_STATIC_ROOT", "{folder}/not/yet"),
    ("XINGLIN_METRICS_TOKEN", "c2l4dGVlbi1vci1tb3Jl+/="),
    ("CSRF_TRUSTED_ORIGINS", "https://a.example.org:8443, https://b.example.org"),
    ("SECURE_HSTS_SECONDS", "9" * 30),
    ("EMAIL_HOST", "::1"),
    ("DEFAULT_FROM_EMAIL", "杏林 <xinglin@example.org>"),
    ("XINGLIN_PROXIES", "10"),
    ("XINGLIN_DRAFT_DAYS", "1.5"),
    ("LOG_LEVEL", "debug"),
    ("LOG_LEVEL", " "),
    ("EMAIL_PORT", ""),
    ("DEBUG", "off"),
]


@pytest.fixture
def faults(tmp_path, monkeypatch):
    """What production says of good values with one of them changed."""
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()

    def ask(name: str, value: str) -> list[str]:
        own = {"XINGLIN_DATA": str(tmp_path / "data"), "XINGLIN_KEYS_DIR": str(tmp_path / "keys")}
        for each in _variables():
            monkeypatch.delenv(each, raising=False)
        for each, good in (SAFE | own | {name: value.replace("{folder}", str(tmp_path))}).items():
            monkeypatch.setenv(each, good)
        try:
            environment.level("LOG_LEVEL", "WARNING")  # as the settings of every column do
            return production.faults(environment.text("SECRET_KEY"), environment.data_folder())
        except ImproperlyConfigured as refused:
            return [str(refused)]

    return ask


@pytest.mark.parametrize(("name", "value", "said"), REFUSED)
def test_nonsense_is_named_in_a_sentence(tmp_path: Path, faults, name, value, said):
    given = faults(name, value)
    expected = said.replace("{folder}", str(tmp_path))
    assert [sentence for sentence in given if sentence.startswith(name) and expected in sentence], given
    # And whoever wrote a password into an address does not read it in a log
    assert "cret" not in " ".join(given)


@pytest.mark.parametrize(("name", "value"), WORKS)
def test_what_looks_odd_and_works_is_not_refused(faults, name, value):
    assert faults(name, value) == []


def test_no_variable_is_left_out():
    assert sorted(_variables() - {name for name, *_rest in REFUSED}) == []


def _variables() -> set[str]:
    """The first words of the rows in the table of an installation's variables."""
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", (ROOT / "docs" / "operations.md").read_text(), re.M)
    return {name.strip("` ") for row in rows for name in row.split(",")}
