"""Lists that are longer than a window or a message: a page of them, and the buttons to the others.

People's long texts, whole: in as many sections as they need, whatever is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.rules.words import lifeless
from handlers.views import blocks as b
from handlers.views.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handlers.ids import Turn


T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list."""

    items: Sequence[T]
    number: int
    """From 0."""
    pages: int


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """That page, or the last one where the list has become shorter since."""
    pages = max(1, -(-len(items) // size))
    number = max(0, min(number, pages - 1))
    return Page(items[number * size : (number + 1) * size], number, pages)


def turns(turn: Turn, about: str, page: Page[T]) -> list[b.Block]:
    """Where one is, and the buttons back and on; nothing where all is in sight.

    Each button's value is ``<about>:<page>``, and its id ends with what it says: within a row ids must differ.
    """
    if page.pages < 2:
        return []
    ways = [("Back", page.number - 1), ("More", page.number + 1)]
    buttons = [
        b.button(text, f"{turn}:{text}", f"{about}:{number}") for text, number in ways if 0 <= number < page.pages
    ]
    return [b.context(f"Page {page.number + 1} of {page.pages}"), b.actions(buttons)]


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
