"""Letters that will never arrive: the organizers learn of them, and a judge is not left waiting for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.judging.invitations import begin_without_practice, invite_after_loss
from bot.usecases.judging.letters import PracticeInvitation, RatingInvitation
from bot.usecases.letters import post_to_organizers
from bot.usecases.messages import Message, TroubleAlarm
from bot.usecases.stored import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from models.outbox import OutboxRow
    from models.store import Work


def report_lost_letter(
    work: Work, letter: OutboxRow, reason: str, now: datetime, organizer_ids: Collection[str] = ()
) -> None:
    """Tell the organizers once, and send a judge something else; call it in the transaction that gives the letter up.

    What is about no contest is told to nobody, nor are kinds that do not alarm: alarms themselves, and what nobody misses.
    ``organizer_ids`` are the organizers of the settings.
    """
    contest = None if letter.contest_id is None else work.contests.get(letter.contest_id)
    lost = KINDS.get(letter.kind, Message)
    if contest is None or not lost.alarms:
        return
    where = f"<@{letter.recipient}>" if letter.recipient[:1] in {"U", "W"} else f"<#{letter.recipient}>"
    what = f"{lost.in_words} could not be delivered to {where} ({reason})."
    alarm = TroubleAlarm(contest_name=contest.name, what=what, reference=f"letter {letter.id}")
    post_to_organizers(work, f"trouble:letter:{letter.id}", contest, alarm, now, organizer_ids)
    if issubclass(lost, RatingInvitation | PracticeInvitation):
        contest = work.contests.lock(contest.id) or contest
        if lost is PracticeInvitation:
            begin_without_practice(work, contest, letter.recipient, now)
        invite_after_loss(work, contest, letter.recipient, now)
