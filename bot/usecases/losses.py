"""Letters that will never arrive: the organizers learn of them, and a judge is not left waiting for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.contests.letters import TroubleAlarm
from bot.usecases.judging.invitations import begin_without_practice, invite_after_loss
from bot.usecases.letters import post_to_organizers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from models.outbox import OutboxRow
    from models.store import Work

_ALARMS = frozenset(
    {
        "trouble_alarm",
        "pool_alarm",
        "copy_alarm",
        "same_file_alarm",
        "channel_archived",
        "flag_alarm",
        "recusal_news",
        "been_away",
    }
)
_QUIET = frozenset({"checklist"})
"""Nobody misses these enough for an alarm."""
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
    "practice_invitation": "the practice piece",
    "practice_waits": "the beginning of the judging",
    "judging_digest": "a reminder of what is left to rate",
    "flag_settled": "what came of a flag",
    "rating_entered": "the news of a rating that was written down on their behalf",
    "judge_welcome": "the welcome of a judge",
    "board": "the leaderboard",
    "phase_news": "the news of the next phase",
    "account_reply": "an answer",
    "help_reply": "an answer",
    "way_reply": "an answer",
    "rules": "an answer",
    "places": "an answer",
    "starter_reply": "an answer",
    "starter_melody": "a melody of the starter kit",
}


def report_lost_letter(
    work: Work, letter: OutboxRow, reason: str, now: datetime, organizer_ids: Collection[str] = ()
) -> None:
    """Tell the organizers once, and send a judge something else; call it in the transaction that gives the letter up.

    Alarms that do not arrive raise no alarm, nor does what is about no contest. ``organizer_ids`` are the organizers of the settings.
    """
    kind = str(letter.message.get("kind"))
    contest = None if letter.contest_id is None else work.contests.get(letter.contest_id)
    if contest is None or kind in _ALARMS | _QUIET:
        return
    where = f"<@{letter.recipient}>" if letter.recipient[:1] in {"U", "W"} else f"<#{letter.recipient}>"
    what = f"{_WHAT.get(kind, 'a message')} could not be delivered to {where} ({reason})."
    alarm = TroubleAlarm(contest_name=contest.name, what=what, reference=f"letter {letter.id}")
    post_to_organizers(work, f"trouble:letter:{letter.id}", contest, alarm, now, organizer_ids)
    if kind in {"rating_invitation", "practice_invitation"}:
        contest = work.contests.lock(contest.id) or contest
        if kind == "practice_invitation":
            begin_without_practice(work, contest, letter.recipient, now)
        invite_after_loss(work, contest, letter.recipient, now)
