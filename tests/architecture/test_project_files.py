"""Files that a stranger reads or installs from: no host of a registry, no path of a builder's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".yaml", ".sh", ".html", ".css", ".js", ".mjs", ".cfg", ""}
HOSTS = re.compile(r"https?://(registry|files|repo|repo1|proxy|index|deb|static)\.[a-z.-]+/")
READS = re.compile(r"""env\.(?:text|flag|integer|number|items|required)\(\s*"([A-Z_]+)\"""")
MACHINE = re.compile(r"(^|[^A-Za-z0-9_.-])/(work|farm|root)/[a-z.]")


def _texts():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        path = ROOT / name
        if path.suffix in TEXT and path.is_file() and path != Path(__file__).resolve():
            yield name, path.read_text(errors="replace")


def test_no_registry_host_and_no_machine_path_is_named():
    faults = [name for name, text in _texts() if HOSTS.search(text) or MACHINE.search(text)]
    assert faults == []


def test_locked_requirements_carry_hashes_and_no_address():
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        pins = re.findall(r"^[a-zA-Z0-9_.-]+(\[[a-z,]+\])?==", text, re.M)
        assert len(pins) > 50
        assert text.count("--hash=sha256:") > len(pins)


def test_every_architecture_decision_is_listed():
    folder = ROOT / "docs" / "adr"
    listed = (folder / "README.md").read_text()
    assert [path.name for path in sorted(folder.glob("0*.md")) if path.name not in listed] == []


def test_generated_documentation_is_current():
    call_command("build_docs", "--check")


def test_every_journey_is_told_of():
    told = (ROOT / "docs" / "journeys.md").read_text()
    names = sorted(path.name for path in (ROOT / "tests" / "journeys").glob("test_*.py"))
    assert [name for name in names if name not in told] == []


def test_every_variable_of_an_installation_stands_in_its_table():
    # Given what the code reads from the environment; the supervisor of a demo sets the one itself
    read = {name for _, text in _texts() if "env." in text for name in READS.findall(text)} - {"XINGLIN_WS_PORT"}
    assert len(read) > 25
    # Then each is the first word of a row
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", (ROOT / "docs" / "operations.md").read_text(), re.M)
    assert sorted(read - {name.strip("` ") for row in rows for name in row.split(",")}) == []
