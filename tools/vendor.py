"""Vendored browser libraries: `--check` proves the files, `--fetch` brings them anew with npm.

VENDOR.json names for each package its licence and the SHA-256 of every file kept; the version
stands in the folder's name. Icons are put together into one sprite.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "app/static/vendor"
RECORD = FOLDER / "VENDOR.json"
KEPT = {
    "htmx.org@2.0.11": ["dist/htmx.min.js", "LICENSE"],
    "idb@8.0.4": ["build/index.js", "LICENSE"],
    "client-zip@2.5.1": ["index.js", "LICENSE.txt"],
    "leaflet@1.9.4": ["dist/leaflet.js", "dist/leaflet.css", "LICENSE"],
    "lucide-static@1.62.0": ["LICENSE"],
    "zxing-wasm@3.1.4": [
        "dist/iife/reader/index.js",
        "dist/reader/zxing_reader.wasm",
        "LICENSE",
    ],
    "qrcode-generator@2.0.4": ["dist/qrcode.mjs"],
    "gcoord@1.0.7": ["dist/gcoord.esm-browser.prod.js", "LICENSE"],
}
MIT_WITHOUT_A_FILE = {"qrcode-generator@2.0.4": "Copyright (c) 2009 Kazuhiko Arase"}
"""Packages that state the MIT licence and the holder at the head of their source, no more."""
MIT = """MIT License

{holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
ICON_PACKAGE = "lucide-static@1.62.0"
ICON_NAMES = """
    camera image map-pin check x triangle-alert wifi-off cloud-upload clock house list-checks user
    star inbox settings log-out smartphone languages chevron-right chevron-left search trash-2
    download upload refresh-cw send lock eye plus info shield file-text history circle-check
    circle-x pencil share square-plus crosshair
    qr-code scan-line flashlight flashlight-off switch-camera shield-check shield-x shield-alert
    user-round users building-2 door-open log-in map map-pinned keyboard undo-2 volume-2 volume-x
    battery-warning bike footprints printer ban pause play key-round link-2 chart-column bell phone
    wifi arrow-right arrow-left maximize id-card radio-tower sun moon circle-question-mark delete
    scan-face ellipsis calendar minus megaphone bell-off bell-ring
    navigation droplets utensils smartphone-charging plug-zap armchair toilet air-vent
    briefcase-medical heart-pulse book-open flag scale handshake package shower-head square-parking
    store warehouse sliders-horizontal smile meh frown sparkles file-down file-up scan-qr-code hand
    door-closed target layers notebook-pen package-open wrench thumbs-up locate-fixed coffee
    hard-hat list map-pin-check gift trophy clipboard-list
"""
Read = Callable[[str], bytes]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch() -> None:
    """Bring every package anew and write the record."""
    record = {}
    for package, members in KEPT.items():
        with tempfile.TemporaryDirectory() as temporary:
            archive = _download(package, Path(temporary))
            with tarfile.open(archive) as opened:
                record[package] = _keep(package, members, lambda name: _member(opened, name))
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def _download(package: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", package, "--pack-destination", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return folder / done.stdout.strip()


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise FileNotFoundError(name)
    return member.read()


def _keep(package: str, members: list[str], read: Read) -> dict[str, object]:
    target = FOLDER / package
    target.mkdir(parents=True, exist_ok=True)
    for member in members:
        (target / Path(member).name).write_bytes(read(member))
    if package in MIT_WITHOUT_A_FILE:
        (target / "LICENSE").write_text(MIT.format(holder=MIT_WITHOUT_A_FILE[package]))
    if package == ICON_PACKAGE:
        (target / "sprite.svg").write_text(sprite(read))
    licence = json.loads(read("package.json"))["license"]
    files = {path.name: digest(path) for path in sorted(target.iterdir())}
    return {"licence": licence, "files": files}


def sprite(read: Read) -> str:
    """The chosen icons as symbols of one SVG; colour and stroke come from the page's CSS."""
    symbols = [_symbol(name, read(f"icons/{name}.svg").decode()) for name in ICON_NAMES.split()]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str, svg: str) -> str:
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    if body is None:
        raise ValueError(f"not an icon: {name}")
    drawing = "".join(line.strip() for line in body[1].splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def check() -> list[str]:
    """What is wrong, a line each."""
    record = json.loads(RECORD.read_text())
    wrong = [f"not recorded: {name}" for name in KEPT if name not in record]
    expected = {RECORD}
    for package, about in record.items():
        for name, sha256 in about["files"].items():
            path = FOLDER / package / name
            expected.add(path)
            if not path.is_file() or digest(path) != sha256:
                wrong.append(f"missing or changed: {path.relative_to(FOLDER)}")
    found = {path for path in FOLDER.rglob("*") if path.is_file()}
    return wrong + [f"stray: {path.relative_to(FOLDER)}" for path in sorted(found - expected)]


if __name__ == "__main__":
    if "--fetch" in sys.argv:
        fetch()
    problems = check()
    print("\n".join(problems) or f"{len(KEPT)} vendored packages as recorded")
    sys.exit(bool(problems))
