"""Conflicts in plain words: what happened, and what to do."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.blueprints.gates.conflicts import ConflictKind
from app.blueprints.gates.models import PassConflict


@dataclass(frozen=True)
class Told:
    """A conflict as a property manager reads it."""

    title: str
    what: str
    do: str


@dataclass(frozen=True)
class _Words:
    """The same with places for what goes with a conflict, as %(metres)s."""

    title: LazyString
    what: LazyString
    do: LazyString


def told(conflict: PassConflict) -> Told:
    """What a conflict says, in the person's language."""
    words = _WORDS.get(conflict.kind, _OTHER)
    values = _values(conflict.detail)
    return Told(str(words.title), str(words.what) % values, str(words.do))


def _values(detail: str) -> Mapping[str, object]:
    """What goes with it; what is not there is said as "?"."""
    try:
        found = json.loads(detail or "{}")
    except ValueError:
        found = {}
    values: dict[str, object] = defaultdict(lambda: "?")
    values.update(found if isinstance(found, dict) else {})
    seconds = values.get("seconds")
    if isinstance(seconds, int | float):
        values["minutes"] = round(abs(seconds) / 60)
    return values


_TAKE_IN = _l(
    "Take the phone in, end it here and enrol it anew. Compare what the guards wrote on paper."
)
_OTHER = _Words(
    _l("Something does not fit"),
    _l("Something about this pass does not fit."),
    _l("Look at the pass and at those around it, and ask the guard."),
)
_WORDS: Mapping[str, _Words] = {
    ConflictKind.REVOKED_MEANWHILE: _Words(
        _l("Let in with a badge that no longer counted"),
        _l("It had been revoked or suspended; the gate phone had no network and did not know yet."),
        _l("Ask the guard whether the rider is still inside, and tell the rider's company."),
    ),
    ConflictKind.VERDICT_DIFFERS: _Words(
        _l("The gate and the centre judged differently"),
        _l("The phone judged by what it knew then. The centre knows more, and says otherwise."),
        _l(
            "If somebody was let in wrongly, ask the guard. If the rules changed, nothing is wrong."
        ),
    ),
    ConflictKind.REPLAYED_ELSEWHERE: _Words(
        _l("The same code at two readers"),
        _l("A code just accepted elsewhere was shown again here: it may have been a picture."),
        _l("Ask the guard about the face. If it was somebody else, tell the rider's company."),
    ),
    ConflictKind.TOO_FAR_APART: _Words(
        _l("One rider at two gates too quickly"),
        _l("%(metres)s m in %(seconds)s s: nobody rides that fast."),
        _l("Ask both guards about the face, and look at the clocks of both phones."),
    ),
    ConflictKind.PRINTED_CAP: _Words(
        _l("A printed badge came in too often"),
        _l("It was let in more often in a day than the gate allows: paper can be copied."),
        _l("Ask the guard whether the face was compared. The company can print a new one."),
    ),
    ConflictKind.ALTERED: _Words(
        _l("A record was altered"),
        _l("What arrived is not what the gate phone signed: somebody may have changed it."),
        _TAKE_IN,
    ),
    ConflictKind.BROKEN: _Words(
        _l("The phone's chain of records is broken"),
        _l("A record does not follow the one before: one was removed, or put in later."),
        _TAKE_IN,
    ),
    ConflictKind.MISSING: _Words(
        _l("Records of a phone are missing"),
        _l("Numbers %(first)s to %(last)s of this phone have not arrived."),
        _l("Open the gate page on the phone with network: it sends what waits, and this closes."),
    ),
    ConflictKind.CLOCK: _Words(
        _l("The phone's clock cannot be right"),
        _l("By that clock the pass is %(minutes)s minutes away from when it arrived."),
        _l("Set the phone to automatic time in its settings."),
    ),
    ConflictKind.ENDED: _Words(
        _l("It arrived after the phone was ended"),
        _l("The phone says that it recorded this before it was ended here."),
        _l("Ask who had the phone. If it was lost or stolen, do not trust this pass."),
    ),
}
