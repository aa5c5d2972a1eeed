"""An unsafe production setting refuses to start, and says which."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SECRET_KEY": "kJ8s0d-92mZq7LwXc4vB1nR5tY6uP3aE0oI9hG8fD7sA6qW5xZ",
    "ALLOWED_HOSTS": "xinglin.example.org",
    "DATABASE_URL": "postgres://xinglin@db.example.org/xinglin",
    "BROKER_URL": "redis://broker.example.org/0",
    "XINGLIN_BASE_URL": "https://xinglin.example.org",
    "XINGLIN_SMS_DRIVER": "tests.config.gateway.Driver",
    "XINGLIN_SITE_NAME": "青山省医学教育与会诊平台",
    "XINGLIN_SITE_NAME_EN": "Qingshan medical education and consult platform",
}


HERE = {"XINGLIN_KEYS_DIR": "", "DATABASE_URL": "", "BROKER_URL": ""}
SAY = "import config.settings.prod as p; print(p.DEBUG, p.ALLAUTH_TRUSTED_PROXY_COUNT)"


def start(
    folder: Path, *, module: str = "", settings: str = "config.settings.prod", say: str = SAY, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, or load a server's module with them; `settings` may be left out."""
    own = {"XINGLIN_DATA": str(folder / "data"), "XINGLIN_KEYS_DIR": str(folder / "keys"), "PATH": os.environ["PATH"]}
    given = {name: value for name, value in (SAFE | own | changes).items() if value}
    given |= {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
    command = [sys.executable, "-c", f"import {module}" if module else say]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_safe_settings_start(tmp_path):
    answer = start(tmp_path)
    assert (answer.returncode, answer.stdout.split()) == (0, ["False", "1"]), answer.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        ({"SECRET_KEY": "ab" * 40}, "too uniform"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is empty or names every host"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "DATABASE_URL is not a PostgreSQL address"),
        ({"BROKER_URL": ""}, "BROKER_URL is not set"),
        ({"XINGLIN_SITE_NAME": ""}, "XINGLIN_SITE_NAME is not set: certificates, mails and text messages carry it"),
        ({"XINGLIN_SITE_NAME_EN": ""}, "XINGLIN_SITE_NAME_EN is not set: certificates, mails"),
        ({"XINGLIN_BASE_URL": "http://xinglin.example.org"}, "XINGLIN_BASE_URL is not an https address"),
        ({"XINGLIN_BASE_URL": "https://"}, "XINGLIN_BASE_URL is not an https address with a host and no more"),
        ({"XINGLIN_BASE_URL": "https://[::1"}, "XINGLIN_BASE_URL is not an https address with a host and no more"),
        (
            {"XINGLIN_BASE_URL": "https://other.example.org"},
            "other.example.org, which is not in ALLOWED_HOSTS",
        ),
        ({"CSRF_TRUSTED_ORIGINS": "https://a.example.org,https://*"}, "trusts more than one site with https://*"),
        ({"XINGLIN_DATA": ""}, "XINGLIN_DATA is not set"),
        ({"XINGLIN_DATA": "data"}, "XINGLIN_DATA is not an absolute path"),
        ({"XINGLIN_KEYS_DIR": ""}, "XINGLIN_KEYS_DIR is not set"),
        ({"XINGLIN_KEYS_DIR": "rel/keys"}, "XINGLIN_KEYS_DIR is not an absolute path"),
        ({"XINGLIN_KEYS_DIR": "{folder}/data/keys"}, "XINGLIN_KEYS_DIR and XINGLIN_DATA lie in one another"),
        ({"XINGLIN_KEYS_DIR": "{folder}/data"}, "XINGLIN_KEYS_DIR and XINGLIN_DATA lie in one another"),
        ({"XINGLIN_KEYS_DIR": "{folder}"}, "XINGLIN_KEYS_DIR and XINGLIN_DATA lie in one another"),
        ({"XINGLIN_KEYS_DIR": "{folder}/link/keys"}, "XINGLIN_KEYS_DIR and XINGLIN_DATA lie in one another"),
        ({"SECURE_SSL_REDIRECT": "0", "SECURE_HSTS_SECONDS": "0"}, "nothing would keep a reader on https"),
        ({"SECURE_HSTS_SECONDS": "-1"}, "SECURE_HSTS_SECONDS=-1 is below zero"),
        ({"EMAIL_HOST": "mail.example.org"}, "EMAIL_HOST=mail.example.org is another machine, and neither"),
        ({"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"}, "EMAIL_USE_TLS and EMAIL_USE_SSL are both on"),
        ({"EMAIL_HOST_USER": "xinglin"}, "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD are not both set"),
        ({"EMAIL_HOST_PASSWORD": "secret"}, "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD are not both set"),
        ({"EMAIL_PORT": "0"}, "EMAIL_PORT=0 is not a port number"),
        ({"XINGLIN_PROXIES": "-3"}, "XINGLIN_PROXIES=-3 is below zero"),
        ({"XINGLIN_IDLE_MINUTES": "100000"}, "XINGLIN_IDLE_MINUTES=100000 is not between 1 and 240 minutes"),
        ({"XINGLIN_IDLE_MINUTES": "0.5"}, "XINGLIN_IDLE_MINUTES=0.5 is not between 1 and 240 minutes"),
        ({"XINGLIN_IDLE_MINUTES_LEARNING": "721"}, "XINGLIN_IDLE_MINUTES_LEARNING=721 is not between 1 and 720"),
        ({"XINGLIN_SMS_DRIVER": ""}, "XINGLIN_SMS_DRIVER is the one that only writes to a file"),
        ({"XINGLIN_SMS_DRIVER": "core.notify.sms.LogDriver"}, "XINGLIN_SMS_DRIVER is the one that only writes"),
        ({"STORAGE_URL": "s3://store.example.org/files"}, "STORAGE_URL is set"),
        ({"XINGLIN_CRYPTO_SUITE": "guomi"}, "XINGLIN_CRYPTO_SUITE=guomi is not installed"),
        ({"DEBUG": "true"}, "DEBUG is on"),
    ],
)
def test_an_unsafe_setting_refuses_to_start_and_is_named(tmp_path, changes, sentence):
    (tmp_path / "link").symlink_to(tmp_path / "data")
    answer = start(tmp_path, **{name: value.replace("{folder}", str(tmp_path)) for name, value in changes.items()})
    assert answer.returncode != 0
    assert sentence in answer.stderr


