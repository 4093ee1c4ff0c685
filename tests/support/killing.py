"""Processes that write without end, killed at any moment once they have written."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90


class Writers:
    """Three processes of one module at a time, each with its own seed.

    The module prints "ready" when it begins and takes the database's URL, a seed and `numbers`.
    """

    def __init__(self, module: str, url: str, numbers: list[int], chance: random.Random) -> None:
        self.command = [sys.executable, "-m", module, url]
        self.numbers = [str(number) for number in numbers]
        self.chance = chance

    def _start(self) -> subprocess.Popen[str]:
        command = [*self.command, str(self.chance.randrange(10**6)), *self.numbers]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def run_and_kill(self, has_written: Callable[[], bool]) -> None:
        """Let them write until `has_written`, however long a busy machine takes, and a bit more."""
        running = [self._start() for _writer in range(3)]
        try:
            for process in running:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
            _wait_for(has_written)
            time.sleep(self.chance.uniform(0, 0.6))
        finally:
            for process in running:
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()


def _wait_for(has_written: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not has_written():
        assert time.monotonic() < end, "the writers write nothing"
        time.sleep(0.02)
