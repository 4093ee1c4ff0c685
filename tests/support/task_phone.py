"""A rider's phone with tasks on it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.blueprints.tasks.models import Claim, ClaimAnswer, ClaimPhoto, QuestionKind
from app.blueprints.tasks.terms import Proof, Question
from app.extensions import db
from tests.support.phone import PLACE, Phone
from tests.support.scenes import scene
from tests.support.tasks import Office
from tests.support.waiting import until_true

PICTURES = os.environ.get("PICTURES_TO", "")
HERE = {"latitude": PLACE["latitude"], "longitude": PLACE["longitude"]}
"""Where the phone is: parts of a task."""
QUESTIONS = (
    Question("乱停的车有多少辆？", QuestionKind.NUMBER),
    Question("通道是否畅通？", QuestionKind.YES_NO),
    Question("车停在哪一侧？", QuestionKind.CHOICE, ("东侧", "西侧")),
    Question("还看到什么？"),
)
PROOF = Proof(photos=1, place=True, questions=QUESTIONS)
_SHELL = "async () => Boolean(await caches.match('/tasks', {ignoreSearch: true}))"


def handed_in(app: Flask, claim_id: int) -> tuple[str, int, list[str]]:
    """The state of a claim, how many photos its last attempt has, and the answers."""
    with app.app_context():
        claim = db.session.get_one(Claim, claim_id)
        photos = select(ClaimPhoto).where(
            ClaimPhoto.claim_id == claim_id, ClaimPhoto.attempt == claim.attempts
        )
        answers = select(ClaimAnswer.answer).where(
            ClaimAnswer.claim_id == claim_id, ClaimAnswer.attempt == claim.attempts
        )
        found = (
            str(claim.state), len(db.session.scalars(photos).all()),
            list(db.session.scalars(answers.order_by(ClaimAnswer.position))),
        )  # fmt: skip
        db.session.remove()
        return found


def claims_of(app: Flask, rider_id: int) -> list[tuple[int, str]]:
    """A rider's claims: their ids and states, oldest first."""
    with app.app_context():
        wanted = select(Claim).where(Claim.rider_id == rider_id).order_by(Claim.id)
        found = [(one.id, str(one.state)) for one in db.session.scalars(wanted)]
        db.session.remove()
        return found


class TaskPhone:
    """What a rider does on the tasks page."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    @property
    def page(self) -> Page:
        return self.phone.page

    def open(self, address: str = "/tasks") -> Page:
        """Open the page, as who comes anew."""
        self.page.goto("about:blank")  # else only the part behind the # changes
        page = self.phone.go(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        until_true(page, _SHELL)
        return page

    def choose(self, task_id: int) -> Page:
        """From the list to one task, with its form where it has one."""
        self.page.click(f"[data-task='{task_id}'] >> visible=true")
        expect(self.page.locator("#task")).to_be_visible()
        # The last thing of the opening: what was begun for the task has been read by then.
        expect(self.page.locator("#task-title")).to_be_focused()
        return self.page

    def claim(self, task_id: int) -> Page:
        """Claim it, with network."""
        page = self.open(f"/tasks#t={task_id}")
        page.click("#claim")
        expect(page.locator("#do-form")).to_be_visible()
        return page

    def photo(self, seed: int = 1) -> None:
        """Through the real file input, made smaller on the phone."""
        before = self.page.locator("#shots .shot").count()
        files: Any = {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)}
        self.page.set_input_files("#proof-camera", files)
        expect(self.page.locator("#shots .shot")).to_have_count(before + 1)

    def answer_all(self) -> None:
        """Answer the four questions."""
        self.page.fill("#answer-0", "7")
        self.page.click("#answer-1 .chip >> nth=1")
        self.page.click("#answer-2 .chip >> nth=0")
        self.page.fill("#answer-3", "两辆倒在地上")

    def kept(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until the phone keeps a draft of which this holds."""
        self.phone.until(lambda: any(holds(one) for one in self.phone.stores()["drafts"]))


def publish(office: Office, **parts: Any) -> int:
    """A task where the phone is, that wants a photo, the place and four answers."""
    return office.publish(**{"proof": PROOF, **HERE, **parts})


def in_state(page: Page, state: str) -> None:
    """Wait until the page shows the task so."""
    expect(page.locator("#task")).to_have_attribute("data-state", state)


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Draw the page, if somebody wants to look."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=whole)
