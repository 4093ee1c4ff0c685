"""Imports run only downward: DESIGN's layers, held."""

from pathlib import Path

import pytest

import app
from tests.support.imports import wrong_arrows

ROOT = Path(app.__file__).parent


def test_every_arrow_runs_down() -> None:
    assert wrong_arrows(ROOT) == []


WRONG = {
    "lib/clock.py": "from app.errors import NotFound",
    "errors.py": "from app.blueprints.reports.models import Report",
    "blueprints/accounts/views.py": "from app.blueprints.reports import queries",
    "blueprints/photos/models.py": "from app.blueprints.reports.models import Report",
    "blueprints/sync/views.py": "from app.blueprints.reports.views import bp",
    "blueprints/sync/services.py": "from app.blueprints.cases import desk_views",
    "blueprints/pwa/views.py": "from app.blueprints.accounts.models import User",
    "blueprints/home/views.py": "from app.blueprints.sync import services",
    "blueprints/reports/services.py": "from flask import request",
    "blueprints/reports/queries.py": "def one():\n    from flask import current_app",
    "blueprints/reports/forms.py": "from flask_login import current_user",
    "blueprints/photos/services.py": "from app.extensions import db",
    "blueprints/reports/models.py": "from app.blueprints.reports.services import decide",
    "blueprints/accounts/services.py": "from app.blueprints.accounts.views import bp",
    "blueprints/accounts/forms.py": "from ..organisations import models",
}


@pytest.mark.parametrize(("path", "line"), WRONG.items(), ids=list(WRONG))
def test_a_wrong_arrow_is_found(tmp_path: Path, path: str, line: str) -> None:
    file = tmp_path / "app" / path
    file.parent.mkdir(parents=True)
    file.write_text(line)
    assert len(wrong_arrows(tmp_path / "app")) == 1


def test_imports_for_type_checkers_alone_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "app/blueprints/accounts/models.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from app.blueprints.organisations.models import Role\n"
    )
    assert wrong_arrows(tmp_path / "app") == []
