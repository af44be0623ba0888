"""What all pictures share: colours, the font, words that fit."""

import io
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

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


def canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Empty paper, in pixels of the finished picture, and the pen for it, in fine ones."""
    image = Image.new("RGB", (width * FINE, height * FINE), PAPER)
    return image, ImageDraw.Draw(image)


def packed(image: Image.Image) -> bytes:
    """A canvas as PNG, shrunk to its finished size."""
    out = io.BytesIO()
    image.reduce(FINE).save(out, format="PNG", compress_level=3)
    return out.getvalue()


def tinted(colour: Colour, velocity: int, shade: float = 1.0) -> Colour:
    """Soft notes are paler; ``shade`` below 1 darkens."""
    strength = 0.55 + 0.45 * velocity / 127
    red, green, blue = (round((part * strength + 255 * (1 - strength)) * shade) for part in colour)
    return red, green, blue


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
