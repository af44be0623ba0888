"""A fairness report as a page for the browser and as a picture, in the look of the certificates.

The page has all that it needs in it, asks no network, and runs nothing. The picture is laid out as one sheet (``bot.adapters.sheets``).
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.adapters.posters import GREEN
from bot.adapters.sheets import Sheet, printed
from bot.ports import Leaflet
from bot.rules.numbers import spelled
from judge.look import BEAT_LINE, BLACK_ROW, FAINT_INK, INK, OCTAVE_LINE, WHITE_ROW, Colour

if TYPE_CHECKING:
    from datetime import datetime

    from bot.rules.fairreport import Bar, Finding, Report

WIDE = 1600
"""Pixels of the picture, across."""
AMBER: Colour = (178, 97, 0)
SHEET = 320.0
"""Millimetres across; as high as it takes,"""
HIGHEST = 1200.0
"""and no higher: three times what eight findings with charts take."""
_EDGE, _GAP = 16.0, 8.0
_COLUMN = (SHEET - 2 * _EDGE - _GAP) / 2
_LINE, _SMALL, _BAR = 5.6, 12.0, 5.2
"""Millimetres from line to line, points of the sentences, and millimetres of a bar."""

_STYLE = """
:root { color-scheme: light dark; --paper: #fcfbf8; --card: #fff; --ink: #26262c; --faint: #62605c; --line: #e7e5df; --good: #157a5a; --look: #9c5400; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #172124; --card: #202c30; --ink: #f1f0ec; --faint: #b3bbb9; --line: #36454a; --good: #5fd3a8; --look: #f0b45e; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 2.2rem 1.2rem 3rem; }
h1 { font-size: clamp(1.5rem, 4.5vw, 2.3rem); line-height: 1.2; margin: .2rem 0 .3rem; overflow-wrap: anywhere; }
.kind { color: var(--good); font-weight: 650; margin: 0; }
.facts, footer { color: var(--faint); font-size: .92rem; }
.verdict { font-size: 1.2rem; border-left: .35rem solid var(--good); padding: .3rem 0 .3rem 1rem; margin: 1.3rem 0 1.8rem; }
.verdict.look { border-color: var(--look); }
.findings { columns: 2 28rem; column-gap: 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1.1rem 1.25rem; margin: 0 0 1rem; break-inside: avoid; }
h2 { font-size: 1rem; margin: 0; display: flex; justify-content: space-between; gap: 1rem; }
h2 span { color: var(--good); font-weight: 500; font-size: .85rem; white-space: nowrap; }
.look h2 span { color: var(--look); }
.figure { font-size: 2.1rem; font-weight: 680; line-height: 1.25; font-variant-numeric: tabular-nums; }
section p { margin: .3rem 0 0; }
table { border-collapse: collapse; width: 100%; margin-top: .8rem; font-size: .88rem; }
td, th { padding: .12rem 0; text-align: left; font-weight: 400; white-space: nowrap; }
td:last-child { text-align: right; color: var(--faint); font-variant-numeric: tabular-nums; padding-left: .6rem; }
.bar { width: 60%; padding: 0 .6rem; } .bar div { position: relative; height: .7rem; background: var(--line); border-radius: .35rem; overflow: hidden; }
.bar i { position: absolute; inset-block: 0; background: var(--good); border-radius: .35rem; min-width: 3px; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .8rem; overflow-wrap: anywhere; }
footer p { margin: .2rem 0; }
@media print { body { font-size: 11pt; background: #fff; } main { padding: 0; max-width: none; } }
"""


def leaflet(report: Report) -> Leaflet:
    """Both forms of the report; equal reports make equal bytes."""
    return Leaflet(page(report).encode(), picture(report), f"Fairness report of {report.contest}: {report.verdict}")


def page(report: Report) -> str:
    """The report as HTML."""
    look = any(each.look for each in report.findings)
    findings = "\n".join(map(_section, report.findings))
    marks = "\n".join(f"<p>{escape(each)}</p>" for each in report.marks)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(report.contest)}: how fairly it was judged</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<p class="kind">How fairly it was judged</p>
<h1 dir="auto">{escape(report.contest)}</h1>
<p class="facts">{escape(report.subtitle)}  ·  as of {_day(report.made_at)}</p>
<p class="verdict{" look" if look else ""}">{escape(report.verdict)}</p>
<div class="findings">
{findings}
</div>
<footer>
<p>{escape(report.about_judges)}</p>
{marks}
</footer>
</main>
</body>
</html>
"""


def _section(finding: Finding) -> str:
    bars = f"<table>{''.join(map(_row, finding.bars))}</table>" if finding.bars else ""
    return (
        f'<section class="{"look" if finding.look else "well"}"><h2>{escape(finding.heading)}<span>{finding.tone}</span></h2>'
        f'<div class="figure">{escape(finding.figure)}</div><p dir="auto">{escape(finding.sentence)}</p>{bars}</section>'
    )


def _row(bar: Bar) -> str:
    place = f"left: {spelled(100 * bar.begin, 1)}%; width: {spelled(100 * (bar.end - bar.begin), 1)}%"
    return (
        f'<tr><th scope="row">{escape(bar.label)}</th><td class="bar"><div><i style="{place}"></i></div></td>'
        f"<td>{escape(bar.words)}</td></tr>"
    )


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y, %H:%M} UTC"


def picture(report: Report) -> bytes:
    """The report as PNG, ``WIDE`` pixels across."""
    with TemporaryDirectory(prefix="kantor-") as folder:
        sheet = Sheet.blank((SHEET, HIGHEST), Path(folder), report.contest)
        high = _laid(sheet, report)
        return printed(sheet.done(report.verdict, report.made_at), WIDE, int(WIDE * high / SHEET))


def _laid(sheet: Sheet, report: Report) -> float:
    """Draw all of it; the height that it takes."""
    sheet.sign(_EDGE, 18, INK)
    room = SHEET - 2 * _EDGE
    sheet.line(18, "How fairly it was judged", 15, FAINT_INK, x=SHEET - _EDGE, room=150, align="R")
    sheet.line(36, report.contest, 30, INK, bold=True, x=_EDGE, room=room, align="L")
    sheet.line(47, f"{report.subtitle}  ·  as of {_day(report.made_at)}", 12, FAINT_INK, x=_EDGE, room=room, align="L")
    look = any(each.look for each in report.findings)
    lines = sheet.wrapped(report.verdict, 17, room - 8)
    sheet.box(_EDGE, 55, 1.4, 4 + 8.0 * len(lines), AMBER if look else GREEN)
    for number, words in enumerate(lines):
        sheet.line(61 + 8.0 * number, words, 17, INK, x=_EDGE + 6, room=room - 6, align="L")
    tops = [68 + 8.0 * len(lines)] * 2
    for finding in report.findings:
        # To the column that is shorter, so that both end alike.
        column = tops.index(min(tops))
        tops[column] += _card(sheet, finding, _EDGE + column * (_COLUMN + _GAP), tops[column]) + _GAP
    y = max(tops) + 3
    for mark in (*sheet.wrapped(report.about_judges, 9, room), *report.marks):
        sheet.line(y, mark, 9, FAINT_INK, x=_EDGE, room=room, align="L")
        y += 5
    return y + 6


def _card(sheet: Sheet, finding: Finding, left: float, top: float) -> float:
    """Its height."""
    inner, room = left + 7, _COLUMN - 14
    lines = sheet.wrapped(finding.sentence, _SMALL, room)
    high = 27 + _LINE * len(lines) + (_BAR * len(finding.bars) + 4 if finding.bars else 0)
    tone = AMBER if finding.look else GREEN
    sheet.box(left, top, _COLUMN, high, OCTAVE_LINE, round_by=3)
    sheet.box(left + 0.3, top + 0.3, _COLUMN - 0.6, high - 0.6, WHITE_ROW, round_by=2.8)
    sheet.line(top + 8, finding.heading, 13, INK, bold=True, x=inner, room=room - 32, align="L")
    sheet.line(top + 8, finding.tone, 10.5, tone, x=left + _COLUMN - 7, room=32, align="R")
    sheet.line(top + 17, finding.figure, 24, INK, bold=True, x=inner, room=room, align="L")
    y = top + 26
    for words in lines:
        sheet.line(y, words, _SMALL, INK, x=inner, room=room + 2, align="L")
        y += _LINE
    for bar in finding.bars:
        _bar(sheet, bar, (inner, y + 1), room, tone)
        y += _BAR
    return high


def _bar(sheet: Sheet, bar: Bar, at: tuple[float, float], room: float, tone: Colour) -> None:
    left, y = at
    begin, wide = left + 34, room - 34 - 30
    sheet.line(y, bar.label, 10, INK, x=left, room=32, align="L")
    sheet.box(begin, y - 1.4, wide, 2.8, BEAT_LINE if bar.end > bar.begin else BLACK_ROW, round_by=1.2)
    sheet.box(begin + wide * bar.begin, y - 1.4, max(0.8, wide * (bar.end - bar.begin)), 2.8, tone)
    sheet.line(y, bar.words, 10, FAINT_INK, x=left + room, room=28, align="R")
