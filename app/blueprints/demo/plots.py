"""What happens to demo cases, and in which order: the usual way, and the ways round."""

import random
from dataclasses import dataclass, replace

from app.blueprints.cases.transitions import Who

WHO: dict[str, Who] = {
    "accept": Who.CENTRE, "reject": Who.CENTRE, "appeal": Who.REPORTER, "withdraw": Who.REPORTER,
    "restore": Who.REPORTER, "merge": Who.CENTRE, "dispatch": Who.CENTRE, "recall": Who.CENTRE,
    "redispatch": Who.CENTRE, "take": Who.DEPARTMENT, "return": Who.DEPARTMENT,
    "ask_extension": Who.DEPARTMENT, "grant": Who.CENTRE, "refuse": Who.CENTRE, "ask": Who.CENTRE,
    "answer": Who.REPORTER, "go_on": Who.CENTRE, "finish": Who.DEPARTMENT, "verify": Who.VERIFIER,
    "fail": Who.VERIFIER, "close": Who.CENTRE, "reopen": Who.REPORTER, "rate": Who.REPORTER,
    "finish_part": Who.ASSISTANT, "supervise": Who.AUTHORITY, "lift": Who.AUTHORITY,
    "note": Who.CENTRE, "reconsider": Who.CENTRE,
}  # fmt: skip
"""Whose a step is, unless a plot says otherwise."""


@dataclass(frozen=True)
class Beat:
    """One step of a plot. `astray`: to a department that it does not belong to; `joint`: with a
    part for another department."""

    step: str
    by: Who
    astray: bool = False
    joint: bool = False
    satisfied: bool = True


Plot = tuple[Beat, ...]


def plot(text: str) -> Plot:
    """A plot from the names of its steps, in order: `plot("accept dispatch take")`."""
    return tuple(Beat(step, WHO[step]) for step in text.split())


WORK = plot("take finish")
AGAIN = plot("dispatch take finish verify close")
USUAL = plot("accept dispatch take finish verify close")
ASKED_BY_DEPARTMENT = Beat("ask", Who.DEPARTMENT)
ASTRAY = replace(plot("dispatch")[0], astray=True)
JOINT = replace(plot("dispatch")[0], joint=True)
UNSATISFIED = replace(plot("rate")[0], satisfied=False)


def any_plot(chance: random.Random) -> Plot:
    """How a case of the year went, by chance."""
    fate = chance.random()
    if fate < 0.05:
        ends = ("reject", "reject", "reject appeal reject", "reject reconsider accept")
        chosen = plot(chance.choice(ends))
        return chosen + USUAL[1:] if chosen[-1].step == "accept" else chosen
    if fate < 0.06:
        return plot("reject appeal") + USUAL
    if fate < 0.08:
        return plot(chance.choice(("withdraw", "accept withdraw")))
    if fate < 0.083:
        return plot("withdraw restore") + USUAL
    return _filed(chance) + _handled(chance) + _ended(chance)


def _filed(chance: random.Random) -> Plot:
    fate = chance.random()
    if fate < 0.04:
        return plot("accept ask answer")
    if fate < 0.05:
        return plot("ask answer accept")
    if fate < 0.06:
        return plot("accept ask go_on")
    return plot("accept")


def _handled(chance: random.Random) -> Plot:
    """From the dispatch until it is verified."""
    fate = chance.random()
    if fate < 0.05:
        return (ASTRAY, *plot("return dispatch"), *WORK, *plot("verify"))
    if fate < 0.06:
        return (ASTRAY, *plot("redispatch"), *WORK, *plot("verify"))
    if fate < 0.07:
        return (ASTRAY, *plot("recall dispatch"), *WORK, *plot("verify"))
    if fate < 0.12:
        return (JOINT, *plot("take finish_part finish verify"))
    if fate < 0.16:
        return plot("dispatch take ask_extension grant finish verify")
    if fate < 0.18:
        return plot("dispatch take ask_extension refuse finish verify")
    if fate < 0.21:
        return (*plot("dispatch take"), ASKED_BY_DEPARTMENT, *plot("answer finish verify"))
    if fate < 0.27:
        return plot("dispatch take finish fail take finish verify")
    if fate < 0.285:
        return plot("dispatch supervise take finish lift verify")
    if fate < 0.31:
        return plot("dispatch note take finish verify")
    return plot("dispatch take finish verify")


def _ended(chance: random.Random) -> Plot:
    fate = chance.random()
    if fate < 0.03:
        return (*plot("close"), UNSATISFIED, *plot("reopen"), *AGAIN)
    if fate < 0.05:
        return plot("close reopen") + AGAIN
    if fate < 0.09:
        return (*plot("close"), UNSATISFIED)
    return plot("close rate") if fate < 0.55 else plot("close")
