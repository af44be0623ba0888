"""What Slack gave up telling us: after an absence the bot reads what was sent meanwhile, and says so to the organizers.

And what happens to files and channels in Slack behind our back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.rules.roles import Role
from bot.usecases.letters import post
from bot.usecases.submissions.arrivals import contest_of_channel
from bot.usecases.submissions.letters import BeenAway, ChannelArchived, FileGone
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.usecases.desk import Desk
    from bot.usecases.submissions.arrivals import Upload
    from bot.usecases.submissions.submissions import Submissions
    from models.contests import Contest
    from models.store import Work


SLACKS_PATIENCE = timedelta(minutes=6)
"""Slack tells of something at once, after a minute and after five more; then never again."""
OVERLAP = timedelta(minutes=10)
"""So far before the last moment at which we were there we begin to read: a dead connection is noticed a little late, what came
then may have been under way, and two clocks are never quite the same. What we know already is not taken twice."""


@dataclass(frozen=True)
class Room:
    """Where people send files to: a contest's channel, or direct messages."""

    channel_id: str
    is_dm: bool
    begun: datetime
    """Threads that are older than this are of no contest of ours."""


class Mailbox(Protocol):
    """What people have sent, as Slack keeps it. Every call may raise Unavailable."""

    def direct_messages(self) -> Sequence[str] | None:
        """Ids of all direct messages with us; None where we are not allowed to ask."""

    def uploads(self, room: Room, since: datetime) -> Sequence[Upload]:
        """The files that people sent there after ``since``, in threads, too, the oldest first; none where we cannot see the room."""


@dataclass(frozen=True)
class Absence:
    """A time in which we may have heard nothing."""

    since: datetime | None
    """None where the machine's clock was set back meanwhile: our own note of it is of a time to come."""
    until: datetime
    read_from: datetime | None
    """From there on to look; None: from the beginning of each room's contest."""
    rooms: tuple[Room, ...]
    """Where to look for what was sent meanwhile."""
    direct: bool
    """Whether the direct messages are among them."""


@dataclass(frozen=True)
class Absences:
    """Know how long we were away, and make up for it."""

    desk: Desk
    mailbox: Mailbox
    submissions: Submissions
    overlap: timedelta = OVERLAP
    """So long before our last note of being there we may have heard nothing, and not know it."""

    def note_presence(self) -> None:
        """We are there, and nothing is left to be read."""
        with self.desk.anyone() as work:
            work.presence.note(work.now)

    def now(self) -> datetime:
        """The present moment."""
        return self.desk.clock.now()

    def begin(self, missed: datetime | None = None, doubted: datetime | None = None) -> Absence | None:
        """Back again: since when we were away, and where to look; None where we were never here before. Raises Unavailable.

        With ``missed`` this bot has been behind since then at the latest, whatever others on the same database have noted. With
        ``doubted`` it was there, but something may not have reached it since then.
        """
        now = self.now()
        with self.desk.store.read() as work:
            since = work.presence.until()
            contests = _contests_to_look_at(work, now)
        if since is None:
            return None
        since = min(since, missed) if missed is not None and since <= now else since
        rooms = [Room(contest.channel_id, is_dm=False, begun=contest.created_at) for contest in contests]
        direct = self.mailbox.direct_messages() if contests else []
        if direct:
            begun = min(contest.created_at for contest in contests)
            rooms += [Room(channel_id, is_dm=True, begun=begun) for channel_id in direct]
        is_known = since <= now
        read_from = min(each for each in (since, doubted) if each is not None) - self.overlap if is_known else None
        return Absence(since if is_known else None, now, read_from, tuple(rooms), direct is not None)

    def missed(self, absence: Absence, room: Room) -> Sequence[Upload]:
        """What was sent there meanwhile; some of it we may know. Raises Unavailable."""
        return self.mailbox.uploads(room, absence.read_from or room.begun)

    def take(self, upload: Upload) -> bool:
        """Deal with one of them as if Slack had told us in time. Whether it was a composition that we had missed."""
        return self.submissions.receive(upload)

    def end(self, absence: Absence, taken: int) -> None:
        """All has been read: the organizers learn of it, unless Slack's own repeats were enough. Safe to repeat."""
        with self.desk.anyone() as work:
            if taken or (absence.since is not None and absence.until - absence.since > SLACKS_PATIENCE):
                self._tell(work, absence, taken)
            work.presence.note(absence.until)

    def _tell(self, work: Work, absence: Absence, taken: int) -> None:
        """One letter each, however many contests somebody organizes."""
        contests = work.contests.unfinished()
        if not contests:
            return
        told = {one for contest in contests for one in work.contests.roles.holders(contest.id, Role.ORGANIZER)}
        news = BeenAway(since=absence.since, until=absence.until, taken=taken, direct=absence.direct)
        for organizer in sorted(told | self.desk.who.organizer_ids):
            key = f"away:{(absence.since or absence.until).timestamp():.0f}:{organizer}"
            post(work, key, organizer, news, absence.until, contest_id=None)


def _contests_to_look_at(work: Work, now: datetime) -> list[Contest]:
    """The contests to which files in their channels belong, one a channel."""
    channels = dict.fromkeys(contest.channel_id for contest in work.contests.newest_first())
    found = (contest_of_channel(work, channel_id, now) for channel_id in channels)
    return [contest for contest in found if contest is not None]


_KEPT = frozenset({SubmissionState.ACCEPTED, SubmissionState.LATE})


@dataclass(frozen=True)
class Mishaps:
    """Tell people what it means for the contest; nothing of theirs is lost."""

    desk: Desk

    def file_deleted(self, slack_file_id: str) -> None:
        """The author of a composition that counts learns, once, that we have kept it. A repeat says nothing.

        Of one that has not been fetched yet the check says what is to be said; of one that does not count there is nothing to say.
        """
        with self.desk.anyone() as work:
            for piece in work.submissions.of_file(slack_file_id):
                contest = work.contests.get(piece.contest_id)
                if contest is None or contest.finished_at is not None or piece.state not in _KEPT:
                    continue
                note = FileGone(title=piece.title, contest_name=contest.name, late=piece.state == SubmissionState.LATE)
                work.post_about(f"file_gone:{piece.id}", piece, note, to=piece.user_id)

    def channel_archived(self, channel_id: str, user_id: str | None, slack_event_id: str) -> None:
        """The organizers of the contest that runs there learn of it. A repeat of the event says nothing."""
        with self.desk.anyone(user_id or "slack") as work:
            contest = work.contests.running_in(channel_id)
            if contest is None or not work.events.see(slack_event_id, now=work.now):
                return
            about = work.about(contest)
            news = ChannelArchived(contest_name=contest.name, channel_id=channel_id, archived_by=user_id)
            about.post_to_organizers(f"archived:{contest.id}:{slack_event_id}", news)
            about.note("channel.archived", channel=channel_id)
