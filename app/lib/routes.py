"""Numbers in paths."""

from werkzeug.routing import IntegerConverter, ValidationError

from app.lib.database import MAX_ROW_ID


class RowId(IntegerConverter):
    """The id of a row: a path with a number that no row can have leads nowhere."""

    def to_python(self, value: str) -> int:
        if len(value) > len(str(MAX_ROW_ID)) or int(value) > MAX_ROW_ID:
            raise ValidationError
        return int(value)
