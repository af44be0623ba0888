"""The panel as organizers look at it before and while it judges: who hears what, what lacks, and what more listening would buy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from statistics import fmean
from typing import TYPE_CHECKING

from bot.rules.allocation import OVERHEAD, allocate, judges_needed
from bot.rules.drawings import named_back, renamed
from bot.rules.phases import JUDGED, OVER, Phase, Round
from bot.usecases.blindness import is_kept_blind
from bot.usecases.judging.allotting import SECONDS, task_of
from bot.usecases.judging.conflicts import declared
from bot.usecases.judging.counting import coverage_of
from bot.usecases.judging.fairness import leniency_of
from bot.usecases.judging.piles import called, further_wanted, ratings_wanted, round_heard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.rules.allocation import Task
    from bot.rules.expectation import Plan
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.counting import Coverage
    from bot.usecases.judging.fairness import Lenient
    from models.contests import Contest
    from models.store import Work

FLOOR = 3
"""Ratings that each composition should have, where there are so many judges who may hear it."""
BELOW = 15
"""So many of those below the floor are named."""


@dataclass(frozen=True)
class Load:
    """A judge, and what they have to do."""

    judge: str
    pieces: int
    minutes: float
    done: int
    """Pieces rated."""


class Way(StrEnum):
    """To judge the round."""

    NOW = "now"
    JUDGE = "judge"
    """One more."""
    RATING = "rating"
    """One more of each composition."""
    ADAPTIVE = "adaptive"
    """One less of each, and as many where it is close."""
    PLAIN = "plain"
    """Without the further listens."""
    ALL = "all"
    """All hear all."""


@dataclass(frozen=True)
class Buys:
    """Another way to judge the round, and what is expected of it."""

    way: Way
    listens: int
    minutes: float
    """Of each judge."""
    recall: float
    """The part of the truly best that is expected in the final, 0 to 1."""


@dataclass(frozen=True)
class PanelLook:
    """How the round is shared out, or would be if the judging began now."""

    contest_id: str
    contest_name: str
    channel_id: str
    phase: Phase
    round: Round
    each: int
    """Ratings wanted of each composition; 0: all hear all."""
    further: int
    """Listens besides, where it is close; 0: none."""
    placed: int
    """How many of these are placed."""
    pieces: int
    seconds: float
    """Of a composition, on average."""
    minutes: float | None
    """That each judge has; None: no limit."""
    loads: tuple[Load, ...]
    short: int
    """Compositions for which there are too few judges without a conflict, or too little time."""
    panels: tuple[tuple[str, ...], ...]
    """Groups of judges who share no composition with each other."""
    needed: int | None
    """Judges that it takes in the time that each one has; None where there is no limit, or all hear all."""
    below: tuple[tuple[str, int], ...]
    """While it is judged: compositions below the floor, and how many ratings each has; fewest first."""
    floor: int
    conflicts: int
    finalists: int
    buys: tuple[Buys, ...]
    """What is now comes first; nothing in a final, and where all compositions go on."""
    leniency: tuple[Lenient, ...] = ()
    """Of each judge of whom it can be told, the most lenient first."""


@dataclass(frozen=True)
class Panels:
    """Look at the panel."""

    desk: Desk

    def look(self, actor: str, channel_id: str) -> PanelLook:
        """Raises Refusal for people who are no organizers. May raise Unavailable."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            seen, task = _look(work), task_of(work, work.contest)
        # Outside of the transaction: a few seconds of reckoning, where there are thousands of compositions.
        if seen.round is Round.FINAL or seen.pieces <= seen.finalists or not task.judges:  # who goes on is no question
            return seen
        return replace(seen, buys=tuple(_buys(seen, len(task.judges))))


def _look(work: Matter) -> PanelLook:
    contest = work.contest
    task, coverage, round_ = task_of(work, contest), coverage_of(work, contest), round_heard(contest)
    shared = round_ is Round.PRELIMINARY and ratings_wanted(contest) > 0
    names = work.panels.pseudonyms(contest.id)
    allocation = allocate(renamed(task, names)) if shared else None
    limit = min(task.judges.values(), default=inf)
    minutes = None if limit == inf or not shared else limit
    average = fmean(task.entries.values()) if task.entries else SECONDS
    pairs = _heard(task, coverage) if allocation is None else named_back(allocation, names)[0]
    return PanelLook(
        contest_id=contest.id,
        contest_name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        round=round_,
        each=task.each if shared else 0,
        further=further_wanted(contest) if shared else 0,
        placed=0 if allocation is None else len(allocation.further),
        pieces=len(coverage.ratings),
        seconds=average,
        minutes=minutes,
        loads=tuple(_loads(task, coverage, pairs)),
        short=0 if allocation is None else len(allocation.short),
        panels=() if allocation is None else _named_back(allocation.panels, names),
        needed=None
        if minutes is None
        else judges_needed(len(task.entries), task.each, average, minutes, further_wanted(contest)),
        below=() if is_kept_blind(work, contest, work.actor) else tuple(_lacking(work, coverage, task)),
        floor=min(FLOOR, task.each or FLOOR),
        conflicts=declared(work, contest.id),
        finalists=contest.finalists if contest.rounds > 1 else contest.winners,
        buys=(),
        leniency=leniency_of(work, contest) if contest.phase in {*JUDGED, *OVER} else (),
    )


