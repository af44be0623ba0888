"""Certificates as PDF and PNG, and the cards of a ceremony, in the look of the posters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.adapters.posters import GREEN, MEDALS
from bot.adapters.reports import leaflet
from bot.adapters.sheets import Sheet, printed
from bot.adapters.typefaces import unwritable
from bot.ports import Paper, Picture
from judge.look import BLACK_ROW, FAINT_INK, INK, OCTAVE_LINE, WHITE_ROW, Colour

if TYPE_CHECKING:
    from bot.ports import Certificate, Leaflet, RevealCard
    from bot.rules.fairreport import Report

PAGE = 297.0, 210.0
"""A4, in millimetres."""
CARD = 320.0, 180.0
PICTURE_WIDTH, CARD_WIDTH = 1600, 1280
"""Pixels."""
STAGE: Colour = (23, 33, 36)
LIGHT: Colour = (246, 245, 241)
PALE: Colour = (167, 178, 176)
GOLD: Colour = MEDALS[0]


@dataclass(frozen=True)
class PrintedPaper:
    """``bot.ports.Printer`` with fpdf2, HarfBuzz and pdfium."""

    def certificate(self, certificate: Certificate) -> Paper:
        """A4, landscape. The same bytes each time."""
        with TemporaryDirectory(prefix="kantor-") as folder:
            sheet = Sheet.blank(PAGE, Path(folder), certificate.title or certificate.recipient)
            _certificate(sheet, certificate)
            pdf = sheet.done(_spoken(certificate), datetime.combine(certificate.day, time(12), UTC))
        return Paper(pdf, printed(pdf, PICTURE_WIDTH), _spoken(certificate))

    def card(self, card: RevealCard) -> Picture:
        """What the channel sees of one step, 16:9."""
        with TemporaryDirectory(prefix="kantor-") as folder:
            sheet = Sheet.blank(CARD, Path(folder), card.lines[0] if card.lines else card.heading, STAGE)
            _card(sheet, card)
            pdf = sheet.done(card.alt_text, datetime(2000, 1, 1, tzinfo=UTC))
        return Picture(printed(pdf, CARD_WIDTH), card.alt_text)

    def report(self, report: Report) -> Leaflet:
        """One page, as HTML and as PNG."""
        return leaflet(report)

    def unwritable(self, text: str) -> str:
        """The letters that no font has, each once."""
        return unwritable(text)


def _certificate(sheet: Sheet, paper: Certificate) -> None:
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


def _card(sheet: Sheet, card: RevealCard) -> None:
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


def _medal(sheet: Sheet, x: float, y: float, radius: float, place: int) -> None:
    colour = MEDALS[place - 1] if place <= len(MEDALS) else BLACK_ROW
    sheet.disc(x, y, radius, colour)
    sheet.disc(x, y, radius * 0.84, WHITE_ROW)
    sheet.disc(x, y, radius * 0.78, colour)
    sheet.line(y, str(place), radius * 2.1, INK, bold=True, x=x, room=radius * 1.4)


def _spoken(paper: Certificate) -> str:
    about = f" for {paper.title}" if paper.title else ""
    return (
        f"Certificate of {paper.contest}: {paper.honour}, awarded to {paper.recipient}{about}. {paper.reason}".strip()
    )
