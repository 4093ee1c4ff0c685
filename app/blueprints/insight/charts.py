"""Column charts: what stands on each other at each place, as shares of the drawing's height."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Layer:
    """One kind of thing that is counted. `look` is its class in css/insight.css."""

    look: str
    words: Any
    values: Sequence[int]


@dataclass(frozen=True)
class Bar:
    """A piece of a column: of which layer, at which place, from where up, and how high."""

    look: str
    place: int
    foot: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Columns with a name each, of layers that stand on each other in their order."""

    title: Any
    head: Any
    """What the names are."""
    names: Sequence[str]
    layers: Sequence[Layer]

    @property
    def most(self) -> int:
        """The height of the highest column, and 4 at least."""
        return max([4, *self._sums(len(self.layers))])

    def bars(self) -> Iterator[Bar]:
        """All that is to be drawn; what is nothing is not."""
        for number, layer in enumerate(self.layers):
            for place, (foot, value) in enumerate(
                zip(self._sums(number), layer.values, strict=True)
            ):
                if value:
                    yield Bar(layer.look, place, foot / self.most, value / self.most)

    def _sums(self, layers: int) -> list[int]:
        """How high the columns are with so many layers."""
        below = [layer.values for layer in self.layers[:layers]]
        return [sum(values) for values in zip(*below, strict=True)] or [0] * len(self.names)


def hours() -> list[str]:
    """The names of the hours of a day."""
    return [f"{hour:02}:00" for hour in range(24)]
