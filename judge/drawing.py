"""The piano roll on paper: pitch upwards, time to the right, a keyboard at the left.

Slack shows the picture at about 40 % of its size in a channel, so letters are large and lines few.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import ImageDraw, ImageFont

from judge import strokes
from judge.look import (
    BAR_LINE,
    BEAT_LINE,
    BLACK_KEY,
    BLACK_ROW,
    FAINT_INK,
    FINE,
    INK,
    KEY_EDGE,
    OCTAVE_LINE,
    WHITE_ROW,
    Colour,
    font,
    shortened,
    written,
)
from judge.midi import Performance
from judge.strokes import Box, Stroke, stroke_of
from judge.words import pitch_name

if TYPE_CHECKING:
    import pypianoroll

KEYBOARD = 30  # width of the keys
LEAST_ROWS = 24  # two octaves at least, so that a narrow melody does not become a wall
LEAST_NOTE = 8  # pixels from top to bottom
LEAST_GAP = 8  # pixels between beat lines; where beats are closer only bar lines are drawn
LEAST_BAR = 34  # pixels between two bar numbers
LEAST_NAME = 22  # pixels between two note names
BLACK_KEYS = frozenset({1, 3, 6, 8, 10})
NAMED = ((0, 2, 4, 5, 7, 9, 11), (0, 4, 7), (0, 7), (0,))
"""Which tones of an octave get their names at the left: as many as there is room for."""
SWATCH, SWATCH_STEP = 26, 56
"""Width of a voice's sample in the heading, and from one to the next."""
LEAST_VOICES, MOST_VOICES = 2, 7
"""How many voices have samples in the heading."""

WIDE = Box(92, 96, 22, 18)
"""Margins around the grid: left, top, right, bottom."""


