"""Every word on the screen has its Chinese, and says the same things."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools import words

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The Chinese that the application reads."""
    return _read(words.CATALOGUE)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every message of the code and the templates, as pybabel finds them."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    words.extract(target)
    return {_ids(entry)[0] for entry in _read(target) if entry.id}


def test_there_are_words_to_find(used: set[str]) -> None:
    """From calls of _ and _l, in Python and in templates."""
    assert len(used) > 100
    assert {"Please sign in.", "Snap and report", "Take at least one photo."} <= used


def test_every_word_has_its_chinese(catalogue: Catalog, used: set[str]) -> None:
    translated = {_ids(entry)[0] for entry in catalogue if entry.id and all(_texts(entry))}
    assert used - translated == set()


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [entry.id for entry in catalogue if entry.id and entry.fuzzy] == []


def test_no_translation_is_left_over(catalogue: Catalog, used: set[str]) -> None:
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
    assert same <= {"English", "中文", "AED", "Wi-Fi"}


def _ids(entry: Message) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def _texts(entry: Message) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
