"""One printed page: words in any script, boxes, and the product's sign.

A page is laid out once, as PDF (fpdf2, with HarfBuzz for the shapes of letters and their order), and a picture is a print of it (pdfium). The libraries are
imported when the first page is drawn: they would take 60 MB of every bot.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.adapters.posters import GREEN
from bot.adapters.typefaces import BOLD, REGULAR, cut_out, spread, writable
from judge.look import OCTAVE_LINE, PAPER, VOICE_COLOURS, WHITE_ROW, Colour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from fpdf import FPDF

SMALLEST = 0.45
"""A line is set so much smaller, at most, before it is cut."""


@dataclass
class Sheet:
    """One page; all in millimetres but for sizes of letters, which are in points."""

    pdf: FPDF
    size: tuple[float, float]
    folder: Path
    seed: str
    """What its music is made of."""

    @classmethod
    def blank(cls, size: tuple[float, float], folder: Path, seed: str, colour: Colour = PAPER) -> Sheet:
        """A page of that colour."""
        from fpdf import FPDF  # noqa: PLC0415 - see the module's docstring

        # fpdf2 turns a page by its orientation, whatever sides it is given.
        pdf = FPDF(unit="mm", format=(min(size), max(size)), orientation="L" if size[0] > size[1] else "P")
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.c_margin = 0
        pdf.add_page()
        pdf.set_text_shaping(use_shaping_engine=True)
        pdf.set_fill_color(*colour)
        pdf.rect(0, 0, *size, style="F")
        return cls(pdf, size, folder, seed)

    @property
    def middle(self) -> float:
        """Half of its width."""
        return self.size[0] / 2

    def line(  # noqa: PLR0913 - a line is what it looks like
        self,
        y: float,
        words: str,
        points: float,
        colour: Colour,
        *,
        bold: bool = False,
        x: float | None = None,
        room: float = 0.0,
        align: str = "C",
        spaced: float = 0.0,
    ) -> float:
        """Words whose middle is at that height; smaller, and cut in the end, where they are too long. Their width."""
        words = writable(words)
        if not words:
            return 0.0
        room = room or self.size[0] - 60
        self._take(words, BOLD if bold else REGULAR)
        self.pdf.set_char_spacing(spaced)
        self.pdf.set_text_color(*colour)
        for scale in (1.0, 0.85, 0.7, 0.6, 0.52, SMALLEST):
            self.pdf.set_font_size(points * scale)
            if self._width(words) <= room:
                break
        shown = words
        while len(shown) > 1 and self._width(shown) > room:
            words = words[:-1].rstrip()
            shown = f"{words}..."
        width = self._width(shown)
        x = self.middle if x is None else x
        left = {"C": x - width / 2, "L": x, "R": x - width}[align]
        high = points * 0.3528
        self.pdf.set_xy(left, y - high)
        self.pdf.cell(width, 2 * high, shown, align="L")
        self.pdf.set_char_spacing(0)
        return width

    def box(  # noqa: PLR0913 - where it is, and how large
        self, left: float, top: float, wide: float, high: float, colour: Colour, *, round_by: float = 0.0
    ) -> None:
        """A filled box."""
        self.pdf.set_fill_color(*colour)
        if round_by:
            self.pdf.rect(left, top, wide, high, style="F", round_corners=True, corner_radius=round_by)
        else:
            self.pdf.rect(left, top, wide, high, style="F")

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        self.pdf.set_fill_color(*colour)
        self.pdf.circle(x, y, radius, style="F")

    def frame(self, edge: float, colour: Colour, width: float) -> None:
        """A line around the page."""
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(width)
        self.pdf.rect(edge, edge, self.size[0] - 2 * edge, self.size[1] - 2 * edge, style="D")

    def rule(self, y: float, wide: float, colour: Colour, thick: float = 0.5) -> None:
        """A line in the middle."""
        self.box(self.middle - wide / 2, y - thick / 2, wide, thick, colour)

    def sign(self, x: float, y: float, ink: Colour) -> None:
        """The product's sign, two beamed notes on green, and its name."""
        self.box(x, y - 4.5, 9, 9, GREEN, round_by=2)
        for head in (x + 2.9, x + 5.8):
            self.pdf.set_fill_color(*WHITE_ROW)
            self.pdf.ellipse(head - 1.15, y + 1.1, 2.3, 1.8, style="F")
            self.box(head + 0.65, y - 2.3, 0.5, 4.3, WHITE_ROW)
        self.box(x + 3.55, y - 2.75, 3.4, 1.1, WHITE_ROW)
        self.line(y, "Kantor", 13, ink, bold=True, x=x + 11, room=40, align="L")

    def music(self, top: float, high: float, *, faint: float, lines: Colour = OCTAVE_LINE) -> None:
        """Eight bars that nobody wrote, as a piano roll across the page: made of the title, so each page has its own."""
        left, right = 22.0, self.size[0] - 22
        with self.pdf.local_context(fill_opacity=faint):
            for bar in range(9):
                self.box(left + bar * (right - left) / 8 - 0.1, top, 0.2, high, lines)
            step = (right - left) / 64
            for at, length, height, voice in _notes(self.seed):
                y = top + high - 2.4 - height * (high - 3.6) / 15
                self.box(left + at * step + 0.3, y, length * step - 0.6, 1.7, VOICE_COLOURS[voice], round_by=0.8)

    def done(self, subject: str, at: datetime) -> bytes:
        """As PDF, with words for whoever cannot see it."""
        self.pdf.set_creation_date(at)
        self.pdf.set_lang("en")
        self.pdf.set_title(writable(subject))
        self.pdf.set_creator("Kantor")
        return bytes(self.pdf.output())

    def wrapped(self, words: str, points: float, room: float) -> list[str]:
        """The words in lines that are no wider than ``room``, at that size."""
        words = writable(words)
        if not words:
            return []
        self._take(words, REGULAR)
        self.pdf.set_font_size(points)
        lines = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self._width(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _width(self, words: str) -> float:
        return float(self.pdf.get_string_width(words))

    def _take(self, words: str, weight: int) -> None:
        """Make the fonts of that text ready: cut out for it alone, so that which letter is in which font stands beforehand."""
        leader, parts = spread(words)
        families = {}
        for number, (face, letters) in enumerate(parts.items()):
            families[face] = family = f"{face.name}{face.index}w{weight}n{len(self.pdf.fonts)}x{number}".lower()
            path = self.folder / f"{family}.ttf"
            path.write_bytes(cut_out(face, {*letters, *("." if face == leader else "")}, weight))
            self.pdf.add_font(family, fname=path)
        self.pdf.set_fallback_fonts([family for face, family in families.items() if face != leader])
        self.pdf.set_font(families[leader])


def _notes(seed: str) -> Iterator[tuple[int, int, int, int]]:
    """Where each begins (in 64ths of the page), how long it is, how high (0-14) and in which voice."""
    digest = sha256(seed.encode()).digest()
    for voice, (low, lengths) in enumerate(((9, (2, 2, 4, 2)), (5, (4, 4, 8, 4)), (0, (8, 8, 16, 8)))):
        at, height, turn = 0, low + 2, 0
        while at < 64:
            chance = digest[(turn + 11 * voice) % 32]
            length = min(lengths[chance % 4], 64 - at)
            height = min(max(height + (chance // 4) % 5 - 2, low), low + (5 if voice == 0 else 3))
            if chance % 9:
                yield at, length, height, voice
            at, turn = at + length, turn + 1


def printed(pdf: bytes, width: int, height: int | None = None) -> bytes:
    """A page as PNG, so many pixels across, and so many of its upper ones; left out: all."""
    import pypdfium2 as pdfium  # noqa: PLC0415 - see the module's docstring

    document = pdfium.PdfDocument(pdf)
    try:
        page = document[0]
        # A little less, since pdfium rounds up.
        bitmap = page.render(scale=(width - 0.5) / page.get_width())
        out = io.BytesIO()
        image = bitmap.to_pil()
        image.crop((0, 0, image.width, min(image.height, height or image.height))).save(
            out, format="PNG", compress_level=6
        )
        return out.getvalue()
    finally:
        document.close()
