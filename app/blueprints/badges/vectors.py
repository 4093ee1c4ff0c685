"""Hold the verdict to a file of vectors: `python -m app.blueprints.badges.vectors FILE`.

Prints a line for each vector whose verdict differs. Exits with 0 when none does, with 1 when one
does, with 2 when the file is not of the form that docs/protocols/badge.md describes. Needs no
database, no settings and no application.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.blueprints.badges.replays import Replays
from app.blueprints.badges.status_list import Status
from app.blueprints.badges.verdict import Reader, judge, no_rules


class NotVectors(ValueError):
    """The file is not of the form; the text says where."""


@dataclass(frozen=True)
class NamedStatuses:
    """A status list told by index; one that is not named is valid."""

    iat: int
    exp: int
    named: Mapping[int, Status]

    def status(self, index: int) -> Status | None:
        return self.named.get(index, Status.VALID)


@dataclass(frozen=True)
class Vector:
    """A text, what the reader knows, and the verdict expected: (level, reason)."""

    name: str
    text: str
    reader: Reader
    expected: tuple[str, str]

    def difference(self) -> str | None:
        """What came instead of what was expected, in words; None if nothing differs."""
        verdict = judge(self.text, self.reader)
        got = (str(verdict.level), str(verdict.reason))
        if got == self.expected:
            return None
        return f"{self.name}: expected {' '.join(self.expected)}, got {' '.join(got)}"


def load(path: Path) -> list[Vector]:
    """The vectors of a file. Raises NotVectors, or OSError."""
    try:
        raw = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise NotVectors("it is no JSON") from error
    listed = raw.get("vectors") if isinstance(raw, dict) else None
    if not isinstance(listed, list) or not listed:
        raise NotVectors('it has no list "vectors" with something in it')
    return [_vector(number, one) for number, one in enumerate(listed, start=1)]


def _vector(number: int, raw: Any) -> Vector:
    try:
        expected = (_text(raw["expect"]["level"]), _text(raw["expect"]["reason"]))
        return Vector(_text(raw["name"]), _text(raw["text"]), _reader(raw["reader"]), expected)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotVectors(f"vector {number}: {error!r}") from error


def _reader(raw: Any) -> Reader:
    return Reader(
        now_s=_number(raw["now"]),
        keys={int(kid): [bytes.fromhex(key) for key in held] for kid, held in raw["keys"].items()},
        scopes=frozenset(_number(scope) for scope in raw["scopes"]),
        list=NamedStatuses(
            iat=_number(raw["list_iat"]),
            exp=_number(raw["list_exp"]),
            named={int(index): Status(status) for index, status in raw["status"].items()},
        ),
        challenge=bytes.fromhex(raw.get("challenge") or ""),
        gate_refuses=no_rules,
        replays=Replays(),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def differences(vectors: list[Vector]) -> Iterator[str]:
    """A line for each vector whose verdict differs."""
    return (line for vector in vectors if (line := vector.difference()))


def main(arguments: list[str]) -> int:
    """The command; answers its exit status."""
    if len(arguments) != 1:
        return _complain("usage: python -m app.blueprints.badges.vectors FILE")
    try:
        vectors = load(Path(arguments[0]))
    except (NotVectors, OSError) as error:
        return _complain(f"{arguments[0]} is no file of vectors: {error}")
    failed = list(differences(vectors))
    for line in failed:
        click.echo(_printable(line))
    click.echo(f"{len(vectors)} vectors, {len(failed)} failed", err=True)
    return 1 if failed else 0


def _complain(message: str) -> int:
    click.echo(_printable(message), err=True)
    return 2


def _printable(line: str) -> str:
    """A line that any terminal takes, whatever a file calls its vectors."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
