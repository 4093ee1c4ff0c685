"""The buildings of a map as they are typed at the desk, a row each."""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.blueprints.gates.maps import MOST_BUILDINGS, MOST_NAME, Spot
from app.lib.text import clean


@dataclass
class SpotRow:
    """A building as it was typed: its name, x and y in percent, and what is wrong with each."""

    name: str
    x: str
    y: str
    errors: dict[str, str] = field(default_factory=dict)

    def spot(self) -> Spot:
        """The building, of a row without errors."""
        return Spot(self.name, float(self.x) / 100, float(self.y) / 100)


def read_spots(form: MultiDict[str, str]) -> list[SpotRow]:
    """The rows of buildings that were sent, each checked; one without a name is left out."""
    columns = (form.getlist("name"), form.getlist("x"), form.getlist("y"))
    rows = [
        SpotRow(clean(name), clean(x)[:12], clean(y)[:12])
        for name, x, y in zip(*columns, strict=False)
    ]
    rows = [row for row in rows if row.name]
    names: set[str] = set()
    for number, row in enumerate(rows):
        _check_spot(row, names, number)
        names.add(row.name)
    return rows


def _check_spot(row: SpotRow, names: set[str], number: int) -> None:
    if len(row.name) > MOST_NAME:
        row.errors["name"] = str(_l("At most 20 characters."))
    elif row.name in names:
        row.errors["name"] = str(_l("That name stands there twice."))
    elif number >= MOST_BUILDINGS:
        row.errors["name"] = str(_l("At most 200 buildings."))
    for name, value in (("x", row.x), ("y", row.y)):
        try:
            fits = 0 <= float(value) <= 100
        except ValueError:
            fits = False
        if not fits:
            row.errors[name] = str(_l("A number from 0 to 100."))
