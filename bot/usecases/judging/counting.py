"""Who judges, what is due and what is done: the one place that says which ratings count, and counts them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.phases import Round
from bot.rules.roles import Role
from bot.usecases.judging.piles import piles_of, round_heard
from models.judging import MarkKind
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.usecases.judging.piles import Pile
    from models.contests import Contest
    from models.judging import Given, JudgingMark, Rating, Summed, Weighed
    from models.store import Work
    from models.submissions import Submission

_GONE = {
    SubmissionState.WITHDRAWN: "the composition was withdrawn",
    SubmissionState.SUPERSEDED: "another version of the composition counts",
}


def why_not(given: Given) -> str:
    """Why that rating counts for nothing; empty where it counts. ``RatingRepository.summed`` asks the database the same."""
    if given.state != SubmissionState.ACCEPTED:
        return _GONE.get(given.state, "the composition is not in the contest")
    if given.voided:
        return "the organizers declared void what the judge gave"
    if given.recused:
        return "the judge recused from the composition"
    if given.round == Round.FINAL and not given.in_final:
        return "the composition is not in the final"
    return ""


def counting(work: Work, contest: Contest, *, but_by: Collection[str] = ()) -> list[Given]:
    """The ratings that count, of both rounds, but those of these judges, in order of time; without what they say."""
    return [given for given in work.ratings.given(contest.id, but_by=but_by) if not why_not(given)]


def ratings_of(work: Work, contest: Contest, version: Submission | None) -> int:
    """How many ratings of that version count: they do not go over to another one."""
    return sum(version is not None and given.submission_id == version.id for given in counting(work, contest))


def counting_summed(work: Work, contest: Contest, criteria: Sequence[str], without: str = "") -> list[Summed]:
    """The ratings that count, added up for each composition and round, since boards ask at every look; but for one judge's."""
    return work.ratings.summed(contest.id, criteria, without)


def counting_weighed(work: Work, contest: Contest, criteria: Sequence[str], without: str = "") -> list[Weighed]:
    """The ratings that fair scores weigh: those that count, and those of compositions that were withdrawn or replaced.

    The latter give nobody a place, but they say how strict a judge is.
    """
    return work.ratings.weighed(contest.id, criteria, without)


def counting_with_texts(work: Work, contest: Contest) -> list[Rating]:
    """The same ratings whole."""
    ids = {given.id for given in counting(work, contest)}
    return [rating for rating in work.ratings.of_contest(contest.id) if rating.id in ids]


@dataclass(frozen=True)
class Coverage:
    """How far the judging is in the last round that began: what counts on the boards, and what is still to come."""

    round: Round
    judges: tuple[str, ...]
    """Who judges now, in the order in which they were named; nobody who has left."""
    piles: Mapping[str, Pile]
    """Of each of them."""
    ratings: Mapping[str, int]
    """How many ratings count of each composition that is heard in the round, those without any included."""
    left: Mapping[str, int]
    """Of people who judge no more: how many of their ratings count still."""
    paused: int
    """How many of the judges pause."""

    @property
    def done(self) -> int:
        """Ratings that count."""
        return sum(self.ratings.values())

    @property
    def due(self) -> int:
        """Ratings that there will be once everybody is through: those that count, and those that are still to come."""
        return self.done + sum(len(pile.unrated) for pile in self.piles.values())

    @property
    def unrated(self) -> tuple[str, ...]:
        """Ids of the compositions without a rating."""
        return tuple(piece for piece, number in self.ratings.items() if not number)

    @property
    def fewest(self) -> int:
        """Ratings of the composition that has the fewest."""
        return min(self.ratings.values(), default=0)

    @property
    def mean(self) -> float:
        """Ratings a composition."""
        return self.done / len(self.ratings) if self.ratings else 0.0

    @property
    def behind(self) -> tuple[str, ...]:
        """The judges who are not through, those with the most to do first."""
        left = {judge: len(pile.unrated) for judge, pile in self.piles.items() if pile.unrated}
        return tuple(sorted(left, key=lambda judge: -left[judge]))


def coverage_of(work: Work, contest: Contest) -> Coverage:
    """Count it."""
    round_ = round_heard(contest)
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, judges)
    rated = {each.submission_id: each.number for each in counting_summed(work, contest, ()) if each.round == round_}
    left = [each.judge for each in counting(work, contest, but_by=rows) if each.round == round_]
    heard = work.submissions.authors(contest.id, finalists=round_ is Round.FINAL)
    return Coverage(
        round=round_,
        judges=tuple(judges),
        piles=piles_of(work, contest, judges),
        ratings={piece: rated.get(piece, 0) for piece in heard},
        left=Counter(left),
        paused=sum(row.paused_at is not None for row in rows.values()),
    )


def open_flags(work: Work, contest: Contest) -> list[JudgingMark]:
    """The flags of judges that wait for an organizer, in order of time; what left the contest needs nobody's look any more."""
    marks = [mark for mark in work.ratings.marks.of_kind(contest.id, MarkKind.FLAGGED) if mark.resolved_at is None]
    pieces = work.submissions.by_ids({mark.submission_id for mark in marks})
    return [mark for mark in marks if pieces[mark.submission_id].state == SubmissionState.ACCEPTED]


def listeners(work: Work, contest: Contest, given: Sequence[Given]) -> tuple[str, ...]:
    """Whom to thank: the judges, and those who have left but whose ratings count."""
    counted = {each.judge for each in given}
    rows = [row for row in work.contests.roles.of_contest(contest.id) if row.role == Role.JUDGE]
    return tuple(row.user_id for row in rows if row.recused_at is None or row.user_id in counted)
