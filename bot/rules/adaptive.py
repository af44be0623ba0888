"""Adaptive listens: where one more rating says most about who goes on.

After a base of two or three ratings each, most entries are far from the cut, above or below it, and further ratings of those change nothing. So the
listens that are left go one by one to the entry whose posterior overlaps the cut most, as far as the judge who has time may hear it. What is on its way counts as if
it had been given: a rating makes the posterior narrower, whatever it will say, so one look places several without placing them all on the same entry.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING, NamedTuple

from bot.rules.caveats import Caveat
from bot.rules.expectation import CRITERIA, ENTRIES, LENIENCY, NOISE, TASTE
from bot.rules.fairscores import closest_to_the_cut

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.rules.allocation import Pair
    from bot.rules.fairscores import Fair, FairScore

_WORTH = ENTRIES**2
_CHANCE = LENIENCY**2 + TASTE**2 + NOISE**2 / CRITERIA
"""Squared points a rating; both as they usually are, where the ratings do not say yet."""


@dataclass
class Room:
    """A judge who has time for more."""

    judge: str
    pieces: int
    """How many more may be with them now."""
    may: Mapping[str, float]
    """What they may hear and were not given, with the seconds that each takes."""
    load: int = 0
    """How many they have heard, or are to hear: of several with room whoever has fewest comes first."""
    seconds: float = inf
    """That they have left."""

    def open_to(self) -> Collection[str]:
        """What they could be given."""
        return [entry for entry, takes in self.may.items() if takes <= self.seconds] if self.pieces > 0 else ()

    def give(self, entry: str) -> None:
        """They hear it."""
        self.seconds -= self.may[entry]
        self.may = {key: takes for key, takes in self.may.items() if key != entry}
        self.pieces, self.load = self.pieces - 1, self.load + 1


class Known(NamedTuple):
    """What the ratings say so far."""

    scores: tuple[FairScore, ...]
    """Of the entries that can still go on, highest first, each with an error above 0."""
    noise: float
    """Variance of one rating, in squared points."""


def known(found: Fair, entries: Collection[str]) -> Known:
    """As the model fits it; by what is usual, where there are too few ratings for a model."""
    here = [each for each in found.scores if each.entry in entries]
    if found.variances is not None and Caveat.NO_DIFFERENCE not in found.caveats:
        return Known(tuple(here), found.variances.noise)
    level = sum(each.raw for each in here) / max(1, len(here))
    usual = []
    for each in here:
        share = _WORTH / (_WORTH + _CHANCE / each.ratings)
        usual.append(each._replace(score=level + share * (each.raw - level), error=sqrt(_WORTH * (1 - share))))
    return Known(tuple(sorted(usual, key=lambda each: (-each.score, each.entry))), _CHANCE)


def place(known: Known, cut: int, on_the_way: Mapping[str, int], rooms: Iterable[Room], left: int) -> list[Pair]:
    """At most ``left`` further listens, in the order in which they are placed; none where everybody or nobody goes on.

    Args:
        known: What the ratings say.
        cut: So many go on.
        on_the_way: How many listens of each entry have been given to somebody, and not been rated.
        rooms: Judges with room, in an order that decides between those with the same load; they are filled.
        left: How many may be placed.
    """
    if not 0 < cut < len(known.scores):
        return []
    waiting, at = Counter(on_the_way), {each.entry: place for place, each in enumerate(known.scores)}
    scores = [_narrowed(each, waiting[each.entry], known.noise) for each in known.scores]
    placed: list[Pair] = []
    open_ = list(rooms)
    while open_ and len(placed) < left:
        room = min(open_, key=lambda each: each.load)
        entry = closest_to_the_cut(scores, cut, set(room.open_to()))
        if entry is None:
            open_.remove(room)
            continue
        room.give(entry)
        waiting[entry] += 1
        scores[at[entry]] = _narrowed(known.scores[at[entry]], waiting[entry], known.noise)
        placed.append((room.judge, entry))
    return placed


def _narrowed(score: FairScore, ratings: int, noise: float) -> FairScore:
    """As sure as it will be after so many more ratings."""
    return score._replace(error=1 / sqrt(1 / score.error**2 + ratings / noise)) if ratings else score
