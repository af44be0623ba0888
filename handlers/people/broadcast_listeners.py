"""Listeners of announcements and reminders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.people import broadcast_parsing as parsing
from handlers.people import broadcast_views as views
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from bot.usecases.people.broadcasts import Calls
    from bot.usecases.people.nudges import Nudges
    from handlers.payloads import Payload


@dataclass(frozen=True)
class CallListeners:
    """First a look at what goes out, then the sending."""

    calls: Calls
    nudges: Nudges

    def announce(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor announce``, or ``/kantor announce We begin at ten.``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.ANNOUNCE_TITLE)
        words = parsing.words_after_the_command(asked.text)
        window.show(views.announcement(self.calls.begin(asked.user_id, asked.channel_id, words)))

    def announce_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.ANNOUNCE_TITLE)
        window.show(views.announcement(self.calls.begin(pressed.user_id, pressed.about, "")))

    def send(self, ack: Ack, body: Payload) -> None:
        """The filled-in form: a preview, or, where its words were in the one that stands there, the sending."""
        command, known = parsing.announce(body), payloads.facts(body)
        if known["seen"] and known["seen"] == views.looked_at(command.words, command.audience):
            sent = self.calls.send(command, known["announcement_id"])
            ack(response_action="update", view=views.announced(sent))
        else:
            ack(response_action="update", view=views.announcement(self.calls.preview(command)))

    def nudge(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor nudge``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.NUDGE_TITLE)
        window.show(views.nudge(self.nudges.preview(asked.user_id, asked.channel_id)))

    def nudge_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.NUDGE_TITLE)
        window.show(views.nudge(self.nudges.preview(pressed.user_id, pressed.about)))

    def nudged(self, ack: Ack, body: Payload) -> None:
        """The confirmed preview."""
        confirmed = parsing.nudge(body)
        sent = self.nudges.send(confirmed.actor, confirmed.contest_id, confirmed.nudge_id, judges=confirmed.judges)
        ack(response_action="update", view=views.nudged(sent))
