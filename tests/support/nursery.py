"""Servers that are there at once: a process that has imported the application forks them.

Importing takes two seconds of processor time, and each browser test has a server of its own. What
is forked then runs the server's own command, with the environment asked for and no application yet.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from granian.cli import cli

from tests.support.compiled import keep_compiled

ROOT = Path(__file__).parents[2]


class Born:
    """A process that the nursery forked; it has a process group of its own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended: int | None = None
        with suppress(ProcessLookupError):
            self._ended = os.pidfd_open(pid)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        if self._ended is None:
            return
        if not select.select([self._ended], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        os.close(self._ended)
        self._ended = None


class Nursery:
    """The process that forks; it ends with the tests, whose end closes its input."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "STAR_KNIGHT_ENV": "development"},
        )  # fmt: skip

    def bear(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Born:
        """Fork `granian` with these arguments and this environment; what it says goes to `log`."""
        assert self._process.stdin
        assert self._process.stdout
        asked = {"arguments": arguments, "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Born(int(self._process.stdout.readline()))


@cache
def nursery() -> Nursery:
    """That of this process of the tests."""
    return Nursery()


def _main() -> None:
    keep_compiled()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_FOLDER"] = folder
        app = __import__("app").create_app()
        with app.app_context():
            __import__("app.assets").assets.asset_version()  # its children need not hash all again
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _serve(asked)
        print(pid, flush=True)


def _serve(asked: Mapping[str, Any]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream, target in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(target, stream)
    os.environ.clear()
    os.environ.update(asked["environment"])
    cli.main(asked["arguments"], prog_name="granian")


if __name__ == "__main__":
    _main()
