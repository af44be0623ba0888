"""The buttons of the Home tab that do what a command does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.ids import Action
from handlers.views import blocks as b

if TYPE_CHECKING:
    from handlers.commands import Sub


def opening(channel_id: str, sub: Sub, text: str = "") -> b.Block:
    """A button about the contest of that channel; its id is its own, since several stand in a row."""
    button = b.button(text or sub.row.home, Action.HOME_MENU, f"{sub}:{channel_id}")
    return button | {"action_id": f"{Action.HOME_MENU}:{sub}"}


def row(channel_id: str, *subs: Sub) -> b.Block:
    """Several of them."""
    return b.actions(opening(channel_id, each) for each in subs)
