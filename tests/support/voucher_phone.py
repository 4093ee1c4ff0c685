"""A rider's phone that shows a voucher, and a counter that scans it."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.blueprints.accounts.models import User
from app.blueprints.badges.terms import terms_of
from app.blueprints.rewards import redeeming
from app.blueprints.rewards.models import HandOut, Redemption
from app.extensions import db
from app.lib import clock
from app.lib.database import transaction
from tests.support.cameras import show
from tests.support.counter_device import CounterDevice
from tests.support.people import Person
from tests.support.phone import Phone
from tests.support.reward_rows import RewardRows
from tests.support.rider_phone import read_screen

_VOUCHERS = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  return (await database()).getAll("vouchers");
}"""
_BUNDLE = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const { database } = await import(`${base}/js/outbox/database.js`);
  return (await (await database()).get("counter", "bundle")).data;
}"""


@dataclass
class RewardShelf:
    """A reward 保温杯 at a station, and what became of its vouchers, past the pages."""

    app: Flask
    station_id: int | None
    reward_id: int

    @classmethod
    def make(cls, app: Flask, station_id: int | None, **columns: Any) -> "RewardShelf":
        with app.app_context(), transaction(db.session()):
            rows = RewardRows(db.session())
            reward_id = rows.reward(**({"name_zh": "保温杯", "name_en": "Flask"} | columns))
            rows.stock(reward_id, station_id, 5)
        return cls(app, station_id, reward_id)

    def points(self, rider: Person, amount: int = 100) -> None:
        """Points that a rider has earned."""
        with self.app.app_context(), transaction(db.session()):
            RewardRows(db.session()).points(rider.id, amount)

    def redeem(self, rider: Person, key: str = "k1") -> int:
        """A voucher of the rider's, by the application's own keys; the id of its redemption."""
        with self.app.app_context(), transaction(db.session()):
            session = db.session()
            made = redeeming.redeem(
                session, session.get_one(User, rider.id), reward_id=self.reward_id,
                station_id=self.station_id, key=key, keys=terms_of(self.app.config).keys,
                now=clock.now(),
            )  # fmt: skip
            return made.id

    def change(self, redemption_id: int, **columns: Any) -> None:
        """Change a redemption's row."""
        with self.app.app_context(), transaction(db.session()):
            found = db.session.get_one(Redemption, redemption_id)
            for name, value in columns.items():
                setattr(found, name, value)

    def redemption(self, redemption_id: int) -> Redemption:
        """A redemption as it is now."""
        with self.app.app_context():
            found = db.session.get_one(Redemption, redemption_id)
            db.session.expunge(found)
            db.session.remove()
            return found

    def hand_outs(self) -> list[HandOut]:
        """What arrived from counters, in its order."""
        with self.app.app_context():
            found = list(db.session.scalars(select(HandOut).order_by(HandOut.id)))
            for row in found:
                db.session.expunge(row)
            db.session.remove()
            return found


def open_voucher(phone: Phone, redemption_id: int) -> Page:
    """A voucher on the whole screen."""
    page = phone.go("/vouchers")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click(f"[data-voucher='{redemption_id}']")
    expect(page.locator("#one")).to_be_visible()
    return page


def keep_vouchers(phone: Phone) -> Page:
    """Open the page once with network: from then on it works without."""
    page = phone.go("/vouchers")
    page.wait_for_selector("html[data-ready]", state="attached")
    phone.until(lambda: phone.run(_VOUCHERS))
    return page


def code_on_screen(page: Page) -> str:
    """What a camera reads off the voucher's picture."""
    found = read_screen(page, page.locator("#one-qr").screenshot())
    assert found is not None
    return found


def hand_sheet_of(device: CounterDevice, text: str) -> str:
    """Hold a voucher before the open camera; what the counter says: ask or refused."""
    show(device.page, text)
    expect(device.page.locator("#hand-out")).to_be_visible()
    show(device.page, "")
    return str(device.page.get_attribute("#hand-out", "data-outcome"))


def open_hand(device: CounterDevice) -> None:
    """Open the camera to hand out."""
    device.page.click("#open-hand")
    device.page.wait_for_selector("#scan[data-reading]")


def hand_over(device: CounterDevice) -> None:
    """The one tap, and on to the next."""
    expect(device.page.locator("#hand-yes")).to_be_enabled()
    device.page.click("#hand-yes")
    expect(device.page.locator("#hand-out")).to_have_attribute("data-outcome", "given")
    next_voucher(device)


def next_voucher(device: CounterDevice) -> None:
    device.page.click("#hand-next")
    expect(device.page.locator("#hand-out")).to_be_hidden()


def wait_until_known(device: CounterDevice, redemption_id: int) -> None:
    """Open the counter anew until its bundle has this voucher."""
    device.open()
    device.phone.until(lambda: redemption_id in _open_ids(device))


def _open_ids(device: CounterDevice) -> set[int]:
    return {one["id"] for one in device.phone.run(_BUNDLE)["vouchers"]["open"]}
