"""The menus behind three dots on the Home tab."""

from __future__ import annotations

from handlers.ids import Action, Opens
from handlers.views import blocks as b
from handlers.views.text import cut

WORDS = {
    Opens.EDIT: "Edit the contest ...",
    Opens.UNDO: "Take back the last phase ...",
    Opens.ANNOUNCE: "Announce something ...",
    Opens.ORGANIZERS: "Organizers ...",
    Opens.ARCHIVE: "Archive the contest ...",
    Opens.FIND: "Find a composition ...",
    Opens.LATE: "Late files",
    Opens.EXTEND: "Give somebody more time ...",
    Opens.NUDGE: "Remind people ...",
    Opens.JUDGES: "Judges and progress",
    Opens.FLAGS: "Flags of the judges",
    Opens.RATE_FOR: "Rate for a judge ...",
    Opens.BOARD: "Leaderboard",
    Opens.FREEZE: "Freeze the board ...",
    Opens.THAW: "Thaw the board ...",
    Opens.FEEDBACK: "Feedback to the authors ...",
    Opens.POOL: "Pool of accounts",
    Opens.EXPORT: "Export the data ...",
    Opens.AUDIT: "Who did what",
    Opens.ERASE: "Erase a person's data ...",
}


def title(opens: Opens) -> str:
    """Of the window in which it answers."""
    return cut(WORDS[opens].removesuffix(" ..."), b.TITLE_TEXT)


def menu(channel_id: str, *choices: Opens) -> b.Block:
    """A menu about the contest of that channel."""
    return b.overflow(Action.HOME_MENU, [b.option(WORDS[each], f"{each}:{channel_id}") for each in choices])
