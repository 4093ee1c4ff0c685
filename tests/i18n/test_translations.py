"""Every word on the screen has its Chinese, and says the same things."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

APP = Path(__file__).parents[2] / "app"
CATALOGUE = APP / "translations/zh_Hans/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.js", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _used() -> dict[str, str]:
    """Every message of the code and the templates, with a file that uses it."""
    found = extract_from_dir(
        str(APP), METHODS, {"**.html": {"encoding": "utf-8"}}, KEYWORDS, strip_comment_tags=True
    )
    return {
        message if isinstance(message, str) else message[0]: filename
        for filename, _line, message, _comments, _context in found
    }


def test_there_are_words_to_find() -> None:
    used = _used()
    assert len(used) > 100
    assert {"Please sign in.", "Snap and report", "Take at least one photo."} <= set(used)


def test_every_word_has_its_chinese(catalogue: Catalog) -> None:
    missing = {
        text: file for text, file in _used().items()
        if (entry := catalogue.get(text)) is None or not all(_texts(entry))
    }  # fmt: skip
    assert missing == {}


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [entry.id for entry in catalogue if entry.id and entry.fuzzy] == []


def test_no_translation_is_left_over(catalogue: Catalog) -> None:
    used = _used()
    assert [entry.id for entry in catalogue if entry.id and _ids(entry)[0] not in used] == []


def test_placeholders_agree(catalogue: Catalog) -> None:
    wrong = {
        entry.id: text
        for entry in catalogue if entry.id
        for text in _texts(entry) if text
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(_ids(entry)[-1]))
    }  # fmt: skip
    assert wrong == {}


def test_chinese_is_chinese(catalogue: Catalog) -> None:
    """A text that is the same in both languages is a name, or was forgotten."""
    same = {entry.id for entry in catalogue if entry.id and entry.string == entry.id}
    assert same <= {"English", "中文"}


def _ids(entry: Message) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def _texts(entry: Message) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
