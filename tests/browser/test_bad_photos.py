"""Files that are no photo, or too much of one: a clear answer at the field, nothing else lost."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.support.phone import Phone
from tests.support.pictures import png_header
from tests.support.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
MIB = 1024 * 1024
FIRST_PHOTO_OF_THE_DRAFT = """async () => {
  const db = await new Promise((ok) => { const r = indexedDB.open("starknight"); r.onsuccess = () => ok(r.result); });
  const drafts = await new Promise((ok) => { const r = db.transaction("drafts").objectStore("drafts").getAll(); r.onsuccess = () => ok(r.result); });
  db.close();
  return [...new Uint8Array(drafts[0].photos[0].bytes)];
}"""


def with_gps() -> bytes:
    """A photo that says where it was taken, lying on its side."""
    picture = Image.open(io.BytesIO(scene(9)))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jpg", b"just a text", "不是能识别的图片"),
        ("a.png", png_header(30_000, 30_000), "图片太大"),
        ("a.jpg", b"", "不是能识别的图片"),
    ],
    ids=["text", "30000x30000", "empty"],
)
def test_a_file_that_is_no_photo(phone: Phone, name: str, content: bytes, words: str) -> None:
    page = phone.fill_report(1)
    file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    page.set_input_files("#gallery", file)  # type: ignore[arg-type]
    expect(page.locator("#photos-error")).to_contain_text(words)
    expect(page.locator(".shot")).to_have_count(1)
    expect(page.locator("#place")).to_have_value("东门旁")


def test_a_photo_of_40_megabytes_is_made_small(
    phone: Phone, centre: Centre, tmp_path: Path
) -> None:
    page = phone.fill_report()
    big = tmp_path / "a.jpg"  # a file: so many bytes through the browser's wire take a minute
    big.write_bytes(scene(3) + b"\0" * (40 * MIB))
    page.set_input_files("#gallery", big)
    expect(page.locator(".shot")).to_have_count(1, timeout=60_000)
    page.click("#save")
    page.wait_for_selector("#receipt:not([hidden])")
    phone.wait_until_sent()
    assert centre.reports() == 1


def test_five_photos_are_one_too_many(phone: Phone) -> None:
    page = phone.fill_report(1, 2, 3)
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": scene(n)} for n in (4, 5)]
    page.set_input_files("#gallery", files)  # type: ignore[arg-type]
    expect(page.locator("#photos-error")).to_contain_text("最多四张")
    expect(page.locator(".shot")).to_have_count(4)
    page.click(".shot button >> nth=0")
    expect(page.locator(".shot")).to_have_count(3)


def test_what_leaves_the_phone_is_upright_small_and_says_no_place(phone: Phone) -> None:
    page = phone.fill_report()
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": with_gps()}
    page.set_input_files("#gallery", file)  # type: ignore[arg-type]
    phone.wait_until_drafted("东门旁", photos=1)
    content = phone.run(FIRST_PHOTO_OF_THE_DRAFT)
    picture = Image.open(io.BytesIO(bytes(content)))
    assert picture.height > picture.width
    assert not picture.getexif()
    assert len(content) < 450_000