@pytest.mark.parametrize(
    "changes",
    [
        {"ALLOWED_HOSTS": ".example.org", "XINGLIN_BASE_URL": "https://xinglin.example.org:8443"},
        {"SECURE_SSL_REDIRECT": "0"},  # where the proxy leads to https itself
        {"SECURE_HSTS_SECONDS": "0", "XINGLIN_PROXIES": "0"},
        {"XINGLIN_IDLE_MINUTES": "240", "XINGLIN_IDLE_MINUTES_LEARNING": "720"},
        {"XINGLIN_KEYS_DIR": "{folder}/data-keys"},  # a name that begins alike is no folder above
    ],
)
def test_what_is_not_unsafe_starts(tmp_path, changes):
    answer = start(tmp_path, **{name: value.replace("{folder}", str(tmp_path)) for name, value in changes.items()})
    assert (answer.returncode, answer.stdout.split()[:1]) == (0, ["False"]), answer.stderr


MAIL = (
    "import config.settings.prod as p; "
    "print(p.EMAIL_HOST, p.EMAIL_PORT, p.EMAIL_HOST_USER, p.EMAIL_HOST_PASSWORD, p.EMAIL_USE_TLS, p.EMAIL_USE_SSL)"
)
KNOWN = {"EMAIL_HOST": "mail.example.org", "EMAIL_HOST_USER": "xinglin", "EMAIL_HOST_PASSWORD": "a b"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "localhost 25   False False"),
        ({"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "2525"}, "127.0.0.1 2525   False False"),
        (KNOWN | {"EMAIL_USE_TLS": "true"}, "mail.example.org 587 xinglin a b True False"),
        (KNOWN | {"EMAIL_USE_SSL": "true"}, "mail.example.org 465 xinglin a b False True"),
        (KNOWN | {"EMAIL_USE_TLS": "1", "EMAIL_PORT": "2587"}, "mail.example.org 2587 xinglin a b True False"),
    ],
)
def test_mail_goes_as_the_environment_says(tmp_path, given, said):
    answer = start(tmp_path, say=MAIL, **given)
    assert (answer.returncode, answer.stdout.rstrip("\n")) == (0, said), answer.stderr