@dataclass(frozen=True)
class Sheet:
    """A canvas with the scales of one piece.

    `area` are the edges of the grid, in pixels of the finished picture; `span` are the quarter notes that it shows.
    """

    pen: ImageDraw.ImageDraw
    area: Box
    performance: Performance
    span: tuple[float, float]

    @cached_property
    def rows(self) -> range:
        """The pitches that the grid shows, lowest first."""
        low, high = int(self.performance.pitch.min()) - 1, int(self.performance.pitch.max()) + 1
        missing = max(0, LEAST_ROWS - (high - low + 1))
        low = max(0, min(low - missing // 2, 127 - LEAST_ROWS))
        return range(low, min(127, max(high, low + LEAST_ROWS - 1)) + 1)

    @property
    def row_height(self) -> float:
        """In pixels."""
        return (self.area.bottom - self.area.top) / len(self.rows)

    def x(self, quarter: float) -> float:
        """Where a moment stands, in pixels; what is outside of the span stands at its edge."""
        first, last = self.span
        return self.area.left + (self.area.right - self.area.left) * min(
            1.0, max(0.0, (quarter - first) / (last - first))
        )

    def y(self, pitch: float) -> float:
        """The upper edge of a pitch's row, in pixels."""
        return self.area.top + self.row_height * (self.rows.stop - 1 - pitch)

    def heading(self, title: str, facts: str, voices: int) -> None:
        """The title at the left; samples of the voices and facts at the right. The title gives way."""
        facts_font, title_font = font(22, bold=False), font(32, bold=True)
        used = facts_font.getlength(facts) / FINE
        self.text((self.area.right, 36), facts, facts_font, FAINT_INK, "rm")
        if LEAST_VOICES <= voices <= MOST_VOICES:
            used += 24 + SWATCH_STEP * voices
            self._samples(self.area.right - used, voices)
        room = self.area.right - self.area.left - 30 - used
        self.text(
            (self.area.left, 34), shortened(written(title, title_font), title_font, room * FINE), title_font, INK, "lm"
        )

    def grid(self) -> None:
        """Rows, keys, beats, bars and their numbers."""
        self._rows()
        for quarter in self._beats():
            self._upright(quarter, BEAT_LINE, 1)
        self._octaves()
        for quarter in (*self.performance.bar_starts, self.performance.bars_end):
            if self.span[0] <= quarter <= self.span[1]:
                self._upright(quarter, BAR_LINE, 2)
        self._names()
        self._bar_numbers()

    def notes(self, multitrack: "pypianoroll.Multitrack") -> None:
        """Lower voices first, so that the highest one is never hidden."""
        numbered = list(enumerate(multitrack.tracks))
        for number, track in reversed(numbered):
            for pitch, start, end, velocity in bars_of(track.pianoroll):
                self.note(
                    pitch, start / multitrack.resolution, end / multitrack.resolution, stroke_of(number), velocity
                )

    def note(self, pitch: int, start: float, end: float, stroke: Stroke, velocity: int = 127) -> None:
        """One note; over a wide range it reaches into its neighbours' rows, to stay visible in the preview."""
        if end <= self.span[0] or start >= self.span[1]:
            return
        left = self.x(start) + 0.5
        middle = self.y(pitch) + self.row_height / 2
        half = max(LEAST_NOTE, self.row_height - 1) / 2
        strokes.note(
            self.pen, Box(left, middle - half, max(self.x(end) - 1, left + 2.5), middle + half), stroke, velocity
        )

    def text(
        self, at: tuple[float, float], words: str, face: ImageFont.FreeTypeFont, colour: Colour, anchor: str
    ) -> None:
        """Write; Pillow's anchors."""
        self.pen.text((at[0] * FINE, at[1] * FINE), words, font=face, fill=colour, anchor=anchor)

    def _samples(self, left: float, voices: int) -> None:
        """Each voice's look with its number, 1 for the highest."""
        for number in range(voices):
            at = left + SWATCH_STEP * number
            strokes.note(self.pen, Box(at, 30, at + SWATCH, 42), stroke_of(number))
            self.text((at + SWATCH + 6, 36), str(number + 1), font(20, bold=False), FAINT_INK, "lm")

    def _box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.pen.rectangle(Box(left, top, right, bottom).fine, fill=colour)

    def _rows(self) -> None:
        for pitch in self.rows:
            black = pitch % 12 in BLACK_KEYS
            top, bottom = self.y(pitch), self.y(pitch - 1)
            self._box(self.area.left, top, self.area.right, bottom, BLACK_ROW if black else WHITE_ROW)
            self._box(self.area.left - KEYBOARD, top, self.area.left - 4, bottom, WHITE_ROW)
        for pitch in self.rows:
            self._key(pitch)

    def _key(self, pitch: int) -> None:
        left, right = self.area.left - KEYBOARD, self.area.left - 4
        if pitch % 12 in BLACK_KEYS:
            self._box(left, self.y(pitch) + 0.5, right - KEYBOARD * 0.32, self.y(pitch - 1) - 0.5, BLACK_KEY)
        elif pitch % 12 in {0, 5}:  # between B and C, E and F two white keys meet; elsewhere a black one parts them
            self._box(left, self.y(pitch - 1) - 0.5, right, self.y(pitch - 1) + 0.5, KEY_EDGE)

    def _octaves(self) -> None:
        for pitch in (pitch for pitch in self.rows if pitch % 12 == 0):
            self._box(self.area.left, self.y(pitch - 1) - 0.5, self.area.right, self.y(pitch - 1) + 0.5, OCTAVE_LINE)

    def _names(self) -> None:
        """Note names at the left; of the octaves' C larger ones."""
        tones = next(tones for tones in NAMED if self._room(tones) or tones == NAMED[-1])
        for pitch in (pitch for pitch in self.rows if pitch % 12 in tones):
            face = font(21 if pitch % 12 == 0 else 17, bold=False)
            middle = min((self.y(pitch) + self.y(pitch - 1)) / 2, self.area.bottom - 8)
            self.text((self.area.left - KEYBOARD - 8, middle), pitch_name(pitch), face, FAINT_INK, "rm")

    def _room(self, tones: tuple[int, ...]) -> bool:
        """Whether the names of these tones stand far enough apart."""
        steps = np.diff([*tones, tones[0] + 12])
        return float(steps.min()) * self.row_height >= LEAST_NAME

    def _upright(self, quarter: float, colour: Colour, thickness: float) -> None:
        at = min(self.x(quarter), self.area.right - thickness / 2)
        self._box(at - thickness / 2, self.area.top, at + thickness / 2, self.area.bottom, colour)

    def _beats(self) -> Iterator[float]:
        ends = (*self.performance.bar_starts[1:], self.performance.bars_end)
        for start, end in zip(self.performance.bar_starts, ends, strict=True):
            beat = beat_length(self.performance, start)
            if self._width(beat) >= LEAST_GAP:
                beats = np.arange(start + beat, end - beat / 4, beat)
                yield from beats[(beats > self.span[0]) & (beats < self.span[1])].tolist()

    def _width(self, quarters: float) -> float:
        return (self.area.right - self.area.left) * quarters / (self.span[1] - self.span[0])

    def _bar_numbers(self) -> None:
        face = font(21, bold=False)
        free = 0.0
        for number, start in enumerate(self.performance.bar_starts, 0 if self.performance.pickup else 1):
            if number and self.x(start) >= free and self.span[0] <= start < self.span[1]:
                self.text((self.x(start) + 1, self.area.top - 16), str(number), face, FAINT_INK, "lm")
                free = self.x(start) + LEAST_BAR


def sheet(pen: ImageDraw.ImageDraw, width: int, height: int, performance: Performance) -> Sheet:
    """The whole piece on a picture of that size."""
    area = Box(WIDE.left, WIDE.top, width - WIDE.right, height - WIDE.bottom)
    return Sheet(pen, area, performance, (0.0, performance.bars_end))


def bars_of(roll: npt.NDArray[np.uint8]) -> Iterator[tuple[int, int, int, int]]:
    """(pitch, first step, step after the last, velocity) of each unbroken bar in uint8[steps, 128]."""
    sounding = np.pad(roll > 0, ((1, 1), (0, 0))).astype(np.int8)
    change = np.diff(sounding, axis=0).T
    pitches, starts = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    for pitch, start, end in zip(pitches.tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield pitch, start, end, int(roll[start, pitch])


def beat_length(performance: Performance, position: float) -> float:
    """In quarter notes, at a position: the meter's denominator, or three of them in 6/8, 9/8 and 12/8."""
    _, numerator, denominator = next(meter for meter in reversed(performance.meters) if meter[0] <= position)
    compound = denominator >= 8 and numerator > 3 and numerator % 3 == 0
    return 4 / denominator * (3 if compound else 1)
