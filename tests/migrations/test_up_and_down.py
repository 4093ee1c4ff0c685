"""Every migration runs up and down, with rows in every table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import Table, func, inspect, select

from app.extensions import db
from app.lib.database import Base
from tests.support.applications import make_app
from tests.support.databases import MIGRATIONS, Databases
from tests.support.rows import a_row_in_every_table

FOLDER = str(MIGRATIONS)


@pytest.fixture
def bare_app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without a table."""
    url = databases.empty()
    app = make_app(url, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def _filled(tables: set[str]) -> dict[str, int]:
    counts = {}
    with db.engine.connect() as connection:
        for name in tables:
            table = Table(name, Base.metadata)
            counts[name] = connection.scalar(select(func.count()).select_from(table)) or 0
    return counts


def _revisions() -> list[str]:
    config = current_app.extensions["migrate"].migrate.get_config(FOLDER)
    script = ScriptDirectory.from_config(config)
    return [revision.revision for revision in script.walk_revisions()]


def test_up_down_to_nothing_and_up_again(bare_app: Flask) -> None:
    upgrade(directory=FOLDER)
    built = _tables()
    downgrade(directory=FOLDER, revision="base")
    left = _tables()
    upgrade(directory=FOLDER)
    assert left == set()
    assert _tables() == built == set(Base.metadata.tables)


def test_rows_do_not_hinder_the_way_down(bare_app: Flask) -> None:
    upgrade(directory=FOLDER)
    a_row_in_every_table(db.session())
    assert all(_filled(_tables()).values())
    downgrade(directory=FOLDER, revision="base")
    upgrade(directory=FOLDER)
    assert not any(_filled(_tables()).values())


def test_rows_survive_each_step_down_and_up(bare_app: Flask) -> None:
    """One step down and up again keeps the rows of every table that both revisions have."""
    upgrade(directory=FOLDER)
    a_row_in_every_table(db.session())
    for _step in _revisions()[:-1]:  # the last one down leaves nothing
        downgrade(directory=FOLDER, revision="-1")
        kept = _tables()
        upgrade(directory=FOLDER, revision="+1")
        assert all(_filled(kept & _tables()).values())
        downgrade(directory=FOLDER, revision="-1")


def test_there_is_one_head(bare_app: Flask) -> None:
    config = current_app.extensions["migrate"].migrate.get_config(FOLDER)
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
