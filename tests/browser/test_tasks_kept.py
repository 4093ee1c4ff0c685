"""What was begun for a task: nothing of it is lost, and nothing is handed in that nobody handed in."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.blueprints.tasks.models import QuestionKind
from app.blueprints.tasks.terms import Proof, Question
from tests.browser.conftest import Centre
from tests.support.check_in_phone import CheckInPhone, Place
from tests.support.network import DROP, PASS, Answer, Network
from tests.support.people import Person
from tests.support.phone import SLOW_PHOTOS, Phone
from tests.support.scenes import scene
from tests.support.task_phone import TaskPhone, claims_of, handed_in, in_state, publish
from tests.support.tasks import Office

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
WORDS = Question("看到什么？")
NUMBER = Question("有多少？", QuestionKind.NUMBER)

_TOLD = """async () => {
  const base = document.querySelector("script[type=module]").src.split("/js/")[0];
  const [{ keptTasks }, { owner }] = await Promise.all(
    ["tasks/store.js", "outbox/items.js"].map((path) => import(`${base}/js/${path}`)));
  return (await keptTasks(await owner())).data.claims[0].checked_in;
}"""

# Until it is let, no place comes: however slow the machine, it is still looked for.
_HOLD_PLACE = """() => {
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  const held = new Promise((ok) => { window.letPlaceCome = ok; });
  navigator.geolocation.getCurrentPosition = (yes, ...rest) => ask((fix) => held.then(() => yes(fix)), ...rest);
}"""


def _choose(page: Page, *seeds: int) -> None:
    files: Any = [
        {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": scene(seed)} for seed in seeds
    ]
    page.set_input_files("#proof-gallery", files)


def test_save_waits_for_photos_that_are_still_made_smaller(
    centre: Centre, office: Office, task_phone: TaskPhone, rider_account: Person
) -> None:
    page = task_phone.claim(publish(office, proof=Proof(photos=1)))
    page.evaluate(SLOW_PHOTOS)
    _choose(page, 1, 2, 3)
    expect(page.locator("#shots .shot").first).to_be_visible()  # others are not there for long
    page.dblclick("#save")
    in_state(page, "handed_in")
    task_phone.phone.wait_until_sent()
    [(claim_id, _state)] = claims_of(centre.app, rider_account.id)
    assert handed_in(centre.app, claim_id)[:2] == ("handed_in", 3)


def test_a_photo_that_is_ready_after_another_task_was_opened_is_kept(
    office: Office, task_phone: TaskPhone
) -> None:
    first, second = (publish(office, proof=Proof(photos=1)) for _number in range(2))
    task_phone.claim(first)
    page = task_phone.claim(second)
    page.go_back()
    page = task_phone.open("/tasks#mine")
    task_phone.choose(first)
    expect(page.locator("#do-form")).to_be_visible()  # a photo goes to the draft that is open
    page.evaluate(SLOW_PHOTOS)
    _choose(page, 1)
    page.click("#back")
    task_phone.choose(second)
    task_phone.kept(lambda one: one["photos"] == 1)
    expect(page.locator("#shots .shot")).to_have_count(0)
    page.click("#back")
    task_phone.choose(first)
    expect(page.locator("#shots .shot")).to_have_count(1)


def test_who_goes_on_to_another_task_while_the_place_is_looked_for_hands_in_neither(
    office: Office, task_phone: TaskPhone
) -> None:
    first = publish(office, proof=Proof(place=True, questions=(WORDS,)))
    second = publish(office, proof=Proof(questions=(WORDS,)))
    task_phone.claim(second)
    task_phone.page.fill("#answer-0", "乙")
    task_phone.kept(lambda one: one["fields"].get("typed") == ["乙"])
    task_phone.claim(first)
    task_phone.open("/tasks#mine")
    page = task_phone.choose(first)
    page.evaluate(_HOLD_PLACE)
    page.fill("#answer-0", "甲")
    page.click("#save")
    page.fill("#answer-0", "甲，还有")  # what is typed during the wait is kept
    task_phone.kept(lambda one: one["fields"].get("typed") == ["甲，还有"])
    page.click("#back")
    task_phone.choose(second)
    expect(page.locator("#answer-0")).to_have_value("乙")
    page.evaluate("letPlaceCome()")
    page.wait_for_timeout(500)
    stores = task_phone.phone.stores()
    assert stores["items"] == stores["receipts"] == []
    expect(page.locator("#save")).to_be_enabled()
    page.dblclick("#save")
    in_state(page, "handed_in")
    page.click("#back")
    task_phone.choose(first)
    expect(page.locator("#answer-0")).to_have_value("甲，还有")
    page.dblclick("#save")
    in_state(page, "handed_in")
    task_phone.phone.wait_until_sent(2)


def test_what_was_not_taken_joins_what_was_begun_since(
    centre: Centre, office: Office, task_phone: TaskPhone, network: Network, rider_account: Person
) -> None:
    page = task_phone.claim(publish(office, proof=Proof(photos=1, questions=(WORDS, NUMBER))))
    phone = task_phone.phone
    network.policy = lambda _method, path: DROP if path.startswith("/sync/") else PASS
    task_phone.photo(1)
    page.fill("#answer-0", "旧的话")
    page.fill("#answer-1", "7")
    page.click("#save")
    in_state(page, "handed_in")
    _refuse(phone, network)
    expect(page.locator("#task-refused section")).to_have_count(1)
    in_state(page, "claimed")
    expect(page.locator("#do-form")).to_be_visible()
    task_phone.photo(2)
    page.fill("#answer-0", "新的话")
    page.click("#task-refused .button.main")
    expect(page.locator("#answer-0")).to_have_value("新的话\n旧的话")
    expect(page.locator("#answer-1")).to_have_value("7")
    expect(page.locator("#shots .shot")).to_have_count(2)
    page.click("#shots .shot:last-child button")  # the old one is not to be sent again
    network.good()
    page.click("#save")
    phone.wait_until_sent()
    [(claim_id, _state)] = claims_of(centre.app, rider_account.id)
    assert handed_in(centre.app, claim_id) == ("handed_in", 1, ["新的话\n旧的话", "7"])
    assert phone.stores()["photos"] == []


def _refuse(phone: Phone, network: Network) -> None:
    """The centre does not take what waits."""
    [item] = phone.stores()["items"]
    body = f'[{{"key": "{item["key"]}", "verdict": "rejected", "errors": {{"item": ["看不清"]}}}}]'
    refusal = Answer((200, "application/json", body.encode()))
    network.policy = lambda method, path: (
        refusal if (method, path) == ("POST", "/sync/items") else PASS
    )
    phone.run("""async () => {
      const base = document.querySelector("script[type=module]").src.split("/js/")[0];
      await (await import(`${base}/js/outbox/triggers.js`)).sendNow();
    }""")


def test_a_check_in_still_counts_with_its_receipt_before_and_after_the_list_has_come(
    centre: Centre, office: Office, phone: Phone, network: Network
) -> None:
    station = Place.make(centre.app, phone.address, name_zh="湖东驿站")
    task_id = publish(office, proof=Proof(check_in=station.station_id))
    rider, task_phone = CheckInPhone(phone), TaskPhone(phone)
    rider.prepare()
    page = task_phone.claim(task_id)
    network.policy = lambda _method, path: DROP if path == "/tasks/mine.json" else PASS
    page.tap("#check-in-way")
    page.wait_for_url("**/check-in")  # the page of tasks is ready too
    page.wait_for_selector("html[data-ready]", state="attached")
    assert rider.read(station.poster()) == "found"
    rider.tap()
    rider.wait_until_received()
    page = task_phone.open(f"/tasks#t={task_id}")
    expect(page.locator("#check-in-state")).to_contain_text("已打卡")
    network.good()
    page = task_phone.open(f"/tasks#t={task_id}")
    assert phone.run(_TOLD)  # from now on it counts because the centre says so
    expect(page.locator("#check-in-state")).to_contain_text("已打卡")
