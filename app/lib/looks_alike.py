"""Perceptual hashes: numbers of 64 bits that differ in few bits when pictures look alike.

The method is pHash with the discrete cosine transform: C. Zauner, Implementation and Benchmarking
of Perceptual Image Hash Functions (2010), 3.2.1. A picture becomes 32 x 32 grey pixels; of its
transform (type II) the 8 x 8 lowest frequencies but the very lowest row and column stay, and each
gives a bit: whether it is above their median. docs/decisions/ tells why it is written here.
"""

import io
from collections.abc import Sequence
from math import cos, pi
from statistics import median

from PIL import Image

ALIKE_BITS = 8
"""Pictures of one scene differ in no more than this: recompressed, resized, made brighter or
darker, with a fiftieth cut off. Of different scenes none came below 12."""
SAME_BITS = 2
"""What remains when one and the same photo is only compressed or resized."""
NO_LOOK = 0
"""Of a picture of one colour, which looks like nothing and is never compared."""
_SIDE, _FIRST, _COUNT = 32, 1, 8
_FREQUENCIES = range(_FIRST, _FIRST + _COUNT)
_WAVES = [
    [cos(pi * (2 * x + 1) * frequency / (2 * _SIDE)) for x in range(_SIDE)]
    for frequency in _FREQUENCIES
]
_FLAT = 1e-6
_QUARTER_BITS, _QUARTERS = 16, 4
_SIGN = 1 << 63


def look_of(content: bytes) -> int:
    """The hash of an encoded picture as a signed number of 64 bits; NO_LOOK for a picture of one
    colour. Raises OSError or ValueError when it cannot be decoded."""
    with Image.open(io.BytesIO(content)) as picture:
        small = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    grey = small.tobytes()
    waves = _transform([grey[start : start + _SIDE] for start in range(0, len(grey), _SIDE)])
    if max(waves) - min(waves) < _FLAT:
        return NO_LOOK
    middle = median(waves)
    return _signed(int("".join("1" if wave > middle else "0" for wave in waves), 2))


def _transform(rows: Sequence[bytes]) -> list[float]:
    across = [[_dot(row, wave) for wave in _WAVES] for row in rows]
    return [_dot(column, wave) for wave in _WAVES for column in zip(*across, strict=True)]


def _dot(values: Sequence[float], wave: Sequence[float]) -> float:
    return sum(value * height for value, height in zip(values, wave, strict=True))


def _signed(look: int) -> int:
    return look - 2 * _SIGN if look >= _SIGN else look


def bits_apart(look: int, other: int) -> int:
    """In how many of their 64 bits two hashes differ."""
    return ((look ^ other) & (2 * _SIGN - 1)).bit_count()


def quarters(look: int) -> tuple[int, int, int, int]:
    """The four quarters of 16 bits, highest first: hashes that differ in fewer than 4 bits have
    one in common."""
    a, b, c, d = (
        look >> _QUARTER_BITS * place & 0xFFFF for place in range(_QUARTERS - 1, -1, -1)
    )  # fmt: skip
    return a, b, c, d


def near_to(quarter: int) -> list[int]:
    """A quarter and those that differ from it in one bit: of hashes that differ in fewer than 8
    bits some quarter is among them."""
    return [quarter, *(quarter ^ 1 << bit for bit in range(_QUARTER_BITS))]
