"""A contest enters a phase: who is told, and what begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.phases import JUDGED, Phase
from bot.usecases.boards.finale import plan_finale
from bot.usecases.contests.finals import begin_final
from bot.usecases.contests.letters import PhaseNews
from bot.usecases.judging.invitations import hands_of, invite_all
from bot.usecases.judging.letters import JudgingGoesOn
from bot.usecases.judging.piles import piles_of
from bot.usecases.letters import Draft, post, post_all
from bot.usecases.people.checklists import refresh_checklists
from bot.usecases.people.rulebook import told_prizes
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.contests.finals import Cut
    from models.contests import Contest
    from models.store import Work

ADVANCED = "contest.advanced"
"""The audit trail's word for a phase that began."""
UNDONE = "contest.undone"
"""And for one that was taken back."""
BEGAN = {
    Phase.OPEN: "opened_at",
    Phase.JUDGING: "judging_at",
    Phase.FINAL: "final_at",
    Phase.FINISHED: "finished_at",
}
"""The column that says since when."""


def begin_phase(work: Work, contest: Contest, phase: Phase, snapshot_id: str, now: datetime) -> Cut | None:
    """Begin that phase; who goes on, where it is the final. Raises Refusal where it cannot begin.

    Args:
        work: The unit of work; the contest is locked.
        contest: In the phase before it.
        phase: What begins.
        snapshot_id: For a board that may have to be stored.
        now: The present moment.
    """
    turn = times(work, contest, phase)
    cut = begin_final(work, contest, snapshot_id, turn, now) if phase is Phase.FINAL else None
    contest.phase = phase.value
    setattr(contest, BEGAN[phase], now)
    news = PhaseNews(
        contest_name=contest.name,
        phase=phase,
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        limit=contest.submission_limit,
        intake=contest.intake,
        finalists=None if cut is None else len(cut.passing),
        rounds=contest.rounds,
        prizes=told_prizes(contest) if phase is Phase.OPEN else (),
    )
    post(work, f"phase:{contest.id}:{phase}{_again(turn)}", contest.channel_id, news, now, contest_id=contest.id)
    if phase in JUDGED:
        if turn:
            post_all(work, _go_on(work, contest, turn), now)
        invite_all(work, contest, now)
    if phase is Phase.FINISHED:
        plan_finale(work, contest, now)
    refresh_checklists(work, contest, now)
    return cut


def times(work: Work, contest: Contest, phase: Phase) -> int:
    """How often that phase has begun so far: letters about it are told apart by that, since after an undo it begins anew."""
    return sum(row.facts.get("after") == phase for row in work.audit.of_action(contest.id, ADVANCED))


def _again(turn: int) -> str:
    return f":{turn + 1}" if turn else ""


def _go_on(work: Work, contest: Contest, turn: int) -> list[Draft]:
    """To judges who kept what they were sent before the round was taken back: it is not sent once more."""
    key = f"goes_on:{contest.id}:{contest.phase}:{turn}"
    return [
        Draft(f"{key}:{judge}", judge, JudgingGoesOn(contest_name=contest.name, pieces=pieces), contest_id=contest.id)
        for judge, pieces in with_judges(work, contest).items()
    ]


def with_judges(work: Work, contest: Contest) -> dict[str, int]:
    """How many pieces each judge holds, sent and not rated; judges without any are left out."""
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    hands = hands_of(work, piles_of(work, contest, judges))
    return {judge: len(hand.waiting) for judge, hand in hands.items() if hand.waiting}
