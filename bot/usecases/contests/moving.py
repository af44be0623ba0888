"""A contest enters a phase: who is told, and what begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.phases import Phase
from bot.rules.prizes import told_of
from bot.usecases.contests.finals import begin_final
from bot.usecases.contests.letters import PhaseNews
from bot.usecases.happenings import PhaseBegan

if TYPE_CHECKING:
    from bot.usecases.contests.finals import Cut
    from bot.usecases.desk import Matter
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


def begin_phase(work: Matter, phase: Phase) -> Cut | None:
    """Begin that phase; who goes on, where it is the final. Raises Refusal where it cannot begin."""
    contest, now = work.contest, work.now
    turn = times(work, contest, phase)
    cut = begin_final(work, contest, work.desk.ids.new(), turn, now) if phase is Phase.FINAL else None
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
        prizes=told_of(contest.texts) if phase is Phase.OPEN else (),
    )
    work.post(f"phase:{contest.id}:{phase}{_again(turn)}", contest.channel_id, news)
    work.happened(PhaseBegan(phase, turn))
    return cut


def times(work: Work, contest: Contest, phase: Phase) -> int:
    """How often that phase has begun so far: letters about it are told apart by that, since after an undo it begins anew."""
    return sum(row.facts.get("after") == phase for row in work.audit.of_action(contest.id, ADVANCED))


def _again(turn: int) -> str:
    return f":{turn + 1}" if turn else ""
