"""The whole way from notifications to phones, as the worker goes it: `python -m bench.push_whole
COUNT ORIGIN`. Prints Figures as JSON."""

import json
import logging
import os
import resource
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PEOPLE_TOGETHER = 10_000


@dataclass(frozen=True)
class Figures:
    """Seconds, and MiB of resident memory before and at most."""

    spread_s: float
    sent_s: float
    before_mib: float
    most_mib: float


def memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count, origin = int(sys.argv[1]), sys.argv[2]
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(STAR_KNIGHT_ENV="development", DATA_FOLDER=folder, PUSH_SERVICES=origin)
        print(json.dumps(asdict(go(count, origin, Path(folder)))))


def go(count: int, origin: str, folder: Path) -> Figures:
    """Write so many people and notifications, then do what the worker does."""
    from flask_migrate import upgrade

    from app import create_app, queue
    from tests.support.issuing import ensure_issuer_key, ensure_vapid_key
    from tests.support.push_rows import write_people

    ensure_issuer_key(folder)
    ensure_vapid_key(folder)
    app = create_app()
    with app.app_context():
        upgrade()
        for first in range(1, count + 1, PEOPLE_TOGETHER):
            write_people(app, origin, first, min(first + PEOPLE_TOGETHER, count + 1))
        before = memory_mib()
        began = time.perf_counter()
        queue.jobs.run("spread")
        while queue.jobs.run("spread"):
            pass
        spread = time.perf_counter()
        queue.run_alone("push")
        return Figures(spread - began, time.perf_counter() - spread, before, memory_mib())


if __name__ == "__main__":
    main()