def test_the_site_has_the_name_that_it_was_given(tmp_path):
    say = "import config.settings.prod as p; print(ascii(p.XINGLIN_SITE_NAME), p.XINGLIN_SITE_NAME_EN)"
    answer = start(tmp_path, say=say)
    expected = f"{SAFE['XINGLIN_SITE_NAME']!a} {SAFE['XINGLIN_SITE_NAME_EN']}\n"
    assert (answer.returncode, answer.stdout) == (0, expected), answer.stderr


def test_all_faults_are_named_at_once(tmp_path):
    answer = start(tmp_path, XINGLIN_PROXIES="-1", XINGLIN_DATA="", XINGLIN_SMS_DRIVER="")
    assert answer.stderr.strip().splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: Refusing to start in production: XINGLIN_SMS_DRIVER is the one "
        "that only writes to a file: nobody would get a sign-in code; XINGLIN_DATA is not set; XINGLIN_PROXIES=-1 is "
        "below zero."
    )


@pytest.mark.parametrize(
    ("driver", "why"),
    [
        ("nonexist.Driver", "cannot be loaded (No module named 'nonexist')"),
        ("nonsense", "cannot be loaded (nonsense doesn't look like a module path)"),
        ("tests.config.gateway.Other", 'cannot be loaded (Module "tests.config.gateway" does not define a'),
        ("tests.config.gateway.Mute", "has no way to send"),
        ("tests.config.gateway_that_fails.Driver", "cannot be loaded (no account at the gateway)"),
    ],
)
@pytest.mark.parametrize("module", ["config.wsgi", "manage"])
def test_a_text_message_driver_that_cannot_be_loaded_refuses_to_start(tmp_path, driver, why, module):
    say = "import django; django.setup()"
    answer = start(tmp_path, module="" if module == "manage" else module, say=say, XINGLIN_SMS_DRIVER=driver)
    assert answer.returncode != 0
    assert f"Refusing to start in production: XINGLIN_SMS_DRIVER={driver} {why}" in answer.stderr


