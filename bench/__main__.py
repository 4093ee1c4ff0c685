"""`python -m bench [part ...]`: figures, each beside its reference measured in the same run."""

import argparse
import logging
import os
import platform
from pathlib import Path

os.environ.update(STAR_KNIGHT_ENV="development", RATELIMIT_ENABLED="0")

from bench import (
    announcements,
    badge,
    bundle,
    cases,
    check_ins,
    directory,
    figures,
    full,
    gate,
    lighthouse,
    pages,
    passes,
    points,
    push,
    sending,
)

PARTS = {
    "sending": lambda: sending.measure(2, 2),
    "workers": lambda: [sending.measure(*how) for how in ((1, 1), (1, 4), (2, 1), (2, 4))],
    "full": full.measure,
    "cases": cases.measure,
    "passes": passes.measure,
    "figures": figures.measure,
    "check_ins": check_ins.measure,
    "points": lambda: points.measure(_asked().entries),
    "bundle": bundle.measure,
    "push": push.measure,
    "announcements": announcements.measure,
    "pages": pages.measure,
    "badge": badge.measure,
    "gate": gate.measure,
    "directory": directory.measure,
    "lighthouse": lighthouse.measure,
}


def main() -> None:
    logging.disable(logging.INFO)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {_processor()}")
    for name in _asked().parts or PARTS:
        print(f"\n# {name}", flush=True)
        PARTS[name]()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part")
    parser.add_argument("--entries", type=int, default=points.ENTRIES, help="of the full books")
    return parser.parse_args()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "")


if __name__ == "__main__":
    main()
