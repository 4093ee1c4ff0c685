"""Two phones: what one shows is filmed, and the other's camera plays the film."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page, Playwright, expect

from tests.support.cameras import empty, hold, photographed
from tests.support.gate_phone import GatePhone
from tests.support.gate_site import Site
from tests.support.network import Network
from tests.support.phone import Phone
from tests.support.rider_phone import code_on

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def filmed(page: Page, film: Path) -> None:
    """A phone held before the camera: a little tilted, a little out of focus."""
    screen = Image.open(io.BytesIO(page.screenshot()))
    picture = photographed(screen, tilt=4).filter(ImageFilter.GaussianBlur(0.7))
    hold(film, picture)


def test_the_guards_camera_reads_the_riders_screen(
    site: Site, badge: Page, phone: Phone, network: Network, playwright: Playwright, tmp_path: Path
) -> None:
    """Online and then with neither phone on the network; a challenge; a screenshot is no use."""
    film = tmp_path / "film.mjpeg"
    hold(film, empty())
    gate = GatePhone(playwright, tmp_path / "gate", network.address, film=film)
    try:
        gate.enrol(site.code())
        gate.scan()
        code_on(badge)
        filmed(badge, film)
        assert gate.verdict() == "green ok"
        expect(gate.page.locator("#verdict-label")).to_contain_text("王")
        gate.offline()
        phone.offline()
        hold(film, empty())
        expect(gate.screen).to_be_hidden()
        gate.page.click("#open-challenge")
        badge.click("#challenge-open")
        badge.fill("#challenge-digits", gate.page.inner_text("#challenge-digits"))
        badge.press("#challenge-digits", "Enter")
        expect(badge.locator("#asked")).to_be_visible()
        badge.wait_for_timeout(500)
        filmed(badge, film)
        assert gate.verdict() == "green ok"
        hold(film, empty())
        gate.wait_until_written(2)
        gate.offline(False)
        gate.wait_until_all_sent()
        assert [(one.outcome, one.server_level) for one in site.passes()] == [
            ("entered", "green"), ("entered", "green"),
        ]  # fmt: skip
    finally:
        gate.close()
