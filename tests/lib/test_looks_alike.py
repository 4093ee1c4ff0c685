"""Perceptual hashes: one scene stays itself, different scenes stay apart."""

import io
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from app.lib.looks_alike import (
    ALIKE_BITS,
    NO_LOOK,
    SAME_BITS,
    bits_apart,
    look_of,
    near_to,
    quarters,
)
from tests.support.looks import VARIANTS
from tests.support.scenes import scene

SEEDS = range(24)
looks = some.integers(-(2**63), 2**63 - 1)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_scene_that_was_only_changed_looks_like_itself(name: str) -> None:
    for seed in SEEDS:
        assert bits_apart(look_of(scene(seed)), look_of(VARIANTS[name](seed))) <= ALIKE_BITS


@pytest.mark.parametrize("name", ["resized"])
def test_a_photo_that_was_only_resized_is_the_same(name: str) -> None:
    for seed in SEEDS:
        assert bits_apart(look_of(scene(seed)), look_of(VARIANTS[name](seed))) <= SAME_BITS


def test_different_scenes_stay_well_apart() -> None:
    apart = [bits_apart(*pair) for pair in combinations([look_of(scene(n)) for n in SEEDS], 2)]
    assert min(apart) >= ALIKE_BITS + 4


@pytest.mark.parametrize("colour", ["black", "white", "#123456"])
def test_one_colour_looks_like_nothing(colour: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), colour).save(out, "JPEG")
    assert look_of(out.getvalue()) == NO_LOOK


def test_what_is_no_picture_has_no_look() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        look_of(b"no picture")


@given(looks)
def test_quarters_make_the_whole(look: int) -> None:
    a, b, c, d = quarters(look)
    assert (a << 48 | b << 32 | c << 16 | d) == look & (2**64 - 1)


@given(looks, some.sets(some.integers(0, 63), max_size=7))
def test_fewer_than_eight_bits_leave_a_quarter_within_one(look: int, flipped: set[int]) -> None:
    other = look
    for bit in flipped:
        other ^= 1 << bit if bit < 63 else -(1 << 63)
    assert bits_apart(look, other) == len(flipped)
    pairs = zip(quarters(look), quarters(other), strict=True)
    assert any(theirs in near_to(mine) for mine, theirs in pairs)
