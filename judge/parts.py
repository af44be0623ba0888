"""The voices that a file itself names: its tracks, or its channels, where each plays one note at a time.

What is told to an author as a fault must be sure, so it is looked for in these voices only. Each track is judged by itself: one of
chords is no voice, and leaves the others theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from judge.constants import MAX_VOICES, UNITS
from judge.grid import Flags, Floats, GridNotes, Ints, snap
from judge.midi import Performance
from judge.ornaments import SHORT, plain
from judge.verdict import Known
from judge.voices import OVERLAP, Texture, woven

AT_ONCE = 0.1
"""Share of a part's notes that may come together with others of it: a chord or an ornament now and then leaves it a voice."""


@dataclass(frozen=True)
class Sung:
    """The voices that a file names, and how many of its parts are voices; no notes where none are.

    `voice` and `sure` say for each note of `notes` which voice it is of, and whether it is certain that it is of that voice's line.
    """

    known: Known
    notes: GridNotes | None = None
    voice: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    sure: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))


def sung(performance: Performance) -> Sung:
    """The piece in the voices of its tracks, or of its channels: whichever are more surely voices."""
    by_track = _voices(performance, performance.track)
    if by_track.known is Known.ALL:
        return by_track
    by_channel = _voices(performance, performance.channel)
    return by_channel if by_channel.known is Known.ALL or by_track.known is Known.NONE else by_track


def together(pieces: Sequence[Sung]) -> Texture:
    """The voices of pieces that have some, laid end to end; silent where nobody can be sure."""
    notes = [piece.notes for piece in pieces if piece.notes is not None]
    seen = woven(notes, [piece.voice for piece in pieces])
    sure = np.concatenate([piece.sure for piece in pieces])
    return replace(seen, note=np.where((seen.note >= 0) & sure[seen.note], seen.note, -1))


@dataclass(frozen=True)
class _Line:
    """A part's notes, one at a time; `sure` says of which it is certain that they are its line."""

    onset: Floats
    duration: Floats
    pitch: Ints
    sure: Flags


def _voices(performance: Performance, owner: NDArray[np.int16]) -> Sung:
    parts = sorted(set(owner.tolist()))
    if len(parts) > MAX_VOICES:
        return Sung(Known.NONE)
    lines = [line for part in parts if (line := _line(performance, owner == part)) is not None]
    if len(lines) == len(parts):
        return _laid(lines, Known.ALL)
    return _laid(lines, Known.SOME) if len(lines) > 1 else Sung(Known.NONE)


def _line(performance: Performance, mine: Flags) -> _Line | None:
    """The line of a part; None where it plays too many notes at once to have one.

    Of notes that begin together the longest is the line's, and none that begins while the line sounds on; where there were such
    notes, nobody can be sure. Nor of a note that is as short as an ornament's.
    """
    onset, duration, pitch = plain(performance.onset[mine], performance.duration[mine], performance.pitch[mine])
    begins, until = onset.tolist(), (onset + OVERLAP * duration).tolist()
    main: list[int] = []
    alone = np.ones(len(onset), dtype=bool)
    for note in np.lexsort((-duration, onset)).tolist():
        if main and begins[note] < until[main[-1]]:
            alone[main[-1]] = False
        else:
            main.append(note)
    if len(onset) - len(main) > AT_ONCE * len(onset):
        return None
    chosen = onset[main]
    until_next = np.append(chosen[1:] - chosen[:-1], np.inf)
    return _Line(chosen, duration[main], pitch[main].astype(np.int64), alone[main] & (until_next > SHORT))


def _laid(lines: list[_Line], known: Known) -> Sung:
    """The lines as voices."""
    onset = snap(np.concatenate([line.onset for line in lines]))
    length = np.maximum(1, np.rint(np.concatenate([line.duration for line in lines]) * UNITS)).astype(np.int64)
    pitch, sure = np.concatenate([line.pitch for line in lines]), np.concatenate([line.sure for line in lines])
    voice = np.repeat(np.arange(len(lines)), [len(line.onset) for line in lines])
    order = np.lexsort((pitch, onset))
    return Sung(known, GridNotes(onset[order], length[order], pitch[order]), voice[order], sure[order])
