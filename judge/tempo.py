"""The tempo map: quarter notes to seconds."""

from collections.abc import Iterable
from itertools import pairwise

Tempi = tuple[tuple[float, float], ...]  # (quarter position, beats per minute), first at 0.0, ascending

DEFAULT_BPM = 120.0  # what the standard says where a file says nothing


def tempo_map(changes: Iterable[tuple[float, float]]) -> Tempi:
    """Order (quarter position, bpm) changes of all tracks; of several at one position the last counts."""
    by_position = {0.0: DEFAULT_BPM}
    by_position.update(sorted(changes, key=lambda change: change[0]))
    return tuple(sorted(by_position.items()))


def seconds_at(tempi: Tempi, quarter: float) -> float:
    """Seconds from tick 0 to a quarter position, >= 0."""
    seconds = 0.0
    ends = [start for start, _ in tempi[1:]] + [float("inf")]
    for (start, bpm), end in zip(tempi, ends, strict=True):
        seconds += max(0.0, min(end, quarter) - start) * 60 / bpm
    return seconds


def quarter_at(tempi: Tempi, seconds: float) -> float:
    """The quarter position that is reached ``seconds`` (>= 0) after tick 0; the inverse of `seconds_at`."""
    for (start, bpm), (end, _) in pairwise(tempi):
        length = (end - start) * 60 / bpm
        if seconds < length:
            return start + seconds * bpm / 60
        seconds -= length
    start, bpm = tempi[-1]
    return start + seconds * bpm / 60
