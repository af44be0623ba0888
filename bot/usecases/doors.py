"""Which contest an upload is for, and whether its door is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import spoken
from bot.rules.phases import Intake, Phase, intake
from bot.usecases.finding import listed
from models.submission import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.contest import Contest
    from models.store import Work
    from models.submission import Submission

_GOODBYE = timedelta(days=7)
"""So long after a contest's end a MIDI file in its channel is answered; after that the channel is free for other music."""

FAILED = "submission.failed"
"""The audit trail's word for a composition that we could not check."""


@dataclass(frozen=True)
class Door:
    """An upload on its way in: whose it is, when Slack took it, and what time it is now."""

    user_id: str
    uploaded_at: datetime
    now: datetime

    def outcome(self, work: Work, contest: Contest) -> Intake:
        """Whether that contest takes it."""
        return _intake(contest, self.counts_from(work, contest))

    def counts_from(self, work: Work, contest: Contest) -> datetime:
        """When it counts as sent: where it is too late, and replaces one that we failed to check, when that one was."""
        if _intake(contest, self.uploaded_at) not in {Intake.LATE, Intake.CLOSED}:
            return self.uploaded_at
        failed = standing_failure(work, contest.id, self.user_id)
        return self.uploaded_at if failed is None else failed.uploaded_at


def contest_for_channel(work: Work, door: Door, channel_id: str) -> Contest | None:
    """The contest of that channel, locked. None where there is none to speak of; raises Refusal where its door is closed."""
    found = work.contests.running_in(channel_id) or work.contests.latest_in(channel_id)
    if found is None or (found.finished_at is not None and door.now - found.finished_at > _GOODBYE):
        return None
    return _enter(work, door, found)


def contest_for_person(work: Work, door: Door, member_of: Collection[str]) -> Contest:
    """The one contest that a file in the direct messages can be for, locked. Raises Refusal where it is none, or not just one.

    Args:
        work: The unit of work.
        door: The upload.
        member_of: Ids of the contests in whose channels the person is.
    """
    running = work.contests.unfinished()
    theirs = [contest for contest in running if contest.id in member_of]
    taking = [contest for contest in theirs if door.outcome(work, contest) is Intake.TAKEN]
    if len(taking) > 1:
        raise Refusal(
            f"Several contests are open, {listed(taking)}, and I cannot tell which one this is for. "
            "Please upload it in the channel of the one you mean."
        )
    if not taking and len(theirs) != 1:
        raise Refusal(_nothing_open([one for one in running if door.outcome(work, one) is Intake.TAKEN], theirs))
    return _enter(work, door, (taking or theirs)[0])


def standing_failure(work: Work, contest_id: str, user_id: str) -> Submission | None:
    """The person's first composition that we failed to check and that nothing of theirs has replaced since; None without one.

    What they sent in after a failure replaces it, unless it was refused. A replacement may fail in its turn.
    """
    pieces = work.submissions.of_person(contest_id, user_id)
    if all(piece.state != SubmissionState.FAILED for piece in pieces):
        return None
    failed_at = {note.facts["submission"]: note.at for note in work.audit.of_action(contest_id, FAILED)}
    standing: list[Submission] = []
    moments = [(piece.received_at, "replaces", piece) for piece in pieces if piece.state != SubmissionState.REFUSED]
    moments += [(failed_at[piece.id], "fails", piece) for piece in pieces if piece.id in failed_at]
    for _, what, piece in sorted(moments, key=lambda moment: moment[:2]):
        if what == "fails":
            standing.append(piece)
        elif standing:
            standing.pop(0)
    return standing[0] if standing else None


def _intake(contest: Contest, uploaded_at: datetime) -> Intake:
    return intake(Phase(contest.phase), uploaded_at, contest.deadline, contest.judging_at)


def _nothing_open(elsewhere: Collection[Contest], theirs: Collection[Contest]) -> str:
    if elsewhere and not theirs:
        return f"Please join the channel of the contest first, then send me the file again: {listed(elsewhere)}."
    return "No contest is open for compositions now. Please keep the file, and watch the channel of your contest."


def _enter(work: Work, door: Door, found: Contest) -> Contest:
    # The lock comes before the look: the contest may move on, and the person's other upload come in, at this very moment.
    contest = work.contests.lock(found.id) or found
    outcome = door.outcome(work, contest)
    if outcome is not Intake.TAKEN:
        raise Refusal(_closed(contest, outcome))
    return contest


def _closed(contest: Contest, outcome: Intake) -> str:
    name, deadline = f"*{contest.name}*", spoken(contest.deadline, contest.time_zone)
    if outcome is Intake.TOO_EARLY:
        return f"{name} is not open yet. Please keep the file and upload it again once I say in <#{contest.channel_id}> that it is."
    if outcome is Intake.LATE:
        return f"{name} closed on {deadline}, and this file reached Slack after that, so it cannot take part. If something kept you, please tell an organizer."
    if outcome is Intake.CLOSED:
        began = spoken(contest.judging_at or contest.deadline, contest.time_zone)
        return f"The judging of {name} began on {began}, so it takes no more compositions. If something kept you, please tell an organizer."
    return f"{name} is over, so it takes no more compositions. `/kantor board` shows how it ended."
