"""Listener of the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.ids import Action
from handlers.routes import on
from handlers.verdicts import views
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import BoltContext
    from slack_sdk import WebClient

    from bot.usecases.verdicts.explanations import Explanations
    from handlers.payloads import Payload


@dataclass(frozen=True)
class VerdictListeners:
    """Tell why."""

    explanations: Explanations

    @on(Action.WHY_SCORE)
    def why(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button "Why this score". The window opens first: the object store is asked after it."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.TITLE)
        window.show(views.why(self.explanations.why(pressed.user_id, pressed.value)))
