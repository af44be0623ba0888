"""The fairness report as a page and as a picture."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

from PIL import Image

from bot.adapters.certificates import PrintedPaper
from bot.adapters.reports import WIDE, page
from bot.rules.fairreport import Lenience, Report, covered, lenient

FINDINGS = (
    covered([1, 2, 2, 4], 2, 3),
    lenient([Lenience("<b>", 0.3, 0.1, 4), Lenience("b", -0.3, 0.1, 4)], evened=True),
)
REPORT = Report(
    "<script>alert(1)</script> & שלום", datetime(2026, 11, 20, 12, tzinfo=UTC), "4 compositions", "Look at it.", FINDINGS,
    ("Rules of judging: version 1",),
)  # fmt: skip


def test_the_page_holds_all_it_needs_and_no_markup_of_others() -> None:
    """No address, no script; whatever people wrote is text."""
    html = page(REPORT)
    assert [] == re.findall(r"(?:src|href|url)\s*[=(]|<script", html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; שלום" in html
    assert "&lt;b&gt;" in html
    assert 2 == html.count("<section")
    assert html.count("look at this") == html.count('class="look"') == 1


def test_equal_reports_make_equal_bytes_and_the_picture_is_as_wide_as_it_should_be() -> None:
    """Both forms, with words for whoever cannot see them."""
    made = PrintedPaper().report(REPORT)
    assert PrintedPaper().report(REPORT) == made
    picture = Image.open(io.BytesIO(made.png))
    assert WIDE == picture.width
    assert "Look at it." in made.alt_text


def test_the_picture_grows_with_what_it_says() -> None:
    """Nothing is cut off below."""
    more = Report(REPORT.contest, REPORT.made_at, "", "", FINDINGS * 6, REPORT.marks)
    assert Image.open(io.BytesIO(PrintedPaper().report(more).png)).height > 1.5 * WIDE
