"""A growing list of named numbers: what each group of features hands back."""

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


def tally(codes: Ints) -> Ints:
    """How often each value occurs, in the values' order."""
    if len(codes) == 0:
        return codes
    ordered = np.sort(codes)
    ends = np.flatnonzero(ordered[1:] != ordered[:-1])
    bounds = np.empty(len(ends) + 2, dtype=np.int64)
    bounds[0], bounds[1:-1], bounds[-1] = 0, ends + 1, len(codes)
    counts: Ints = bounds[1:] - bounds[:-1]
    return counts


def entropy_of(codes: Ints) -> float:
    """Entropy in bits of the values in `codes`."""
    return entropy(tally(codes))


def histogram(prefix: str, bins: Ints, size: int, weight: Floats | Ints | None = None) -> Features:
    """Shares of the values 0 to `size` - 1 in `bins`, named `prefix.0` onwards; all 0 where there are none."""
    counts = np.bincount(bins, weight, minlength=size)[:size].astype(np.float64)
    total = counts.sum()
    shares = counts / total if total > 0 else counts
    return [(f"{prefix}.{i}", value) for i, value in enumerate(shares.tolist())]


def recurrence(codes: Ints) -> float:
    """Share of the values that occur more than once."""
    if len(codes) == 0:
        return 0.0
    counts = tally(codes)
    return share(int(counts[counts > 1].sum()), len(codes))


def among(values: Ints, ordered: Ints) -> Flags:
    """Which values occur in `ordered`, which is sorted and not empty."""
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Flags = ordered[at] == values
    return found
