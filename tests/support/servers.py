"""The real server as a process of its own: started, stopped, killed, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.support.issuing import ensure_issuer_key, ensure_vapid_key
from tests.support.nursery import Born, nursery

ROOT = Path(__file__).parents[2]
START_S = 30


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """granian with the application of a source tree, on a port that stays the same."""

    def __init__(self, url: str, folder: Path, *, root: Path = ROOT, **environment: str) -> None:
        self.port, self.folder, self.root = free_port(), folder, root
        folder.mkdir(parents=True, exist_ok=True)
        ensure_issuer_key(folder)
        ensure_vapid_key(folder)
        self.environment = {
            **os.environ, "STAR_KNIGHT_ENV": "development", "DATABASE_URL": url,
            "DATA_FOLDER": str(folder), "SECRET_KEY": "tests-only-" + "0" * 32,
            "RATELIMIT_ENABLED": "0", **environment,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | Born | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        arguments = [
            "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers",
            "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "wsgi:app",
        ]  # fmt: skip
        log = self.folder / "server.log"
        if self.root == ROOT:
            self.process = nursery().bear(arguments, self.environment, log)
        else:
            self.process = self._of_another_tree(arguments, log)
        self._wait()

    def _of_another_tree(self, arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "granian", *arguments]
        with log.open("ab") as file:
            return subprocess.Popen(
                command, cwd=self.root, env=self.environment, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip

    def _wait(self) -> None:
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError((self.folder / "server.log").read_text()[-3000:])

    def stop(self) -> None:
        """End it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would: every process of it, at once."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
