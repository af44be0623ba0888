"""Modals that open at once and are filled when their facts are there: a trigger lives for three seconds only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from handlers.slack.errors import code
from handlers.views import guide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_bolt import BoltContext
    from slack_sdk import WebClient

    from handlers.views.blocks import View

_KEY = "window"
_CLOSED = frozenset({"not_found", "view_not_found"})
_ROUNDS = 5
"""So often a window is filled again while somebody goes on pressing: then their next press fills it."""


@dataclass(frozen=True)
class Window:
    """An open modal."""

    client: WebClient
    view_id: str
    hash: str

    def show(self, view: View, again: Callable[[], View] | None = None) -> None:
        """Fill it. Nothing happens where the person has closed it meanwhile.

        Where another press has filled it meanwhile (of two quick ones each knows the window as it was before both), it is
        filled all the same. ``again`` makes the view anew, for what changes with each press: then the last word is the newest.
        """
        if self._update(view, hash=self.hash):
            return
        for _ in range(_ROUNDS):
            shown = view if again is None else again()
            self._update(shown)
            # Whoever fills it last looks last: a press that was committed since then is seen here.
            if again is None or again() == shown:
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


def open_window(client: WebClient, context: BoltContext, trigger_id: str, title: str) -> Window:
    """Open a modal that says "One moment". What goes wrong afterwards is shown in it, by the error listener."""
    opened = client.views_open(trigger_id=trigger_id, view=guide.loading(title))["view"]
    window = Window(client, opened["id"], opened["hash"])
    context[_KEY] = window
    return window


def open_over(client: WebClient, context: BoltContext, trigger_id: str, title: str) -> Window:
    """As ``open_window``, over the modal in which a button was pressed; three may lie over each other."""
    opened = client.views_push(trigger_id=trigger_id, view=guide.loading(title))["view"]
    window = Window(client, opened["id"], opened["hash"])
    context[_KEY] = window
    return window


def window_here(client: WebClient, context: BoltContext, body: Mapping[str, Any]) -> Window:
    """The modal in which a button was pressed; what goes wrong afterwards is shown in it, too."""
    window = Window(client, body["view"]["id"], body["view"]["hash"])
    context[_KEY] = window
    return window


def refresh(client: WebClient, view_id: str, view: View) -> None:
    """Fill a modal that lies below another, or that nobody may look at any more."""
    try:
        client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if code(error) not in _CLOSED:
            raise


def window_of(context: BoltContext) -> Window | None:
    """The window that the failed listener had opened."""
    found: Window | None = context.get(_KEY)
    return found
