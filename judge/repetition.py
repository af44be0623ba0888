"""Features of what comes back: exact and transposed repeats, sequences, imitation between voices."""

import numpy as np

from judge.constants import UNITS
from judge.grid import Flags, Ints, steps
from judge.rhythm import length_class
from judge.table import Features, among, distinct, recurrence, share
from judge.voices import Texture

_LAGS = np.array([1, 2, 3, 4, 6, 8, 12, 16])


def _exact(texture: Texture) -> Features:
    codes = texture.onset * 128 + texture.tone
    ordered = np.sort(codes)
    lags = _LAGS[:, None] * UNITS
    late = texture.onset - lags >= int(texture.onset.min())
    again = late & among(codes - lags * 128, ordered)
    return [
        (f"repeat.{beats}", share(came, possible))
        for beats, came, possible in zip(
            _LAGS.tolist(),
            np.count_nonzero(again, axis=1).tolist(),
            np.count_nonzero(late, axis=1).tolist(),
            strict=True,
        )
    ]


def _figures(texture: Texture, size: int) -> tuple[Ints, Ints]:
    """Codes of runs of `size` intervals with their rhythm inside each voice, and the voices they stand in."""
    order = texture.by_voice
    voice = texture.voice[order]
    step = np.minimum(np.maximum(steps(texture.tone[order]), -15), 15) + 15
    gap = length_class(np.maximum(steps(texture.onset[order]), 0))
    code = step * 16 + gap
    count = len(code) - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    runs = np.zeros(count, dtype=np.int64)
    for i in range(size):
        runs = runs * 512 + code[i : i + count]
    inside: Flags = voice[:count] == voice[size : size + count]
    return runs[inside], voice[:count][inside]


def _imitation(codes: Ints, voice: Ints) -> float:
    """Share of the figures that another voice has, too."""
    if len(codes) == 0:
        return 0.0
    values, which = np.unique(codes, return_inverse=True)
    low = np.full(len(values), 99)
    high = np.full(len(values), -1)
    np.minimum.at(low, which, voice)
    np.maximum.at(high, which, voice)
    return share(np.count_nonzero(low[which] != high[which]), len(codes))


def repetition(texture: Texture) -> Features:
    """All features of what comes back."""
    found = _exact(texture)
    for size in (2, 4, 6):
        codes, voice = _figures(texture, size)
        found.append((f"figure.{size}.recurring", recurrence(codes)))
        found.append((f"figure.{size}.imitated", _imitation(codes, voice)))
    return [*found, ("figure.tones", share(distinct(texture.tone), len(texture.tone)))]
