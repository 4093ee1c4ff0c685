"""Numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib import phone


@pytest.mark.parametrize(
    "typed",
    ["13912345678", "139 1234 5678", "139-1234-5678", "+86 139 1234 5678", "0086 13912345678",
     "１３９１２３４５６７８"],
)  # fmt: skip
def test_one_number_in_many_spellings(typed: str) -> None:
    assert phone.normalise(typed) == "+8613912345678"


@pytest.mark.parametrize("typed", ["", "12345", "hello", "139123456789012", "1" * 33, "+", "\0"])
def test_what_is_no_number(typed: str) -> None:
    assert phone.normalise(typed) is None


def test_a_number_from_abroad_is_taken() -> None:
    assert phone.normalise("+44 7911 123456") == "+447911123456"


@given(st.text())
def test_any_text_gets_an_answer(typed: str) -> None:
    answer = phone.normalise(typed)
    assert answer is None or answer.startswith("+")


def test_the_middle_is_hidden_on_screen() -> None:
    assert phone.masked("+8613912345678") == "139****5678"
