"""The server under load: granian as `flask serve` starts it, on loopback, in its own folder."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORKERS, THREADS = 2, 2


def environment(folder: Path) -> dict[str, str]:
    """The settings of a run: limits off, since all load comes from one address."""
    return {
        **os.environ, "STAR_KNIGHT_ENV": "development", "DATA_FOLDER": str(folder),
        "RATELIMIT_ENABLED": "0", "FLOOR": str(folder / "starknight.db"),
    }  # fmt: skip


@contextmanager
def server(
    module: str, port: int, folder: Path, *, workers: int = WORKERS, threads: int = THREADS
) -> Iterator[None]:
    """Serve while the block runs."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
        "--backlog", "1024", "--no-ws", "--log-level", "error", module,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env=environment(folder), cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _try in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)
