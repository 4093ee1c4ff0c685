"""Writers queue before SQLite: one at a time, and one that dies lets the next one in."""

import subprocess
import sys
import threading
from pathlib import Path

from app.lib.writers import queue_of_writers

STAND_IN_THE_DOOR = """
import sys, time
from app.lib.writers import queue_of_writers
with queue_of_writers(sys.argv[1]):
    print("in", flush=True)
    time.sleep(60)
"""


def test_one_process_waits_for_another_also_when_that_is_killed(tmp_path: Path) -> None:
    database, entered = str(tmp_path / "a.db"), threading.Event()

    def write() -> None:
        with queue_of_writers(database):
            entered.set()

    command = [sys.executable, "-c", STAND_IN_THE_DOOR, database]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"in\n"
        waiting = threading.Thread(target=write)
        waiting.start()
        assert not entered.wait(0.5)
        first.kill()
        assert entered.wait(10)
        waiting.join()


def test_threads_are_in_one_at_a_time(tmp_path: Path) -> None:
    inside, most = 0, 0

    def write() -> None:
        nonlocal inside, most
        for _turn in range(50):
            with queue_of_writers(str(tmp_path / "a.db")):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=write) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_writer_that_fails_leaves_the_door(tmp_path: Path) -> None:
    for _try in range(2):
        try:
            with queue_of_writers(str(tmp_path / "a.db")):
                raise RuntimeError
        except RuntimeError:
            pass
