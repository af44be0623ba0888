"""Fair scores of a contest: what its ratings say together, how surely, and how compositions stand where their scores are equal.

Reckoned anew only where a rating, or who competes, has changed: a board is looked at more often than that. numpy is loaded where it is used, since a bot whose
contests go by plain means does without its 20 MB.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from bot.rules.criteria import Scheme
from bot.rules.numbers import decimal
from bot.rules.phases import Round
from bot.rules.standings import Scores, ladder, mean_of_means
from bot.usecases.judging.counting import counting_weighed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.rules.caveats import Caveat
    from bot.rules.fairscores import Fair, Observation
    from bot.rules.standings import Rung
    from models.contests import Contest
    from models.judging import Weighed
    from models.store import Work

KEPT = 4
"""So many contests' last fits are kept; of 1,000 compositions with 8 ratings each one takes about 3 MB."""


def goes_by(contest: Contest) -> Scores:
    """What its places go by: plain means in contests that are older than fair scores, and where organizers chose them."""
    return Scores(contest.texts.get("scores") or Scores.MEAN)


class Worth(NamedTuple):
    """What all ratings of a composition say, of both rounds together."""

    score: float
    """The fair score, to two places, as people read it and as it ranks."""
    mean: float
    """The plain mean of the same ratings, to two places."""
    ratings: int
    best: int
    """The places between which it lies in 90 of 100 cases, from 1; 0 where it competes for none."""
    worst: int
    first: float | None
    """The chance of being the best, 0 to 1; None where there is no telling."""
    podium: float | None
    """Of being among the best three."""
    within: float | None
    """Of being within the cut that was asked for."""
    rungs: tuple[Rung, ...]
    """How it stands where scores are equal."""


class Rated(NamedTuple):
    """One rating."""

    submission_id: str
    judge: str
    round: Round
    scores: tuple[float, ...]
    """By each criterion, in the order of the scheme."""


@dataclass(frozen=True)
class Weighing:
    """What the ratings of a contest say."""

    worths: Mapping[str, Worth]
    """By id of a submission, also of those that have left."""
    caveats: tuple[Caveat, ...]
    fair: Fair
    """As it was reckoned, with each judge's leniency."""

    def ahead(self, one: str, two: str) -> float | None:
        """The chance that ``one`` is truly better than ``two``; None where there is no telling."""
        return _known(self.fair.ahead(one, two))


@dataclass(frozen=True)
class Lenient:
    """By how many points a judge rates above the others (below 0: stricter)."""

    judge: str
    points: float
    error: float
    """Its standard error, in points."""
    ratings: int


def leniency_of(work: Work, contest: Contest) -> tuple[Lenient, ...]:
    """Of each judge of whom it can be told, the most lenient first: for organizers alone."""
    scheme = Scheme.load(contest.scheme)
    found = weigh_up(counting_weighed(work, contest, scheme.keys), scheme, (), 0, chances=False).fair.leniency
    rows = [Lenient(judge, each.points, each.error, each.ratings) for judge, each in found.items()]
    return tuple(sorted(rows, key=lambda each: (-each.points, each.judge)))


def weigh_up(  # noqa: PLR0913 - what is asked for
    given: Sequence[Weighed],
    scheme: Scheme,
    fields: Sequence[Sequence[str]],
    cut: int,
    *,
    chances: bool = True,
    before: tuple[int, ...] = (),
) -> Weighing:
    """Fit the ratings.

    Args:
        given: As ``bot.usecases.judging.counting.counting_weighed`` has them.
        scheme: The criteria.
        fields: Ids of those who compete for places: those of each field stand behind all of the fields before.
        cut: How many go on; the chance of being within it is reckoned.
        chances: Whether places and chances are asked for, which take longer than scores.
        before: How many places come before each field's first; left out: as many as the fields before it have.
    """
    return _weighed_up(tuple(given), scheme, tuple(map(tuple, fields)), cut, chances=chances, before=before)


def by_criterion(work: Work, contest: Contest) -> Mapping[str, tuple[float, ...]]:
    """By id of a submission: the fair score of each criterion alone, in the order of the scheme, to two places."""
    from bot.rules.fairscores import fair  # noqa: PLC0415 - see the module's docstring

    scheme = Scheme.load(contest.scheme)
    ratings = list(ratings_of(counting_weighed(work, contest, scheme.keys), scheme))
    found: dict[str, list[float]] = defaultdict(list)
    for criterion in range(len(scheme.keys)):
        for each in fair(observed(ratings, scheme, criterion), chances=False).scores:
            found[each.entry].append(float(decimal(each.score)))
    return {key: tuple(scores) for key, scores in found.items()}


@lru_cache(maxsize=KEPT)
def _weighed_up(  # noqa: PLR0913 - as weigh_up
    given: tuple[Weighed, ...],
    scheme: Scheme,
    fields: tuple[tuple[str, ...], ...],
    cut: int,
    *,
    chances: bool,
    before: tuple[int, ...],
) -> Weighing:
    from bot.rules.fairscores import fair  # noqa: PLC0415 - see the module's docstring

    ratings = tuple(ratings_of(given, scheme))
    found = fair(observed(ratings, scheme), cut=cut, chances=chances, fields=fields, before=before)
    rungs = _ladders(ratings, scheme)
    worths = {
        each.entry: Worth(
            score=float(decimal(each.score)),
            mean=mean_of_means([each.raw]),
            ratings=each.ratings,
            best=each.best,
            worst=each.worst,
            first=_known(each.first),
            podium=_known(each.podium),
            within=_known(each.within),
            rungs=rungs[each.entry],
        )
        for each in found.scores
    }
    return Weighing(worths, found.caveats, found)


def ratings_of(given: Sequence[Weighed], scheme: Scheme) -> Iterator[Rated]:
    """One by one, in no order."""
    lines = [(each, line.partition("\t")) for each in given for line in each.given.split("\n")]
    keys = scheme.keys
    # Each text once: of 8,000 ratings in three criteria at most 125 differ.
    read = {text: json.loads(text) for text in {line[2] for _, line in lines}}
    scores = {text: tuple(theirs[key] for key in keys) for text, theirs in read.items()}
    for each, line in lines:
        yield Rated(each.submission_id, line[0], each.round, scores[line[2]])


def observed(ratings: Sequence[Rated], scheme: Scheme, criterion: int | None = None) -> list[Observation]:
    """The same as what a fit takes: the weighted means, or one criterion's scores."""
    from bot.rules.fairscores import Observation  # noqa: PLC0415 - see the module's docstring

    given = {each.scores for each in ratings}
    score = {each: scheme.mean_of(each) if criterion is None else float(each[criterion]) for each in given}
    return [Observation(each.submission_id, each.judge, score[each.scores], each.round) for each in ratings]


def _ladders(ratings: Sequence[Rated], scheme: Scheme) -> Mapping[str, tuple[Rung, ...]]:
    """By id of a submission."""
    theirs: dict[str, list[Rated]] = defaultdict(list)
    for each in ratings:
        theirs[each.submission_id].append(each)
    return {key: _ladder(some, scheme) for key, some in theirs.items()}


def _ladder(ratings: Sequence[Rated], scheme: Scheme) -> tuple[Rung, ...]:
    final = [scheme.mean_of(each.scores) for each in ratings if each.round is Round.FINAL]
    scores = [score for each in ratings for score in each.scores]
    first = mean_of_means([each.scores[0] for each in ratings])
    return ladder(scores, first, mean_of_means(final) if final else None)


def _known(chance: float) -> float | None:
    return None if isnan(chance) else chance
