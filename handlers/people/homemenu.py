"""The menus behind three dots on the Home tab: each choice is a command, as if it had been typed in the contest's channel.

What a command would answer there opens in a window.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal
from handlers.ids import Command, Opens, Sub
from handlers.people import homemenu_views as homemenus
from handlers.people.parsing import chosen
from handlers.views import blocks as b
from handlers.views import guide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slack_bolt import BoltContext
    from slack_sdk import WebClient

    from handlers.payloads import Payload
    from handlers.people.parsing import Chosen
    from handlers.routes import Listener

COMMANDS = {
    Opens.EDIT: Sub.CONTEST_EDIT,
    Opens.UNDO: Sub.PHASE_UNDO,
    Opens.ANNOUNCE: Sub.ANNOUNCE,
    Opens.ORGANIZERS: Sub.ORGANIZERS,
    Opens.ARCHIVE: Sub.CONTEST_ARCHIVE,
    Opens.FIND: Sub.FIND,
    Opens.LATE: Sub.LATE,
    Opens.EXTEND: Sub.EXTEND,
    Opens.NUDGE: Sub.NUDGE,
    Opens.JUDGES: Sub.JUDGES,
    Opens.FLAGS: Sub.FLAGS,
    Opens.RATE_FOR: Sub.RATE_FOR,
    Opens.BOARD: Sub.BOARD,
    Opens.FREEZE: Sub.BOARD_FREEZE,
    Opens.THAW: Sub.BOARD_THAW,
    Opens.FEEDBACK: Sub.FEEDBACK,
    Opens.POOL: Sub.ACCOUNTS,
    Opens.EXPORT: Sub.EXPORT,
    Opens.AUDIT: Sub.AUDIT,
    Opens.ERASE: Sub.ERASE,
}


@dataclass(frozen=True)
class _Window:
    """Stands for Bolt's ``respond``: a window instead of a message, which would have no place to stand."""

    client: WebClient
    trigger_id: str
    title: str

    def __call__(self, text: str = "", blocks: Sequence[b.Block] | None = None, **_: Any) -> None:
        view = guide.window(self.title, list(blocks) if blocks else [b.section(text)])
        self.client.views_open(trigger_id=self.trigger_id, view=view)


@dataclass(frozen=True)
class HomeMenu:
    """Passes a choice on to the listener of the command that does the same."""

    commands: Mapping[Sub, Listener] = field(repr=False)

    def choose(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """A choice; its value is what it opens, and the contest's channel."""
        choice = chosen(body)
        word, _, there = choice.value.partition(":")
        opens = Opens(word)
        sub = COMMANDS[opens]
        window = _Window(client, choice.trigger_id, homemenus.title(opens))
        listener = self.commands[sub]
        offered = {"command": _typed(choice, sub, there), "client": client, "context": context, "respond": window}
        wanted = inspect.signature(listener).parameters
        try:
            listener(**{name: value for name, value in offered.items() if name in wanted})
        except Refusal as refusal:
            if context.get("window") is not None:
                raise  # its window is open, and shows the refusal
            client.views_open(trigger_id=choice.trigger_id, view=guide.refused(refusal.sentence))


def _typed(choice: Chosen, sub: Sub, channel_id: str) -> Payload:
    """The command as Slack would have sent it."""
    return {
        "command": Command.KANTOR.value,
        "text": sub.value,
        "user_id": choice.user_id,
        "channel_id": channel_id,
        "trigger_id": choice.trigger_id,
    }
