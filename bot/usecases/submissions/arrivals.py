"""A file that somebody sent, as Slack tells of it: which contest it is for, and whether that takes it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.fileformats import is_plainly_other, looks_like_midi
from bot.rules.moments import spoken
from bot.rules.phases import Arrival, Intake, arrival
from bot.rules.words import quoted
from bot.usecases.finding import contest_in, listed
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.usecases.desk import Errand
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


_GOODBYE = timedelta(days=7)
"""So long after a contest's end a MIDI file in its channel is answered; after that the channel is free for other music."""

_COUNTING = frozenset({Arrival.TAKEN, Arrival.GRACE})


@dataclass(frozen=True)
class Incoming:
    """An upload on its way in: whose it is, when Slack took it, and what time it is now."""

    user_id: str
    uploaded_at: datetime
    now: datetime

    @classmethod
    def just(cls, user_id: str, now: datetime) -> Incoming:
        """One that would be taken at this moment."""
        return cls(user_id, now, now)

    def outcome(self, work: Work, contest: Contest) -> Arrival:
        """What becomes of it in that contest."""
        return self._intake(work, contest, self.counts_from(work, contest))

    def takes(self, work: Work, contest: Contest) -> bool:
        """Whether it would count there."""
        return self.outcome(work, contest) in _COUNTING

    def counts_from(self, work: Work, contest: Contest) -> datetime:
        """When it counts as sent: where it is too late, and replaces one that we failed to check, when that one was."""
        if self._intake(work, contest, self.uploaded_at) not in {Arrival.LATE, Arrival.CLOSED}:
            return self.uploaded_at
        failed = standing_failure(work, contest.id, self.user_id)
        return self.uploaded_at if failed is None else failed.uploaded_at

    def seconds_late(self, work: Work, contest: Contest) -> int:
        """By how much it missed the person's own deadline, rounded up; 0 where it did not."""
        late = self.counts_from(work, contest) - deadline_of(work, contest, self.user_id)
        return max(0, ceil(late.total_seconds()))

    def _intake(self, work: Work, contest: Contest, moment: datetime) -> Arrival:
        extension = work.contests.extension(contest.id, self.user_id)
        return arrival(
            contest.phase,
            moment,
            contest.deadline,
            contest.judging_at,
            extended_to=None if extension is None else extension.until,
            grace=timedelta(seconds=contest.grace_seconds),
        )


@dataclass(frozen=True)
class Entry:
    """A contest that takes an upload, locked, and how: ``TAKEN``, ``GRACE`` or ``LATE``."""

    contest: Contest
    outcome: Arrival


def deadline_of(work: Work, contest: Contest, user_id: str) -> datetime:
    """Until when that person may send something in: the contest's deadline, or their own where that is later."""
    extension = work.contests.extension(contest.id, user_id)
    return contest.deadline if extension is None else max(contest.deadline, extension.until)


def contest_of_channel(work: Work, channel_id: str, now: datetime) -> Contest | None:
    """The contest that the channel's files are for; None where there is none to speak of."""
    found = contest_in(work, channel_id)
    if found is None or (found.finished_at is not None and now - found.finished_at > _GOODBYE):
        return None
    return found


def contest_for_person(work: Work, incoming: Incoming, member_of: Collection[str]) -> Contest:
    """The one contest that a file in the direct messages can be for. Raises Refusal where it is none, or not just one.

    Args:
        work: The unit of work.
        incoming: The upload.
        member_of: Ids of the contests in whose channels the person is.
    """
    running = work.contests.unfinished()
    theirs = [contest for contest in running if contest.id in member_of]
    taking = [contest for contest in theirs if incoming.takes(work, contest)]
    private = [contest for contest in taking if contest.intake != Intake.CHANNEL]
    if len(private) > 1:
        raise Refusal(
            f"Several contests are open, {listed(private)}, and I cannot tell which one this is for. "
            "Please hand it in with `/kantor submit`, which lets you choose."
        )
    found = private or taking
    if not found and len(theirs) != 1:
        raise Refusal(_nothing_open([one for one in running if incoming.takes(work, one)], theirs))
    return (found or theirs)[0]


def entry_into(work: Errand, incoming: Incoming, found: Contest, *, private: bool) -> Entry:
    """Go in, and lock the contest. Raises Refusal where its door is closed, or not for files in the direct messages."""
    # The lock comes before the look: the contest may move on, and the person's other upload come in, at this very moment.
    contest = work.lock(found.id) or found
    return look_in(work, incoming, contest, private=private)


