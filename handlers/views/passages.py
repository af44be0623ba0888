"""People's long texts, whole: in as many sections as they need, whatever is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.words import lifeless
from handlers.views import blocks as b
from handlers.views.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 2_700
"""Characters of a section, escaped; the marks of a quotation need room, too."""


def paragraphs(text: str) -> list[b.Block]:
    """A text whose writer was told that ``*bold*`` works; nothing in it mentions or calls anybody."""
    return [b.section(part) for part in _parts(text.strip())]


def quoted(text: str) -> list[b.Block]:
    """A quotation, shown as it was typed."""
    parts = _parts(lifeless(text.strip()))
    return [b.section("\n".join(f"> {line}" for line in part.splitlines())) for part in parts]


def _parts(text: str) -> Iterator[str]:
    part, size = "", 0
    for letter in text:
        written = escape(letter)
        # A line break of a quotation costs two more.
        cost = 3 if letter == "\n" else len(written)
        if size + cost > CHUNK:
            yield part
            part, size = "", 0
        part, size = part + written, size + cost
    if part.strip():
        yield part
