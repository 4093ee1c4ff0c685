"""The steps that a desk offers for a case: which, in what order, each with its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.cases.models import CasePart
from app.blueprints.cases.settings_templates import Template, templates_by_step
from app.blueprints.cases.standing import homes
from app.blueprints.cases.step_forms import StepForm, form_for
from app.blueprints.cases.transitions import STEPS, Need, Step, Who, steps_for
from app.blueprints.organisations.models import HANDLING
from app.blueprints.reports.models import Report

ELSEWHERE = frozenset({Who.REPORTER, Who.SYSTEM})
"""Whose steps no desk takes."""
DESK_STEPS = frozenset(step.name for step in STEPS if step.who not in ELSEWHERE) - {"merge"}
"""What is posted to the desk; merging has a page of its own."""
MAIN = ("accept", "grant", "dispatch", "verify", "close", "take", "finish", "finish_part")
"""What a case most likely needs next, in this order."""
OTHER_WAY = ("reject", "refuse", "fail", "return", "ask_extension", "go_on", "reconsider", "split")
"""The other decision that stands beside the main one."""
ICONS = {
    "accept": "check", "reject": "x", "reconsider": "history", "split": "link-2",
    "dispatch": "send", "redispatch": "send", "recall": "undo-2", "take": "check",
    "return": "undo-2", "ask_extension": "calendar", "grant": "calendar", "refuse": "x",
    "ask": "circle-question-mark", "go_on": "play", "finish": "circle-check",
    "verify": "shield-check", "fail": "refresh-cw", "close": "circle-check", "reopen": "history",
    "finish_part": "circle-check", "supervise": "star", "lift": "minus", "note": "pencil",
    "merge": "link-2",
}  # fmt: skip
DANGEROUS = ("reject", "return", "fail", "refuse", "recall")


@dataclass(frozen=True)
class Typed:
    """A form that comes back: for which step, and as it was sent."""

    step: str
    form: StepForm


@dataclass(frozen=True)
class Offer:
    """A step that can be taken now. `typed`: its form comes back and stands open."""

    step: Step
    form: StepForm
    templates: Sequence[Template]
    typed: bool = False

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def icon(self) -> str:
        """A symbol of the sprite."""
        return ICONS[self.name]

    @property
    def with_photos(self) -> bool:
        """Whether photos may come with it."""
        return "photos" in self.form

    def needs(self, name: str) -> bool:
        """Whether one of `Need` must come with it."""
        return Need(name) in self.step.needs


@dataclass(frozen=True)
class Offers:
    """All that can be done now: the likely step, the other way, and the rest."""

    main: Offer | None
    other: Offer | None
    more: Sequence[Offer]
    may_merge: bool


def offers(
    session: Session, actor: User, case: Report, who: frozenset[Who], parts: Sequence[CasePart],
    *, locale: str, typed: Typed | None = None,
) -> Offers:  # fmt: skip
    """What the actor may do with a case now; one statement, whatever the steps."""
    there = steps_for(who - ELSEWHERE, case.state)
    steps = [step for step in there if step.name != "merge" and _makes_sense(step, case)]
    if not _has_own_part(actor, parts):
        steps = [step for step in steps if step.name != "finish_part"]
    templates = templates_by_step(
        session, [step.name for step in steps], case.category_code, locale
    )  # fmt: skip
    made = {step.name: _offer(step, case, templates, typed) for step in steps}
    main = next((made.pop(name) for name in MAIN if name in made), None)
    other = next((made.pop(name) for name in OTHER_WAY if name in made), None)
    return Offers(main, other, list(made.values()), any(one.name == "merge" for one in there))


def _makes_sense(step: Step, case: Report) -> bool:
    """Supervision is begun or ended, whichever is not so yet."""
    begun = case.supervised_at is not None
    return begun if step.name == "lift" else not begun if step.name == "supervise" else True


def _has_own_part(actor: User, parts: Sequence[CasePart]) -> bool:
    own = {home.id for home in homes(actor, *HANDLING)}
    return any(part.department_id in own and part.done_at is None for part in parts)


def _offer(
    step: Step, case: Report, templates: Mapping[str, Sequence[Template]], typed: Typed | None
) -> Offer:
    ready = templates.get(step.name, ())
    if typed is not None and typed.step == step.name:
        typed.form.version.data = case.version
        return Offer(step, typed.form, ready, typed=True)
    return Offer(step, form_for(step.name, None, version=case.version), ready)
