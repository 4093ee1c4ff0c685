"""The verdict holds to the protocol's vectors, and the command says where one does not."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.blueprints.badges.vectors import Vector, load, main

FILE = Path(__file__).parents[1] / "vectors/sk1.json"
ROOT = Path(__file__).parents[2]


def _run(path: Path | str) -> subprocess.CompletedProcess[str]:
    """The command, with nothing of ours in its environment."""
    return subprocess.run(
        [sys.executable, "-m", "app.blueprints.badges.vectors", str(path)],
        cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _content() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text()))


def _changed(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("vector", load(FILE), ids=lambda vector: vector.name)
def test_the_verdict_is_that_of_the_vector(vector: Vector) -> None:
    assert vector.difference() is None


def test_the_command_is_content() -> None:
    ran = _run(FILE)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "48 vectors, 0 failed" in ran.stderr


def test_a_line_for_each_vector_that_fails(tmp_path: Path) -> None:
    content = _content()
    for number, reason in ((0, "expired"), (9, "clock"), (20, "ok")):
        content["vectors"][number]["expect"] = {"level": "red", "reason": reason}
    ran = _run(_changed(tmp_path, content))
    assert ran.returncode == 1
    assert ran.stdout.splitlines() == [
        "live ok: expected red expired, got green ok",
        "skew 90 s: expected red clock, got green ok",
        "proof by another phone: expected red ok, got red bad_proof",
    ]


def test_a_name_that_no_terminal_takes(tmp_path: Path) -> None:
    content = _content()
    content["vectors"][0] |= {"name": "a\ud800\n码", "expect": {"level": "red", "reason": "ok"}}
    ran = _run(_changed(tmp_path, content))
    assert ran.stdout == "a\\ud800\\n码: expected red ok, got green ok\n"


def _without(*path: str) -> dict[str, Any]:
    content = _content()
    place: Any = content["vectors"][3]
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return content


def _with(value: object, *path: str) -> dict[str, Any]:
    content = _content()
    place: Any = content["vectors"][3]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return content


@pytest.mark.parametrize(
    "content",
    [
        [], {}, {"vectors": {}}, {"vectors": []}, {"vectors": [5]}, {"vectors": [{}]}, "x", None,
        _without("text"), _without("expect"), _without("expect", "level"), _without("reader"),
        _without("reader", "now"), _without("reader", "keys"), _without("reader", "list_iat"),
        _with(5, "text"), _with("1795504314", "reader", "now"), _with(True, "reader", "now"),
        _with([], "reader", "keys"), _with({"513": ["zz"]}, "reader", "keys"),
        _with({"41": 9}, "reader", "status"), _with("xyz", "reader", "challenge"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_vectors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object
) -> None:
    assert main([str(_changed(tmp_path, content))]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "is no file of vectors" in said.err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b"{"])
def test_what_is_no_json(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert main([str(path)]) == 2


def test_no_file_at_all(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        assert main([str(path)]) == 2


def test_the_command_wants_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == main(["a", "b"]) == 2
    assert "usage" in capsys.readouterr().err
