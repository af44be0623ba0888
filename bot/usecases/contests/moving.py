"""A contest enters a phase: who is told, and what begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.phases import Phase
from bot.rules.prizes import told_of
from bot.usecases.contests.finals import begin_final
from bot.usecases.contests.letters import PhaseNews
from bot.usecases.happenings import PhaseBegan
from models.contests import ContestMove

if TYPE_CHECKING:
    from bot.usecases.contests.finals import Cut
    from bot.usecases.desk import Matter
    from models.contests import Contest
    from models.store import Work

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
    contest.phase = phase
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


def note_move(work: Matter, before: Phase, *, back: bool = False) -> None:
    """Write down that the contest has just left that phase, for the next one or for the one before."""
    contest, after = work.contest, work.contest.phase
    move = ContestMove(contest_id=contest.id, actor=work.actor, before=before, after=after, back=back, at=work.now)
    work.contests.move(move)
    work.note("contest.undone" if back else "contest.advanced", before=before.value, after=after)


def moved_already(work: Matter, before: Phase, *, back: bool = False) -> bool:
    """Whether this very move of the actor is what brought the contest where it is."""
    this = work.actor, before, work.contest.phase, back
    return any(this == (one.actor, one.before, one.after, one.back) for one in work.contests.moves(work.contest.id))


def times(work: Work, contest: Contest, phase: Phase) -> int:
    """How often that phase has begun so far: letters about it are told apart by that, since after an undo it begins anew."""
    return sum(move.after == phase and not move.back for move in work.contests.moves(contest.id))


def _again(turn: int) -> str:
    return f":{turn + 1}" if turn else ""
