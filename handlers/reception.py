"""Where everybody asks: whatever the way (typed, a button, the Home tab), each command has one listener, and one screen that it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from bot.errors import Refusal
from handlers import payloads
from handlers.commands import BUTTONS, Sub, sub_of, understood
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.drawn import Drawn
from handlers.windows import open_over, open_window, window_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import BoltContext, Respond
    from slack_sdk import WebClient

    from handlers.payloads import Payload
    from handlers.slack.newer import NewerBlocks
    from handlers.windows import Window


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


Screen: TypeAlias = "b.View | Drawn | str"
"""A window; or what is said, in a message for the person's eyes or in a window, as they asked."""
Listener: TypeAlias = "Callable[[Asked], Screen]"


@dataclass(frozen=True)
class Reception:
    """Asks the command's listener, and shows what it returns where the person looks."""

    newer: NewerBlocks
    other: Listener
    """Answers words that are no command."""
    listeners: dict[Sub, Listener] = field(default_factory=dict, repr=False)

    def typed(self, command: Payload, client: WebClient, context: BoltContext, respond: Respond) -> None:
        """``/kantor ...``."""
        sub, words = understood(command.get("text", "").strip())
        asked = Asked(command["user_id"], command["channel_id"], words, typed=True)
        if sub and not sub.row.speaks:
            window = open_window(client, context, command["trigger_id"], sub.row.window)
            window.show(_view(self.listeners[sub](asked), sub.row.window))
            return
        screen = self.listeners[sub](asked) if sub else self.other(asked)
        if isinstance(screen, Drawn):
            self.newer.answer(respond, screen)
        elif isinstance(screen, str):
            respond(text=screen)
        else:
            client.views_open(trigger_id=command["trigger_id"], view=screen)

    def pressed(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """A command's own button: its value is a channel, where it does not stand in one."""
        pressed = payloads.pressed(body)
        sub = BUTTONS[body["actions"][0]["action_id"]]
        self._open(sub, Asked(pressed.user_id, pressed.about), body, client, context)

    def chosen(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """A choice on the Home tab: the command, and the contest's channel."""
        pressed = payloads.pressed(body)
        word, _, channel_id = pressed.value.partition(":")
        sub = sub_of(word)
        if sub is None:
            raise Refusal("That button is from before I was updated. Please open my Home tab once more.")
        self._open(sub, Asked(pressed.user_id, channel_id), body, client, context)

    def _open(self, sub: Sub, asked: Asked, body: Payload, client: WebClient, context: BoltContext) -> None:
        window = _window(sub, body, client, context)
        window.show(_view(self.listeners[sub](asked), sub.row.window))


def _window(sub: Sub, body: Payload, client: WebClient, context: BoltContext) -> Window:
    if not payloads.in_modal(body):
        return open_window(client, context, body["trigger_id"], sub.row.window)
    if sub.row.stays:
        return window_here(client, context, body)
    return open_over(client, context, body["trigger_id"], sub.row.window)


def _view(screen: Screen, title: str) -> b.View:
    if isinstance(screen, Drawn):
        return guide.window(title, list(screen.blocks))
    return guide.window(title, [b.section(screen)]) if isinstance(screen, str) else screen
