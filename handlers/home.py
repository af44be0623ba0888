"""Listeners of the Home tab, the help, and plain words in the direct messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.views import guide
from handlers.views import home as views
from handlers.windows import open_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.answers import Answers
    from bot.usecases.onboarding import Onboarding
    from bot.usecases.people import People
    from handlers.payloads import Payload


@dataclass(frozen=True)
class HomeListeners:
    """Where people look when they do not know what to do."""

    people: People
    onboarding: Onboarding
    answers: Answers

    def opened(self, event: Payload, client: WebClient) -> None:
        """Somebody looks at the Home tab, or at the messages beside it."""
        if event.get("tab") == "home":
            client.views_publish(user_id=event["user"], view=views.home(self.people.home(event["user"])))
        self.onboarding.met(event["user"])

    def joined(self, body: Payload, next_: Callable[[], None]) -> None:
        """Somebody came into a channel. A middleware: Slack hears of the delivery after the commit."""
        self.onboarding.joined(body["event"]["user"], body["event"]["channel"])
        next_()

    def help(self, command: Payload, respond: Respond) -> None:
        """``/kantor help``, and words that no other listener knew."""
        asked = payloads.asked(command)
        unknown = asked.text if payloads.sub_of(asked.text) is None else ""
        blocks = guide.help_message(self.people.help(asked.user_id), unknown)
        respond(text=guide.HELP_TEXT, blocks=blocks)

    def help_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, guide.HELP_TITLE)
        window.show(guide.window(guide.HELP_TITLE, guide.help_message(self.people.help(pressed.user_id))))

    def words(self, body: Payload, next_: Callable[[], None]) -> None:
        """Plain words in the direct messages. A middleware: Slack hears of the delivery after the commit."""
        said = payloads.plain_words(body)
        if said:
            welcomed = self.onboarding.met(said.user_id)
            self.answers.answer(said.user_id, said.channel_id, said.text, said.slack_event_id, welcomed=welcomed)
        next_()
