"""What human judges rate: a few criteria with weights, on one scale of five titled scores, perhaps with the halves between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from operator import mul
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Criterion:
    """One thing that is rated."""

    key: str
    """Names it in stored ratings: lower-case letters and ``_``; never changed once something was rated."""
    title: str
    question: str
    """What it asks, in one sentence."""
    weight: float = 1.0
    """Above 0; only the ratio to the others' counts."""


@dataclass(frozen=True)
class Scheme:
    """The criteria of a contest, and the titles of its scores."""

    criteria: tuple[Criterion, ...]
    titles: tuple[str, ...]
    """Of the scores 1, 2, 3, 4 and 5."""
    halves: bool = False
    """Whether judges may give 1.5, 2.5 and so on, too."""

    @property
    def steps(self) -> tuple[float, ...]:
        """What a judge may give, from the lowest; what is whole is an int, as it is kept."""
        whole = range(LOWEST, HIGHEST + 1)
        return tuple(sorted([*whole, *(score + 0.5 for score in whole[:-1])])) if self.halves else tuple(whole)

    @property
    def keys(self) -> tuple[str, ...]:
        """Of the criteria, in order."""
        return tuple(criterion.key for criterion in self.criteria)

    @property
    def shares(self) -> tuple[str, ...]:
        """How much each criterion counts, in words: ``50 %``; ``3 of 6`` where whole percents would not be true; empty where all count alike."""
        weights = self._weights
        if len(set(weights)) == 1:
            return ("",) * len(weights)
        percents = _percents(weights)
        if all(percents) and len(set(zip(weights, percents, strict=True))) == len(set(weights)):
            return tuple(f"{each}\u00a0%" for each in percents)
        return tuple(f"{weight:.9g} of {sum(weights):.9g}" for weight in weights)

    @property
    def told(self) -> tuple[str, ...]:
        """The criteria as everybody is told of them: ``Originality``, or ``Originality (50 %)`` where they count differently."""
        pairs = zip(self.criteria, self.shares, strict=True)
        return tuple(f"{each.title} ({share})" if share else each.title for each, share in pairs)

    def label(self, score: float) -> str:
        """The score with its title: ``4 - Now we're rocking``; a half stands between two of them: ``4.5 - between 4 and 5``."""
        below = int(score)
        return f"{score:g} - " + (self.titles[below - LOWEST] if score == below else f"between {below} and {below + 1}")

    def mean(self, scores: Mapping[str, float]) -> float:
        """The weighted mean of one judge's scores, 1 to 5. Raises KeyError where a criterion has none."""
        return self.mean_of([scores[criterion.key] for criterion in self.criteria])

    def mean_of(self, scores: Sequence[float]) -> float:
        """The same of scores in the order of the criteria."""
        return float(sum(map(mul, self._weights, scores)) / sum(self._weights))

    @cached_property
    def _weights(self) -> tuple[float, ...]:
        return tuple(criterion.weight for criterion in self.criteria)

    def dump(self) -> dict[str, Any]:
        """As plain JSON values."""
        halves = {"halves": True} if self.halves else {}
        return {"criteria": [asdict(criterion) for criterion in self.criteria], "titles": list(self.titles), **halves}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Scheme:
        """The scheme that ``dump`` stored."""
        criteria = tuple(Criterion(**each) for each in stored["criteria"])
        return cls(criteria, tuple(stored["titles"]), bool(stored.get("halves")))


DEFAULT = Scheme(
    criteria=(
        Criterion(
            "originality",
            "Originality",
            "Does it surprise you with ideas of its own: a turn of melody, a rhythm, a sound?",
        ),
        Criterion(
            "balance",
            "Balance",
            "Do the parts fit together: melody and accompaniment, tension and rest, beginning and end?",
        ),
        Criterion("emotional", "Emotional", "Does it move you, whatever the feeling: joy, calm, unrest, a smile?"),
    ),
    titles=("Noise", "Faint, but forgettable", "Groovin'", "Now we're rocking", "AWSome!"),
)
"""The criteria and titles of the original event; the questions are ours."""


def _percents(weights: Sequence[float]) -> list[int]:
    """Whole percents that add up to 100: the largest remainders are rounded up."""
    exact = [100 * weight / sum(weights) for weight in weights]
    order = sorted(range(len(exact)), key=lambda place: int(exact[place]) - exact[place])
    up = set(order[: 100 - sum(int(each) for each in exact)])
    return [int(each) + (place in up) for place, each in enumerate(exact)]


def change_told(before: Sequence[str], after: Sequence[str]) -> str:
    """The sentence on changed criteria, for whoever confirms it and for whoever hears of it; both as ``Scheme.told``."""
    now = ", ".join(after)
    if list(before) == list(after):
        return f"The judges rate as before: {now}. What a criterion asks has new words."
    return f"The judges rate: {now}. Until now it was: {', '.join(before)}."
