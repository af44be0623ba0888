"""Which chord a set of pitch classes is, by a table over all 4,096 sets."""

import numpy as np

from judge.grid import Flags, Floats, Ints

_SHAPES = (
    ("major", (0, 4, 7)),
    ("minor", (0, 3, 7)),
    ("dominant7", (0, 4, 7, 10)),
    ("diminished", (0, 3, 6)),
    ("minor7", (0, 3, 7, 10)),
    ("half_diminished", (0, 3, 6, 10)),
    ("major7", (0, 4, 7, 11)),
    ("diminished7", (0, 3, 6, 9)),
    ("augmented", (0, 4, 8)),
    ("suspended", (0, 5, 7)),
)
QUALITIES = (*(name for name, _ in _SHAPES), "third_or_sixth", "fifth", "single", "other")
"""What a set of pitch classes can be; index 10 is a third or sixth alone, 13 all that is none of these."""

_BITS: Ints = 1 << np.arange(12)


def _table() -> tuple[Ints, Ints]:
    quality = np.full(4096, QUALITIES.index("other"))
    root = np.zeros(4096, dtype=np.int64)
    extra = (("third_or_sixth", (0, 4)), ("third_or_sixth", (0, 3)), ("fifth", (0, 7)), ("single", (0,)))
    for name, tones in reversed((*_SHAPES, *extra)):
        for base in range(12):
            mask = sum(1 << (base + tone) % 12 for tone in tones)
            quality[mask], root[mask] = QUALITIES.index(name), base
    return quality, root


CHORD_QUALITY, CHORD_ROOT = _table()
"""Index into QUALITIES and root (0-11) for each bit mask of pitch classes."""

_TRIADS = np.zeros((24, 12))
for _base in range(12):
    _TRIADS[_base, [_base, (_base + 4) % 12, (_base + 7) % 12]] = (1.2, 1.0, 1.0)
    _TRIADS[12 + _base, [_base, (_base + 3) % 12, (_base + 7) % 12]] = (1.2, 1.0, 1.0)
_TRIADS /= np.linalg.norm(_TRIADS, axis=1, keepdims=True)


def masks(tones: Ints, there: Flags) -> Ints:
    """Bit mask of the pitch classes in each row of int64[rows, voices]."""
    bits = np.where(there, _BITS[tones], 0)
    mask: Ints = np.bitwise_or.reduce(bits, axis=1)
    return mask


def best_triads(profile: Floats) -> Ints:
    """The nearest triad to each row of pitch-class weights float64[rows, 12]: 0-11 major, 12-23 minor, by root."""
    nearest: Ints = np.argmax(np.round(profile @ _TRIADS.T, 9), axis=1)
    return nearest


def triad_fit(profile: Floats) -> Floats:
    """How near each row of unit weights float64[rows, 12] is to its nearest triad, 0-1."""
    fit: Floats = (profile @ _TRIADS.T).max(axis=1)
    return fit
