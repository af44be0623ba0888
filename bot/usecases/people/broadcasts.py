"""Announcements: an organizer's own words to the channel, or to people, after a look at how they will read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.roles import Role
from bot.usecases.letters import Draft, post_all
from bot.usecases.people.letters import Announcement
from bot.usecases.people.nudges import taking_part

if TYPE_CHECKING:
    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work

MAX_WORDS = 2_500
"""Characters of an announcement: with its escapes it stays one section."""


class Audience(StrEnum):
    """Whom an announcement is for."""

    CHANNEL = "channel"
    PARTICIPANTS = "participants"
    """All we know of who take part: with a composition, an account (or the wish for one), or a welcome."""
    JUDGES = "judges"


@dataclass(frozen=True)
class AnnouncementDraft:
    """An announcement as it is being written."""

    contest_id: str
    contest_name: str
    channel_id: str
    words: str
    audience: Audience
    recipients: dict[Audience, int]
    """How many messages it would be, by audience."""
    announcement_id: str
    """Set once the words have been looked at: what is confirmed with it goes out once."""


@dataclass(frozen=True)
class Announce:
    """The filled-in modal."""

    actor: str
    contest_id: str
    words: str
    audience: Audience


@dataclass(frozen=True)
class Announced:
    """What went out."""

    channel_id: str
    audience: Audience
    recipients: int


@dataclass(frozen=True)
class Calls:
    """Write, look, send."""

    desk: Desk

    def begin(self, actor: str, channel_id: str, words: str) -> AnnouncementDraft:
        """An empty announcement, or one that begins with these words. Raises Refusal for people who are no organizers."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        self.desk.who.require_organizer(actor, contest.id)
        return self._draft(contest, words[:MAX_WORDS], Audience.CHANNEL, "")

    def preview(self, command: Announce) -> AnnouncementDraft:
        """How it will read, and to how many it goes. Raises Refusal."""
        contest = self._allowed(command)
        return self._draft(contest, command.words.strip(), command.audience, self.desk.ids.new())

    def send(self, command: Announce, announcement_id: str) -> Announced:
        """Send what was looked at. Repeating it says nothing twice. Raises Refusal."""
        contest = self._allowed(command)
        here = self._here(contest, command.audience)
        letter = Announcement(contest_name=contest.name, sent_by=command.actor, words=command.words.strip())
        with self.desk.organizer(command.actor, contest.id) as work:
            contest = work.contest
            to = _recipients(work, contest, command.audience, here)
            if not to:
                raise Refusal("There is nobody to send that to yet. Please choose somebody else.", field="audience")
            drafts = [Draft(f"announce:{announcement_id}:{each}", each, letter, contest_id=contest.id) for each in to]
            fresh = not work.outbox.known([draft.key for draft in drafts])
            post_all(work, drafts, work.now)
            if fresh:
                work.note("announcement.sent", audience=command.audience.value, recipients=len(to), words=letter.words)
        return Announced(contest.channel_id, command.audience, len(to))

    def _allowed(self, command: Announce) -> Contest:
        with self.desk.organizer(command.actor, command.contest_id, reads=True) as work:
            contest = work.contest
        if not command.words.strip():
            raise Refusal("Please write what I shall say.", field="announcement")
        return contest

    def _here(self, contest: Contest, audience: Audience) -> frozenset[str]:
        """Who is in the channel: nobody gets a message about a contest that they have left."""
        return (
            self.desk.who.directory.everybody_in(contest.channel_id)
            if audience is Audience.PARTICIPANTS
            else frozenset()
        )

    def _draft(self, contest: Contest, words: str, audience: Audience, announcement_id: str) -> AnnouncementDraft:
        here = self.desk.who.directory.everybody_in(contest.channel_id)
        with self.desk.store.read() as work:
            counts = {each: len(_recipients(work, contest, each, here)) for each in Audience}
        return AnnouncementDraft(contest.id, contest.name, contest.channel_id, words, audience, counts, announcement_id)


def _recipients(work: Work, contest: Contest, audience: Audience, here: frozenset[str]) -> list[str]:
    if audience is Audience.CHANNEL:
        return [contest.channel_id]
    if audience is Audience.JUDGES:
        return work.contests.roles.holders(contest.id, Role.JUDGE)
    return [person for person in taking_part(work, contest) if person in here]
