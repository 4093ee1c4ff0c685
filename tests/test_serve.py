"""`flask serve`: web and worker started, working and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from tests.support.outbox import item
from tests.support.pictures import picture, sha256
from tests.support.servers import ROOT, free_port

PATIENCE_S = 60


@dataclass
class Served:
    """The running command, and where it answers."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def children(self) -> set[int]:
        """The processes that it started, and those that they started."""
        found, parents = set(), {self.process.pid}
        stats = {int(path.name): path for path in Path("/proc").iterdir() if path.name.isdigit()}
        for _depth in range(4):
            parents = {pid for pid, path in stats.items() if _parent(path) in parents}
            found |= parents
        return found


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return -1


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """The command of operators, on the test's database and folder."""
    port, log = free_port(), tmp_path / "serve.log"
    environment = os.environ | {
        "STAR_KNIGHT_ENV": "development", "DATABASE_URL": database_url,
        "DATA_FOLDER": str(tmp_path / "data"), "SECRET_KEY": "tests-only-" + "0" * 32,
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    running = Served(process, f"http://127.0.0.1:{port}", log)
    try:
        _until(lambda: _answers(f"{running.address}/readyz"), "it did not start")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


def _report(served: Served, rider: FlaskClient) -> str:
    """Send a report with its photo; the photo's address."""
    cookie = rider.get_cookie("session")
    assert cookie is not None
    cookies, content = {"session": cookie.value}, picture(1)
    photo = f"{served.address}/sync/photos/{sha256(content)}"
    requests.put(photo, data=content, cookies=cookies, timeout=10).raise_for_status()
    items = [item(sha256(content))]
    answer = requests.post(f"{served.address}/sync/items", json=items, cookies=cookies, timeout=10)
    return f"{answer.json()[0]['url']}/photos/1/thumb"


def test_a_photo_passes_through_web_and_worker(served: Served, rider: FlaskClient) -> None:
    url = _report(served, rider)
    _until(lambda: rider.get(url).status_code == 200, "the worker did not see to the photo")


def test_one_signal_ends_them_all(served: Served) -> None:
    children = served.children()
    assert len(children) >= 3  # granian with its own, and the consumer
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(PATIENCE_S)
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), "somebody stayed")
    assert not _answers(f"{served.address}/healthz")


def test_when_the_worker_dies_all_end(served: Served) -> None:
    """A service manager then starts both again."""
    command_lines = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in served.children()}
    [worker] = [pid for pid, line in command_lines.items()
                if "huey_consumer" in line and not line.startswith("/bin/sh")]  # fmt: skip
    os.kill(worker, signal.SIGKILL)
    assert served.process.wait(PATIENCE_S) != 0
    assert not _answers(f"{served.address}/healthz")
