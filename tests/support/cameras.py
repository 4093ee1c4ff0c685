"""Cameras for browsers: a canvas that a test draws codes on, or a file that Chromium plays."""

import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page
from qrcodegen import QrCode, QrSegment

WIDTH, HEIGHT = 1280, 720
HELD_BYTES = 400_000
QUIET = 4
"""Modules of white around a code. ISO/IEC 18004, 6.3.8."""

# In place of the camera: `showToCamera(text)` draws a code with the page's own encoder, "" takes it
# away. `cameraError` makes the camera fail as browsers do.
CANVAS_CAMERA = """(() => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 720, height: 1280 });
  let code = null;
  const draw = () => {
    const context = canvas.getContext("2d");
    context.fillStyle = "#9aa3ad";
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (!code) return;
    const module = Math.floor(440 / (code.size + 8)), side = module * (code.size + 8);
    const x0 = (canvas.width - side) / 2, y0 = (canvas.height - side) / 2;
    context.fillStyle = "#fff";
    context.fillRect(x0, y0, side, side);
    context.fillStyle = "#000";
    for (const [x, y] of code.dark) {
      context.fillRect(x0 + (x + 4) * module, y0 + (y + 4) * module, module, module);
    }
  };
  setInterval(draw, 33);
  navigator.mediaDevices.getUserMedia = async () => {
    if (window.cameraError) throw new DOMException("no camera", window.cameraError);
    draw();
    return canvas.captureStream(30);
  };
  window.showToCamera = async (text) => {
    if (!text) { code = null; return; }
    const base = document.querySelector("script[type=module]").src.split("/js/")[0];
    const { modules } = await import(`${base}/js/sk1/qr.js`);
    const { size, isDark } = modules(text);
    const dark = [];
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) if (isDark(y, x)) dark.push([x, y]);
    }
    code = { size, dark };
  };
})();"""


def show(page: Page, text: str) -> None:
    """Hold a code before the page's camera; "" takes it away."""
    page.evaluate("(text) => showToCamera(text)", text)


def picture_of(text: str, *, share: float = 0.7) -> Image.Image:
    """What a camera sees of a code of this text; `share` of the picture's height."""
    head, colon, digits = text.rpartition(":")
    segments = [QrSegment.make_alphanumeric(head + colon)] if colon else []
    segments.append(QrSegment.make_numeric(digits))
    code = QrCode.encode_segments(segments, QrCode.Ecc.LOW, boostecl=False)
    side = code.get_size() + 2 * QUIET
    small = Image.new("L", (side, side), 255)
    for y in range(code.get_size()):
        for x in range(code.get_size()):
            if code.get_module(x, y):
                small.putpixel((x + QUIET, y + QUIET), 0)
    size = int(HEIGHT * share)
    return photographed(small.resize((size, size), Image.Resampling.NEAREST).convert("RGB"))


def photographed(screen: Image.Image, *, tilt: float = 0) -> Image.Image:
    """A screen held before a camera, in the middle of a grey street; tilted by some degrees."""
    picture = empty()
    held = screen.convert("RGBA").rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    held.thumbnail((WIDTH, HEIGHT))
    place = ((WIDTH - held.width) // 2, (HEIGHT - held.height) // 2)
    picture.paste(held, place, held)
    return picture


def empty() -> Image.Image:
    """Nobody before the camera."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (120, 128, 138))
    ImageDraw.Draw(picture).rectangle((0, HEIGHT * 2 // 3, WIDTH, HEIGHT), fill=(84, 88, 92))
    return picture


def write_video(path: Path, scenes: Iterable[tuple[Image.Image, int]]) -> None:
    """A file for `video_arguments`: each picture for so many frames of a 30th of a second."""
    with path.open("wb") as file:
        for picture, frames in scenes:
            content = _jpeg(picture)
            for _frame in range(frames):
                file.write(content)


def hold(path: Path, picture: Image.Image) -> None:
    """One picture as a file for `video_arguments`. A browser that plays it sees the new one at
    once: it has mapped the file, so that stays and keeps its size."""
    content = _padded(_jpeg(picture), HELD_BYTES)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(content)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=75)
    return out.getvalue()


def _padded(jpeg: bytes, size: int) -> bytes:
    """The same picture with comments after its first marker. ITU T.81, B.2.4.5."""
    missing, comments = size - len(jpeg), b""
    while missing:
        length = min(missing, 60_000)
        if 0 < missing - length < 4:  # a comment has 4 bytes at least
            length -= 4
        comments += b"\xff\xfe" + (length - 2).to_bytes(2, "big") + bytes(length - 4)
        missing -= length
    return jpeg[:2] + comments + jpeg[2:]


def video_arguments(path: Path) -> list[str]:
    """What makes Chromium play the file in place of the camera."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
