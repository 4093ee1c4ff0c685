"""Networks that lie, drop, delay and cut."""

import random
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, SWALLOW, Answer, Network
from tests.support.phone import Phone
from tests.support.watchdog import watchdog

pytestmark = pytest.mark.browser

REPORTS = 50
LONG_S = 300
PORTAL = b"<html><title>Free Wi-Fi</title>Please accept the terms</html>"
# Fifty filled-in forms would take minutes: this writes as the form does, by the form's own module.
FILE_MANY = """async ({ count, base }) => {
  const { enqueue, owner } = await import(`${base}/js/outbox/items.js`);
  const { prepare } = await import(`${base}/js/photos/downsize.js`);
  const { uuid7 } = await import(`${base}/js/outbox/ids.js`);
  const user = await owner();
  for (let number = 0; number < count; number++) {
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext("2d");
    context.fillStyle = `hsl(${number * 7} 60% 50%)`;
    context.fillRect(0, 0, 320, 240);
    context.fillStyle = "#fff";
    context.fillText(String(number), 20, 20);
    const photo = { ...(await prepare(await canvas.convertToBlob({ type: "image/png" }))), owner: user };
    const fields = { category: "0102", latitude: null, longitude: null, accuracy_m: null, place: `place ${String(number).padStart(3, "0")}`, description: "" };
    await enqueue({ key: uuid7(), owner: user, kind: "report", fields, label: "x" }, [photo]);
  }
}"""


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    """What is swallowed is waited for, and fifty reports meet that often."""
    with watchdog(LONG_S):
        yield


def file_many(phone: Phone, count: int) -> None:
    base = phone.page.evaluate("document.querySelector('script[type=module]').src.split('/js/')[0]")
    phone.page.evaluate(FILE_MANY, {"count": count, "base": base})


def test_fifty_reports_through_a_network_that_drops_delays_and_cuts(
    phone: Phone, centre: Centre, network: Network
) -> None:
    chance = random.Random(20261124)

    def chaos(_method: str, path: str) -> str:
        if not path.startswith("/sync/"):
            return PASS
        time.sleep(chance.random() * 0.1)
        return chance.choices([PASS, DROP, SWALLOW], [6, 2, 2])[0]

    phone.go("/outbox")
    phone.offline()
    file_many(phone, REPORTS)
    assert phone.waiting() == REPORTS
    network.policy = chaos
    phone.offline(False)
    while phone.waiting():  # for as long as it takes: the test's own limit is the end
        phone.send_now()
        phone.page.wait_for_timeout(300)
    phone.wait_until_sent(REPORTS)
    assert centre.keys() == [f"place {number:03}" for number in range(REPORTS)]
    # Some answers were lost: the same key came again, and counted once.
    assert network.seen.count(("POST", "/sync/items")) > REPORTS


@pytest.mark.one_database
@pytest.mark.parametrize(
    "answer",
    [
        Answer((200, "text/html", PORTAL)),
        Answer((200, "application/json", b'{"portal": true}')),
        Answer((200, "application/json", b'[{"key": "another", "verdict": "accepted"}]')),
        Answer((401, "text/html", PORTAL)),
        Answer((404, "text/html", PORTAL)),
        Answer((502, "text/html", b"bad gateway")),
        Answer((503, "text/html", b"busy")),
    ],
    ids=["page", "json", "other-key", "portal-401", "404", "502", "503"],
)
def test_an_answer_that_is_not_the_centres_keeps_the_report(
    phone: Phone, centre: Centre, network: Network, answer: Answer
) -> None:
    network.policy = lambda _method, path: answer if path.startswith("/sync/") else PASS
    phone.report(1)
    phone.until(lambda: phone.stores()["items"][0]["last_error"])
    [item] = phone.stores()["items"]
    assert item["state"] == "pending"
    assert centre.reports() == 0
    network.good()
    phone.go("/outbox")
    phone.send_now()
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_the_page_says_what_the_last_answer_was(phone: Phone, network: Network) -> None:
    network.policy = lambda _method, path: (
        Answer((200, "text/html", PORTAL)) if path.startswith("/sync/") else PASS
    )
    phone.report(1)
    phone.go("/outbox")
    expect(phone.page.locator(".item")).to_contain_text("Wi-Fi 需要登录")


@pytest.mark.one_database
def test_retry_after_is_obeyed_even_when_pressed(phone: Phone, network: Network) -> None:
    network.policy = lambda _method, path: (
        Answer((429, "text/plain", b"")) if path.startswith("/sync/") else PASS
    )
    network.headers = [("Retry-After", "600")]
    phone.report(1)
    phone.go("/outbox")
    expect(phone.page.locator(".item")).to_contain_text("中心请稍候再发")
    network.good()
    tried = len(network.seen)
    phone.send_now()
    phone.page.wait_for_timeout(1000)
    assert not [seen for seen in network.seen[tried:] if seen[1].startswith("/sync/")]


@pytest.mark.one_database
def test_a_page_that_never_answers_becomes_the_offline_page(phone: Phone, network: Network) -> None:
    network.policy = lambda _method, path: DROP if path == "/" else PASS
    phone.go("/")
    expect(phone.page.locator("h1")).to_have_text("没有网络")
    network.good()
    phone.page.click("#try-again")
    expect(phone.page.locator("h1")).to_have_text("星骑士")
