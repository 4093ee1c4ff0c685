"""Phones with the app on them: it is installed once by a real visit, and the profile copied."""

import shutil
import urllib.request
from pathlib import Path

from playwright.sync_api import Playwright

from tests.support.network import Network
from tests.support.phone import Phone

# Of no use to the next browser. "Service Worker" with all that is in it is what the copy is for.
_NOT_COPIED = shutil.ignore_patterns(
    "Singleton*", "Crashpad", "BrowserMetrics*", "component_crx_cache", "GrShaderCache",
    "ShaderCache", "GPUCache", "Dawn*Cache", "DevToolsActivePort",
)  # fmt: skip


class Shop:
    """Keeps one profile: its service worker is at work, and nobody has signed in."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright, self._folder = playwright, folder
        self._profile, self._version = folder / "none", b""

    def install(self, network: Network) -> None:
        """Visit the centre, unless this version of the app is on the profile."""
        with urllib.request.urlopen(f"{network.address}/sw.js") as answer:
            version = answer.read()
        if version != self._version:
            self._profile = self._folder / f"profile{len(list(self._folder.iterdir()))}"
            phone = Phone(self._playwright, self._profile, network.address)
            phone.go("/sign-in")
            phone.ready()
            phone.close()
            self._version = version
        network.seen.clear()

    def copy_to(self, profile: Path) -> Path:
        """A phone's own profile from now on."""
        shutil.copytree(self._profile, profile, ignore=_NOT_COPIED)
        return profile
