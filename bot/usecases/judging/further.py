"""Further listens where it is close: placed a few at a time, while the first round is judged, by what the ratings say by then.

Nobody waits for it: ratings are acknowledged before, and a look every few seconds finds the judges who have room. It reckons outside of any transaction, and
writes down what still holds under the contest's lock. Judges learn nothing from what they get: the pieces come into their pile like the others, in an order of
their own, and no letter, list or form of theirs says which they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.rules.allocation import OVERHEAD
from bot.rules.criteria import Scheme
from bot.rules.phases import Phase, Round
from bot.rules.queue import AT_ONCE, listening_order
from bot.rules.roles import Role
from bot.usecases.desk import KANTOR
from bot.usecases.judging.allotting import minutes_each, seconds_of, task_of
from bot.usecases.judging.counting import counting_weighed
from bot.usecases.judging.fairness import observed, ratings_of
from bot.usecases.judging.invitations import invite_all, invite_judges, practice_first, tell_the_end
from bot.usecases.judging.piles import further_left, further_wanted, piles_of
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.rules.adaptive import Room
    from bot.rules.allocation import Pair, Task
    from bot.rules.fairscores import Fair, Observation
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.piles import Pile
    from models.contests import Contest
    from models.store import Work

READY = 2 / 3
"""Of what was shared out evenly so much is rated before anything further is placed: earlier nobody knows where it is close, later
those who are quick have gone home."""
LOOK_ANEW = timedelta(minutes=1)
"""Where nothing was given since the last look, and nothing could be placed then."""
REST = 20
"""So many times as long as a look took nobody looks again: in a contest of thousands it takes seconds, and ratings come all the time."""


@dataclass(frozen=True)
class Scene:
    """How the round stands: all that is asked of the database."""

    task: Task
    piles: Mapping[str, Pile]
    has_room: Mapping[str, int]
    """Judges who could hear more now, and how many pieces."""
    observations: tuple[Observation, ...]
    """None before ``READY``."""
    cut: int
    left: int


class _Look(NamedTuple):
    """What a look saw that placed nothing, and from when on (by the time that has passed) another one makes sense."""

    seen: object
    rested: timedelta
    stale: timedelta


@dataclass(frozen=True)
class FurtherListens:
    """Place what can be placed."""

    desk: Desk
    _looks: dict[str, _Look] = field(default_factory=dict)
    """The last one, by contest."""

    def place_due(self) -> int:
        """Give judges who have room the pieces of which it is least sure whether they go on; how many. Safe to repeat, by however many replicas."""
        with self.desk.store.read() as work:
            running = [contest.id for contest in work.contests.in_phase(Phase.JUDGING) if further_left(work, contest)]
        return sum(self._of_contest(contest_id) for contest_id in running)

    def _of_contest(self, contest_id: str) -> int:
        began, last = self.desk.clock.elapsed(), self._looks.get(contest_id)
        if last is not None and began < last.rested:
            return 0
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            seen = None if contest is None else _seen(work, contest)
            if contest is None or (last is not None and seen == last.seen and began < last.stale):
                return 0
            scene = _scene(work, contest)
        pairs, through = chosen(scene)
        ended = self.desk.clock.elapsed()
        self._looks[contest_id] = _Look(None if pairs else seen, ended + REST * (ended - began), ended + LOOK_ANEW)
        if not pairs and not through:
            return 0
        with self.desk.anyone() as work:
            contest = work.lock(contest_id)
            return 0 if contest is None else _write_down(work.about(contest), pairs, through)


def _seen(work: Work, contest: Contest) -> object:
    """What has to change before another look finds anything else."""
    here = work.contests.roles.holders(contest.id, Role.JUDGE)
    roles = work.contests.roles.rows_among(contest.id, Role.JUDGE, here).values()
    judges = frozenset((row.user_id, row.paused_at, row.practised_at, row.at_once) for row in roles)
    return work.ratings.number(contest.id), work.panels.numbers(contest.id), tuple(contest.texts.items()), judges


def _scene(work: Work, contest: Contest) -> Scene:
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, judges)
    task, piles = task_of(work, contest), piles_of(work, contest, judges)
    rated = {(judge, piece) for judge, pile in piles.items() for piece in pile.rated}
    listening = [row for row in rows.values() if row.paused_at is None and not practice_first(contest, row)]
    room = {row.user_id: (row.at_once or AT_ONCE) - len(piles[row.user_id].unrated) for row in listening}
    has_room = {judge: number for judge, number in room.items() if number > 0}
    ready = len(task.planned & rated) >= READY * len(task.planned)
    return Scene(
        task=task,
        piles=piles,
        has_room=has_room,
        observations=_observations(work, contest) if ready and has_room else (),
        cut=contest.finalists if contest.rounds > 1 else contest.winners,
        left=further_left(work, contest),
    )


def _observations(work: Work, contest: Contest) -> tuple[Observation, ...]:
    """What judges gave so far, also compositions that have left: it says how strict they are."""
    scheme = Scheme.load(contest.scheme)
    given = tuple(ratings_of(counting_weighed(work, contest, scheme.keys), scheme))
    return tuple(each for each in observed(given, scheme) if each.round == Round.PRELIMINARY)


def chosen(scene: Scene) -> tuple[list[Pair], list[str]]:
    """What to place, in that order; and who is through, because there is nothing that they could still be given."""
    rooms = [_room(scene, judge) for judge in listening_order(scene.task.seed, "", scene.has_room)]
    possible = 0 < scene.cut < len(scene.task.entries)
    through = [room.judge for room in rooms if not (possible and room.open_to()) and scene.piles[room.judge].is_done]
    if not scene.observations or not possible:
        return [], through
    from bot.rules.adaptive import known, place  # noqa: PLC0415 - as in ``bot.rules.allocation``
    from bot.rules.fairscores import fair  # noqa: PLC0415

    found: Fair = fair(scene.observations, cut=scene.cut, chances=False)
    task = scene.task
    rated = {(judge, piece) for judge, pile in scene.piles.items() for piece in pile.rated}
    on_the_way = Counter(piece for _, piece in (task.planned | task.further | task.started) - rated)
    return place(known(found, task.entries), scene.cut, on_the_way, rooms, scene.left), through


def _room(scene: Scene, judge: str) -> Room:
    from bot.rules.adaptive import Room  # noqa: PLC0415 - as in ``bot.rules.allocation``

    task = scene.task
    given = {piece for by, piece in task.planned | task.further | task.started if by == judge and piece in task.entries}
    barred = {piece for by, piece in task.conflicts if by == judge}
    costs = {piece: seconds + OVERHEAD for piece, seconds in task.entries.items()}
    spent = sum(costs[piece] for piece in given)
    may = {piece: cost for piece, cost in costs.items() if piece not in given and piece not in barred}
    limit = task.judges[judge]
    return Room(judge, scene.has_room[judge], may, len(given), inf if limit == inf else 60 * limit - spent)


def _write_down(work: Matter, chosen: Collection[Pair], through: Collection[str]) -> int:
    """What still holds; and who is through is told so."""
    contest = work.contest
    good = _still_good(work, chosen)[: further_left(work, contest)]
    if good:
        work.panels.change(contest.id, (), dict.fromkeys(good, True), work.now)
        placed, wanted = work.panels.numbers(contest.id)[1], further_wanted(contest)
        facts: dict[str, Any] = {"new": len(good), "placed": placed, "wanted": wanted}
        work.note("allocation.further", by=KANTOR, **facts)
        invite_judges(work, contest, list(dict.fromkeys(judge for judge, _ in good)), work.now)
    if contest.phase == Phase.JUDGING:
        tell_the_end(work, contest, through, work.now)
        if good and not further_left(work, contest):  # whoever waited for more learns that it is over
            invite_all(work, contest, work.now)
    return len(good)


def _still_good(work: Matter, chosen: Collection[Pair]) -> list[Pair]:
    """Without what somebody has been given meanwhile, may not hear any more, has no time for any more, or cannot hear because it is gone."""
    contest = work.contest
    if contest.phase != Phase.JUDGING or not further_wanted(contest):
        return []
    judges = {judge for judge, _ in chosen}
    pieces = work.submissions.by_ids({piece for _, piece in chosen})
    here = {key: piece for key, piece in pieces.items() if piece.state == SubmissionState.ACCEPTED}
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, judges)
    listening = {judge for judge, row in rows.items() if row.paused_at is None}
    given = work.panels.pairs(contest.id)
    barred = work.ratings.marks.recused(here, judges) | given
    barred |= {(judge, piece) for piece, judge, _ in work.ratings.by_judges(here, judges)}
    good = [
        (judge, piece)
        for judge, piece in chosen
        if judge in listening and piece in here and here[piece].user_id != judge and (judge, piece) not in barred
    ]
    return _in_time(work, good, given)


def _in_time(work: Matter, chosen: Sequence[Pair], given: Collection[Pair]) -> list[Pair]:
    """Without what takes a judge past their minutes: another bot may have filled them since the look."""
    limit = minutes_each(work.contest)
    if limit == inf:
        return list(chosen)
    piles = piles_of(work, work.contest, {judge for judge, _ in chosen})
    heard = {judge: pile.rated | {piece for by, piece in given if by == judge} for judge, pile in piles.items()}
    pieces = work.submissions.by_ids({piece for _, piece in chosen}.union(*heard.values()))
    costs = {
        key: seconds_of(piece) + OVERHEAD for key, piece in pieces.items() if piece.state == SubmissionState.ACCEPTED
    }
    left = {judge: 60 * limit - sum(costs.get(piece, 0) for piece in theirs) for judge, theirs in heard.items()}
    good = []
    for judge, piece in chosen:
        if costs[piece] <= left[judge]:
            left[judge] -= costs[piece]
            good.append((judge, piece))
    return good
