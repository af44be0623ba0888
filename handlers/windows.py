"""Modals that open at once and are filled when their facts are there: a trigger lives for three seconds only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from handlers import payloads
from handlers.slack.errors import code
from handlers.views import guide

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import BoltContext
    from slack_sdk import WebClient

    from handlers.payloads import Payload
    from handlers.views.blocks import View

KEY: Final = "windows"
"""Bolt passes what stands in the context under an argument's name."""
_CLOSED = frozenset({"not_found", "view_not_found"})
_ROUNDS = 5
"""So often a window is filled again while somebody goes on pressing: then their next press fills it."""


@dataclass(frozen=True)
class Window:
    """An open modal."""

    client: WebClient
    view_id: str
    hash: str = ""
    """As it was when it was opened, or when something was pressed in it; empty: however it is."""

    def show(self, draw: Callable[[], View]) -> None:
        """Fill it. Nothing happens where the person has closed it meanwhile.

        Where another press has filled it meanwhile (of two quick ones each knows the window as it was before both), it is
        drawn anew and filled all the same: so ``draw`` only looks, and the last word is the newest.
        """
        shown = draw()
        if self._update(shown, **({"hash": self.hash} if self.hash else {})):
            return
        for _ in range(_ROUNDS):
            shown = draw()
            self._update(shown)
            # Whoever fills it last looks last: a press that was committed since then is seen here.
            if draw() == shown:
                return

    def _update(self, view: View, **unless_changed: str) -> bool:
        """False where it is not as that hash says any more."""
        try:
            self.client.views_update(view_id=self.view_id, view=view, **unless_changed)
        except SlackApiError as error:
            if code(error) == "hash_conflict":
                return False
            if code(error) not in _CLOSED:
                raise
        return True


@dataclass
class Windows:
    """The modals of one request: the one in which something was pressed, and the one that is opened."""

    client: WebClient
    body: Payload
    latest: Window | None = None
    """What goes wrong is shown in it, by the error listener."""

    def open(self, title: str) -> Window:
        """A modal that says "One moment", over the one in which a button was pressed; three may lie over each other."""
        return self.put(guide.loading(title))

    def put(self, view: View) -> Window:
        """The same for what needs nothing asked of Slack: it opens with its facts."""
        trigger = self.body["trigger_id"]
        if payloads.in_modal(self.body):
            answer = self.client.views_push(trigger_id=trigger, view=view)
        else:
            answer = self.client.views_open(trigger_id=trigger, view=view)
        self.latest = Window(self.client, answer["view"]["id"], answer["view"]["hash"])
        return self.latest

    def here(self) -> Window:
        """The modal in which a button was pressed."""
        self.latest = Window(self.client, self.body["view"]["id"], self.body["view"]["hash"])
        return self.latest

    def at_hand(self, title: str) -> Window:
        """The modal in which a button was pressed; where it was in a message, a new one."""
        return self.here() if payloads.in_modal(self.body) else self.open(title)

    def below(self) -> Window | None:
        """The modal below the one that was submitted."""
        below = self.body["view"].get("previous_view_id")
        return Window(self.client, below) if below else None


def with_windows(context: BoltContext, body: Payload, next_: Callable[[], None]) -> None:
    """Bolt's middleware that hands them to all listeners."""
    context[KEY] = Windows(context.client, body)
    next_()
