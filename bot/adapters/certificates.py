"""Certificates as PDF and PNG, and the cards of a ceremony, in the look of the posters.

A page is laid out once, as PDF (fpdf2, with HarfBuzz for the shapes of letters and their order), and the picture is a print of it (pdfium). The libraries are
imported when the first page is drawn: they would take 60 MB of every bot.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.adapters.posters import GREEN, MEDALS
from bot.adapters.typefaces import BOLD, REGULAR, cut_out, spread, unwritable, writable
from bot.ports import Paper, Picture
from judge.look import BLACK_ROW, FAINT_INK, INK, OCTAVE_LINE, PAPER, VOICE_COLOURS, WHITE_ROW, Colour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fpdf import FPDF

    from bot.ports import Certificate, RevealCard

PAGE = 297.0, 210.0
"""A4, in millimetres."""
CARD = 320.0, 180.0
PICTURE_WIDTH, CARD_WIDTH = 1600, 1280
"""Pixels."""
STAGE: Colour = (23, 33, 36)
LIGHT: Colour = (246, 245, 241)
PALE: Colour = (167, 178, 176)
GOLD: Colour = MEDALS[0]
SMALLEST = 0.45
"""A line is set so much smaller, at most, before it is cut."""


@dataclass(frozen=True)
class PrintedPaper:
    """``bot.ports.Printer`` with fpdf2, HarfBuzz and pdfium."""

    def certificate(self, certificate: Certificate) -> Paper:
        """A4, landscape. The same bytes each time."""
        with TemporaryDirectory(prefix="kantor-") as folder:
            sheet = _Sheet.blank(PAGE, Path(folder), certificate.title or certificate.recipient)
            _certificate(sheet, certificate)
            pdf = sheet.done(_spoken(certificate), datetime.combine(certificate.day, time(12), UTC))
        return Paper(pdf, _printed(pdf, PICTURE_WIDTH), _spoken(certificate))

    def card(self, card: RevealCard) -> Picture:
        """What the channel sees of one step, 16:9."""
        with TemporaryDirectory(prefix="kantor-") as folder:
            sheet = _Sheet.blank(CARD, Path(folder), card.lines[0] if card.lines else card.heading, STAGE)
            _card(sheet, card)
            pdf = sheet.done(card.alt_text, datetime(2000, 1, 1, tzinfo=UTC))
        return Picture(_printed(pdf, CARD_WIDTH), card.alt_text)

    def unwritable(self, text: str) -> str:
        """The letters that no font has, each once."""
        return unwritable(text)


@dataclass
class _Sheet:
    """One page; all in millimetres but for sizes of letters, which are in points."""

    pdf: FPDF
    size: tuple[float, float]
    folder: Path
    seed: str
    """What its music is made of."""

    @classmethod
    def blank(cls, size: tuple[float, float], folder: Path, seed: str, colour: Colour = PAPER) -> _Sheet:
        """A page of that colour."""
        from fpdf import FPDF  # noqa: PLC0415 - see the module's docstring

        pdf = FPDF(unit="mm", format=(size[1], size[0]), orientation="L")
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


def _certificate(sheet: _Sheet, paper: Certificate) -> None:
    sheet.music(158, 34, faint=0.5)
    sheet.frame(8, OCTAVE_LINE, 0.3)
    sheet.frame(10.5, GREEN, 0.9)
    sheet.sign(20, 24, INK)
    sheet.line(24, paper.contest, 15, FAINT_INK, x=sheet.size[0] - 20, room=190, align="R")
    if paper.medal:
        _medal(sheet, sheet.middle, 43, 12, paper.medal)
    else:
        sheet.line(43, "♪", 30, GREEN)
    sheet.line(66, paper.honour, 34, INK, bold=True)
    sheet.line(82, "awarded to", 13, FAINT_INK)
    sheet.line(101, paper.recipient, 46, GREEN, bold=True, room=245)
    sheet.rule(114, 120, GOLD, 0.7)
    if paper.title:
        sheet.line(125, f"for “{paper.title}”", 20, INK, room=240)
    sheet.line(138, paper.reason, 13, FAINT_INK, room=240)
    sheet.line(150, f"{paper.day:%-d %B %Y}{_signed(paper)}", 11, FAINT_INK, room=240)
    if paper.mark:
        sheet.line(196.3, f"Results: SHA-256 {paper.mark}", 6.5, FAINT_INK)


def _signed(paper: Certificate) -> str:
    return f"  ·  {', '.join(paper.signed)}" if paper.signed else ""


def _card(sheet: _Sheet, card: RevealCard) -> None:
    wide, high = sheet.size
    sheet.music(high - 46, 34, faint=0.9, lines=(56, 68, 71))
    sheet.box(0, 0, wide, 2.2, GOLD if card.medal == 1 else GREEN)
    sheet.sign(16, 18, LIGHT)
    sheet.line(18, card.contest, 15, PALE, x=wide - 16, room=220, align="R")
    top = 52.0
    if card.medal:
        _medal(sheet, sheet.middle, 44, 15, card.medal)
        top = 76.0
    sheet.line(top, card.heading, 24, PALE, room=280)
    for number, words in enumerate(islice(card.lines, 2 if card.medal else 3)):
        sheet.line(top + 19 + 21 * number, words, 40 if len(card.lines) == 1 else 28, LIGHT, bold=True, room=290)
    if card.below:
        sheet.line(top + 20 + 21 * max(1, min(len(card.lines), 2)) - 3, card.below, 17, GOLD, room=290)


def _medal(sheet: _Sheet, x: float, y: float, radius: float, place: int) -> None:
    colour = MEDALS[place - 1] if place <= len(MEDALS) else BLACK_ROW
    sheet.disc(x, y, radius, colour)
    sheet.disc(x, y, radius * 0.84, WHITE_ROW)
    sheet.disc(x, y, radius * 0.78, colour)
    sheet.line(y, str(place), radius * 2.1, INK, bold=True, x=x, room=radius * 1.4)


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


def _spoken(paper: Certificate) -> str:
    about = f" for {paper.title}" if paper.title else ""
    return (
        f"Certificate of {paper.contest}: {paper.honour}, awarded to {paper.recipient}{about}. {paper.reason}".strip()
    )


def _printed(pdf: bytes, width: int) -> bytes:
    import pypdfium2 as pdfium  # noqa: PLC0415 - see the module's docstring

    document = pdfium.PdfDocument(pdf)
    try:
        page = document[0]
        # A little less, since pdfium rounds up.
        bitmap = page.render(scale=(width - 0.5) / page.get_width())
        out = io.BytesIO()
        bitmap.to_pil().save(out, format="PNG", compress_level=6)
        return out.getvalue()
    finally:
        document.close()
