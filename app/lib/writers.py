"""Writers of SQLite queue before its door.

SQLite lets one write at a time, and makes the others sleep and look again: who comes later may
get in earlier, and with eight connections some waited for seconds. A lock in the
process and one on a file between processes wake the next at once (docs/decisions/0003). SQLite's
own locking stays the truth: this is only the queue before it, and ends with the process that
stands in it.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_in_this_process = threading.Lock()


@contextmanager
def queue_of_writers(database: str) -> Iterator[None]:
    """Wait for the writers before us; `database` is the path of the database's file."""
    with _in_this_process:
        handle = os.open(f"{database}-writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)  # which lets the next one in
