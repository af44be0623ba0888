"""Two pieces, one above the other, so that people can see what they share.

Of Bach's works no notes are kept, only fingerprints: there the piece stands alone, above a line that shows where in the work the
same steps are.
"""

from dataclasses import dataclass

import numpy as np

from judge.constants import UNITS
from judge.copycheck import Index, IndexedWork, Passage, shared_with, shipped_index
from judge.drawing import Sheet
from judge.fingerprint import POSITION
from judge.grid import Flags, snap, to_grid
from judge.look import BAR_LINE, FAINT_INK, FINE, INK, WHITE_ROW, canvas, font, packed, shortened, written
from judge.midi import Performance
from judge.numbers import percent
from judge.overlap import Overlap, overlap
from judge.strokes import SHARED, UNSHARED, Box, note
from judge.verdict import NearestWork
from judge.words import counted

WIDTH, LEFT, RIGHT = 1200, 92, 1178
ROLL = 230  # height of a piano roll
STRIP = 44
HEAD, LABEL, FOOT = 62, 62, 48
TICK = 3


@dataclass(frozen=True)
class SideBySide:
    """A PNG of `WIDTH` pixels, and the sentence that stands for it."""

    png: bytes
    alt_text: str


def two_pieces(here: Performance, there: Performance, shared: NearestWork, names: tuple[str, str]) -> SideBySide:
    """Both piano rolls, aligned in time: notes that have a partner in the other piece are solid, the others hollow."""
    found = overlap(here, there)
    height = HEAD + 2 * (LABEL + ROLL) + FOOT
    image, pen = canvas(WIDTH, height)
    window = _window(here, shared.bars_here)
    mapped = (window[0] * found.scale + found.shift, window[1] * found.scale + found.shift)
    upper = Sheet(pen, _area(0), here, window)
    lower = Sheet(pen, _area(1), there, mapped)
    facts = f"{percent(shared.coverage)} of the notes are shared{_apart_words(found)}"
    _head(upper, facts)
    for page, flags, name, bars in (
        (upper, found.here, names[0], shared.bars_here),
        (lower, found.there, names[1], shared.bars_there),
    ):
        _label(page, f"{name}, {_bars(bars)}")
        page.grid()
        _notes(page, flags)
    _legend(upper, height - FOOT / 2)
    here_bars, there_bars = _bars(shared.bars_here), _bars(shared.bars_there)
    alt = (
        f"Two piano rolls, one above the other: {here_bars} of {names[0]} and {there_bars} of {names[1]}. "
        f"{int(found.here.sum())} of {counted(len(here.onset), 'note')} of the first have a partner in the second"
        f"{_apart_words(found)}."
    )
    return SideBySide(packed(image), alt)


def beside_bach(
    here: Performance, shared: NearestWork, names: tuple[str, str], index: Index | None = None
) -> SideBySide:
    """The piece with the notes that it shares solid, above a line of the work's bars with a mark where the same steps begin."""
    index = index or shipped_index()
    work = next(each for each in index.works if each.name == shared.work)
    passage = shared_with(here, index, shared.work)
    height = HEAD + 2 * LABEL + ROLL + STRIP + FOOT
    image, pen = canvas(WIDTH, height)
    page = Sheet(pen, _area(0), here, (0.0, here.bars_end))
    _head(page, f"{percent(shared.coverage)} of the notes are shared")
    _label(page, f"{names[0]}, {_bars(shared.bars_here)}")
    page.grid()
    flags = _in_passage(here, passage)
    _notes(page, flags)
    _strip(page, work, passage, f"{names[1]}, {_bars(shared.bars_there)} (its notes are not kept here)")
    _legend(page, height - FOOT / 2)
    alt = (
        f"Piano roll of {names[0]}. {int(flags.sum())} of {counted(len(here.onset), 'note')} take the same steps as "
        f"{names[1]}: {_bars(shared.bars_here)} here, {_bars(shared.bars_there)} there."
    )
    return SideBySide(packed(image), alt)


