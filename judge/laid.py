"""Several pieces laid end to end in the same arrays, and what is counted of each of them.

numpy asks as much for a call on eighty numbers as for one on thousands: all that is measured of a piece is measured of a pile of them at
once. A piece by itself is a pile of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from judge.grid import Flags, Floats, Ints, new


def lengths(begins: Ints, end: int) -> Ints:
    """How long each stretch is, the last one up to the end: numpy's diff takes five times as long."""
    lengths = np.empty(len(begins), dtype=np.int64)
    lengths[:-1], lengths[-1:] = begins[1:] - begins[:-1], end - begins[-1:]
    return lengths


Kind = TypeVar("Kind", bound=np.generic)
Numbers = NDArray[np.number[Any]] | Flags


def before(values: NDArray[Kind], back: int = 1) -> NDArray[Kind]:
    """For each value the one so many places before it; for the first ones, which have none, anything."""
    return np.concatenate((values[:back], values[:-back])) if len(values) > back else values


@dataclass(frozen=True, eq=False)
class Laid:
    """Which piece each of n values is of: int64[n], ascending from 0, each piece at least once."""

    of: Ints

    @cached_property
    def starts(self) -> Ints:
        """Where each piece begins, int64[pieces]."""
        return (~self.second).nonzero()[0]

    @cached_property
    def ends(self) -> Ints:
        """Where the last value of each piece stands, int64[pieces]."""
        ends: Ints = self.starts + self.sizes - 1
        return ends

    @cached_property
    def sizes(self) -> Ints:
        """How many values each piece has, int64[pieces]."""
        return lengths(self.starts, len(self.of))

    @cached_property
    def second(self) -> Flags:
        """Which values come after another one of their piece, bool[n]."""
        second = np.zeros(len(self.of), dtype=bool)
        second[1:] = self.of[1:] == self.of[:-1]
        return second

    @cached_property
    def third(self) -> Flags:
        """Which values come after two others of their piece, bool[n]."""
        return self.after(self.second)

    @cached_property
    def fourth(self) -> Flags:
        """Which values come after three others of their piece, bool[n]."""
        return self.after(self.third)

    def after(self, chosen: Flags) -> Flags:
        """Which values come after one of the chosen ones, in the same piece."""
        found = self.second.copy()
        found[1:] &= chosen[:-1]
        return found

    def some(self, chosen: Flags) -> "Laid":
        """Only the chosen ones, which are of each piece at least one."""
        return Laid(self.of[chosen])

    def sum(self, values: Numbers) -> NDArray[Any]:
        """The sum of each piece's values, [n] or [n, columns]; of flags, how many there are."""
        total: NDArray[Any] = self.sums(values[None])[0]
        return total

    def sums(self, many: Numbers | Sequence[Numbers]) -> NDArray[Any]:
        """The same of several values side by side, [k, n] or [k, n, columns]: [k, pieces]."""
        values = np.asarray(many)
        kind = np.int64 if values.dtype == bool else None
        if values.ndim == 2:
            return np.add.reduceat(values, self.starts, axis=1, dtype=kind)
        count, _, columns = values.shape
        if not columns:
            return np.zeros((count, len(self.starts)), dtype=np.int64)
        return np.add.reduceat(values.reshape(count, -1), self.starts * columns, axis=1, dtype=kind)

    def shares(self, prefix: str, kinds: Mapping[str, Flags], whole: Ints) -> "Features":
        """What share of each piece's whole is of which kind, named `prefix.kind`; the whole is a number for each piece."""
        found = share(self.sums(list(kinds.values())), whole)
        return [(f"{prefix}.{name}", row) for name, row in zip(kinds, found, strict=True)]

    def mean(self, values: Floats, chosen: Flags) -> Floats:
        """The mean of each piece's chosen values; 0 where there are none. Added up as for a piece alone: others' values change no digit."""
        kept, sizes = values[chosen], self.sum(chosen)
        ends = np.cumsum(sizes)
        parts = zip((ends - sizes).tolist(), ends.tolist(), strict=True)
        return np.array([kept[begin:end].mean() if end > begin else 0.0 for begin, end in parts])

    def histogram(
        self, prefix: str, bins: Ints, size: int, weight: Numbers | None = None, chosen: Flags | None = None
    ) -> "Features":
        """Shares of the values 0 to `size` - 1 in `bins`, named `prefix.0` onwards; all 0 where there are none.

        Only the chosen ones count, where some are; weights are whole numbers.
        """
        place = self.of * size + bins
        if chosen is not None:
            place, weight = place[chosen], None if weight is None else weight[chosen]
        pieces = len(self.starts)
        counts = np.bincount(place, weight, minlength=pieces * size).reshape(pieces, size)
        shares = share(counts, counts.sum(axis=1, keepdims=True))
        return list(zip(_numbered(prefix, size), shares.T, strict=True))

    def sorted(self, codes: Ints, chosen: Flags | None = None) -> tuple[Ints, Ints]:
        """The codes (0 to 2^40) of each piece in order, each made another number than in any other piece; and the pieces again."""
        wide = int(codes.max(initial=0)) + 1
        all_of_them = self.of * wide + codes
        ordered = np.sort(all_of_them if chosen is None else all_of_them[chosen])
        return ordered, ordered // wide

    def entropy(self, codes: Ints, chosen: Flags | None = None) -> Floats:
        """Entropy in bits of each piece's (chosen) codes, 0 where there are none."""
        ordered, of = self.sorted(codes, chosen)
        begins = new(ordered).nonzero()[0]
        counts, of, pieces = lengths(begins, len(ordered)), of[begins], len(self.starts)
        shares = counts / np.bincount(of, counts, pieces)[of]
        found: Floats = np.bincount(of, -shares * np.log2(shares), pieces).astype(np.float64)
        return found

    def recurrence(self, codes: Ints, chosen: Flags | None = None) -> Floats:
        """Share of each piece's (chosen) codes that occur more than once."""
        ordered, of = self.sorted(codes, chosen)
        alike = np.zeros(len(ordered) + 1, dtype=bool)
        alike[1:-1] = ordered[1:] == ordered[:-1]
        pieces = len(self.starts)
        again = np.bincount(of[alike[1:] | alike[:-1]], minlength=pieces)
        return share(again, np.bincount(of, minlength=pieces))

    def distinct(self, codes: Ints) -> Ints:
        """How many different codes each piece has."""
        ordered, of = self.sorted(codes)
        return np.bincount(of[new(ordered)], minlength=len(self.starts))


@cache
def _numbered(prefix: str, size: int) -> tuple[str, ...]:
    return tuple(f"{prefix}.{i}" for i in range(size))


Features = list[tuple[str, Floats]]
"""Named numbers, of each piece one: float64[pieces]."""


def share(part: Numbers, whole: Numbers) -> Floats:
    """`part / whole`, which is at least 1; 0 where both are 0."""
    found: Floats = np.divide(part, np.maximum(whole, 1), dtype=np.float64)
    return found


def among(values: Ints, ordered: Ints) -> Flags:
    """Which values, of any shape, occur in `ordered`, which is sorted and not empty."""
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Flags = ordered[at] == values
    return found
