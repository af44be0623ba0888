"""How the notes of each voice are painted: a colour, and a pattern for whoever cannot tell the colours apart."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from PIL import ImageDraw

from judge.look import FINE, VOICE_COLOURS, WHITE_ROW, Colour, tinted

RADIUS = 4.0
TICKS_APART = 7.0
DARK_EDGE = 0.82


class Pattern(Enum):
    """What tells voices apart without colour."""

    SOLID = auto()
    LINE = auto()
    """A light line along the middle."""
    TICKS = auto()
    """Light ticks across."""
    HOLLOW = auto()
    LOWER = auto()
    """The lower half only."""
    ENDS = auto()
    """The two ends only."""
    FRAMED = auto()
    """Solid within a light frame."""


@dataclass(frozen=True)
class Stroke:
    """The look of one voice."""

    colour: Colour
    pattern: Pattern


STROKES: tuple[Stroke, ...] = tuple(map(Stroke, VOICE_COLOURS, Pattern))
SHARED = Stroke((36, 115, 107), Pattern.SOLID)
"""A note that two pieces have in common."""
UNSHARED = Stroke((120, 118, 114), Pattern.HOLLOW)


def stroke_of(number: int) -> Stroke:
    """The look of a voice, counted from 0 for the highest; beyond seven they begin again."""
    return STROKES[number % len(STROKES)]


@dataclass(frozen=True)
class Box:
    """Edges in pixels of the finished picture."""

    left: float
    top: float
    right: float
    bottom: float

    def shrunk(self, x: float, y: float) -> "Box":
        """Smaller on both sides, never turned inside out."""
        x, y = min(x, (self.right - self.left) / 2), min(y, (self.bottom - self.top) / 2)
        return Box(self.left + x, self.top + y, self.right - x, self.bottom - y)

    @property
    def fine(self) -> tuple[float, float, float, float]:
        """Corners as the pen takes them."""
        return self.left * FINE, self.top * FINE, self.right * FINE - 1, self.bottom * FINE - 1

    @property
    def drawable(self) -> bool:
        """Whether it has at least a fine pixel each way."""
        return self.right - self.left >= 1 / FINE and self.bottom - self.top >= 1 / FINE


def note(pen: ImageDraw.ImageDraw, box: Box, stroke: Stroke, velocity: int = 127) -> None:
    """Paint one note; soft ones are paler."""
    radius = min(RADIUS, (box.bottom - box.top) / 2, (box.right - box.left) / 2)
    colour, edge = tinted(stroke.colour, velocity), tinted(stroke.colour, 127, DARK_EDGE)
    thick = 2 * FINE if stroke.pattern is Pattern.HOLLOW else FINE
    fill = tinted(stroke.colour, velocity, 1.0) if stroke.pattern is not Pattern.HOLLOW else WHITE_ROW
    paint = partial(pen.rounded_rectangle, radius=radius * FINE, fill=fill, outline=edge, width=thick)
    try:
        paint(box.fine)
    except ValueError:
        # Pillow rounds corners that are nearly as wide as high only where they lie on whole pixels.
        left, top, right, bottom = map(round, box.fine)
        paint((left, top, right, bottom))
    for light in _lights(stroke.pattern, box):
        if light.drawable:
            pen.rectangle(light.fine, fill=WHITE_ROW)
    if stroke.pattern is Pattern.FRAMED and (core := box.shrunk(4, 4)).drawable:
        pen.rectangle(core.fine, fill=colour)


def _lights(pattern: Pattern, box: Box) -> list[Box]:
    """Where paper shows through."""
    inner, middle = box.shrunk(1.5, 1.5), (box.top + box.bottom) / 2
    match pattern:
        case Pattern.LINE:
            return [Box(box.left + 3, middle - 1, box.right - 3, middle + 1)]
        case Pattern.TICKS:
            count = int((box.right - box.left - 4) / TICKS_APART)
            first = (box.left + box.right - (count - 1) * TICKS_APART) / 2
            starts = [first + TICKS_APART * number for number in range(count)]
            return [Box(at - 1, inner.top, at + 1, inner.bottom) for at in starts]
        case Pattern.LOWER:
            return [Box(inner.left, inner.top, inner.right, middle)]
        case Pattern.ENDS:
            third = (box.right - box.left) / 3
            return [Box(box.left + third, inner.top, box.right - third, inner.bottom)]
        case Pattern.FRAMED:
            return [inner.shrunk(0.5, 0.5)]
        case _:
            return []
