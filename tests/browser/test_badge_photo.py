"""The portrait: taken, looked at, sent, kept when sending fails, turned down, sent as a plain form."""

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.support.badges import Desk
from tests.support.network import DROP, PASS, Network
from tests.support.people import Person
from tests.support.phone import ARGUMENTS, CHROMIUM, Phone
from tests.support.rider_phone import choose_portrait, enrol, face, in_state, send_portrait
from tests.support.servers import Server

pytestmark = pytest.mark.browser


def test_a_photo_that_was_turned_down_is_taken_again(
    phone: Phone, administrator: Desk, rider_account: Person
) -> None:
    page = enrol(phone)
    in_state(page, "portrait_none")
    send_portrait(phone)
    in_state(page, "portrait_pending")
    administrator.decide(rider_account, approve=False, reason="戴着头盔")
    page.click("[data-state=portrait_pending] [data-do=renew]")
    in_state(page, "portrait_rejected")
    expect(page.locator("[data-state=portrait_rejected] .fact")).to_have_text("戴着头盔")
    page.click("[data-state=portrait_rejected] a")
    expect(page.locator("#shoot")).to_contain_text("戴着头盔")
    send_portrait(phone, face((200, 150, 120)))
    in_state(page, "portrait_pending")


@pytest.mark.one_database
def test_a_photo_that_did_not_arrive_is_kept_and_sent_again(phone: Phone, network: Network) -> None:
    page = enrol(phone)
    in_state(page, "portrait_none")
    network.policy = lambda method, _path: DROP if method == "POST" else PASS
    page = phone.go("/badge/portrait")
    choose_portrait(page, face())
    page.click("#send")
    expect(page.locator("#problem")).to_contain_text("没有网络")
    network.good()
    page = phone.go("/badge")
    expect(page.locator("[data-state=portrait_none] [data-photo]")).to_have_text("发送刚才拍的照片")
    page = phone.go("/badge/portrait")
    expect(page.locator("#taken")).to_be_visible()
    page.click("#send")
    page.wait_for_url("**/badge")
    in_state(page, "portrait_pending")
    assert phone.stores()["drafts"] == []


@pytest.mark.one_database
def test_what_is_no_picture_is_said(phone: Phone) -> None:
    in_state(enrol(phone), "portrait_none")
    page = phone.go("/badge/portrait")
    page.wait_for_selector("html[data-ready]")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    page.set_input_files("#file", files=[file])  # type: ignore[list-item]
    expect(page.locator("#problem")).to_contain_text("不是能识别的图片")


# In place of the camera: red at its left, blue at its right, as others see the face.
_CAMERA = """(() => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 1280, height: 960 });
  const context = canvas.getContext("2d");
  setInterval(() => {
    context.fillStyle = "#c00000";
    context.fillRect(0, 0, 640, 960);
    context.fillStyle = "#0000c0";
    context.fillRect(640, 0, 640, 960);
  }, 30);
  navigator.mediaDevices.getUserMedia = async () => {
    if (window.cameraError) throw new DOMException("", window.cameraError);
    return canvas.captureStream(30);
  };
})()"""
_COLOURS = """() => {
  const image = document.getElementById("taken");
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const at = (x) => [...context.getImageData(x, 50, 1, 1).data].slice(0, 3).map((one) => one > 100);
  return [canvas.width / canvas.height, at(20), at(canvas.width - 20)];
}"""


@pytest.mark.one_database
def test_the_camera_takes_what_others_see(phone: Phone) -> None:
    phone.context.add_init_script(_CAMERA)
    in_state(enrol(phone), "portrait_none")
    page = phone.go("/badge/portrait")
    page.click("#open-camera")
    page.click("#take")
    expect(page.locator("#taken")).to_be_visible()
    assert phone.run(_COLOURS) == [0.75, [True, False, False], [False, False, True]]
    page.click("#again")
    expect(page.locator("#take")).to_be_visible()
    page.click("#take")
    page.click("#send")
    page.wait_for_url("**/badge")
    in_state(page, "portrait_pending")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "没有相机权限"),
        ("NotFoundError", "没有找到相机"),
        ("NotReadableError", "正被其他应用占用"),
    ],
)
def test_a_camera_that_cannot_be_had_is_explained(phone: Phone, error: str, words: str) -> None:
    phone.context.add_init_script(f"{_CAMERA}; window.cameraError = '{error}';")
    page = phone.go("/badge/portrait")
    page.click("#open-camera")
    expect(page.locator("#problem")).to_contain_text(words)
    choose_portrait(page, face())


@pytest.mark.one_database
def test_the_portraits_page_works_as_a_plain_form(
    playwright: Playwright, server: Server, rider_account: Person
) -> None:
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.address}/sign-in")
    page.fill("#phone", rider_account.phone)
    page.click("form.card button")
    page.fill("#code", page.inner_text("#development-code"))
    page.click("form.card button")
    page.goto(f"{server.address}/badge/portrait")
    page.click("#plain")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    page.set_input_files("#file", files=[file])  # type: ignore[list-item]
    page.click("#plain")
    expect(page.locator("#problem")).to_be_visible()
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": face()}
    page.set_input_files("#file", files=[file])  # type: ignore[list-item]
    page.click("#plain")
    page.wait_for_url("**/badge")
    expect(page.locator("noscript .sheet-note")).to_be_visible()
    browser.close()
