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
    "XINGLIN_SMS_DRIVER": "hospital.sms.Driver",
}


SAY = "import config.settings.prod as p; print(p.DEBUG, p.ALLAUTH_TRUSTED_PROXY_COUNT)"


def start(folder: Path, *, module: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """Read the production settings in a process of their own, or load a server's module with them."""
    own = {"XINGLIN_DATA": str(folder / "data"), "XINGLIN_KEYS_DIR": str(folder / "keys"), "PATH": os.environ["PATH"]}
    given = {name: value for name, value in (SAFE | own | changes).items() if value}
    given["DJANGO_SETTINGS_MODULE"] = "config.settings.prod"
    command = [sys.executable, "-c", f"import {module}" if module else SAY]
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
        ({"XINGLIN_BASE_URL": "http://xinglin.example.org"}, "XINGLIN_BASE_URL is not an https address"),
        ({"XINGLIN_KEYS_DIR": ""}, "XINGLIN_KEYS_DIR is not set"),
        ({"XINGLIN_SMS_DRIVER": ""}, "XINGLIN_SMS_DRIVER is the one that only writes to a file"),
        ({"STORAGE_URL": "s3://store.example.org/files"}, "STORAGE_URL is set"),
        ({"XINGLIN_CRYPTO_SUITE": "guomi"}, "XINGLIN_CRYPTO_SUITE=guomi is not installed"),
        ({"DEBUG": "true"}, "DEBUG is on"),
    ],
)
def test_an_unsafe_setting_refuses_to_start_and_is_named(tmp_path, changes, sentence):
    answer = start(tmp_path, **changes)
    assert answer.returncode != 0
    assert sentence in answer.stderr


@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi"])
def test_a_server_does_not_start_with_an_unmounted_key_folder(tmp_path, module):
    # Given safe settings, a database that does not answer, and a folder without a key
    answer = start(tmp_path, module=module, DATABASE_URL="postgres://xinglin@127.0.0.1:1/xinglin")
    # Then it refuses, names the folder and makes no key
    assert answer.returncode != 0
    assert "Refusing to start in production" in answer.stderr
    assert "XINGLIN_KEYS_DIR" in answer.stderr
    assert not (tmp_path / "keys").exists()
