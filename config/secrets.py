"""The signing secret of an embedded installation, made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from config import environment as env


def secret_key(data: Path) -> str:
    """`SECRET_KEY` from the environment, else the one in `keys/secret`, made on the first start (mode 0600)."""
    if value := env.text("SECRET_KEY"):
        return value
    path = data / "keys" / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return path.read_text()
