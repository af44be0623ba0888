"""Modals that open at once and are filled when their facts are there: a trigger lives for three seconds only."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import uuid4

import structlog
from slack_sdk.errors import SlackApiError

from bot.attempts import attempt
from handlers import payloads
from handlers.slack.errors import code, outage
from handlers.views import blocks as b
from handlers.views import guide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from handlers.payloads import Payload
    from handlers.views.blocks import View

_log = structlog.get_logger(__name__)
KEY: Final = "windows"
"""Bolt passes what stands in the context under an argument's name."""
_CLOSED = frozenset({"not_found", "view_not_found"})
_UNTIL_TAKEN = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds before each look whether Slack has taken an acknowledgement, or is well again."""
_PATIENCE = 15.0
"""Seconds: after these no other look begins. Nobody reads "One moment" for longer."""
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
    behind: Callable[[Callable[[], None]], object]
    """Does something after the acknowledgement, which leaves when its listener has returned."""
    pauses: Sequence[float] = _UNTIL_TAKEN
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

    def answer(self, ack: Ack, view: View, action: Literal["update", "push"] = "update") -> None:
        """The modal that was sent becomes this one, or has it laid over it; acknowledged with it, or where it is too large for that before it.

        ``views.update`` by the modal's own id might come before Slack has taken the acknowledgement, which would then undo it. By an id that
        comes with the acknowledgement there is nothing to be found before. Where Slack does not show it, the person reads what to do.
        """
        if b.frame_bytes(view) <= b.FRAME:
            ack(response_action=action, view=view)
            return
        ours = {"external_id": uuid4().hex}
        ack(response_action=action, view=guide.loading(view["title"]["text"]) | ours)
        self.behind(lambda: self._follow(view | ours))

    def _follow(self, view: View) -> None:
        failure = self._fill(view)
        if failure is None:
            return
        title = view["title"]["text"]
        small = guide.notice(title, guide.not_shown()) | {"external_id": view["external_id"]}
        # What was not found to the end is closed, or Slack lost it.
        if _not_found(failure) or self._fill(small) is not None:
            text = f"⚠️ {guide.not_shown(title)}"
            raise failure from attempt(lambda: self.client.chat_postMessage(channel=self.body["user"]["id"], text=text))
        raise failure

    def _fill(self, view: View) -> Exception | None:
        """Fill the modal that an acknowledgement brought; what stood in the way of it to the end."""
        failure: Exception | None = None
        until = time.monotonic() + _PATIENCE
        for pause in self.pauses:
            time.sleep(pause)
            failure = attempt(lambda: self.client.views_update(view=view, external_id=view["external_id"]))
            if failure is None or not _may_pass(failure) or time.monotonic() > until:
                break
        return failure

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


def _not_found(failure: Exception) -> bool:
    return isinstance(failure, SlackApiError) and code(failure) in _CLOSED


def _may_pass(failure: Exception) -> bool:
    """Slack has not taken the acknowledgement yet, is out, or has been asked too often."""
    return _not_found(failure) or outage(failure) is not None


def with_windows(executor: Executor) -> Callable[[BoltContext, Payload, Callable[[], None]], None]:
    """Bolt's middleware that hands them to all listeners; what follows an acknowledgement is done in a thread of the executor."""

    def behind(follow: Callable[[], None]) -> None:
        executor.submit(_logged, follow)

    def middleware(context: BoltContext, body: Payload, next_: Callable[[], None]) -> None:
        context[KEY] = Windows(context.client, body, behind)
        next_()

    return middleware


def _logged(follow: Callable[[], None]) -> None:
    failure = attempt(follow)
    if failure is not None:
        trace = "".join(
            traceback.format_exception(failure)
        )  # as text: a renderer that shows local variables would print the view
        _log.error("a window could not be filled", trace=trace)
