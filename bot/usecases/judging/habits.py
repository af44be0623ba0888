"""How judges get on: what organizers see of it, and the friendly words that a judge gets about it, once a round each.

Nothing is taken away from anybody: what was given counts as it is, and whoever takes their time may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.rules.habits import IN_PEACE, is_behind, one_score
from bot.rules.moments import DAYLIGHT, lately, zone
from bot.rules.phases import JUDGED
from bot.rules.roles import Role
from bot.usecases.judging.letters import OneScoreWord, PaceWord
from bot.usecases.judging.piles import piles_of, round_heard
from bot.usecases.letters import post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work


@dataclass(frozen=True)
class Habit:
    """How a judge gets on in the round that is judged."""

    judge: str
    done: int
    total: int
    paused: bool
    behind: bool
    """Far behind the others, who are past the middle."""
    same: float | None
    """The one score that they gave in all their ratings; None where there are several."""
    told_pace: bool = False
    """Whether they were written a word about it in this round."""
    told_same: bool = False

    @property
    def share(self) -> float:
        """Of their pieces, 0 to 1."""
        return self.done / self.total if self.total else 1.0


def habits_of(work: Work, contest: Contest, now: datetime) -> list[Habit]:
    """Of everybody who judges now, in the order in which they were named."""
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, judges)
    piles, round_ = piles_of(work, contest, judges), round_heard(contest)
    given: dict[str, list[dict[str, float]]] = {judge: [] for judge in judges}
    for judge, of, piece, scores in work.ratings.columns(contest.id, ("judge", "round", "submission_id", "scores")):
        if of == round_ and judge in piles and piece in piles[judge].rated:
            given[judge].append(scores)
    told = work.outbox.states_of(PaceWord.kind, judges) | work.outbox.states_of(OneScoreWord.kind, judges)
    shares = {judge: pile.done / pile.total if pile.total else 1.0 for judge, pile in piles.items()}
    began = contest.final_at or contest.judging_at or now
    return [
        Habit(
            judge=judge,
            done=pile.done,
            total=pile.total,
            paused=rows[judge].paused_at is not None,
            behind=not lately(max(began, rows[judge].added_at), IN_PEACE, now)
            and is_behind(shares[judge], [share for other, share in shares.items() if other != judge]),
            same=one_score(given[judge]),
            told_pace=_key(PaceWord.kind, contest, judge) in told,
            told_same=_key(OneScoreWord.kind, contest, judge) in told,
        )
        for judge, pile in piles.items()
    ]


def _key(kind: str, contest: Contest, judge: str) -> str:
    """Once a round each."""
    return f"{kind}:{contest.id}:{judge}:{round_heard(contest)}"


@dataclass(frozen=True)
class FriendlyWords:
    """Write to judges who are far behind, or give one score to all."""

    desk: Desk

    def send_due(self) -> int:
        """What is due now, by daylight; how many. Safe to repeat, by however many replicas."""
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            running = [contest for phase in sorted(JUDGED) for contest in work.contests.in_phase(phase)]
            due = [contest.id for contest in running if any(_due(work, contest, now))]
        return sum(self._of_contest(contest_id) for contest_id in due)

    def _of_contest(self, contest_id: str) -> int:
        with self.desk.anyone() as work:
            contest = work.lock(contest_id)
            if contest is None or contest.phase not in JUDGED:
                return 0
            words = [*_due(work, contest, work.now)]
            return sum(post(work, key, to, said, work.now, contest_id=contest_id) for key, to, said in words)


def _due(work: Work, contest: Contest, now: datetime) -> Iterator[tuple[str, str, PaceWord | OneScoreWord]]:
    for each in habits_of(work, contest, now):
        local = now.astimezone(zone(work.people.zone_of(each.judge, contest.time_zone)) or UTC)
        if each.paused or local.hour not in DAYLIGHT:
            continue
        about = {"contest_id": contest.id, "contest_name": contest.name}
        if each.behind and not each.told_pace:
            word = PaceWord(**about, done=each.done, total=each.total)
            yield _key(PaceWord.kind, contest, each.judge), each.judge, word
        if each.same is not None and not each.told_same:
            said = OneScoreWord(**about, score=each.same, ratings=each.done)
            yield _key(OneScoreWord.kind, contest, each.judge), each.judge, said
