"""What an application says to its database."""

from flask import Flask
from sqlalchemy import event

from app.extensions import db

Ran = list[str]


def counted(app: Flask) -> Ran:
    """A list that every statement is added to from now on; `clear()` it to count anew."""
    ran: Ran = []
    with app.app_context():

        @event.listens_for(db.engine, "before_cursor_execute")
        def remember(
            _connection: object, _cursor: object, statement: str, *_further: object
        ) -> None:
            ran.append(statement)

    return ran
