"""Lists that are longer than a window or a message: a page of them, and the buttons to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from handlers.views import blocks as b

if TYPE_CHECKING:
    from collections.abc import Sequence

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
