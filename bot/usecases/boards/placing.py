"""Who stands where: the places of a contest, by plain means of a round, or by fair scores of both rounds and the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.rules.phases import OVER, Phase, Round
from bot.rules.standings import Entry, Scores, in_two_rounds, mean_of_means
from bot.usecases.boards.letters import Fairness
from bot.usecases.judging.counting import counting_summed, counting_weighed
from bot.usecases.judging.fairness import goes_by, weigh_up
from models.judging import Weighed
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.rules.criteria import Scheme
    from bot.rules.standings import Standing
    from bot.usecases.judging.fairness import Weighing
    from models.contests import Contest
    from models.judging import Summed
    from models.store import Work
    from models.submissions import Entrant


class Score(NamedTuple):
    """What a composition got in a round."""

    mean: float
    """The plain mean, to two places."""
    ratings: int


Given = dict[Round, dict[str, Score]]


class _Fields(NamedTuple):
    """Who competes with whom: those of each stand behind all of the ones before."""

    final: list[Entrant]
    """Finalists that were rated in the final."""
    unheard: list[Entrant]
    """At the end: finalists that were not."""
    others: list[Entrant]
    """All others with a rating."""


@dataclass(frozen=True)
class Placing:
    """The standings, and what they rest on."""

    order: tuple[Standing, ...]
    given: Given
    finalists: frozenset[str]
    """Ids of those in the final, rated there or not; empty before there is one."""
    weighing: Weighing | None
    """None where places go by plain means."""

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the scores do not allow to say: words of ``bot.rules.caveats.Caveat``."""
        return () if self.weighing is None else tuple(each.value for each in self.weighing.caveats)

    def beside(self, standing: Standing) -> Fairness | None:
        """What stands beside its score; None where that is a plain mean."""
        if self.weighing is None:
            return None
        key = standing.entry.key
        worth, following = self.weighing.worths[key], self._following.get(key)
        here = self.given[Round.FINAL].get(key) or self.given[Round.PRELIMINARY][key]
        return Fairness(
            mean=here.mean,
            best=worth.best,
            worst=worth.worst,
            first=worth.first,
            podium=worth.podium,
            within=worth.within,
            ahead=None if following is None else self.weighing.ahead(key, following),
            decided=standing.decided,
        )

    @cached_property
    def _following(self) -> dict[str, str]:
        """Who comes right behind each, of those it competes with."""
        pairs = pairwise(each.entry.key for each in self.order)
        return {one: other for one, other in pairs if self._field(one) == self._field(other)}

    def _field(self, key: str) -> tuple[bool, bool]:
        """Whether it is in the final, and rated there: only those with whom it shares that could be the other way round."""
        inside = key in self.finalists
        return inside, inside and key in self.given[Round.FINAL]


def has_final(contest: Contest) -> bool:
    """Whether its final has begun."""
    return contest.final_at is not None and contest.phase in {Phase.FINAL, *OVER}


def goes_on(contest: Contest) -> int:
    """How many go on to the final that is still to come; 0 where none is."""
    return contest.finalists if contest.rounds > 1 and not has_final(contest) else 0


def placing_of(work: Work, contest: Contest, scheme: Scheme, pieces: Sequence[Entrant], without: str = "") -> Placing:
    """The places as they are now. ``without`` is a judge whose ratings are left out."""
    ask = counting_summed if goes_by(contest) is Scores.MEAN else counting_weighed
    return placed(contest, scheme, pieces, ask(work, contest, scheme.keys, without), chances=not without)


def placed(
    contest: Contest,
    scheme: Scheme,
    pieces: Sequence[Entrant],
    rows: Sequence[Summed | Weighed],
    *,
    chances: bool = True,
) -> Placing:
    """The places by these ratings: ``Weighed`` where they go by fair scores."""
    finalists = frozenset(piece.id for piece in pieces if piece.in_final) if has_final(contest) else frozenset()
    if goes_by(contest) is Scores.MEAN:
        given = _given(rows, scheme)
        fields = _fields(contest, pieces, given, finalists)
        rounds = (Round.FINAL, Round.PRELIMINARY, Round.PRELIMINARY)
        final, unheard, others = (
            list(_plain(some, given[round_])) for some, round_ in zip(fields, rounds, strict=True)
        )
        before = _before(contest, fields, finalists)
        return Placing(in_two_rounds(final, unheard, others, before[-1]), given, finalists, None)
    weighed = [each for each in rows if isinstance(each, Weighed)]
    given = _given([each for each in weighed if each.state is SubmissionState.ACCEPTED], scheme)
    fields = _fields(contest, pieces, given, finalists)
    cut = goes_on(contest) or contest.winners
    before, competing = _before(contest, fields, finalists), [[piece.id for piece in some] for some in fields]
    weighing = weigh_up(weighed, scheme, competing, cut, chances=chances, before=before)
    final, unheard, others = (list(_fair(some, weighing)) for some in fields)
    return Placing(in_two_rounds(final, unheard, others, before[-1]), given, finalists, weighing)


def _given(rows: Iterable[Summed | Weighed], scheme: Scheme) -> Given:
    given: Given = {each: {} for each in Round}
    for each in rows:
        # All judges go by the same weights, so the mean over them may come first.
        mean = scheme.mean_of([total / each.number for total in each.sums])
        given[each.round][each.submission_id] = Score(mean_of_means([mean]), each.number)
    return given


def _fields(contest: Contest, pieces: Sequence[Entrant], given: Given, finalists: frozenset[str]) -> _Fields:
    first, last = given[Round.PRELIMINARY], given[Round.FINAL]
    inside = [piece for piece in pieces if piece.id in finalists]
    # At the end nobody waits for the final's ratings any more.
    unheard = [piece for piece in inside if piece.id not in last] if contest.phase in OVER else []
    return _Fields(
        final=[piece for piece in inside if piece.id in last],
        unheard=[piece for piece in unheard if piece.id in first],
        others=[piece for piece in pieces if piece.id not in finalists and piece.id in first],
    )


def _plain(pieces: Iterable[Entrant], scores: dict[str, Score]) -> Iterator[Entry]:
    for piece in pieces:
        yield Entry(piece.name, scores[piece.id].mean, scores[piece.id].ratings, piece.id)


def _fair(pieces: Iterable[Entrant], weighing: Weighing) -> Iterator[Entry]:
    for piece in pieces:
        worth = weighing.worths[piece.id]
        yield Entry(piece.name, worth.score, worth.ratings, piece.id, worth.rungs)


def _before(contest: Contest, fields: _Fields, finalists: frozenset[str]) -> tuple[int, ...]:
    """How many places come before the first one of each field: those of finalists who wait for a rating are kept for them."""
    heard = len(fields.final)
    return 0, heard, len(finalists) if contest.phase == Phase.FINAL else heard + len(fields.unheard)
