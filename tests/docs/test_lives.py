"""The documents of tasks and rewards tell the steps that the tables of transitions have."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app.blueprints.rewards import transitions as rewards
from app.blueprints.tasks import transitions as tasks

PROTOCOLS = Path(__file__).parents[2] / "docs/protocols"
Row = tuple[str, ...]


def _written(document: str, title: str) -> list[Row]:
    text = (PROTOCOLS / document).read_text(encoding="utf-8")
    section = text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [
        tuple(re.sub("`", "", cell).strip() for cell in line.strip("|").split("|"))
        for line in lines
    ]


def _listed(table: Iterable[Any]) -> list[Row]:
    return [
        (one.step, str(one.source or "nothing"), str(one.target), str(one.who)) for one in table
    ]


@pytest.mark.parametrize(
    ("document", "title", "table"),
    [
        ("reward.md", "A redemption's life", rewards.TRANSITIONS),
        ("task.md", "A task", tasks.TASK_TRANSITIONS),
        ("task.md", "A claim", tasks.TRANSITIONS),
    ],
)
def test_the_steps_are_those_of_the_table(document: str, title: str, table: Iterable[Any]) -> None:
    assert _written(document, title) == _listed(table)
