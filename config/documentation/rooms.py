"""The picture of the rooms, drawn from the import contract in `pyproject.toml`."""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path

WIDTH, ROW, GAP, LEFT = 760, 52, 10, 24
PURPOSE = {
    "config": "settings, addresses, processes, the story",
    "bench": "measurements",
    "credits": "schemes, ledger, certificates",
    "lms": "enrolment, player, progress, attempts",
    "cms": "pages, course desk, editions, catalogue",
    "casebook": "proposals, teaching cases, versions",
    "peer_review": "rounds, rubrics, decisions",
    "assessment": "questions, the one scorer",
    "consult_bridge": "patients, consults, opinions, consent",
    "media_pipeline": "images, de-identification, releases, video",
    "directory": "people, organisations, roles, sign-in",
    "core": "actor, errors, states, outbox, jobs, audit, crypto, search, shell",
}


def layers(pyproject: Path) -> list[list[str]]:
    """The contract's layers, top first; packages on one layer do not know each other."""
    settings = tomllib.loads(pyproject.read_text())
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            return [[name.strip() for name in layer.split(":")] for layer in contract["layers"]]
    raise ValueError("pyproject.toml holds no layers contract")


def picture(rows: list[list[str]]) -> str:
    """An SVG: one band for each layer, imports point downwards."""
    height = len(rows) * (ROW + GAP) + GAP + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14">',
        "<title>Rooms of the house; imports go down only</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#faf8f5"/>',
    ]
    for index, names in enumerate(rows):
        parts += _band(names, GAP + index * (ROW + GAP))
    parts.append(
        f'<text x="{LEFT}" y="{height - 12}" fill="#635d55" font-size="12">'
        "Imports go down only. Upwards there are events; sideways ids, URL names and fragments.</text>"
    )
    return "\n".join([*parts, "</svg>", ""])


def _band(names: list[str], top: int) -> list[str]:
    width = (WIDTH - 2 * LEFT - GAP * (len(names) - 1)) / len(names)
    parts = []
    for position, name in enumerate(names):
        x = LEFT + position * (width + GAP)
        parts += [
            f'<rect x="{x:g}" y="{top}" width="{width:g}" height="{ROW}" rx="6" fill="#fff" stroke="#d3ccc1"/>',
            f'<text x="{x + 14:g}" y="{top + 22}" font-weight="600" fill="#1f6f5c">{escape(name)}</text>',
            f'<text x="{x + 14:g}" y="{top + 40}" fill="#4d4841" font-size="12">{escape(PURPOSE[name])}</text>',
        ]
    return parts