def look_in(work: Work, incoming: Incoming, contest: Contest, *, private: bool) -> Entry:
    """As ``entry_into``, without the lock: for a look before anybody sends anything."""
    outcome = incoming.outcome(work, contest)
    if outcome not in {*_COUNTING, Arrival.LATE}:
        raise Refusal(_closed(contest, outcome))
    if private and contest.intake == Intake.CHANNEL:
        raise Refusal(
            f"*{quoted(contest.name)}* takes compositions in <#{contest.channel_id}> only, where everybody can see them. "
            "Please upload the file there; a new version goes into the thread of the first."
        )
    return Entry(contest, outcome)


def standing_failure(work: Work, contest_id: str, user_id: str) -> Submission | None:
    """The first of the person's ``standing_failures``; None without one."""
    return next(iter(standing_failures(work, contest_id, user_id)), None)


def standing_failures(work: Work, contest_id: str, user_id: str) -> list[Submission]:
    """The person's compositions that we failed to check and that nothing of theirs has replaced since.

    What they sent in after a failure replaces it, unless it was refused. A replacement may fail in its turn.
    """
    pieces = work.submissions.of_person(contest_id, user_id)
    if all(piece.state != SubmissionState.FAILED for piece in pieces):
        return []
    standing: list[Submission] = []
    moments = [(piece.received_at, "replaces", piece) for piece in pieces if piece.state != SubmissionState.REFUSED]
    moments += [(piece.failed_at, "fails", piece) for piece in pieces if piece.failed_at is not None]
    for _, what, piece in sorted(moments, key=lambda moment: moment[:2]):
        if what == "fails":
            standing.append(piece)
        elif standing:
            standing.pop(0)
    return standing


def _nothing_open(elsewhere: Collection[Contest], theirs: Collection[Contest]) -> str:
    if elsewhere and not theirs:
        return f"Please join the channel of the contest first, then send me the file again: {listed(elsewhere)}."
    return "No contest is open for compositions now. Please keep the file, and watch the channel of your contest."


def _closed(contest: Contest, outcome: Arrival) -> str:
    name = f"*{quoted(contest.name)}*"
    if outcome is Arrival.TOO_EARLY:
        return f"{name} is not open yet. Please keep the file and upload it again once I say in <#{contest.channel_id}> that it is."
    if outcome is Arrival.CLOSED:
        began = spoken(contest.judging_at or contest.deadline, contest.time_zone)
        return f"The judging of {name} began on {began}, so it takes no more compositions. If something kept you, please tell an organizer, who can give you more time."
    return f"{name} is over, so it takes no more compositions. `/kantor board` shows how it ended."


@dataclass(frozen=True)
class Upload:
    """One file of a message."""

    file_id: str
    user_id: str
    channel_id: str
    is_dm: bool
    message_ts: str
    """Slack's time of the message, such as ``1790000000.000100``: it decides about the deadline."""
    thread_ts: str | None
    filename: str
    mimetype: str
    filetype: str
    size: int
    taken_at: datetime | None = None
    """When it counts as sent, where it came by a window; None where the message's time says it."""
    title: str = ""
    """As the person wrote it; empty where the file's name gives it."""
    is_empty: bool = False
    """Whether Slack says that it has no bytes; a ``size`` of 0 may also mean that Slack does not say."""

    @property
    def uploaded_at(self) -> datetime:
        """When Slack took it."""
        if self.taken_at is not None:
            return self.taken_at
        seconds, _, fraction = self.message_ts.partition(".")
        micros = int(fraction[:6].ljust(6, "0"))
        return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=micros)

    @property
    def mark(self) -> str:
        """Tells this file of this message from all others, whichever way we hear of it.

        A digest: an erasure takes the person's ids out of every table, and their file must not come in anew afterwards.
        """
        return sha256(f"{self.channel_id}:{self.message_ts}:{self.file_id}".encode()).hexdigest()

    @property
    def looks_like_midi(self) -> bool:
        """Whether name or type say MIDI; the bytes are looked at later."""
        return looks_like_midi(self.filename, self.mimetype, self.filetype)

    @property
    def is_plainly_other(self) -> bool:
        """Whether nobody needs to look at the bytes to say that it is no MIDI."""
        return is_plainly_other(self.filename, self.mimetype, self.filetype)