@pytest.mark.parametrize("settings", ["config.settings.dev", "config.settings.prod"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL='LOUD' is none of CRITICAL, FATAL, ERROR,"),
        ({"DATABASE_URL": "postgres://u:p@[::1/x"}, "DATABASE_URL is no"),
        ({"DATABASE_URL": "postgres://u:se#cret@db/x"}, "DATABASE_URL is no"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not a"),
        ({"XINGLIN_DATA": "{folder}/round"}, "its links go round in a circle"),
        ({"XINGLIN_DRAFT_DAYS": "nan"}, "XINGLIN_DRAFT_DAYS='nan' is not a number above zero"),
    ],
)
def test_what_no_column_can_read_is_named_without_its_value(tmp_path, settings, changes, sentence):
    (tmp_path / "round").symlink_to(tmp_path / "round")
    here = HERE if settings.endswith("dev") else {}
    given = {name: value.replace("{folder}", str(tmp_path)) for name, value in changes.items()}
    answer = start(tmp_path, settings=settings, say=f"import {settings}", **(here | given))
    last = answer.stderr.strip().splitlines()[-1]
    assert answer.returncode == 1
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ") and next(iter(changes)) in last
    assert sentence in last or "names" in last, last
    assert "cret" not in answer.stderr


@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi"])
def test_a_server_does_not_start_with_an_unmounted_key_folder(tmp_path, module):
    # Given safe settings, a database that does not answer, and a folder without a key
    answer = start(tmp_path, module=module, DATABASE_URL="postgres://xinglin@127.0.0.1:1/xinglin")
    # Then it refuses, names the folder and makes no key
    assert answer.returncode != 0
    assert "Refusing to start in production" in answer.stderr
    assert "XINGLIN_KEYS_DIR" in answer.stderr
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi", "config.celery"])
def test_a_server_whose_settings_nobody_named_is_production(tmp_path, module):
    # Given an environment without DJANGO_SETTINGS_MODULE, and one unsafe value
    say = f"import {module}; from django.conf import settings; print(settings.XINGLIN_IS_DEMO)"
    # When the server's module is loaded and its settings are read
    answer = start(tmp_path, settings="", say=say, SECRET_KEY="short")
    # Then it is production that refuses, and no demo has started
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Refusing to start in production: SECRET_KEY is shorter" in answer.stderr


DEMO = "import config.settings.dev as d; print(d.XINGLIN_IS_DEMO, d.DATABASES['default']['ENGINE'].split('.')[-1])"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DATABASE_URL": "postgres://x:p@db.example.org/x"}, "DATABASE_URL names db.example.org, which is another"),
        ({"DATABASE_URL": "postgres:///x?host=10.0.0.7"}, "DATABASE_URL names 10.0.0.7, which is another machine"),
        ({"BROKER_URL": "redis://:p@broker.example.org:6379/0"}, "BROKER_URL names broker.example.org"),
        ({"CACHE_URL": "rediss://10.1.2.3/1"}, "CACHE_URL names 10.1.2.3"),
        ({"SEARCH_URL": "https://search.example.org:9200"}, "SEARCH_URL names search.example.org"),
        ({"XINGLIN_KEYS_DIR": "/etc/xinglin/keys"}, "XINGLIN_KEYS_DIR is set"),
    ],
)
def test_a_demo_does_not_start_over_what_belongs_to_an_installation(tmp_path, changes, sentence):
    answer = start(tmp_path, settings="config.settings.dev", say=DEMO, **(HERE | changes))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"Refusing to start as a demo: {sentence}" in answer.stderr
    # And it has made neither a data folder nor a secret
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("changes", "engine"),
    [
        ({}, "sqlite3"),
        ({"BROKER_URL": "unix:///run/valkey.sock?db=0"}, "sqlite3"),
        ({"DATABASE_URL": "postgres://x:p@127.0.0.1:5433/x", "BROKER_URL": "redis://:p@[::1]:6379/0"}, "postgresql"),
        ({"DATABASE_URL": "postgres://x@%2Fvar%2Frun%2Fpostgresql/x", "SEARCH_URL": "http://localhost"}, "postgresql"),
    ],
)
def test_a_demo_starts_over_servers_of_this_machine(tmp_path, changes, engine):
    answer = start(tmp_path, settings="config.settings.dev", say=DEMO, **(HERE | changes))
    assert (answer.returncode, answer.stdout.split()) == (0, ["True", engine]), answer.stderr


def test_the_demos_starter_says_it_in_one_sentence_and_makes_nothing(tmp_path):
    # Given a machine whose environment is that of an installation
    environment = SAFE | {"PATH": os.environ["PATH"], "XINGLIN_DATA": str(tmp_path / "data")}
    # When somebody starts the demo there
    command = [sys.executable, ROOT / "bin" / "demo", "--once"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    # Then
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        "xinglin: Refusing to start as a demo: DATABASE_URL names db.example.org, which is another machine; "
        "BROKER_URL names broker.example.org, which is another machine. An installation for real people runs with "
        "DJANGO_SETTINGS_MODULE=config.settings.prod; for a demo, leave these variables out.\n"
    )
    assert not (tmp_path / "data").exists()