def _in_passage(here: Performance, passage: Passage) -> Flags:
    """bool[n]: which notes are in it; the passage counts the notes on the grid, where doubled ones are merged."""
    grid = to_grid(here.onset * passage.scale, here.duration * passage.scale, here.pitch)
    inside = set(zip(grid.onset[passage.notes].tolist(), grid.pitch[passage.notes].tolist(), strict=True))
    onsets = snap(here.onset * passage.scale).tolist()
    return np.array([note in inside for note in zip(onsets, here.pitch.tolist(), strict=True)])


def _area(number: int) -> Box:
    top = HEAD + LABEL + number * (ROLL + LABEL)
    return Box(LEFT, top, RIGHT, top + ROLL)


def _window(piece: Performance, bars: tuple[int, int]) -> tuple[float, float]:
    """From where to where these bars last, in quarter notes."""
    lines = (*piece.bar_starts, piece.bars_end)
    first, last = (min(max(0, bar - 1 + int(piece.pickup)), len(lines) - 2) for bar in bars)
    return lines[first], lines[last + 1]


def _notes(page: Sheet, shared: Flags) -> None:
    piece = page.performance
    order = np.argsort(shared, kind="stable")  # what is shared lies in front
    for i in order.tolist():
        onset = float(piece.onset[i])
        page.note(int(piece.pitch[i]), onset, onset + float(piece.duration[i]), SHARED if shared[i] else UNSHARED)


def _head(page: Sheet, facts: str) -> None:
    y = 34.0
    page.text((LEFT, y), "What the two share", font(30, bold=True), INK, "lm")
    page.text((RIGHT, y), facts, font(22, bold=False), FAINT_INK, "rm")


def _legend(page: Sheet, y: float) -> None:
    x = float(LEFT)
    for stroke, word in ((SHARED, "in both pieces"), (UNSHARED, "in one alone")):
        note(page.pen, Box(x, y - 6, x + 26, y + 6), stroke)
        page.text((x + 34, y), word, font(20, bold=False), FAINT_INK, "lm")
        x += 220


def _label(page: Sheet, words: str) -> None:
    face = font(22, bold=True)
    fitting = shortened(written(words, face), face, (RIGHT - LEFT) * FINE)
    page.text((LEFT, page.area.top - 44), fitting, face, INK, "lm")


def _strip(page: Sheet, work: IndexedWork, passage: Passage, words: str) -> None:
    """A line of the work's bars below the piano roll, on the same scale of time as the piece."""
    area = Box(LEFT, page.area.bottom + LABEL, RIGHT, page.area.bottom + LABEL + STRIP)
    face = font(22, bold=True)
    fitting = shortened(written(words, face), face, (RIGHT - LEFT) * FINE)
    page.text((LEFT, area.top - 34), fitting, face, INK, "lm")
    page.pen.rectangle(area.fine, fill=WHITE_ROW, outline=BAR_LINE, width=FINE)
    for position in np.unique(passage.positions).tolist():
        x = page.x((position - passage.shift) * POSITION / UNITS / passage.scale)
        page.pen.rectangle(Box(x - TICK / 2, area.top + 8, x + TICK / 2, area.bottom - 8).fine, fill=SHARED.colour)
    first, last = int(passage.positions.min()), int(passage.positions.max())
    for position in range(first, last + 1):
        if position == first or work.bar_at(position) != work.bar_at(position - 1):
            x = page.x((position - passage.shift) * POSITION / UNITS / passage.scale)
            page.text((x + 3, area.top - 10), str(work.bar_at(position)), font(17, bold=False), FAINT_INK, "lm")
            page.pen.rectangle(Box(x - 1, area.top, x + 1, area.bottom).fine, fill=BAR_LINE)


def _bars(bars: tuple[int, int]) -> str:
    return f"bar {bars[0]}" if bars[0] == bars[1] else f"bars {bars[0]} to {bars[1]}"


def _apart_words(found: Overlap) -> str:
    if not found.semitones:
        return ""
    higher = "lower" if found.semitones > 0 else "higher"
    return f", here {counted(abs(found.semitones), 'semitone')} {higher}"
