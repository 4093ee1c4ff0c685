"""What a browser is called, so that its owner knows it."""

import re

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "Mi"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_label(user_agent: str) -> str:
    """A browser in two words that its owner knows: "Android · Chrome"."""
    system = next((word for mark, word in _SYSTEMS if mark in user_agent), "?")
    browser = next((word for mark, word in _BROWSERS if re.search(mark, user_agent)), "?")
    return f"{system} · {browser}"
