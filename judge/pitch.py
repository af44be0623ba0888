"""Pitch-class distributions, and how far two of them lie apart."""

import numpy as np

from judge.constants import SIMILARITY_SCALE
from judge.grid import Floats


def _entropy(shares: Floats) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log2(some)).sum())


def jensen_shannon(one: Floats, other: Floats) -> float:
    """Divergence in bits, 0 (equal) to 1 (disjoint) (Lin, IEEE Trans. Inf. Theory 37, 1991)."""
    return max(0.0, _entropy((one + other) / 2) - (_entropy(one) + _entropy(other)) / 2)


def similarity(one: Floats, other: Floats) -> float:
    """Likeness of two distributions, 1 (equal) down to about 0."""
    return float(np.exp(-jensen_shannon(one, other) / SIMILARITY_SCALE))


def ks_distance(one: Floats, other: Floats) -> float:
    """Kolmogorov-Smirnov distance of two distributions over the same ordered bins, 0 to 1."""
    return float(np.abs(np.cumsum(one) - np.cumsum(other)).max())
