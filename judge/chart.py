"""The verdict as a picture: a piece's measures, each beside the range that Bach's works keep.

Nothing is told by colour alone: where a value lies is also its place on the line, the shape of its mark and a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageDraw

from judge.look import FAINT_INK, FINE, INK, OCTAVE_LINE, WHITE_ROW, Colour, canvas, font, packed, shortened
from judge.numbers import decimal
from judge.verdict import Measure, Position

BAND: Colour = (207, 228, 224)
BAND_EDGE: Colour = (36, 115, 107)  # the product's green
MIDDLE_LINE: Colour = (122, 170, 164)
FAR: Colour = (185, 78, 0)

WIDTH = 1200
TOP, ROW, BOTTOM = 118, 58, 54
LABEL, LINE_LEFT, LINE_RIGHT, WORDS = 40, 436, 842, 866
HALF = 13  # half of the line's height
MARK = 12  # half of a mark's height
WORD = {Position.BELOW: "less than Bach", Position.WITHIN: "like Bach", Position.ABOVE: "more than Bach"}


def measures_png(measures: Sequence[Measure], *, score: float) -> bytes:
    """Draw them, the same bytes each time on one machine: a PNG, RGB, `WIDTH` by `height_of(measures)`."""
    height = height_of(measures)
    image, pen = canvas(WIDTH, height)
    chart = _Chart(pen)
    chart.heading(score)
    for number, measure in enumerate(measures):
        chart.row(TOP + ROW * number + ROW / 2, measure)
    chart.foot(height - BOTTOM / 2 - 2)
    return packed(image)


def height_of(measures: Sequence[Measure]) -> int:
    """In pixels."""
    return TOP + ROW * len(measures) + BOTTOM


def described(measures: Sequence[Measure], *, score: float) -> str:
    """Alt text: the score, and what lies where."""
    parts = [
        f"A score of {decimal(score, 1)} out of 100, and {len(measures)} measures beside the usual range of Bach's works."
    ]
    for place, words in (
        (Position.WITHIN, "Like Bach"),
        (Position.BELOW, "Less than Bach"),
        (Position.ABOVE, "More than Bach"),
    ):
        found = [f"{each.name.lower()} ({each.said(each.value)})" for each in measures if each.place is place]
        parts += [f"{words}: {', '.join(found)}."] if found else []
    return " ".join(parts)


@dataclass(frozen=True)
class _Chart:
    pen: ImageDraw.ImageDraw

    def heading(self, score: float) -> None:
        self._text((LABEL, 48), "This piece beside Bach's", 34, INK, "lm", bold=True)
        self._text((WIDTH - LABEL, 50), f"{decimal(score, 1)} of 100", 30, INK, "rm", bold=True)
        self._text((LABEL, 94), "What the judge measured", 21, FAINT_INK, "lm")
        self._text(((LINE_LEFT + LINE_RIGHT) / 2, 94), "where four of five of Bach's lie", 21, FAINT_INK, "mm")
        self._text((WORDS, 94), "here", 21, FAINT_INK, "lm")

    def row(self, y: float, measure: Measure) -> None:
        face = font(24, bold=False)
        name = shortened(measure.name, face, (LINE_LEFT - LABEL - 16) * FINE)
        y -= 7  # the numbers below the line belong to the row
        self._text((LABEL, y), name, 24, INK, "lm")
        self._line(y, measure)
        value = measure.said(measure.value)
        self._text((WORDS, y), value, 24, INK, "lm", bold=True)
        self._text((WORDS + 104, y), WORD[measure.place], 24, INK if measure.place is Position.WITHIN else FAR, "lm")

    def _line(self, y: float, measure: Measure) -> None:
        left, right = self._x(1 / 3), self._x(2 / 3)
        self._box(LINE_LEFT, y - HALF, LINE_RIGHT, y + HALF, WHITE_ROW, OCTAVE_LINE)
        self._box(left, y - HALF, right, y + HALF, BAND, BAND_EDGE)
        middle = self._x(_share(measure, measure.middle))
        self._box(middle - 1, y - HALF, middle + 1, y + HALF, MIDDLE_LINE)
        # Below the line, where no mark can hide them.
        self._text((left, y + HALF + 11), measure.said(measure.low), 17, FAINT_INK, "mm")
        self._text((right, y + HALF + 11), measure.said(measure.high), 17, FAINT_INK, "mm")
        self._mark(self._x(_share(measure, measure.value)), y, measure.place)

    def foot(self, y: float) -> None:
        words = ((Position.WITHIN, "in Bach's range"), (Position.BELOW, "below it"), (Position.ABOVE, "above it"))
        x = float(LABEL + MARK)
        for place, word in words:
            self._mark(x, y, place)
            self._text((x + MARK + 8, y), word, 20, FAINT_INK, "lm")
            x += 2 * MARK + 40 + font(20, bold=False).getlength(word) / FINE
        self._text((WIDTH - LABEL, y), "the thin line is Bach's middle", 20, FAINT_INK, "rm")

    def _x(self, share: float) -> float:
        """Where a share of the line lies, in pixels; marks stay inside of it."""
        return LINE_LEFT + (LINE_RIGHT - LINE_LEFT) * min(0.975, max(0.025, share))

    def _mark(self, x: float, y: float, place: Position) -> None:
        size = MARK
        shapes = {
            Position.WITHIN: [(x - size, y), (x, y - size), (x + size, y), (x, y + size)],
            Position.BELOW: [(x - size, y), (x + size * 0.8, y - size), (x + size * 0.8, y + size)],
            Position.ABOVE: [(x + size, y), (x - size * 0.8, y - size), (x - size * 0.8, y + size)],
        }
        corners = [(a * FINE, b * FINE) for a, b in shapes[place]]
        self.pen.polygon(corners, fill=BAND_EDGE if place is Position.WITHIN else FAR, outline=WHITE_ROW, width=FINE)

    def _box(  # noqa: PLR0913, PLR0917 - four edges, two colours
        self, left: float, top: float, right: float, bottom: float, fill: Colour, edge: Colour | None = None
    ) -> None:
        corners = (left * FINE, top * FINE, right * FINE - 1, bottom * FINE - 1)
        self.pen.rectangle(corners, fill=fill, outline=edge, width=FINE)

    def _text(  # noqa: PLR0913 - a word is what it looks like
        self, at: tuple[float, float], words: str, size: int, colour: Colour, anchor: str, *, bold: bool = False
    ) -> None:
        place = (at[0] * FINE, at[1] * FINE)
        self.pen.text(place, words, font=font(size, bold=bold), fill=colour, anchor=anchor)


def _share(measure: Measure, value: float) -> float:
    """Where a value stands on the line: Bach's range is the middle third of it."""
    width = max(measure.high - measure.low, 1e-9)
    return (1 + (value - measure.low) / width) / 3
