"""Listeners of the Home tab, help, plain words, rules, the starter kit, announcements and reminders."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.usecases.people.broadcasts import Announce, Audience
from handlers import payloads
from handlers.commands import Sub, sub_of
from handlers.ids import Action, Block, Callback
from handlers.people import dutyviews, parsing, views
from handlers.routes import on, submitted
from handlers.views import guide
from handlers.views.drawn import Drawn, draw
from handlers.views.text import channel, name

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Respond

    from bot.usecases.messages import Message
    from bot.usecases.people.answers import Answers
    from bot.usecases.people.broadcasts import Calls
    from bot.usecases.people.cards import Cards
    from bot.usecases.people.checklists import Onboarding
    from bot.usecases.people.home import People
    from bot.usecases.people.nudges import Nudges
    from bot.usecases.people.recruiting import Recruiting
    from bot.usecases.people.rulebook import Rulebook
    from bot.usecases.people.starter import StarterKit
    from bot.usecases.people.volunteering import Volunteering
    from handlers.payloads import Payload, Pressed, Sent
    from handlers.people.homescreens import HomeScreens
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


_ACTS = frozenset({"block_actions", "view_submission"})


@dataclass(frozen=True)
class HomeListeners:
    """Where people look when they do not know what to do."""

    people: People
    onboarding: Onboarding
    answers: Answers
    screens: HomeScreens
    draw: Callable[[Message], Drawn]
    """Of whatever topic the answer is."""

    def opened(self, event: Payload) -> None:
        """Somebody looks at the Home tab, or at the messages beside it."""
        if event.get("tab") == "home":
            # What was chosen before a restart, or in another process, stands in the view itself.
            self.screens.open(event["user"], str((event.get("view") or {}).get("private_metadata") or ""))
        self.onboarding.met(event["user"])

    @on(Action.CHOOSE_CONTEST)
    def choose(self, pressed: Pressed) -> None:
        """Another contest of several."""
        self.screens.open(pressed.user_id, pressed.value)

    def acted(self, body: Payload, respond: Respond) -> None:
        """A listener has done what somebody asked for: what they see on their Home tab may have changed."""
        self.say_which(body, respond)
        who = body.get("user") if body.get("type") in _ACTS else None
        user_id = str((who or {}).get("id") or (body.get("user_id") if body.get("command") else ""))
        if user_id:
            self.screens.used(user_id)

    def say_which(self, body: Payload, respond: Respond) -> None:
        """After a command about a contest, in a channel without one: which contest was taken, where it could have been another."""
        sub = sub_of(body.get("text", "")) if "command" in body else None
        if sub is None or sub.row.wherever or body["channel_id"].startswith("D"):
            return
        with suppress(Unavailable):
            contest = self.people.meant_from_outside(body["user_id"], body["channel_id"])
            if contest is not None:
                respond(text=_which(contest.name, contest.channel_id))

    def joined(self, body: Payload, next_: Callable[[], None]) -> None:
        """Somebody came into a channel. A middleware: Slack hears of the delivery after the commit."""
        self.onboarding.joined(body["event"]["user"], body["event"]["channel"])
        next_()

    @on(Sub.HELP)
    def help(self, asked: Asked) -> Drawn:
        """How a contest goes, and what there is to type."""
        roles, first = self.people.help(asked.user_id), self.people.desk.who.has_all_before_them(asked.user_id)
        return Drawn(guide.HELP_TEXT, tuple(guide.help_message(roles, first=first)))

    def other(self, asked: Asked) -> Drawn:
        """Words that are no command are answered as in the direct messages."""
        return self.draw(self.answers.reply(asked.user_id, asked.channel_id, asked.words))

    def words(self, body: Payload, next_: Callable[[], None]) -> None:
        """Plain words in the direct messages. A middleware: Slack hears of the delivery after the commit."""
        said = payloads.plain_words(body)
        if said:
            self.onboarding.met(said.user_id)
            self.answers.answer(said.user_id, said.channel_id, said.text, said.slack_event_id)
        next_()


def _which(contest: str, channel_id: str) -> str:
    """After a command in a channel without a contest: the one that was taken."""
    there = channel(channel_id)
    return f"This channel has no contest of its own, so that was about *{name(contest)}* in {there}. For another one, ask in its channel."


@dataclass(frozen=True)
class CallListeners:
    """First a look at what goes out, then the sending."""

    calls: Calls
    nudges: Nudges

    @on(Sub.ANNOUNCE)
    def announce(self, asked: Asked) -> View:
        """The form, with what was typed behind the command."""
        return views.announcement(self.calls.begin(asked.user_id, asked.channel_id, asked.words))

    @submitted(Callback.ANNOUNCE)
    def send(self, sent: Sent) -> View:
        """The filled-in form: a preview, or, where its words were in the one that stands there, the sending."""
        command, known = announce(sent), sent.facts
        if known["seen"] and known["seen"] == views.looked_at(command.words, command.audience):
            done = self.calls.send(command, known["announcement_id"])
            return views.announced(done)
        return views.announcement(self.calls.preview(command))

    @on(Sub.NUDGE)
    def nudge(self, asked: Asked) -> View:
        """Whom it would go to."""
        return views.nudge(self.nudges.preview(asked.user_id, asked.channel_id))

    @submitted(Callback.NUDGE)
    def nudged(self, sent: Sent) -> View:
        """The confirmed preview."""
        judges = sent.facts["judges"] == "yes"
        done = self.nudges.send(sent.user_id, sent.contest_id, sent.facts["nudge_id"], judges=judges)
        return views.nudged(done)


@dataclass(frozen=True)
class DutyListeners:
    """People are asked for help, and answer."""

    recruiting: Recruiting
    volunteering: Volunteering

    @on(Sub.JUDGES_ASK)
    def form(self, asked: Asked) -> View:
        """Whom, and for what."""
        people = payloads.mentioned(asked.words)
        return dutyviews.asking(self.recruiting.form(asked.user_id, asked.channel_id, people))

    @submitted(Callback.ASK_DUTY)
    def ask(self, sent: Sent) -> View:
        """The filled-in form."""
        return dutyviews.asked(self.recruiting.ask(parsing.ask(sent)))

    @on(Action.WITHDRAW_DUTY)
    def withdraw(self, pressed: Pressed, respond: Respond, windows: Windows) -> None:
        """The button in the list."""
        text = dutyviews.withdrawn(self.recruiting.withdraw(pressed.user_id, pressed.value))
        if pressed.in_modal:
            windows.here().show(lambda: guide.notice(dutyviews.TITLE, text))
        else:
            respond(text=text, response_type="ephemeral", replace_original=False)

    @on(Action.ACCEPT_DUTY)
    def accept(self, pressed: Pressed, respond: Respond) -> None:
        """Yes."""
        text = dutyviews.replied(self.volunteering.accept(pressed.user_id, pressed.value))
        respond(text=text, response_type="ephemeral", replace_original=False)

    @on(Action.DECLINE_DUTY)
    def declining(self, pressed: Pressed, windows: Windows) -> None:
        """No: a window takes a word why."""
        windows.put(dutyviews.declining(self.volunteering.declining(pressed.user_id, pressed.value)))

    @submitted(Callback.DECLINE_DUTY)
    def decline(self, sent: Sent) -> View:
        """That window."""
        done = self.volunteering.decline(sent.user_id, sent.facts["request_id"], sent.text(Block.REASON))
        return guide.notice("Thank you", dutyviews.replied(done))


@dataclass(frozen=True)
class RuleListeners:
    """Tell the rules."""

    rulebook: Rulebook

    @on(Sub.RULES)
    def show(self, asked: Asked) -> Drawn:
        """What holds for whoever asks."""
        return draw(self.rulebook.rules(asked.user_id, asked.channel_id))

    @on(Sub.RULES_FILE)
    def send(self, asked: Asked) -> str:
        """To the direct messages."""
        return views.rules_sent(self.rulebook.send(asked.user_id, asked.channel_id))


@dataclass(frozen=True)
class CardListeners:
    """Whether somebody gets the judges' feedback."""

    cards: Cards

    @on(Sub.CARDS)
    def switch(self, asked: Asked) -> str:
        """The other way than it was."""
        return views.cards(on=self.cards.switch(asked.user_id))


@dataclass(frozen=True)
class StarterListeners:
    """Show how to come by a MIDI file, and send a melody to begin with."""

    kit: StarterKit

    @on(Sub.STARTER)
    def show(self, asked: Asked) -> View:  # noqa: ARG002 - the same for everybody
        """The kit."""
        return views.window((melody.key, melody.title) for melody in self.kit.offered())

    @on(Action.STARTER_MELODY)
    def send(self, pressed: Pressed, windows: Windows) -> None:
        """A melody was chosen: it goes to the person's direct messages."""
        melody = self.kit.send(pressed.user_id, pressed.value, pressed.wish)
        if pressed.in_modal:
            windows.here().show(lambda: views.sent(melody.title))


@payloads.as_we_sent_it()
def announce(sent: Sent) -> Announce:
    """The filled-in announcement."""
    return Announce(sent.user_id, sent.contest_id, sent.text(Block.ANNOUNCEMENT), Audience(sent.text(Block.AUDIENCE)))
