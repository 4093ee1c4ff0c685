"""Lighthouse on the rider's pages, with the system's Chromium; fetched by npm when it runs."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench.district import prepare
from bench.serving import server
from tests.support.phone import CHROMIUM

VERSION = "12.8.2"
PAGES = ("/", "/reports/new", "/reports", "/outbox", "/me", "/install")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PORT = 8074


def measure() -> None:
    """Print the scores of every page, of 100."""
    print(f"{'Lighthouse ' + VERSION:16}", *(f"{name:>15}" for name in CATEGORIES))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cookie = prepare(folder).cookies[0]
        with server("wsgi:app", PORT, folder):
            for path in PAGES:
                scores = _scores(path, cookie, folder / "lighthouse.json")
                print(f"{path:16}", *(f"{scores[name]:15.0f}" for name in CATEGORIES))


def _scores(path: str, cookie: str, out: Path) -> dict[str, float]:
    command = [
        "npx", "--yes", f"lighthouse@{VERSION}", f"http://127.0.0.1:{PORT}{path}", "--quiet",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
        f"--only-categories={','.join(CATEGORIES)}", "--output=json", f"--output-path={out}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}", "--locale=zh",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    subprocess.run(command, env=environment, check=True, stdin=subprocess.DEVNULL)
    report = json.loads(out.read_text())
    for audit in report["audits"].values():
        if audit.get("score") is not None and audit["score"] < 0.9 and _counts(report, audit):
            print(f"    {path}: {audit['id']} {audit['score']} {audit.get('displayValue', '')}")
    return {name: (report["categories"][name]["score"] or 0) * 100 for name in CATEGORIES}


def _counts(
    report: dict[str, dict[str, dict[str, list[dict[str, object]]]]], audit: dict[str, object]
) -> bool:
    references = (one for name in CATEGORIES for one in report["categories"][name]["auditRefs"])
    return any(one["id"] == audit["id"] and one["weight"] for one in references)
