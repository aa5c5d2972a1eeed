"""Read a seeded course from its text file.

Head: `name: value` lines (`aim` repeats). Then units (`# title | minutes`), in them texts (`## heading`, then plain
paragraphs as the plain form takes them), key messages (`! heading`), pictures (`@ file | what it shows | caption`), and
questions: `?` one or several right options (`+` right, `-` wrong), `?n` a number (`~ value ± tolerance unit`), `?o` an
order (`1. step`); `=` ends with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent / "courses"


@dataclass
class Block:
    """`kind` is text, key_message, image or quiz; `lines` are the text below the marked line."""

    kind: str
    head: str
    mark: str = ""
    lines: list[str] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass
class Unit:
    title: str
    minutes: int
    blocks: list[Block] = field(default_factory=list)


@dataclass
class SeededCourse:
    """`facts` are the columns of the course, `days_ago` its (first) publication or last step."""

    code: str
    state: str
    days_ago: int
    retired_days_ago: int
    facts: dict[str, Any]
    units: list[Unit]


def read_courses() -> list[SeededCourse]:
    """Every file, the oldest course first."""
    courses = [_course(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.txt"))]
    return sorted(courses, key=lambda course: -course.days_ago)


def _course(text: str) -> SeededCourse:
    head, _blank, body = text.partition("\n\n")
    values: dict[str, str] = {}
    aims = []
    for line in head.splitlines():
        name, _colon, value = line.partition(": ")
        if name == "aim":
            aims.append(value)
        else:
            values[name] = value
    return SeededCourse(
        code=values["code"],
        state=values.get("state", "published"),
        days_ago=int(values["days_ago"]),
        retired_days_ago=int(values.get("retired_days_ago", 0)),
        facts={
            "title": values["title"],
            "summary": values["summary"],
            "objectives": "\n".join(aims),
            "language": values["language"],
            "subject": values["subject"],
            "level": values["level"],
            "pass_percent": 60,
            "disclosure": values.get("disclosure", ""),
        },
        units=_units(body),
    )


def _units(body: str) -> list[Unit]:
    units: list[Unit] = []
    for line in body.splitlines():
        if line.startswith("# "):
            title, _bar, minutes = line[2:].partition(" | ")
            units.append(Unit(title, int(minutes)))
        elif line.startswith("## "):
            units[-1].blocks.append(Block("text", line[3:]))
        elif line.startswith("! "):
            units[-1].blocks.append(Block("key_message", line[2:]))
        elif line.startswith("@ "):
            units[-1].blocks.append(Block("image", line[2:]))
        elif line.startswith("?"):
            mark, _space, stem = line.partition(" ")
            units[-1].blocks.append(Block("quiz", stem, mark))
        elif line or units[-1].blocks:
            units[-1].blocks[-1].lines.append(line)
    return units


def question(block: Block) -> tuple[str, dict[str, Any]]:
    """(type of question, content) as `assessment.api.create_question` takes them. Each is worth two points."""
    lines = [line for line in block.lines if line]
    content: dict[str, Any] = {"stem": block.head, "explanation": lines[-1].removeprefix("= "), "points": 2}
    rows = lines[:-1]
    if block.mark == "?n":
        value, _sign, rest = rows[0].removeprefix("~ ").partition(" ± ")
        tolerance, _space, unit = rest.partition(" ")
        return "numeric", content | {"value": value, "tolerance": tolerance, "unit": unit or "1"}
    if block.mark == "?o":
        return "ordering", content | {"items": [{"text": row.split(". ", 1)[1]} for row in rows]}
    content["options"] = [{"text": row[2:]} for row in rows]
    right = ["abcdefgh"[index] for index, row in enumerate(rows) if row.startswith("+ ")]
    if len(right) > 1:
        return "multiple", content | {"answers": right}
    return "single", content | {"answer": right[0]}