def _named_back(panels: Iterable[tuple[str, ...]], names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    own = {name: judge for judge, name in names.items()}
    return tuple(tuple(own.get(name, name) for name in panel) for panel in panels)


def _heard(task: Task, coverage: Coverage) -> frozenset[tuple[str, str]]:
    """Where all hear all."""
    return frozenset(
        (judge, piece) for judge in task.judges for piece in coverage.ratings if (judge, piece) not in task.conflicts
    )


def _loads(task: Task, coverage: Coverage, pairs: frozenset[tuple[str, str]]) -> Iterator[Load]:
    for judge in task.judges:
        theirs = [piece for by, piece in pairs if by == judge]
        seconds = sum(task.entries[piece] + OVERHEAD for piece in theirs)
        pile = coverage.piles.get(judge)
        yield Load(judge, len(theirs), seconds / 60, 0 if pile is None else pile.done)


def below_floor(work: Work, contest: Contest, coverage: Coverage | None = None) -> dict[str, int]:
    """The compositions of a round that is shared out which have fewer ratings than they should, and how many each has.

    They should have ``FLOOR``, or as many as are wanted of each, or as there are judges who may hear them, where that is less.
    ``coverage``: where it has been counted already.
    """
    if round_heard(contest) is not Round.PRELIMINARY or not ratings_wanted(contest):
        return {}
    return _below(coverage or coverage_of(work, contest), task_of(work, contest))


def floors(coverage: Coverage, task: Task) -> dict[str, int]:
    """How many ratings each composition of the round should have: ``FLOOR``, or as many as it can get."""
    barred: dict[str, int] = {}
    for judge, piece in task.conflicts:
        barred[piece] = barred.get(piece, 0) + (judge in task.judges)
    wanted = min(FLOOR, task.each or FLOOR)
    return {piece: min(wanted, len(task.judges) - barred.get(piece, 0)) for piece in coverage.ratings}


def _below(coverage: Coverage, task: Task) -> dict[str, int]:
    floor = floors(coverage, task)
    return {piece: number for piece, number in coverage.ratings.items() if number < floor[piece]}


def _lacking(work: Matter, coverage: Coverage, task: Task) -> Iterator[tuple[str, int]]:
    if work.contest.phase not in JUDGED:
        return
    lacking = _below(coverage, task)
    fewest = sorted(lacking, key=lambda piece: (lacking[piece], piece))[:BELOW]
    pieces = work.submissions.by_ids(fewest)
    for piece in fewest:
        yield called(work, work.contest, pieces[piece]), lacking[piece]


def _buys(seen: PanelLook, judges: int) -> Iterator[Buys]:
    from bot.rules.expectation import Plan, expected_recall  # noqa: PLC0415 - as in ``bot.rules.allocation``

    base = Plan(seen.pieces, judges, seen.each or judges)
    now = base._replace(extra=seen.further)
    plans = {Way.NOW: now}
    if seen.further:
        plans |= {Way.PLAIN: base, Way.RATING: base._replace(each=base.each + 1), Way.ALL: base._replace(each=judges)}
    elif seen.each and seen.each < judges:
        plans |= {
            Way.RATING: now._replace(each=now.each + 1),
            Way.ADAPTIVE: now._replace(each=max(1, now.each - 1), extra=seen.pieces),
            Way.ALL: now._replace(each=judges),
        }
    else:
        plans[Way.JUDGE] = now._replace(judges=judges + 1, each=judges + 1)
    cost = seen.seconds + OVERHEAD
    for way, plan in plans.items():
        minutes = plan.listens * cost / 60 / plan.judges
        yield Buys(way, plan.listens, minutes, expected_recall(plan, seen.finalists, worlds=_worlds(plan)))


def _worlds(plan: Plan) -> int:
    """Fewer of a large contest: a look takes about a second."""
    return max(10, min(100, 60_000 // max(1, plan.entries * plan.judges // 8)))
