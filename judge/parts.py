"""The voices that a file itself names: its tracks, or its channels, where each plays one note at a time.

What is told to an author as a fault must be sure, so it is looked for in these voices where there are any.
"""

import numpy as np
from numpy.typing import NDArray

from judge.constants import MAX_VOICES, UNITS
from judge.grid import Flags, GridNotes, Ints, snap
from judge.midi import Performance
from judge.voices import OVERLAP, Texture, woven

FEWEST = 4
"""Notes that make a part."""
AT_ONCE = 0.1
"""Share of a part's notes that may come together with others of it: a chord or an ornament now and then leaves it a voice."""


def sung(performance: Performance) -> Texture | None:
    """The piece in the voices of its tracks or channels; None where neither are voices."""
    for owner in (performance.track, performance.channel):
        kept = _voices(performance, owner)
        if kept is not None:
            return kept
    return None


def _voices(performance: Performance, owner: NDArray[np.int16]) -> Texture | None:
    names, part = np.unique(owner, return_inverse=True)
    if not 2 <= len(names) <= MAX_VOICES or np.bincount(part).min() < FEWEST:
        return None
    onset = snap(performance.onset)
    length = np.maximum(1, np.rint(performance.duration * UNITS)).astype(np.int64)
    alone = _alone(onset, length, part)
    if any(np.mean(~alone[part == number]) > AT_ONCE for number in range(len(names))):
        return None
    order = np.flatnonzero(alone)
    order = order[np.lexsort((performance.pitch[order], onset[order]))]
    notes = GridNotes(onset[order], length[order], performance.pitch[order].astype(np.int64))
    return woven(notes, part[order].astype(np.int64))


def _alone(onset: Ints, length: Ints, part: NDArray[np.intp]) -> Flags:
    """Which notes are their part's line: of those that begin together the longest, and none that begins while the line sounds on."""
    alone = np.zeros(len(onset), dtype=bool)
    free = dict.fromkeys(part.tolist(), -1.0)
    for index in np.lexsort((-length, onset)).tolist():
        one = int(part[index])
        if onset[index] >= free[one]:
            alone[index] = True
            free[one] = float(onset[index]) + max(1.0, OVERLAP * float(length[index]))
    return alone
