"""Answers to plain words in the direct messages."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from bot.errors import Refusal, Unavailable
from bot.rules.moments import lately
from bot.rules.phases import Phase
from bot.rules.plainwords import OF_ORGANIZERS, Wish, command_of, guess, wish_of
from bot.rules.prizes import told_of
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.accounts.handover import has_one_for, require_entitled, require_pool
from bot.usecases.accounts.letters import AccountReply
from bot.usecases.boards.boards import places_of
from bot.usecases.people.checklists import checklist_key
from bot.usecases.people.letters import HelpReply, WayReply
from bot.usecases.people.rulebook import rules_of
from bot.usecases.people.starter import starter_reply

if TYPE_CHECKING:
    from bot.usecases.desk import Desk
    from bot.usecases.messages import Message
    from models.contests import Contest

_Told: TypeAlias = "tuple[Message, str | None]"
"""What there is to say, and the id of the contest that it is about."""
MOMENT = timedelta(seconds=5)
"""So long after the checklist a greeting is answered by it."""
_SILENCE = "Slack does not answer me right now. Please ask me again in a minute."
_ABOUT_NONE = frozenset({Wish.THANKS, Wish.MINE, Wish.WITHDRAW, Wish.SUBMIT, Wish.ERASE, Wish.FORMAT, Wish.HOW})
"""These are the same everywhere, or have a window of their own, which asks or finds which contest is meant."""


@dataclass(frozen=True)
class Answers:
    """Say the right thing, with the right button."""

    desk: Desk
    commands: frozenset[str] = frozenset()
    """What may follow the slash command: one vocabulary for both."""

    def answer(self, user_id: str, channel_id: str, text: str, slack_event_id: str) -> None:
        """Answer a message, once an event: a letter to ``channel_id`` (the DM).

        Who was sent the checklist this moment, because of this message, gets nothing else for a greeting.
        """
        if not text.strip():
            return
        wish = wish_of(text)
        if wish in {None, Wish.HELLO} and self._was_just_welcomed(user_id):
            return
        reply, contest_id = self._told(user_id, channel_id, text)
        with self.desk.anyone(user_id) as work:
            # The letter's key says which event it answers: a redelivery writes no second one.
            work.contest_id = contest_id
            work.post(f"answer:{slack_event_id}", channel_id, reply)

    def _was_just_welcomed(self, user_id: str) -> bool:
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            keys = [checklist_key(contest.id, user_id) for contest in work.contests.in_phase(Phase.OPEN)]
            letters = [work.outbox.by_key(key) for key in keys]
        return any(letter is not None and lately(letter.created_at, MOMENT, now) for letter in letters)

    def reply(self, user_id: str, channel_id: str, text: str) -> Message:
        """What there is to say to these words, in that channel or in the direct messages."""
        reply, _ = self._told(user_id, channel_id, text)
        return reply

    def _told(self, user_id: str, channel_id: str, text: str) -> _Told:
        wish, command = wish_of(text), command_of(text, self.commands)
        # "judges add @judy" is an order, though "judges" alone asks who decides.
        if command is not None and (wish is None or " " in command or self._orders(command, user_id, text)):
            return WayReply(wish="", command=command), None
        if wish is None:
            return WayReply(wish="", guess=guess(text, self.commands) or ""), None
        return self._granted(wish, user_id, channel_id)

    def _orders(self, command: str, user_id: str, text: str) -> bool:
        """Whether it is an organizer's order where the same word, written by others, asks for something of their own."""
        alone = len(text.removeprefix("/kantor").split()) == 1
        return alone and command in OF_ORGANIZERS and Role.ORGANIZER in self._roles(user_id)

    def _granted(self, wish: Wish, user_id: str, channel_id: str) -> _Told:
        if wish is Wish.HELP:
            return self._help(user_id), None
        if wish is Wish.STARTER:
            return starter_reply(), None
        if wish in _ABOUT_NONE:
            return WayReply(wish=wish, prizes=self._prizes(user_id, channel_id) if wish is Wish.HOW else ()), None
        try:
            return self._about_a_contest(wish, user_id, channel_id)
        except Refusal as refusal:
            # Somebody who only says hello has asked for nothing that could be refused.
            sentence = None if wish is Wish.HELLO else refusal.sentence
            return self._help(user_id, sentence), None
        except Unavailable:
            return self._help(user_id, _SILENCE), None

    def _about_a_contest(self, wish: Wish, user_id: str, channel_id: str) -> _Told:
        who = self.desk.who
        if wish is Wish.ACCOUNT:
            contest = who.contest_for_account(user_id, channel_id)
            return self._account(user_id, contest), contest.id
        contest = who.contest_meant(user_id, channel_id)
        return self._of_contest(wish, user_id, contest), contest.id

    def _of_contest(self, wish: Wish, user_id: str, contest: Contest) -> Message:
        with self.desk.store.read() as work:
            if wish is Wish.PLACE:
                return places_of(work, contest, user_id, self.desk.clock.now())
            if wish in {Wish.RULES, Wish.DEADLINE}:
                return rules_of(work, contest, user_id, self.desk.clock.now()).model_copy(
                    update={"brief": wish is Wish.DEADLINE}
                )
            judges = work.contests.roles.has(contest.id, user_id, Role.JUDGE)
        if wish is Wish.JUDGE and not judges:
            raise Refusal(
                f"Judges are named by the organizers of *{quoted(contest.name)}*, and you are not one of them."
            )
        return WayReply(
            wish=wish, contest_name=contest.name, contest_id=contest.id, channel_id=contest.channel_id, judges=judges
        )

    def _help(self, user_id: str, sentence: str | None = None) -> HelpReply:
        first = self.desk.who.has_all_before_them(user_id)
        return HelpReply(roles=self._roles(user_id), sentence=None if first else sentence, first=first)

    def _prizes(self, user_id: str, channel_id: str) -> tuple[str, ...]:
        """Of the contest that is meant, where it is one."""
        with suppress(Refusal, Unavailable):
            return told_of(self.desk.who.contest_meant(user_id, channel_id).texts)
        return ()

    def _account(self, user_id: str, contest: Contest) -> AccountReply:
        # While Slack is silent the button is promised: its window asks again.
        with suppress(Unavailable):
            require_entitled(self.desk.who, contest, user_id)
        with self.desk.store.read() as work:
            require_pool(work, contest)
            held = work.accounts.held_by(contest.id, user_id) is not None
            had = not held and work.accounts.returns.barring(contest.id, user_id) is not None
            empty = not held and not has_one_for(work, contest, user_id, self.desk.clock.now())
        return AccountReply(contest_name=contest.name, channel_id=contest.channel_id, empty=empty, had=had)

    def _roles(self, user_id: str) -> tuple[str, ...]:
        return tuple(sorted(self.desk.who.roles_if_known(user_id)))
