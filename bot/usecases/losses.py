"""Letters that will never arrive: the organizers learn of them, and a judge is not left waiting for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.announcements.contests import TroubleAlarm
from bot.usecases.invitations import invite_after_loss
from bot.usecases.letters import post_to_organizers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from models.contest import Contest
    from models.outbox import OutboxRow
    from models.store import Work

_ALARMS = frozenset({"trouble_alarm", "pool_alarm", "copy_alarm", "same_file_alarm", "channel_archived"})
_WHAT = {
    "receipt": "the receipt of a composition",
    "card": "the card of a composition",
    "verdict": "the AI judge's verdict",
    "refusal": "the answer to an upload",
    "late_receipt": "the answer to a late upload",
    "late_alarm": "a late file to decide about",
    "late_decision": "the decision about a late file",
    "extension": "the news of more time",
    "correction": "the news of a corrected file",
    "wrong_place": "a hint where to upload",
    "file_gone": "a word about a deleted file",
    "rating_invitation": "a composition to rate",
    "ratings_done": "the end of the ratings",
    "judge_welcome": "the welcome of a judge",
    "board": "the leaderboard",
    "phase_news": "the news of the next phase",
    "account_reply": "an answer",
    "help_reply": "an answer",
}


def report_lost_letter(
    work: Work, letter: OutboxRow, reason: str, now: datetime, organizer_ids: Collection[str] = ()
) -> None:
    """Tell the organizers once, and send a judge something else; call it in the transaction that gives the letter up.

    Alarms that do not arrive raise no alarm. ``organizer_ids`` are the organizers of the settings.
    """
    kind = str(letter.message.get("kind"))
    contest = _contest_of(work, letter)
    if contest is None or kind in _ALARMS:
        return
    where = f"<@{letter.recipient}>" if letter.recipient[:1] in {"U", "W"} else f"<#{letter.recipient}>"
    what = f"{_WHAT.get(kind, 'a message')} could not be delivered to {where} ({reason})."
    alarm = TroubleAlarm(contest_name=contest.name, what=what, reference=f"letter {letter.id}")
    post_to_organizers(work, f"trouble:letter:{letter.id}", contest, alarm, now, organizer_ids)
    if kind == "rating_invitation":
        contest = work.contests.lock(contest.id) or contest
        invite_after_loss(work, contest, letter.recipient, now)


def _contest_of(work: Work, letter: OutboxRow) -> Contest | None:
    """The contest that the letter is about: by the ids in its key, or by its channel; at last the newest one."""
    for part in letter.key.split(":"):
        piece = work.submissions.get(part)
        contest = work.contests.get(part if piece is None else piece.contest_id)
        if contest is not None:
            return contest
    return work.contests.latest_in(letter.recipient) or next(iter(work.contests.newest_first()), None)
