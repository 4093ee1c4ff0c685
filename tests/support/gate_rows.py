"""Compounds, gates, phones and passes written as rows, for tests of what happens to them later."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.gates.models import Compound, Gate, Pass, Presence, Scanner, Undo
from app.blueprints.organisations.models import Kind, Organisation
from app.lib import clock

HASH = "ab" * 32


@dataclass
class GateRows:
    """Writes rows and commits them; answers ids."""

    session: Session
    _numbers: count = field(default_factory=lambda: count(1))

    def compound(self, **settings: Any) -> int:
        """A compound."""
        made = self._organisation(Kind.COMPOUND, None)
        self.session.add(Compound(organisation_id=made.id, **settings))
        return self._committed(made)

    def gate(self, compound_id: int, **settings: Any) -> int:
        """A gate of a compound."""
        made = self._organisation(Kind.GATE, self.session.get_one(Organisation, compound_id))
        code = f"gate{next(self._numbers):012}"
        found = {"place_code": code} | settings
        self.session.add(Gate(organisation_id=made.id, compound_id=compound_id, **found))
        return self._committed(made)

    def scanner(self, gate_id: int, *, created_at: datetime | None = None) -> int:
        """A phone at a gate."""
        now = clock.now()
        account = User(phone=None, name="门岗手机", created_at=now)
        self.session.add(account)
        self.session.flush()
        made = Scanner(
            gate_id=gate_id, user_id=account.id, device_key=b"\2" * 33, label="x",
            created_by_id=account.id, created_at=created_at or now, last_seen_at=now,
            last_hash=HASH,
        )  # fmt: skip
        self.session.add(made)
        return self._committed(made)

    def passed(self, gate_id: int, at: datetime, **other: Any) -> int:
        """A pass by a gate, received at once; `scanner_id` and `seq` for one by a phone."""
        gate = self.session.get_one(Gate, gate_id)
        values = {
            "key": f"pass-{next(self._numbers)}", "received_at": at, "method": "live",
            "direction": "entry", "phone_level": "green", "phone_reason": "ok",
            "server_level": "green", "server_reason": "ok", "outcome": "entered",
        }  # fmt: skip
        made = Pass(gate_id=gate_id, compound_id=gate.compound_id, at=at, **(values | other))
        self.session.add(made)
        self._number_came(other)
        return self._committed(made)

    def undo(self, scanner_id: int, seq: int, at: datetime, *, pass_key: str = "?") -> int:
        """An undo by a phone, received at once."""
        made = Undo(
            key=f"undo-{next(self._numbers)}", scanner_id=scanner_id, pass_key=pass_key, at=at,
            received_at=at, seq=seq, prev_hash=HASH, statement_hash=HASH, statement="{}",
            signature=b"\0" * 64, chain="ok",
        )  # fmt: skip
        self.session.add(made)
        self._number_came({"scanner_id": scanner_id, "seq": seq})
        return self._committed(made)

    def inside(self, compound_id: int, rider_id: int, entered_at: datetime, **other: Any) -> int:
        """A rider inside a compound."""
        made = Presence(
            compound_id=compound_id, rider_id=rider_id, entered_at=entered_at, **other
        )  # fmt: skip
        self.session.add(made)
        return self._committed(made)

    def _committed(self, made: Any) -> int:
        """Commits, and leaves no transaction open that would go on seeing what was."""
        self.session.flush()
        made_id: int = made.id
        self.session.commit()
        return made_id

    def _organisation(self, kind: Kind, parent: Organisation | None) -> Organisation:
        number = next(self._numbers)
        made = Organisation(
            kind=kind, path="", name_zh=f"{kind}{number}", name_en=f"{kind} {number}",
            parent_id=parent.id if parent else None,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        made.path = f"{parent.path if parent else '/'}{made.id}/"
        return made

    def _number_came(self, link: dict[str, Any]) -> None:
        if link.get("scanner_id"):
            scanner = self.session.get_one(Scanner, link["scanner_id"])
            scanner.last_seq = max(scanner.last_seq, link["seq"])
