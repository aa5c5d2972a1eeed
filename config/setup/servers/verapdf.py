"""veraPDF 1.28.2, the judge of PDF/A and PDF/UA: a program, not a server.

From Maven Central, never committed (Mozilla Public License 2.0).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.setup.halt import Halt
from config.setup.servers.process import Home

NAME = "verapdf"
VERSION = "1.28.2"
SHA256 = "af601bff6980371629a2217198661a940079188a5e2010afd007a91685442739"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
PROJECT = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>xinglin</groupId><artifactId>verapdf</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId><version>{VERSION}</version></dependency>
  </dependencies>
</project>
"""


def install() -> None:
    """Raises Halt without Maven, without the network, or when a library is not the one that was checked."""
    home = Home(NAME)
    if home.tree.is_dir():
        return
    if not shutil.which("mvn"):
        raise Halt("veraPDF is fetched by Maven. Install it with: sudo apt-get install maven openjdk-17-jdk")
    making, store = home.tree.with_name("tree.tmp"), home.folder / "maven"
    shutil.rmtree(making, ignore_errors=True)
    home.folder.mkdir(parents=True, exist_ok=True)
    project = home.folder / "pom.xml"
    project.write_text(PROJECT)
    words = [f"-Dmaven.repo.local={store}", f"-DoutputDirectory={making}", "-DincludeScope=runtime"]
    get = ["mvn", "-B", "-q", "-f", str(project), *words, PLUGIN]
    done = subprocess.run(get, capture_output=True, text=True, check=False)
    if done.returncode or not making.is_dir():
        last = (done.stdout or done.stderr).strip().splitlines()[:1] or ["no output"]
        raise Halt(f"Maven could not fetch veraPDF: {last[0][:300]}")
    if (found := digest(making)) != SHA256:
        raise Halt(f"veraPDF's libraries have checksum {found}, not {SHA256}. They were not used.")
    making.rename(home.tree)
    shutil.rmtree(store, ignore_errors=True)


def digest(folder: Path) -> str:
    """One SHA-256 over the names and checksums of all libraries."""
    whole = hashlib.sha256()
    for library in sorted(folder.glob("*.jar")):
        with library.open("rb") as file:
            whole.update(f"{library.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def judge(flavour: str, documents: Sequence[Path]) -> dict[str, list[str]]:
    """Name of each document -> the clauses it breaks, with their descriptions; empty: it conforms.

    `flavour` is veraPDF's name of a standard: "3a" (ISO 19005-3 level A), "ua1" (ISO 14289-1). Raises Halt.
    """
    java = shutil.which("java")
    if java is None:
        raise Halt("veraPDF needs Java 17. Install it with: sudo apt-get install openjdk-17-jre-headless")
    command = [java, "-cp", f"{Home(NAME).tree}/*", "org.verapdf.apps.GreenfieldCliWrapper", "--format", "json"]
    done = subprocess.run([*command, "-f", flavour, *map(str, documents)], capture_output=True, text=True, check=False)
    try:
        jobs = json.loads(done.stdout)["report"]["jobs"]
    except (ValueError, KeyError):
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
        raise Halt(f"veraPDF gave no report: {last[0][:300]}") from None
    return {Path(job["itemDetails"]["name"]).name: _broken(job) for job in jobs}


def _broken(job: dict[str, Any]) -> list[str]:
    results = job.get("validationResult") or [{"details": {}, "compliant": False}]
    rules = [rule for result in results for rule in result["details"].get("ruleSummaries", [])]
    found = [
        f"{rule['clause']} ({rule['testNumber']}): {rule['description']}" for rule in rules if rule["failedChecks"]
    ]
    return found or ([] if all(result["compliant"] for result in results) else ["could not be read"])


def start() -> None:
    """Nothing runs: it is called with documents."""


def stop() -> None:
    """Nothing runs."""


def url() -> str:
    return str(Home(NAME).tree)


def is_running() -> bool:
    return False


def about() -> str:
    return f"veraPDF {VERSION} ({Home(NAME).tree})" if Home(NAME).tree.is_dir() else "not installed"
