"""Phones that were out for weeks: an older database comes up whole under the newer app."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.network import DROP, PASS, Network
from tests.support.phone import Phone

pytestmark = pytest.mark.browser

# The first version's stores, filled with what the newer one holds.
_BACK_TO_VERSION_1 = """async () => {
  const { database, close } = await import(document.querySelector("script[src*='js/app.js']").src.replace("app.js", "outbox/database.js"));
  const db = await database();
  const kept = {};
  for (const name of ["items", "photos", "receipts", "drafts"]) kept[name] = (await db.getAll(name)).map((value) => [value]);
  kept.facts = await Promise.all((await db.getAllKeys("facts")).map(async (key) => [await db.get("facts", key), key]));
  await close();
  await new Promise((ok, no) => {
    const request = indexedDB.deleteDatabase("starknight");
    request.onsuccess = ok;
    request.onerror = no;
  });
  const old = await new Promise((ok, no) => {
    const request = indexedDB.open("starknight", 1);
    request.onerror = no;
    request.onsuccess = () => ok(request.result);
    request.onupgradeneeded = () => {
      const made = request.result;
      made.createObjectStore("items", { keyPath: "key" }).createIndex("owner", "owner");
      made.createObjectStore("photos", { keyPath: ["owner", "sha256"] }).createIndex("owner", "owner");
      made.createObjectStore("receipts", { keyPath: "key" }).createIndex("owner", "owner");
      made.createObjectStore("drafts", { keyPath: "id" });
      made.createObjectStore("facts");
    };
  });
  const transaction = old.transaction(Object.keys(kept), "readwrite");
  for (const [name, rows] of Object.entries(kept)) {
    for (const row of rows) transaction.objectStore(name).add(...row);
  }
  await new Promise((ok, no) => { transaction.oncomplete = ok; transaction.onerror = no; });
  old.close();
}"""

# With the drainer's lock: a try to send would open the newer database in the middle of it.
_ALONE = "() => navigator.locks.request('outbox', %s)"

_VERSION_AND_STORES = """async () => {
  const { database } = await import(document.querySelector("script[src*='js/app.js']").src.replace("app.js", "outbox/database.js"));
  const db = await database();
  return [db.version, [...db.objectStoreNames]];
}"""


def _ids(stores: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """What must not change; tries and times of sending may."""
    kept = ("key", "owner", "kind", "schema", "fields", "photos", "captured_at", "label")
    items = [{name: item[name] for name in kept} for item in stores["items"]]
    return {**stores, "items": items}


def _has_whole_draft(phone: Phone) -> bool:
    """Whether the draft is kept with its words and the place that the phone found."""
    drafts = [one["fields"] for one in phone.stores()["drafts"]]
    return any(one["place"] == "a draft" and one["latitude"] is not None for one in drafts)


def test_a_full_queue_of_the_first_version_comes_up_whole(
    phone: Phone, centre: Centre, network: Network
) -> None:
    phone.report(9, place="sent")
    phone.wait_until_sent()
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    for number in range(5):
        phone.report(number, place=f"place {number}")
    phone.fill_report(7, place="a draft")
    phone.until(lambda: _has_whole_draft(phone))  # what comes later would make it another
    before = _ids(phone.stores())
    assert (len(before["items"]), len(before["photos"]), len(before["drafts"])) == (5, 5, 1)
    # A page of the offline shell, alone: other pages and the worker would hold the database open.
    phone.run(_ALONE % _BACK_TO_VERSION_1)
    page = phone.go("/outbox")
    expect(page.locator(".item")).to_have_count(5)
    version, stores = phone.run(_VERSION_AND_STORES)
    assert version == 6
    assert {
        "badges", "gate", "portraits", "maps", "work", "case_pictures", "messages", "directory",
        "counter",
    } < set(stores)  # fmt: skip
    assert _ids(phone.stores()) == before
    network.good()
    phone.send_now()
    phone.wait_until_sent(6)
    assert centre.keys() == [f"place {number}" for number in range(5)] + ["sent"]


_ALSO = """async () => {
  const base = document.querySelector("script[src*='js/app.js']").src.replace("app.js", "outbox/");
  const { enqueue } = await import(base + "items.js");
  const { uuid7 } = await import(base + "ids.js");
  const { database } = await import(base + "database.js");
  const capture = () => ({ key: uuid7(), owner: 4711, kind: "pass", fields: {}, label: "x" });
  const put = (value) => ({ stores: ["gate"], write: (transaction) => transaction.objectStore("gate").put(value, "chain") });
  await enqueue(capture(), [], {}, put({ seq: 1 }));
  const refuses = { stores: ["gate"], write: async (transaction) => {
    await transaction.objectStore("gate").put({ seq: 2 }, "chain");
    throw new Error("the chain has moved");
  } };
  const refused = await enqueue(capture(), [], {}, refuses).catch((error) => error.message);
  const db = await database();
  return [refused, await db.get("gate", "chain"), await db.countFromIndex("items", "owner", 4711)];
}"""


@pytest.mark.one_database
def test_what_is_written_with_an_item_is_kept_with_it_or_not_at_all(phone: Phone) -> None:
    phone.go("/outbox")
    assert phone.run(_ALSO) == ["the chain has moved", {"seq": 1}, 1]
