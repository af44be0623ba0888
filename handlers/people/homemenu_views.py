"""The menus behind three dots on the Home tab: each choice opens what its command does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.ids import Action
from handlers.views import blocks as b

if TYPE_CHECKING:
    from handlers.commands import Sub


def menu(channel_id: str, *choices: Sub) -> b.Block:
    """A menu about the contest of that channel."""
    return b.overflow(Action.HOME_MENU, [b.option(each.row.home, f"{each}:{channel_id}") for each in choices])
