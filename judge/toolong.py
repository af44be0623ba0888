"""The sentence for a piece that has too many bars: how long it is, and what to do, from its notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from judge.grid import Floats
from judge.notes import Note
from judge.refusals import MidiRefusal, RefusalCode

EIGHTHS, SIXTEENTHS = 2, 4
"""Positions in a quarter note that music written in beats keeps to: most notes the first, all of them the second."""
NEAR = 0.02
"""Quarter notes that it may be away from them."""
FEW = 2
"""So many notes or chords in the bar after the last one are taken out more easily than eight bars are chosen."""
SLOWEST, FASTEST = 40, 240
DEFAULT_BPM = 120


@dataclass(frozen=True)
class Long:
    """What there is to know of a piece that is too long.

    Attributes:
        notes: all pitched notes.
        quarter: ticks in a quarter note.
        bars: how many, by the contest's rule.
        most: how many there may be.
        late: bars before the first pitched note.
        drummed: whether drums sound before it.
        fits_without_them: whether the rest is short enough.
        ends_at: tick at which the last bar that may be ends.
        bar: quarter notes in the first whole bar.
        names: of all tracks, as they are told.
        unended: indices of the tracks with notes that were never switched off.
        is_default_tempo: whether the file's only tempo is the default, 120.
    """

    notes: Sequence[Note]
    quarter: int
    bars: int
    most: int
    late: int
    drummed: bool
    fits_without_them: bool
    ends_at: float
    bar: float
    names: Sequence[str]
    unended: Sequence[int]
    is_default_tempo: bool


def refusal(piece: Long) -> MidiRefusal:
    """One sentence that says how long it is, and one that fits the likeliest cause."""
    advice = next(advice for advice in _advice(piece) if advice)
    sentence = f"This piece has {piece.bars:,} bars, and the contest takes at most {piece.most}. {advice}"
    facts = {"bars": piece.bars, "max_bars": piece.most, "first_bar": piece.late + 1}
    return MidiRefusal(RefusalCode.TOO_LONG, sentence, facts)


def _advice(piece: Long) -> tuple[str, ...]:
    return (
        _late(piece),
        _seconds(piece),
        _repeat(piece),
        _unended(piece),
        _into_the_next_bar(piece),
        f"Choose the {piece.most} bars that you like best and upload them again.",
    )


def _unended(piece: Long) -> str:
    if not piece.unended:
        return ""
    where = _where(piece, piece.unended)
    return f"Some of its notes{where} are never switched off and ring on to the end: give them an end, or shorten the piece, and upload it again."


def _where(piece: Long, tracks: Iterable[int]) -> str:
    """`` in track 2 (“Bass”)``: where to look; nothing where only one track has notes, and where they are in several."""
    found = sorted(set(tracks))
    if len(found) > 1 or len({note.track for note in piece.notes}) == 1:
        return ""
    return f" in {piece.names[found[0]]}"


def _late(piece: Long) -> str:
    if not piece.late or not piece.fits_without_them:
        return ""
    bars = "Its first bar" if piece.late == 1 else f"Its first {piece.late} bars"
    are = ("has" if piece.late == 1 else "have") if piece.drummed else ("is" if piece.late == 1 else "are")
    what = "only drums" if piece.drummed else "empty"
    note = "first note that is judged" if piece.drummed else "first note"
    it = "it" if piece.late == 1 else "them"
    return (
        f"{bars} {are} {what}, and the {note} comes only in bar {piece.late + 1}: "
        f"delete {it}, so that the music begins in bar 1, and upload it again."
    )


def _seconds(piece: Long) -> str:
    """Libraries that write times in seconds count them at the default tempo: eight bars at 96 become ten at 120."""
    if not piece.is_default_tempo:
        return ""
    onsets = np.array([note.onset for note in piece.notes]) / piece.quarter
    end = max(note.end for note in piece.notes) / piece.quarter
    usual = _on_grid(onsets, EIGHTHS)
    fitting = [
        bpm
        for bpm in range(SLOWEST, FASTEST + 1)
        if end * bpm / DEFAULT_BPM <= piece.most * piece.bar + 0.1
        and _on_grid(onsets * bpm / DEFAULT_BPM, SIXTEENTHS) > 0.98
        and _on_grid(onsets * bpm / DEFAULT_BPM, EIGHTHS) > usual + 0.25
    ]
    if not fitting:
        return ""
    bpm = max(fitting)
    return (
        f"Its notes fit no beat at {DEFAULT_BPM} beats a minute, the default tempo by which 4/4 was counted, but they do at {bpm}: your program seems "
        f"to have written seconds. Write the tempo of {bpm} into the file before the notes (setting it in the program, or in its code), and upload it again."
    )


def _on_grid(onsets: Floats, positions: int) -> float:
    """Share of the onsets on the grid of so many positions a quarter note."""
    away = np.abs(onsets * positions - np.rint(onsets * positions)) / positions
    return float(np.mean(away <= NEAR))


def _repeat(piece: Long) -> str:
    """Programs that play repeats out double the piece."""
    half, bar = piece.bars // 2, piece.bar * piece.quarter
    if piece.bars % 2 or half > piece.most:
        return ""
    middle, slack = half * bar, piece.quarter / 12
    first = {_place(note, 0, slack) for note in piece.notes if note.onset < middle - slack}
    second = {_place(note, middle, slack) for note in piece.notes if note.onset >= middle - slack}
    if len(first & second) < 0.95 * max(len(first), len(second)):
        return ""
    return f"Its second half repeats the first note for note: take the repeat out, so that {half} bars are left, and upload it again."


def _place(note: Note, start: float, slack: float) -> tuple[int, int]:
    return round((note.onset - start) / slack), note.pitch


def _into_the_next_bar(piece: Long) -> str:
    if piece.bars != piece.most + 1:
        return ""
    late = [note for note in piece.notes if note.onset >= piece.ends_at - piece.quarter / 12]
    begun = {note.onset for note in late}
    if not begun:
        where = _where(piece, [note.track for note in piece.notes if note.end > piece.ends_at + piece.quarter / 12])
        return f"Only notes{where} that began earlier ring on past bar {piece.most}: shorten them a little and upload it again."
    if len(begun) > FEW:
        return ""
    where = _where(piece, [note.track for note in late])
    what = f"Only the last note{where} begins" if len(begun) == 1 else f"Only the last two notes{where} begin"
    it = "it" if len(begun) == 1 else "them"
    return f"{what} in bar {piece.bars}: remove {it}, or move {it} into bar {piece.most}, and upload it again."
