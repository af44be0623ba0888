"""Listeners of the Home tab, the help, and plain words in the direct messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import letters, payloads
from handlers.people.parsing import chosen
from handlers.views import guide
from handlers.windows import open_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.people.answers import Answers
    from bot.usecases.people.onboarding import Onboarding
    from bot.usecases.people.people import People
    from handlers.payloads import Payload
    from handlers.people.homescreens import HomeScreens

_ACTS = frozenset({"block_actions", "view_submission"})


@dataclass(frozen=True)
class HomeListeners:
    """Where people look when they do not know what to do."""

    people: People
    onboarding: Onboarding
    answers: Answers
    screens: HomeScreens

    def opened(self, event: Payload) -> None:
        """Somebody looks at the Home tab, or at the messages beside it."""
        if event.get("tab") == "home":
            # What was chosen before a restart, or in another process, stands in the view itself.
            self.screens.open(event["user"], str((event.get("view") or {}).get("private_metadata") or ""))
        self.onboarding.met(event["user"])

    def choose(self, body: Payload) -> None:
        """Another contest of several."""
        choice = chosen(body)
        self.screens.open(choice.user_id, choice.value)

    def acted(self, body: Payload) -> None:
        """A listener has done what somebody asked for: what they see on their Home tab may have changed."""
        who = body.get("user") if body.get("type") in _ACTS else None
        user_id = str((who or {}).get("id") or (body.get("user_id") if body.get("command") else ""))
        if user_id:
            self.screens.used(user_id)

    def joined(self, body: Payload, next_: Callable[[], None]) -> None:
        """Somebody came into a channel. A middleware: Slack hears of the delivery after the commit."""
        self.onboarding.joined(body["event"]["user"], body["event"]["channel"])
        next_()

    def help(self, command: Payload, respond: Respond) -> None:
        """``/kantor help``; words that no other listener knew are answered as in the direct messages."""
        asked = payloads.asked(command)
        if payloads.sub_of(asked.text) is None:
            drawn = letters.draw(self.answers.reply(asked.user_id, asked.channel_id, asked.text))
            respond(text=drawn.text, blocks=list(drawn.blocks))
            return
        respond(text=guide.HELP_TEXT, blocks=guide.help_message(self.people.help(asked.user_id)))

    def help_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, guide.HELP_TITLE)
        window.show(guide.window(guide.HELP_TITLE, guide.help_message(self.people.help(pressed.user_id))))

    def words(self, body: Payload, next_: Callable[[], None]) -> None:
        """Plain words in the direct messages. A middleware: Slack hears of the delivery after the commit."""
        said = payloads.plain_words(body)
        if said:
            self.onboarding.met(said.user_id)
            self.answers.answer(said.user_id, said.channel_id, said.text, said.slack_event_id)
        next_()
