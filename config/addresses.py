"""Where an address of the environment leads: to this machine, or to another one. Needs nothing but Python."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

NAMES = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SEARCH_URL")


def is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts(url: str) -> list[str]:
    """The machines that an address names, several where it lists several. Sockets and files name none."""
    found: list[str] = []
    for single in re.split(r"[;,](?=[\w+]+://)", url):
        try:
            parts = urlsplit(single)
            host = unquote(parts.hostname or "")
        except ValueError:  # brackets that never close: whatever it is, it is not known to be here
            host, parts = single, urlsplit("")
        asked = parse_qs(parts.query)
        named = ",".join([host, *asked.get("host", []), *asked.get("hostaddr", [])])
        found += [one for one in named.split(",") if one and not one.startswith("/")]
    return found


def not_for_a_demo(environment: Mapping[str, str]) -> list[str]:
    """What in the environment belongs to a real installation: a demo's passwords and keys are known to everybody."""
    faults = [
        f"{name} names {host}, which is another machine"
        for name in NAMES
        for host in hosts(environment.get(name, "").strip())
        if not is_loopback(host)
    ]
    if environment.get("XINGLIN_KEYS_DIR", "").strip():
        faults.append("XINGLIN_KEYS_DIR is set, and a demo keeps its keys in its data folder")
    return faults


def refusal(faults: list[str]) -> str:
    """The sentence for whoever started a demo with them."""
    return (
        f"Refusing to start as a demo: {'; '.join(faults)}. An installation for real people runs with "
        "DJANGO_SETTINGS_MODULE=config.settings.prod; for a demo, leave these variables out."
    )
