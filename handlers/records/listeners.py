"""Listeners about the data of a contest: export, audit, erasure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.records import parsing, views
from handlers.records import trail_views as trail
from handlers.windows import open_window, window_here

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.records.erasure import Erasure
    from bot.usecases.records.exports import Exports
    from bot.usecases.records.trails import Trails
    from handlers.payloads import Payload


@dataclass(frozen=True)
class RecordListeners:
    """Take a file, read the trail, erase a person."""

    exports: Exports
    trails: Trails
    erasure: Erasure

    def export(self, command: Payload, respond: Respond) -> None:
        """``/kantor export``."""
        asked = payloads.asked(command)
        respond(text=views.ordered(self.exports.ask(asked.user_id, asked.channel_id)))

    def rotation(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button in the pool's window."""
        pressed = payloads.pressed(body)
        window = window_here(client, context, body)
        window.show(views.rotation_ordered(self.exports.ask_rotation(pressed.user_id, pressed.value)))

    def audit(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor audit``, perhaps with ``@name`` or words of a title."""
        asked = parsing.trail(command)
        window = open_window(client, context, asked.trigger_id, trail.TITLE)
        window.show(trail.page(self.trails.begin(asked.user_id, asked.channel_id, asked.person, asked.words)))

    def turn(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """To another page of the trail."""
        user_id, question = parsing.trail_page(body)
        window_here(client, context, body).show(trail.page(self.trails.page(user_id, question)))

    def erase(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor erase @name``, or without a name a menu of people; ``/kantor erase me`` asks the organizers."""
        asked = payloads.asked(command)
        person = next(iter(payloads.mentioned(asked.text)), None)
        if person is not None:
            window = open_window(client, context, asked.trigger_id, views.ERASE_TITLE)
            window.show(views.erasing(self.erasure.preview(asked.user_id, person)))
        elif parsing.wants_own(asked.text):
            client.views_open(trigger_id=asked.trigger_id, view=views.asking())
        else:
            window = open_window(client, context, asked.trigger_id, views.ERASE_TITLE)
            self.erasure.people.require_organizer(asked.user_id)
            window.show(views.choosing())

    def chosen(self, ack: Ack, body: Payload) -> None:
        """The person that an organizer chose from the menu."""
        actor, user_id = parsing.chosen(body)
        ack(response_action="update", view=views.erasing(self.erasure.preview(actor, user_id)))

    def erase_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button in the letter that passes on somebody's wish."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.ERASE_TITLE)
        window.show(views.erasing(self.erasure.preview(pressed.user_id, pressed.value)))

    def erased(self, ack: Ack, body: Payload) -> None:
        """The confirmed preview."""
        confirmed = parsing.erase(body)
        done = self.erasure.erase(confirmed.actor, confirmed.user_id, confirmed.typed_name)
        ack(response_action="update", view=views.erased(done))

    def ask_erasure(self, body: Payload, client: WebClient) -> None:
        """The button in the answer to somebody's plain words."""
        client.views_open(trigger_id=payloads.pressed(body).trigger_id, view=views.asking())

    def erasure_asked(self, ack: Ack, body: Payload) -> None:
        """The person's own wish, confirmed."""
        self.erasure.ask(body["user"]["id"])
        ack(response_action="update", view=views.asked())
