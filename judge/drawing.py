"""Pens and colours of the piano roll: pitch upwards, time to the right, a keyboard at the left.

Slack shows the picture at about 40 % of its size in a channel, so letters are large and lines few.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import ImageDraw, ImageFont

from judge.midi import Performance
from judge.words import pitch_name

if TYPE_CHECKING:
    import pypianoroll

Colour = tuple[int, int, int]

# Okabe and Ito's palette, which people with any kind of colour blindness can tell apart; its yellow is too pale on paper.
VOICE_COLOURS: tuple[Colour, ...] = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (230, 159, 0),
    (86, 180, 233),
    (96, 96, 104),
)
PAPER: Colour = (252, 251, 248)
WHITE_ROW: Colour = (255, 255, 255)
BLACK_ROW: Colour = (244, 243, 239)
BEAT_LINE: Colour = (231, 229, 223)
OCTAVE_LINE: Colour = (205, 202, 194)
BAR_LINE: Colour = (160, 157, 150)
INK: Colour = (38, 38, 44)
FAINT_INK: Colour = (98, 96, 92)
KEY_EDGE: Colour = (190, 187, 180)
BLACK_KEY: Colour = (72, 71, 70)

FINE = 2  # drawn at twice the size and shrunk after: round corners without steps
LEFT, RIGHT, TOP, BOTTOM = 92, 22, 96, 18  # margins around the grid, in pixels of the finished picture
KEYBOARD = 30  # width of the keys
LEAST_ROWS = 24  # two octaves at least, so that a narrow melody does not become a wall
LEAST_NOTE = 8  # pixels from top to bottom
LEAST_GAP = 8  # pixels between beat lines; where beats are closer only bar lines are drawn
LEAST_BAR = 34  # pixels between two bar numbers
BLACK_KEYS = frozenset({1, 3, 6, 8, 10})


@dataclass(frozen=True)
class Sheet:
    """A canvas with the scales of one piece. Width and height in pixels of the finished picture."""

    pen: ImageDraw.ImageDraw
    width: int
    height: int
    performance: Performance

    @cached_property
    def rows(self) -> range:
        """The pitches that the grid shows, lowest first."""
        low, high = int(self.performance.pitch.min()) - 1, int(self.performance.pitch.max()) + 1
        missing = max(0, LEAST_ROWS - (high - low + 1))
        low = max(0, min(low - missing // 2, 127 - LEAST_ROWS))
        return range(low, min(127, max(high, low + LEAST_ROWS - 1)) + 1)

    def x(self, quarter: float) -> float:
        """Where a moment stands, in pixels."""
        return LEFT + (self.width - LEFT - RIGHT) * min(1.0, quarter / self.performance.bars_end)

    def y(self, pitch: float) -> float:
        """The upper edge of a pitch's row, in pixels."""
        height = self.height - TOP - BOTTOM
        return TOP + height * (self.rows.stop - 1 - pitch) / len(self.rows)

    def heading(self, title: str, facts: str) -> None:
        """The title at the left, facts at the right; the title gives way."""
        facts_font, title_font = font(22, bold=False), font(32, bold=True)
        room = self.width - LEFT - RIGHT - 30 - facts_font.getlength(facts) / FINE
        self.text((LEFT, 34), shortened(written(title, title_font), title_font, room * FINE), title_font, INK, "lm")
        self.text((self.width - RIGHT, 36), facts, facts_font, FAINT_INK, "rm")

    def grid(self) -> None:
        """Rows, keys, beats, bars and their numbers."""
        self._rows()
        for quarter in self._beats():
            self._upright(quarter, BEAT_LINE, 1)
        self._octaves()
        for quarter in (*self.performance.bar_starts, self.performance.bars_end):
            self._upright(quarter, BAR_LINE, 2)
        self._bar_numbers()

    def notes(self, multitrack: "pypianoroll.Multitrack") -> None:
        """Lower voices first, so that the highest one is never hidden."""
        numbered = list(enumerate(multitrack.tracks))
        for number, track in reversed(numbered):
            colour = VOICE_COLOURS[number % len(VOICE_COLOURS)]
            for pitch, start, end, velocity in bars_of(track.pianoroll):
                self._note(pitch, start / multitrack.resolution, end / multitrack.resolution, tinted(colour, velocity))

    def text(
        self, at: tuple[float, float], words: str, face: ImageFont.FreeTypeFont, colour: Colour, anchor: str
    ) -> None:
        """Write; Pillow's anchors."""
        self.pen.text((at[0] * FINE, at[1] * FINE), words, font=face, fill=colour, anchor=anchor)

    def _box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.pen.rectangle((left * FINE, top * FINE, right * FINE - 1, bottom * FINE - 1), fill=colour)

    def _rows(self) -> None:
        for pitch in self.rows:
            black = pitch % 12 in BLACK_KEYS
            top, bottom = self.y(pitch), self.y(pitch - 1)
            self._box(LEFT, top, self.width - RIGHT, bottom, BLACK_ROW if black else WHITE_ROW)
            self._box(LEFT - KEYBOARD, top, LEFT - 4, bottom, WHITE_ROW)
        for pitch in self.rows:
            self._key(pitch)

    def _key(self, pitch: int) -> None:
        if pitch % 12 in BLACK_KEYS:
            self._box(
                LEFT - KEYBOARD, self.y(pitch) + 0.5, LEFT - 4 - KEYBOARD * 0.32, self.y(pitch - 1) - 0.5, BLACK_KEY
            )
        elif pitch % 12 in {0, 5}:  # between B and C, E and F two white keys meet; elsewhere a black one parts them
            self._box(LEFT - KEYBOARD, self.y(pitch - 1) - 0.5, LEFT - 4, self.y(pitch - 1) + 0.5, KEY_EDGE)

    def _octaves(self) -> None:
        face = font(21, bold=False)
        for pitch in (pitch for pitch in self.rows if pitch % 12 == 0):
            self._box(LEFT, self.y(pitch - 1) - 0.5, self.width - RIGHT, self.y(pitch - 1) + 0.5, OCTAVE_LINE)
            middle = (self.y(pitch) + self.y(pitch - 1)) / 2
            self.text(
                (LEFT - KEYBOARD - 8, min(middle, self.height - BOTTOM - 8)), pitch_name(pitch), face, FAINT_INK, "rm"
            )

    def _upright(self, quarter: float, colour: Colour, thickness: float) -> None:
        at = min(self.x(quarter), self.width - RIGHT - thickness / 2)
        self._box(at - thickness / 2, TOP, at + thickness / 2, self.height - BOTTOM, colour)

    def _beats(self) -> Iterator[float]:
        ends = (*self.performance.bar_starts[1:], self.performance.bars_end)
        for start, end in zip(self.performance.bar_starts, ends, strict=True):
            beat = beat_length(self.performance, start)
            if self.x(beat) - self.x(0) >= LEAST_GAP:
                yield from np.arange(start + beat, end - beat / 4, beat).tolist()

    def _bar_numbers(self) -> None:
        face = font(21, bold=False)
        free = 0.0
        for number, start in enumerate(self.performance.bar_starts, 0 if self.performance.pickup else 1):
            if number and self.x(start) >= free:
                self.text((self.x(start) + 1, TOP - 16), str(number), face, FAINT_INK, "lm")
                free = self.x(start) + LEAST_BAR

    def _note(self, pitch: int, start: float, end: float, colour: Colour) -> None:
        left, right = self.x(start) + 0.5, max(self.x(end) - 1, self.x(start) + 3)
        top, bottom = self._note_rows(pitch)
        radius = min(4.0, (bottom - top) / 2, (right - left) / 2)
        edges = (left * FINE, top * FINE, right * FINE - 1, bottom * FINE - 1)
        self.pen.rounded_rectangle(edges, radius * FINE, fill=colour, outline=tinted(colour, 127, 0.82), width=FINE)

    def _note_rows(self, pitch: int) -> tuple[float, float]:
        """Top and bottom of a note; over a wide range it reaches into its neighbours' rows, to stay visible in the preview."""
        middle = (self.y(pitch) + self.y(pitch - 1)) / 2
        half = max(LEAST_NOTE, self.y(pitch - 1) - self.y(pitch) - 1) / 2
        return middle - half, middle + half


