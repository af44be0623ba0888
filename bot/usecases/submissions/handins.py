"""Compositions that come by a window: new ones, and new versions of what is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import left
from bot.rules.phases import Arrival, Intake
from bot.usecases.finding import known
from bot.usecases.submissions.arrivals import Incoming, Upload, contest_for_person, deadline_of, entry_into, look_in
from bot.usecases.submissions.latefiles import tell_of_late_file
from bot.usecases.submissions.letters import Receipt
from bot.usecases.submissions.submissions import require_ours
from bot.usecases.submissions.versions import standing_version
from bot.usecases.who import remember

if TYPE_CHECKING:
    from bot.usecases.desk import Errand
    from bot.usecases.submissions.arrivals import Entry
    from bot.usecases.submissions.submissions import Submissions
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

FRESH = timedelta(minutes=10)
"""A file that reached Slack so long before its window was sent in counts from then; an older one from that moment."""


@dataclass(frozen=True)
class WindowFile:
    """A file that somebody put into a window."""

    file_id: str
    filename: str
    mimetype: str
    filetype: str
    size: int
    created_at: datetime
    """When it reached Slack."""


@dataclass(frozen=True)
class HandIn:
    """The submitted window. A Refusal's ``field`` is ``file``."""

    user_id: str
    contest_id: str
    title: str
    """Empty where the file's name gives it."""
    file: WindowFile
    replaces: str = ""
    """Id of a version of the composition that it is a new version of; empty for a new composition."""


@dataclass(frozen=True)
class OpenDoor:
    """A contest that takes something from the person now."""

    contest_id: str
    name: str
    deadline: datetime
    """The person's own."""
    time_zone: str
    """The person's."""
    used: int
    limit: int
    late: bool
    """Whether it would be late, and wait for a decision."""
    left: str = ""
    """How long it is until the deadline (``bot.rules.moments.left``)."""


@dataclass(frozen=True)
class HandInForm:
    """What the window shows: where something can be handed in, the likeliest contest first."""

    contests: tuple[OpenDoor, ...]
    replaces: str = ""
    title: str = ""
    """Of the composition that is replaced."""
    standing: int | None = None
    """The version of it that counts."""
    instead_of: tuple[tuple[str, str], ...] = ()
    """Where all that the contest takes from the person are in: id and title of each, of which the file can be a new version."""


@dataclass(frozen=True)
class HandedIn:
    """It has come in."""

    receipt: Receipt
    late: bool


@dataclass(frozen=True)
class HandIns:
    """Show the window, and take what is sent in."""

    submissions: Submissions

    def form(self, user_id: str, channel_id: str) -> HandInForm:
        """The window for a new composition; the contest of that channel comes first. Raises Refusal where none takes it."""
        member_of = self.submissions.memberships(user_id, in_doubt=True)
        incoming = Incoming.just(user_id, self.submissions.desk.clock.now())
        with self.submissions.desk.store.read() as work:
            theirs = [contest for contest in work.contests.unfinished() if contest.id in member_of]
            taking = [one for one in theirs if one.intake != Intake.CHANNEL and incoming.takes(work, one)]
            if not taking:
                contest = contest_for_person(work, incoming, member_of)
                look_in(work, incoming, contest, private=True)
                taking = [contest]
            taking.sort(key=lambda contest: contest.channel_id != channel_id)
            with_room = [contest for contest in taking if not _is_full(work, contest, user_id)]
            if not with_room:
                return _instead(work, incoming, taking[0])
            taking = with_room
            return HandInForm(tuple(_open_door(work, incoming, contest) for contest in taking))

    def replacement(self, user_id: str, submission_id: str) -> HandInForm:
        """The window for a new version of that composition. Raises Refusal where it is not theirs, or cannot be replaced now."""
        incoming = Incoming.just(user_id, self.submissions.desk.clock.now())
        with self.submissions.desk.store.read() as work:
            piece, contest = require_own(work, user_id, submission_id)
            look_in(work, incoming, contest, private=True)
            # What was refused or withdrawn has no place of its own any more, and there may be none left.
            if _is_full(work, contest, user_id) and piece.root_id not in work.submissions.counting(contest.id, user_id):
                return _instead(work, incoming, contest)
            return HandInForm(
                contests=(_open_door(work, incoming, contest),),
                replaces=piece.id,
                title=piece.title,
                standing=standing_version(work, piece.root_id),
            )

    def hand_in(self, command: HandIn) -> HandedIn:
        """Take it down with its job and its receipt. Safe to repeat. Raises Refusal, with the field ``file``."""
        author = self.submissions.stranger(command.user_id)
        member_of = self.submissions.memberships(command.user_id, in_doubt=True)
        now = self.submissions.desk.clock.now()
        upload = _upload(command, now)
        incoming = Incoming(user_id=command.user_id, uploaded_at=upload.uploaded_at, now=now)
        with self.submissions.desk.anyone(command.user_id) as work:
            try:
                require_ours(author)
                if author is not None:
                    remember(work, author, now)
                return self._take(work, command, upload, incoming, member_of)
            except Refusal as refusal:
                raise Refusal(refusal.sentence, field="file") from refusal

    def _take(
        self, work: Errand, command: HandIn, upload: Upload, incoming: Incoming, member_of: frozenset[str]
    ) -> HandedIn:
        replaced, found = None, work.contests.get(command.contest_id)
        if command.replaces:
            replaced, found = require_own(work, command.user_id, command.replaces)
        found = known(found)
        if replaced is None and found.id not in member_of:
            raise Refusal(f"Please join <#{found.channel_id}> first: the contest is for the people there.")
        entry = entry_into(work, incoming, found, private=True)
        incoming = replace(incoming, now=work.now)
        taken = self.submissions.take(work, entry, upload, incoming, replaced)
        if taken is None:
            return _again(work, entry, upload)
        submission, receipt = taken
        late = entry.outcome is Arrival.LATE
        if late:
            tell_of_late_file(work.about(entry.contest), submission, receipt)
        else:
            work.post_about(f"receipt:{submission.id}", submission, receipt)
        return HandedIn(receipt, late)


