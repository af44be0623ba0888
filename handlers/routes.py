"""Puts listeners into the Bolt app, the same way for all of their kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from handlers import payloads
from handlers.ids import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from re import Pattern

    from slack_bolt import Ack, App

    from handlers.ids import Action, Block, Callback, Shortcut, Sub
    from handlers.payloads import Payload

Listener: TypeAlias = "Callable[..., Any]"
"""Bolt passes what its arguments are called: ``command``, ``body``, ``respond``, ``client`` ..."""


@dataclass(frozen=True)
class Routes:
    """The ways into the app."""

    app: App
    known: dict[Sub, Listener] = field(default_factory=dict, repr=False)
    """The commands that were put in."""

    def commands(self, listeners: Mapping[Sub, Listener]) -> None:
        """By what follows ``/kantor``; acknowledged before they run."""
        self.known.update(listeners)
        for sub, listener in listeners.items():
            self.app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)

    def other_commands(self, listener: Listener) -> None:
        """``/kantor`` with anything else: the last one to be put in."""
        self.app.command(Command.KANTOR, middleware=[_at_once])(listener)

    def shortcuts(self, listeners: Mapping[Shortcut, Listener]) -> None:
        """Shortcuts, of a message or of none; acknowledged before they run."""
        for shortcut, listener in listeners.items():
            self.app.shortcut(shortcut, middleware=[_at_once])(listener)

    def buttons(self, listeners: Mapping[Action, Listener]) -> None:
        """Buttons, menus and inputs that tell of changes; acknowledged before they run."""
        for action, listener in listeners.items():
            self.app.action(action, middleware=[_at_once])(listener)

    def turns(self, listeners: Mapping[Action, Listener]) -> None:
        """Buttons to other pages of a list: the two of a row need ids of their own (``handlers.views.pages``)."""
        for action, listener in listeners.items():
            self.buttons_like(re.compile(f"^{action}:"), listener)

    def searches(self, listeners: Mapping[Block, Listener]) -> None:
        """Menus that ask for their options: they acknowledge themselves, with what was found."""
        for block, listener in listeners.items():
            self.app.options(block)(listener)

    def buttons_like(self, action_id: Pattern[str], listener: Listener, block_id: Pattern[str] | None = None) -> None:
        """The same for elements whose ids are known by their form only."""
        wanted: dict[str, str | Pattern[str]] = {"action_id": action_id}
        self.app.action(wanted | ({"block_id": block_id} if block_id else {}), middleware=[_at_once])(listener)

    def modals(self, listeners: Mapping[Callback, Listener]) -> None:
        """Submitted modals: they acknowledge themselves, after their commit."""
        for callback, listener in listeners.items():
            self.app.view(callback)(listener)

    def closed(self, listeners: Mapping[Callback, Listener]) -> None:
        """Modals that were closed without being submitted."""
        for callback, listener in listeners.items():
            self.app.view_closed(callback, middleware=[_at_once])(listener)

    def events(self, listeners: Mapping[str, Listener]) -> None:
        """Events of which Slack hears only after the commit: Bolt acknowledges before listeners run, but after middleware."""
        for event, listener in listeners.items():
            self.app.event(event, middleware=[listener])(taken)


def taken() -> None:
    """Nothing (more) to do."""


def _asks(sub: Sub) -> Callable[[Payload], bool]:
    def matches(command: Payload) -> bool:
        return payloads.sub_of(command.get("text", "")) is sub

    return matches


def _at_once(ack: Ack, next_: Callable[[], None]) -> None:
    # Not in the listener: where one raises within 10 ms after its ack(), Bolt's runner can forget that it was acknowledged,
    # and the person would see Slack's error beside our sentence.
    ack()
    next_()
