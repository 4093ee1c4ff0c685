"""A browser that never answers fails its test, and not the whole run."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def watchdog(seconds: float) -> Iterator[None]:
    """Kill the browsers of this process when the block takes longer: what waits for them raises."""
    timer = threading.Timer(seconds, kill_browsers)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def kill_browsers() -> None:
    """End every Chromium that this process has started, itself or through another."""
    for process in _descendants(os.getpid()):
        if "chrom" in _name(process):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _descendants(ancestor: int) -> list[int]:
    parents = {
        int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    }
    found, row = [], [ancestor]
    while row:
        row = [child for child, parent in parents.items() if parent in row]
        found += row
    return found


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text()
    except OSError:
        return ""
