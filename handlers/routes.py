"""Puts listeners into the Bolt app: each says above itself what it listens to, and nothing is left without one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from handlers import payloads
from handlers.commands import BUTTONS, PAGES, Sub
from handlers.ids import Action, Callback, Command, Search, Shortcut, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from re import Pattern

    from slack_bolt import Ack, App, BoltContext

    from handlers.payloads import Payload, Sent
    from handlers.reception import Reception
    from handlers.views.blocks import View
    from handlers.windows import Windows

Name: TypeAlias = Sub | Action | Turn | Callback | Shortcut | Search
Listener: TypeAlias = "Callable[..., Any]"
"""Bolt passes what its arguments are called: ``pressed``, ``sent``, ``windows``, ``respond`` ... A command's gets an ``Asked``, and returns its screen."""
_F = TypeVar("_F", bound="Callable[..., Any]")
_S = TypeVar("_S")
_MARK: Final = "listens_to"


def on(*names: Name) -> Callable[[_F], _F]:
    """Says what a method listens to."""

    def marked(listener: _F) -> _F:
        setattr(listener, _MARK, names)
        return listener

    return marked


def submitted(
    *callbacks: Callback,
) -> Callable[[Callable[[_S, Sent], View | None]], Callable[[_S, Ack, Sent, Windows], None]]:
    """Says which modals a method takes; it returns what the modal turns into, or None where it closes.

    Acknowledged after the commit: so its refusals stand under their inputs, and nothing that Slack was told of is ever lost.
    """

    def marked(listener: Callable[[_S, Sent], View | None]) -> Callable[[_S, Ack, Sent, Windows], None]:
        def heard(self: _S, ack: Ack, sent: Sent, windows: Windows) -> None:
            view = listener(self, sent)
            if view is None:
                ack()
            else:
                windows.answer(ack, view)

        heard.__doc__ = listener.__doc__  # not functools.wraps: Bolt would look through it for the arguments
        return on(*callbacks)(heard)

    return marked


@dataclass(frozen=True)
class Routes:
    """The ways into the app."""

    app: App
    reception: Reception

    def take(self, *listeners: object) -> None:
        """All that these objects listen to. Raises LookupError for what nobody listens to, or two."""
        heard = [pair for each in listeners for pair in _marked(each)]
        named = Counter(_called(name) for name, _ in heard)
        by_reception: list[Name] = [*BUTTONS, *PAGES, Action.HOME_MENU]
        shown = {_called(name) for name in by_reception}
        every = {_called(name) for kind in (Sub, Action, Turn, Callback, Shortcut, Search) for name in kind}
        if wrong := {
            *(every - shown - set(named)),
            *(name for name, times in named.items() if times > 1 or name in shown),
        }:
            raise LookupError(f"nobody listens, or two do: {', '.join(sorted(wrong))}")
        for name, listener in heard:
            self._put(name, listener)
        self.app.command(Command.KANTOR, middleware=[_at_once])(self.reception.typed)
        for button in BUTTONS:
            self._put(button, self.reception.pressed)
        for page in PAGES:
            self._put(page, self.reception.turned)
        self.app.action(re.compile(f"^{Action.HOME_MENU}(:|$)"), middleware=[_at_once, _pressed])(self.reception.chosen)

    def inputs(self, block_id: Pattern[str], listener: Listener) -> None:
        """Inputs that tell of each change, in blocks whose ids are known by their form only."""
        wanted: dict[str, str | Pattern[str]] = {"action_id": re.compile("."), "block_id": block_id}
        self.app.action(wanted, middleware=[_at_once, _pressed, _sent])(listener)

    def events(self, listeners: Mapping[str, Listener]) -> None:
        """Events of which Slack hears only after the commit: Bolt acknowledges before listeners run, but after middleware."""
        for event, listener in listeners.items():
            self.app.event(event, middleware=[listener])(taken)

    def _put(self, name: Name, listener: Listener) -> None:
        match name:
            case Sub():
                self.reception.listeners[name] = listener
            case Action():
                self.app.action(name, middleware=[_at_once, _pressed])(listener)
            case Turn():  # the two buttons of a row need ids of their own (handlers.views.pages)
                self.app.action(re.compile(f"^{name}:"), middleware=[_at_once, _pressed])(listener)
            case Shortcut():
                self.app.shortcut(name, middleware=[_at_once])(listener)
            case Callback():  # acknowledges itself, after its commit
                self.app.view(name, middleware=[_sent])(listener)
            case Search():  # acknowledges itself, with what was found
                self.app.options(name, middleware=[_sent])(listener)


def _marked(listeners: object) -> Iterator[tuple[Name, Listener]]:
    for attribute, function in vars(type(listeners)).items():
        for name in getattr(function, _MARK, ()):
            yield name, getattr(listeners, attribute)


def _called(name: Name) -> str:
    # Members of two enumerations may be the same text.
    return f"{type(name).__name__}.{name.name}"


def taken() -> None:
    """Nothing (more) to do."""


def _pressed(context: BoltContext, body: Payload, next_: Callable[[], None]) -> None:
    # Bolt passes what stands in the context under an argument's name.
    context["pressed"] = payloads.pressed(body)
    next_()


def _sent(context: BoltContext, body: Payload, next_: Callable[[], None]) -> None:
    context["sent"] = payloads.sent(body)
    next_()


def _at_once(ack: Ack, next_: Callable[[], None]) -> None:
    # Not in the listener, which may take its time: what is acknowledged already is answered before it runs (``handlers.slack.prompt``).
    ack()
    next_()
