"""Listeners about contests: new, status, next phase, judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import zone
from bot.rules.phases import Phase
from handlers import payloads
from handlers.contests import views
from handlers.contests.staff_views import nobody_mentioned
from handlers.ids import Sub
from handlers.views import guide
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.ports import Clock, Directory
    from bot.usecases.contests.contests import Contests
    from bot.usecases.people.people import People
    from handlers.payloads import Payload
    from handlers.windows import Window


@dataclass(frozen=True)
class ContestListeners:
    """Commands and buttons were acknowledged before they come here; submissions are acknowledged after the commit."""

    contests: Contests
    people: People
    directory: Directory
    clock: Clock

    def new(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor contest new``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.NEW_TITLE)
        self._fill_new(window, asked.user_id, asked.channel_id)

    def new_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The Home button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.NEW_TITLE)
        self._fill_new(window, pressed.user_id, "")

    def create(self, ack: Ack, body: Payload) -> None:
        """The submitted modal of a new contest."""
        ack(response_action="update", view=views.created(self.contests.create(payloads.new_contest(body))))

    def status(self, command: Payload, respond: Respond) -> None:
        """``/kantor status``."""
        asked = payloads.asked(command)
        status = self.contests.status(asked.user_id, asked.channel_id, is_there=True)
        respond(text=views.status_text(status), blocks=views.status(status))

    def status_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The Home button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.STATUS_TITLE)
        status = self.contests.status(pressed.user_id, pressed.about)
        window.show(guide.window(views.STATUS_TITLE, views.status(status)))

    def preview(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor phase next``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.PHASE_TITLE)
        window.show(views.phase_preview(self.contests.preview_next(asked.user_id, asked.channel_id)))

    def preview_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The Home button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.PHASE_TITLE)
        window.show(views.phase_preview(self.contests.preview_next(pressed.user_id, pressed.about)))

    def advance(self, ack: Ack, body: Payload) -> None:
        """The confirmed preview."""
        confirmed = payloads.advance(body)
        contest = self.contests.advance(confirmed.actor, confirmed.contest_id, confirmed.expected)
        ack(response_action="update", view=views.advanced(contest))

    def finish(self, body: Payload, client: WebClient) -> None:
        """The button that ends a contest, after its question."""
        pressed = payloads.pressed(body)
        contest_id, _, expected = pressed.value.partition(":")
        contest = self.contests.advance(pressed.user_id, contest_id, Phase(expected))
        client.views_update(view_id=body["view"]["id"], view=views.advanced(contest))

    def add_judges(self, command: Payload, respond: Respond) -> None:
        """``/kantor judges add @...``."""
        asked = payloads.asked(command)
        judges = payloads.mentioned(asked.text)
        if not judges:
            raise Refusal(nobody_mentioned(asked.text, Sub.JUDGES_ADD))
        respond(text=views.judges_added(self.contests.add_judges(asked.user_id, asked.channel_id, judges)))

    def _fill_new(self, window: Window, user_id: str, channel_id: str) -> None:
        self.people.require_organizer(user_id)
        time_zone = self.directory.profile(user_id).time_zone
        today = self.clock.now().astimezone(zone(time_zone) or UTC).date()
        # A contest lives in a channel: a command from a direct message leaves the choice open.
        channel = None if channel_id.startswith("D") else channel_id or None
        window.show(views.new_contest(views.Prefill(time_zone, channel, today)))