def bars_of(roll: npt.NDArray[np.uint8]) -> Iterator[tuple[int, int, int, int]]:
    """(pitch, first step, step after the last, velocity) of each unbroken bar in uint8[steps, 128]."""
    sounding = np.pad(roll > 0, ((1, 1), (0, 0))).astype(np.int8)
    change = np.diff(sounding, axis=0).T
    pitches, starts = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    for pitch, start, end in zip(pitches.tolist(), starts.tolist(), ends.tolist(), strict=True):
        yield pitch, start, end, int(roll[start, pitch])


def tinted(colour: Colour, velocity: int, shade: float = 1.0) -> Colour:
    """Soft notes are paler; ``shade`` below 1 darkens."""
    strength = 0.55 + 0.45 * velocity / 127
    red, green, blue = (round((part * strength + 255 * (1 - strength)) * shade) for part in colour)
    return red, green, blue


def beat_length(performance: Performance, position: float) -> float:
    """In quarter notes, at a position: the meter's denominator, or three of them in 6/8, 9/8 and 12/8."""
    _, numerator, denominator = next(meter for meter in reversed(performance.meters) if meter[0] <= position)
    compound = denominator >= 8 and numerator > 3 and numerator % 3 == 0
    return 4 / denominator * (3 if compound else 1)


def written(words: str, face: ImageFont.FreeTypeFont) -> str:
    """On one line, without control characters and without letters that the font would show as an empty box."""
    spaced = "".join(" " if unicodedata.category(letter).startswith(("Z", "C")) else letter for letter in words)
    missing = _shape(face, "\uffff")
    return " ".join("".join(letter for letter in spaced if _shape(face, letter) != missing).split())


def shortened(words: str, face: ImageFont.FreeTypeFont, room: float) -> str:
    """As many letters as fit into a width in fine pixels, an ellipsis in place of the rest."""
    if face.getlength(words) <= room:
        return words
    fitting = (words[:length].rstrip() + "…" for length in range(min(len(words), 200), 0, -1))
    return next((shorter for shorter in fitting if face.getlength(shorter) <= room), "")


@lru_cache(maxsize=8)
def font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """DejaVu Sans from matplotlib's data (Pillow's own font lacks letters), found without importing matplotlib."""
    spec = find_spec("matplotlib")
    folders = (spec.submodule_search_locations if spec else None) or ["matplotlib"]
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(
        Path(folders[0], "mpl-data", "fonts", "ttf", name), size * FINE, layout_engine=ImageFont.Layout.BASIC
    )


@lru_cache(maxsize=512)
def _shape(face: ImageFont.FreeTypeFont, letter: str) -> bytes:
    return bytes(face.getmask(letter))
