"""Web and worker, started and stopped together."""

import os
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from honcho.manager import Manager
from honcho.printer import Printer

ROOT = Path(__file__).parent.parent


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--web-processes", default=2, show_default=True)
@click.option("--web-threads", default=2, show_default=True)
@with_appcontext
def serve(host: str, port: int, web_processes: int, web_threads: int) -> None:
    """Migrate, then run the web server and the worker until one of them ends."""
    upgrade(directory=str(ROOT / "migrations"))
    current_app.logger.info("starting", extra={"host": host, "port": port})
    web = (
        f"{sys.executable} -m granian --interface wsgi --host {host} --port {port} "
        f"--workers {web_processes} --blocking-threads {web_threads} "
        "--backlog 1024 --no-ws --log-level warning wsgi:app"
    )
    consumer = Path(sys.executable).with_name("huey_consumer")
    worker = f"{sys.executable} {consumer} app.worker.huey --workers 3 --max-delay 0.5 --quiet"
    manager = Manager(Printer(prefix=False))  # a prefix would spoil lines of JSON
    environment = dict(os.environ)
    for name, command in (("web", web), ("worker", worker)):
        manager.add_process(name, command, quiet=False, env=environment, cwd=str(ROOT))
    manager.loop()
    sys.exit(manager.returncode)
