"""A growing list of named numbers: what each group of features hands back."""

from functools import cache
from typing import Any

import numpy as np

from judge.grid import Flags, Floats, Ints

Features = list[tuple[str, float]]
Count = np.signedinteger[Any]
"""What numpy counts with."""


def share(part: float | Count, whole: float | Count) -> float:
    """`part / whole`, 0 where there is no whole."""
    return float(part) / float(whole) if whole > 0 else 0.0


def entropy(counts: Floats | Ints) -> float:
    """Entropy in bits of non-negative counts, 0 where there are none."""
    total = counts.sum()
    if total <= 0:
        return 0.0
    some = counts[counts > 0] / total
    return -float((some * np.log2(some)).sum())


def mean_entropy(rows: Floats) -> float:
    """The mean entropy in bits of rows of non-negative counts, each with some."""
    shares = rows / rows.sum(axis=1, keepdims=True)
    each = -(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return float(each.mean())


def distinct(codes: Ints) -> int:
    """How many values occur; they are small and not negative."""
    return int(np.count_nonzero(np.bincount(codes)))


def entropy_of(codes: Ints) -> float:
    """Entropy in bits of the values in `codes`, which are small and not negative."""
    counts = np.bincount(codes)
    return entropy(counts)


def histogram(prefix: str, bins: Ints, size: int, weight: Floats | Ints | None = None) -> Features:
    """Shares of the values 0 to `size` - 1 in `bins`, named `prefix.0` onwards; all 0 where there are none."""
    counts = np.bincount(bins, weight, minlength=size)[:size].astype(np.float64)
    total = counts.sum()
    shares = counts / total if total > 0 else counts
    return list(zip(_numbered(prefix, size), shares.tolist(), strict=True))


@cache
def _numbered(prefix: str, size: int) -> tuple[str, ...]:
    return tuple(f"{prefix}.{i}" for i in range(size))


def recurrence(codes: Ints) -> float:
    """Share of the values that occur more than once."""
    ordered = np.sort(codes)
    alike = np.zeros(len(codes) + 1, dtype=bool)
    alike[1:-1] = ordered[1:] == ordered[:-1]
    return share(np.count_nonzero(alike[1:] | alike[:-1]), len(codes))


def among(values: Ints, ordered: Ints) -> Flags:
    """Which values, of any shape, occur in `ordered`, which is sorted and not empty."""
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Flags = ordered[at] == values
    return found
