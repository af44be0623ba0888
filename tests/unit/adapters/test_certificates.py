"""Certificates: names of any script, shaped, in their order, and never as an empty box."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdfium2 as pdfium
import pytest
import uharfbuzz as hb
from PIL import Image

from bot.adapters.certificates import CARD_WIDTH, PICTURE_WIDTH, PrintedPaper
from bot.adapters.typefaces import BOLD, REGULAR, cut_out, spread, unwritable, writable
from bot.ports import Certificate, RevealCard

NAMES = {
    "Latin": "Ada Łovelace-Ñandú",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Иван Щербаков",
    "Arabic": "محمد علي حسن",
    "Hebrew": "דוד כהן",
    "Devanagari": "क्षत्रिय श्री",
    "Chinese": "李小龍",
    "Japanese": "山田 花子",
    "Korean": "김철수",
    "Thai": "สมชาย",
    "Tamil": "தமிழ்",
    "mixed": "Ali محمد 李 3",
    "emoji": "Joe 🎹♪",
}
PAPER = Certificate(
    contest="Winter Jam",
    recipient="Ada",
    honour="First place",
    reason="4.50 of 5 from 3 ratings",
    title="Morning Tide",
    day=date(2026, 12, 4),
    signed=("Olive",),
    medal=1,
    mark="3f9a0c",
)


def glyphs(font: bytes, text: str) -> list[int]:
    """What HarfBuzz makes of it."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(hb.Face(font)), buffer)
    return [info.codepoint for info in buffer.glyph_infos]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("weight", [REGULAR, BOLD])
def test_each_letter_of_a_name_has_a_shape(name: str, weight: int) -> None:
    """The glyph 0 is the empty box; and what is cut out for a name is small."""
    assert "" == unwritable(name)
    _, parts = spread(writable(name))
    for face, letters in parts.items():
        font = cut_out(face, letters, weight)
        assert len(font) < 60_000
        shown = "".join(letter for letter in writable(name) if letter in letters)
        assert 0 not in glyphs(font, shown)


def test_words_stay_in_one_font() -> None:
    """The space between two Arabic words goes with them, or they would change places."""
    for script in ("Arabic", "Hebrew", "Devanagari", "Japanese"):
        assert 1 == len(spread(NAMES[script])[1])


def test_arabic_letters_join() -> None:
    """In a word they have other shapes than alone."""
    leader, parts = spread(NAMES["Arabic"])
    font = cut_out(leader, parts[leader], REGULAR)
    word = NAMES["Arabic"].split()[0]
    assert set(glyphs(font, word)) != {glyph for letter in word for glyph in glyphs(font, letter)}


def test_what_no_font_has_is_said_and_left_out() -> None:
    """Each letter once; controls, and what turns the direction around, are no letters."""
    assert "𒀀𐎀" == unwritable("Ada 𒀀𐎀𒀀")
    assert "Ada" == writable("Ada 𒀀")
    assert "" == unwritable("Ada\u202e\u0007\ufe0f\u200d\u00a0")
    assert "Ada B" == writable("Ada\u202e\n B\u0000")


def text_of(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    try:
        return str(document[0].get_textpage().get_text_bounded())
    finally:
        document.close()


@pytest.mark.parametrize(
    "script", ["Latin", "Vietnamese", "Greek", "Cyrillic", "Hebrew", "Chinese", "Japanese", "Korean"]
)
def test_the_words_can_be_read_out_of_the_pdf(script: str) -> None:
    """By a screen reader, or a search."""
    text = text_of(PrintedPaper().certificate(replace(PAPER, recipient=NAMES[script], medal=0)).pdf)
    for words in (NAMES[script], "First place", "Morning Tide", "Winter Jam", "4 December 2026", "Olive", "3f9a0c"):
        assert words in text


def test_hebrew_is_written_from_the_right() -> None:
    """Its first letter stands right of its last one."""
    document = pdfium.PdfDocument(PrintedPaper().certificate(replace(PAPER, recipient=NAMES["Hebrew"])).pdf)
    page = document[0].get_textpage()
    letters = {page.get_text_range(at, 1): page.get_charbox(at)[0] for at in range(page.count_chars())}
    document.close()
    first, last = NAMES["Hebrew"][0], NAMES["Hebrew"][-1]
    assert letters[first] > letters[last]


def test_the_same_certificate_is_the_same_file() -> None:
    """Byte by byte; and its picture is that page."""
    paper = PrintedPaper().certificate(PAPER)
    assert PrintedPaper().certificate(PAPER) == paper
    assert (PICTURE_WIDTH, 1131) == Image.open(io.BytesIO(paper.png)).size
    assert (
        "Certificate of Winter Jam: First place, awarded to Ada for Morning Tide. 4.50 of 5 from 3 ratings"
        == paper.alt_text
    )


@pytest.mark.parametrize("name", ["W" * 400, "李" * 200, "محمد " * 60, "𒀀", "", "<b>& \\ ** __"])
def test_any_name_fits(name: str) -> None:
    """However long, of letters that nobody has, or empty."""
    paper = PrintedPaper().certificate(
        replace(PAPER, recipient=name, title=name, contest=name, reason=name, signed=(name,))
    )
    assert "First place" in text_of(paper.pdf)


@pytest.mark.parametrize("lines", [(), ("Morning Tide by Ada",), ("春の海 by 山田 花子", "Dusk by דוד"), ("x",) * 5])
def test_a_card_is_as_wide_as_a_screen_wants_it(lines: tuple[str, ...]) -> None:
    """16:9, with any number of winners."""
    card = RevealCard("Winter Jam", "Third place", lines, "4.5 of 5", "Third place: ...", medal=3)
    assert (CARD_WIDTH, 720) == Image.open(io.BytesIO(PrintedPaper().card(card).png)).size
