"""Whoever dies, and whenever: nothing is lost, nothing arrives twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from tests.browser.conftest import Centre
from tests.support.network import DROP, SWALLOW, Network
from tests.support.phone import Phone

pytestmark = pytest.mark.browser

# The page dies when it is about to write the receipt: it stops there, for ever.
STOP_AT_RECEIPT = """
const open = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
  if (mode === "readwrite" && [stores].flat().includes("receipts") && ![stores].flat().includes("drafts")) {
    document.title = "about to write the receipt";
    throw new Error("the page died here");
  }
  return open.call(this, stores, mode, ...rest);
};
"""


@pytest.fixture
def phone(phone: Phone) -> Phone:
    """A phone used since a while: a browser writes its cookies to disk only every 30 s."""
    phone.close()
    phone.open()
    return phone


def posts(network: Network) -> int:
    """How often an item was sent."""
    return network.seen.count(("POST", "/sync/items"))


@contextmanager
def writes_held(url: str) -> Iterator[None]:
    """Hold the database, so that a request stays inside its transaction."""
    engine: Engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("LOCK TABLE sync_items IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()


def finish(phone: Phone, centre: Centre) -> None:
    """All is well again: the report is there once, and the phone knows it."""
    phone.go("/outbox")
    phone.wait_until_sent()
    assert centre.reports() == 1


@pytest.mark.one_database
def test_browser_killed_before_sending(phone: Phone, centre: Centre, network: Network) -> None:
    network.policy = lambda _method, _path: DROP
    phone.report(1)
    phone.kill()
    network.good()
    phone.open()
    finish(phone, centre)


def test_browser_killed_while_sending(phone: Phone, centre: Centre, network: Network) -> None:
    held = []

    def kill_at_post(method: str, path: str) -> None:
        if (method, path) == ("POST", "/sync/items"):
            held.append(path)
            phone_gone.wait(20)

    phone_gone = threading.Event()
    network.before_answer = kill_at_post
    phone.report(1)
    phone.until(lambda: bool(held))  # the server has it, the phone does not know
    phone.kill()
    phone_gone.set()
    network.good()
    assert centre.reports() == 1
    phone.open()
    finish(phone, centre)


@pytest.mark.one_database
def test_page_closed_while_sending(phone: Phone, centre: Centre, network: Network) -> None:
    network.policy = lambda method, _path: SWALLOW if method == "POST" else "pass"
    phone.report(1)
    phone.until(lambda: posts(network) > 0)
    phone.page.close()
    network.good()
    phone.page = phone.context.new_page()
    finish(phone, centre)


@pytest.mark.one_database
def test_browser_killed_after_the_answer_before_the_receipt(
    phone: Phone, centre: Centre, network: Network
) -> None:
    phone.context.add_init_script(STOP_AT_RECEIPT)
    phone.report(1)
    phone.until(lambda: phone.page.title() == "about to write the receipt")
    assert centre.reports() == 1
    phone.kill()
    phone.open()
    finish(phone, centre)


@pytest.mark.one_database
def test_server_killed_before_sending(phone: Phone, centre: Centre) -> None:
    centre.server.kill()
    phone.report(1)
    centre.server.start()
    finish(phone, centre)


def test_server_killed_inside_the_transaction(
    phone: Phone, centre: Centre, network: Network, database_url: str
) -> None:
    sent_photo = ("PUT", "/sync/photos/")

    def hold_items(method: str, path: str) -> str:
        return DROP if method == "POST" else "pass"

    network.policy = hold_items
    phone.report(1)
    phone.until(lambda: any(seen[0] == sent_photo[0] for seen in network.seen))
    phone.until(lambda: posts(network) > 0)
    with writes_held(database_url):
        before = posts(network)
        network.good()
        phone.go("/outbox")
        phone.send_now()
        phone.until(lambda: posts(network) > before)
        phone.page.wait_for_timeout(500)
        centre.server.kill()
    assert centre.reports() == 0
    centre.server.start()
    phone.send_now()
    finish(phone, centre)


def test_server_killed_after_the_commit_before_the_answer(
    phone: Phone, centre: Centre, network: Network
) -> None:
    def die(method: str, _path: str) -> None:
        if method == "POST":
            centre.server.kill()

    network.before_answer = die
    network.policy = lambda method, _path: SWALLOW if method == "POST" else "pass"
    phone.report(1)
    phone.until(lambda: posts(network) > 0)
    phone.until(lambda: centre.server.process is None)
    assert centre.reports() == 1
    network.good()
    centre.server.start()
    finish(phone, centre)


@pytest.mark.one_database
def test_server_killed_after_the_answer(phone: Phone, centre: Centre) -> None:
    phone.report(1)
    phone.wait_until_sent()
    centre.server.kill()
    centre.server.start()
    finish(phone, centre)