def require_own(work: Work, user_id: str, submission_id: str) -> tuple[Submission, Contest]:
    """The person's own composition with its contest. Raises Refusal where it is not theirs, or is gone."""
    piece = work.submissions.get(submission_id)
    contest = None if piece is None else work.contests.get(piece.contest_id)
    if piece is None or contest is None or piece.user_id != user_id:
        raise Refusal("I cannot find that composition among yours. `/kantor mine` shows what there is.")
    return piece, contest


def _is_full(work: Work, contest: Contest, user_id: str) -> bool:
    return len(work.submissions.counting(contest.id, user_id)) >= contest.submission_limit


def _instead(work: Work, incoming: Incoming, contest: Contest) -> HandInForm:
    """The window where there is room for new versions only."""
    roots = work.submissions.counting(contest.id, incoming.user_id)
    pieces = {
        one.root_id: one for one in work.submissions.of_person(contest.id, incoming.user_id) if one.root_id in roots
    }
    return HandInForm(
        contests=(_open_door(work, incoming, contest),),
        instead_of=tuple((piece.id, piece.title) for piece in pieces.values()),
    )


def _open_door(work: Work, incoming: Incoming, contest: Contest) -> OpenDoor:
    deadline = deadline_of(work, contest, incoming.user_id)
    return OpenDoor(
        contest_id=contest.id,
        name=contest.name,
        deadline=deadline,
        time_zone=work.people.zone_of(incoming.user_id, contest.time_zone),
        used=len(work.submissions.counting(contest.id, incoming.user_id)),
        limit=contest.submission_limit,
        late=not incoming.takes(work, contest),
        left=left(deadline, incoming.now),
    )


def _upload(command: HandIn, now: datetime) -> Upload:
    file = command.file
    return Upload(
        file_id=file.file_id,
        user_id=command.user_id,
        channel_id=command.user_id,
        is_dm=True,
        message_ts="",
        thread_ts=None,
        filename=file.filename,
        mimetype=file.mimetype,
        filetype=file.filetype,
        size=file.size,
        is_empty=file.size == 0,
        taken_at=min(file.created_at, now) if now - file.created_at <= FRESH else now,
        title=command.title,
    )


def _again(work: Work, entry: Entry, upload: Upload) -> HandedIn:
    """The window was sent in twice: what the first time said."""
    piece = work.submissions.by_file(entry.contest.id, upload.file_id)
    if piece is None:
        raise Refusal("I lost sight of that file. Please send the window in once more.")
    limit = entry.contest.submission_limit
    used = len(work.submissions.counting(entry.contest.id, upload.user_id))
    receipt = Receipt(name=piece.name, title=piece.title, number=used, limit=limit, version=piece.version)
    return HandedIn(receipt, entry.outcome is Arrival.LATE)
