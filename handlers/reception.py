"""Where everybody asks: whatever the way (typed, a button, the Home tab), each command has one listener, and one screen that it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from bot.errors import Refusal
from handlers import payloads
from handlers.commands import BUTTONS, PAGES, Sub, sub_of, understood
from handlers.ids import Action, Turn
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Respond

    from handlers.payloads import Payload, Pressed
    from handlers.slack.newer import NewerBlocks
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class Asked:
    """Somebody wants to see something."""

    user_id: str
    channel_id: str
    """Where it was typed, or the channel of the contest that the button is about; empty where it is about none."""
    words: str = ""
    """What was typed behind the command."""
    typed: bool = False
    """Slack takes what is typed in a channel from its members only."""
    page: int = 0
    """Of a list that is longer than a screen."""


Screen: TypeAlias = "View | Drawn | str"
"""A window; or what is said, in a message for the person's eyes or in a window, as they asked."""
Listener: TypeAlias = "Callable[[Asked], Screen]"


@dataclass(frozen=True)
class Reception:
    """Asks the command's listener, and shows what it returns where the person looks."""

    newer: NewerBlocks
    other: Listener
    """Answers words that are no command."""
    listeners: dict[Sub, Listener] = field(default_factory=dict, repr=False)

    def typed(self, command: Payload, windows: Windows, respond: Respond) -> None:
        """``/kantor ...``."""
        sub, words = understood(command.get("text", "").strip())
        asked = Asked(command["user_id"], command["channel_id"], words, typed=True)
        if sub and not sub.row.speaks:
            self._open(sub, asked, windows)
            return
        screen = self.listeners[sub](asked) if sub else self.other(asked)
        if isinstance(screen, Drawn):
            self.newer.answer(respond, screen)
        elif isinstance(screen, str):
            respond(text=screen)
        else:
            windows.put(screen)

    def pressed(self, pressed: Pressed, windows: Windows) -> None:
        """A command's own button: its value is a channel, where it does not stand in one."""
        self._open(BUTTONS[Action(pressed.action_id)], Asked(pressed.user_id, pressed.about), windows)

    def chosen(self, pressed: Pressed, windows: Windows) -> None:
        """A choice on the Home tab: the command, and the contest's channel."""
        word, channel_id = pressed.pair
        sub = sub_of(word)
        if sub is None:
            raise Refusal("That button is from before I was updated. Please open my Home tab once more.")
        self._open(sub, Asked(pressed.user_id, channel_id), windows)

    def turned(self, pressed: Pressed, windows: Windows, respond: Respond) -> None:
        """Another page of a command's list, in the place of the one that was shown."""
        sub = PAGES[Turn(pressed.action_id.partition(":")[0])]
        about, page = pressed.pair
        with payloads.as_we_sent_it():
            asked = Asked(pressed.user_id, about, page=int(page))
        if pressed.in_modal:
            windows.here().show(lambda: _view(self.listeners[sub](asked), sub))
        elif isinstance(screen := self.listeners[sub](asked), Drawn):
            self.newer.answer(respond, screen, response_type="ephemeral", replace_original=True)

    def _open(self, sub: Sub, asked: Asked, windows: Windows) -> None:
        window = windows.at_hand(sub.row.window) if sub.row.stays else windows.open(sub.row.window)
        view = _view(self.listeners[sub](asked), sub)
        window.show(lambda: view)


def _view(screen: Screen, sub: Sub) -> View:
    if isinstance(screen, dict):
        return screen
    return guide.window(sub.row.window, [b.section(screen)] if isinstance(screen, str) else list(screen.blocks))
