"""Who takes part in a contest, as far as Kantor knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.roles import Role
from bot.usecases.people.letters import Checklist
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from models.contests import Contest
    from models.store import Work

_ON_ITS_WAY = frozenset(
    {SubmissionState.RECEIVED, SubmissionState.CHECKING, SubmissionState.ACCEPTED, SubmissionState.LATE}
)


def taking_part(work: Work, contest: Contest) -> list[str]:
    """Whoever sent something in, has an account or waits for one, or was welcomed in the channel; user ids, each once.

    Not everybody in the channel: many are there to listen.
    """
    sent_in = {piece.user_id for piece in work.submissions.of_contest(contest.id)}
    holders = {account.holder for account in work.accounts.of_contest(contest.id) if account.holder is not None}
    waiting = {each.user_id for each in work.accounts.waits.queue(contest.id)}
    welcomed = set(work.outbox.recipients_of(Checklist.kind, contest.id))
    return sorted(sent_in | holders | waiting | welcomed)


def without_a_composition(work: Work, contest: Contest) -> list[str]:
    """Those of them who have nothing that counts or may yet, and do not help to run the contest; user ids."""
    have = {piece.user_id for piece in work.submissions.of_contest(contest.id) if piece.state in _ON_ITS_WAY}
    helpers = {each for role in (Role.JUDGE, Role.ORGANIZER) for each in work.contests.roles.holders(contest.id, role)}
    return [person for person in taking_part(work, contest) if person not in have | helpers]
