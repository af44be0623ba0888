"""Who hears what in the first round, where not all judges hear all: drawn when the judging begins, and kept up with what happens.

Whoever calls this holds the contest's lock. Only what nobody has begun moves: what was sent to a judge, or rated, stays with them.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from bot.rules.allocation import Task
from bot.rules.canonical import canonical, sha256_of
from bot.rules.drawings import document_of, draw, named_back, people_in, renamed
from bot.rules.phases import Phase, Round
from bot.rules.roles import Role
from bot.usecases.desk import KANTOR
from bot.usecases.judging.counting import counting
from bot.usecases.judging.invitations import hands_of, invite_all, piles_of, ratings_wanted
from bot.usecases.judging.piles import further_wanted
from models.judging import MarkKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.rules.allocation import Allocation, Pair
    from bot.usecases import happenings as on
    from bot.usecases.desk import Matter
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

LETTERS = 12
"""Of a pseudonym."""
SECONDS = 30.0
"""Of a piece whose length nobody knows."""


def allot(work: Matter) -> bool:
    """Bring the allocation up to what is: whether anybody hears anything else now. Nothing where all hear all, or nobody judges yet."""
    contest = work.contest
    if contest.phase != Phase.JUDGING or not ratings_wanted(contest):
        return False
    further, task = work.panels.pairs(contest.id, further=True), task_of(work, contest)
    names = called_otherwise(work, people_in(task))
    task, found = draw(renamed(task, names))
    pairs, placed = named_back(found, names)
    before = {pair: pair in further for pair in work.panels.pairs(contest.id)}
    # With what judges heard who have left: those further listens are spent.
    after = {pair: pair in placed for pair in pairs | placed}
    if before == after:
        return False
    gone, new = before.items() - after.items(), after.items() - before.items()
    work.panels.change(contest.id, [pair for pair, _ in gone], dict(new), work.now)
    _keep(work, task, found, new=len(new), gone=len(gone), pairs=len(after))
    return True


def _keep(work: Matter, task: Task, found: Allocation, **numbers: int) -> None:
    """Whoever doubts it can draw it again."""
    document = canonical(document_of(task, found))
    sha256 = sha256_of(document)
    number = work.panels.drawn(work.contest.id, document, sha256, work.now)
    work.note("allocation.changed", by=KANTOR, **numbers, drawing=number, sha256=sha256)


def called_otherwise(work: Matter, judges: Collection[str]) -> dict[str, str]:
    """The pseudonyms of all judges; these have one from now on."""
    known = work.panels.pseudonyms(work.contest.id)
    new = {judge: work.desk.ids.new()[-LETTERS:] for judge in sorted(judges) if judge not in known}
    work.panels.call(work.contest.id, new)
    return known | new


def task_of(work: Work, contest: Contest) -> Task:
    """What is to be allocated as things are, with what was before, and what has begun."""
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    pieces = work.submissions.accepted(contest.id)
    marks = work.ratings.marks.of_kind(contest.id, MarkKind.RECUSED)
    started = _started(work, contest, judges)
    return Task(
        entries={piece.id: seconds_of(piece) for piece in pieces},
        judges=dict.fromkeys(judges, minutes_each(contest)),
        each=ratings_wanted(contest),
        conflicts=frozenset(
            [(mark.judge, mark.submission_id) for mark in marks]
            + [(judge, piece.id) for piece in pieces for judge in judges if judge == piece.user_id]
        ),
        started=started,
        planned=_now_called(work, work.panels.pairs(contest.id, further=False), pieces),
        further=_further(work, contest, pieces, started),
        seed=contest.id,
    )


def minutes_each(contest: Contest) -> float:
    """That each judge has; infinite where nobody said."""
    return float(contest.texts.get("minutes") or inf)


def seconds_of(piece: Submission) -> float:
    """How long it takes to hear it."""
    return piece.seconds or SECONDS


def _started(work: Work, contest: Contest, judges: Sequence[str]) -> frozenset[Pair]:
    """What has been rated, and what is with judges."""
    rated = {(one.judge, one.submission_id) for one in counting(work, contest) if one.round is Round.PRELIMINARY}
    piles = piles_of(work, contest, judges)
    hands = hands_of(work, piles)
    sent = {(judge, piece) for judge, hand in hands.items() for piece in (*hand.waiting, *piles[judge].aside)}
    return frozenset(rated | sent)


def _further(work: Work, contest: Contest, pieces: Sequence[Submission], started: frozenset[Pair]) -> frozenset[Pair]:
    """What was placed where it is close; without what nobody has begun, where organizers want fewer of these by now."""
    pairs = _now_called(work, work.panels.pairs(contest.id, further=True), pieces)
    return pairs if len(pairs) <= further_wanted(contest) else pairs & started


def _now_called(work: Work, pairs: frozenset[Pair], pieces: Sequence[Submission]) -> frozenset[Pair]:
    """What was allocated before; another version of a composition takes the place of the one that was."""
    now = {piece.root_id: piece.id for piece in pieces}
    versions = work.submissions.by_ids({piece for _, piece in pairs})
    return frozenset((judge, now[versions[piece].root_id]) for judge, piece in pairs if versions[piece].root_id in now)


def of_a_phase(work: Matter, began: on.PhaseBegan) -> None:
    """The judging begins: it is drawn who hears what."""
    if began.phase is Phase.JUDGING:
        allot(work)


def of_anything(work: Matter, _: on.Happening) -> None:
    """A composition or a judge is here now, or here no more: whoever follows sends out what is new."""
    allot(work)


def of_leaving(work: Matter, _: on.JudgeLeft) -> None:
    """What they had not rated goes to the others."""
    if allot(work):
        invite_all(work, work.contest, work.now)


def of_new_settings(work: Matter, changed: on.ContestChanged) -> None:
    """All hear all from now on, or so many hear each piece, or each judge has so long."""
    if not {"listens", "further", "minutes"} & set(changed.names):
        return
    allot(work)
    if work.contest.phase == Phase.JUDGING:
        invite_all(work, work.contest, work.now)
