"""Features of what comes back: exact and transposed repeats, sequences, imitation between voices."""

import numpy as np

from judge.constants import UNITS
from judge.grid import Ints, new
from judge.laid import Features, among, before, lengths, share
from judge.rhythm import length_class
from judge.voices import Texture

_LAGS = np.array([1, 2, 3, 4, 6, 8, 12, 16])


def _exact(texture: Texture) -> Features:
    codes, notes = texture.onset * 128 + texture.tone, texture.notes
    ordered = np.sort(codes)
    lags = _LAGS[:, None] * UNITS
    late = texture.onset - lags >= texture.onset[notes.starts][notes.of]
    again = late & among(codes - lags * 128, ordered)
    return [
        (f"repeat.{beats}", row)
        for beats, row in zip(_LAGS.tolist(), share(notes.sums(again), notes.sums(late)), strict=True)
    ]


def _figures(texture: Texture, size: int, code: Ints) -> Features:
    """Runs of `size` intervals with their rhythm inside each voice: the share that comes back, and that another voice has, too."""
    line, notes = texture.line[texture.by_voice], texture.notes
    runs = code
    for back in range(1, size):
        runs = runs + before(code, back) * 512**back
    inside = np.zeros(len(line), dtype=bool)
    inside[size:] = line[size:] == line[:-size]
    if not inside.any():
        return [(f"figure.{size}.{name}", np.zeros(len(notes.starts))) for name in ("recurring", "imitated")]
    of, runs, line = notes.of[inside], runs[inside], line[inside]
    order = np.lexsort((runs, of))
    of, runs, line = of[order], runs[order], line[order]
    begins = (new(runs) | new(of)).nonzero()[0]
    times, of = lengths(begins, len(runs)), of[begins]
    imitated = np.minimum.reduceat(line, begins) != np.maximum.reduceat(line, begins)
    return [
        (
            f"figure.{size}.{name}",
            share(*(np.bincount(of, count, len(notes.starts)) for count in (times * those, times))),
        )
        for name, those in (("recurring", times > 1), ("imitated", imitated))
    ]


def repetition(texture: Texture) -> Features:
    """All features of what comes back."""
    found = _exact(texture)
    notes, order = texture.notes, texture.by_voice
    tone, onset = texture.tone[order], texture.onset[order]
    step = np.minimum(np.maximum(tone - before(tone), -15), 15) + 15
    code = step * 16 + length_class(np.maximum(onset - before(onset), 0))
    for size in (2, 4, 6):
        found += _figures(texture, size, code)
    return [*found, ("figure.tones", share(notes.distinct(texture.tone), notes.sizes))]
