"""How fair the scores are: contests that might have been, judged in several ways, whose true order is known (``make bench ARGS=--fairness``).

The worlds: 60 entries, 8 judges, three criteria; standard deviations of entries .6, of criteria .2, of leniency .5, of leniency in a criterion .15, of taste .45,
of chance .5 points; each score is rounded to a whole one from 1 to 5. All ways judge the same worlds, so differences are paired. The *ceiling* is the posterior mean with
the true variances: no estimator can do better on average.

Nothing is asserted; see docs/load.md.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.rules.allocation import Task, allocate
from bot.rules.fairscores import Observation, closest_to_the_cut, fair

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from numpy.typing import NDArray

ENTRIES, JUDGES, CRITERIA = 60, 8, 3
CUT, PODIUM = 15, 3
WORLDS = 2_000
WORTH = 0.6**2 + 0.2**2 / CRITERIA
LENIENT = 0.5**2 + 0.15**2 / CRITERIA
NOISE = 0.45**2 + 0.5**2 / CRITERIA + 1 / (12 * CRITERIA)
Order: TypeAlias = "list[int]"
"""Entries, the best one first."""


@dataclass
class World:
    """A contest that might have been."""

    lots: np.random.Generator
    worth: NDArray[np.float64]
    """(entries,): mean over the criteria."""
    inclined: NDArray[np.float64]
    """(entries, judges, criteria): what each judge would give if there were no chance."""

    @classmethod
    def drawn(cls, seed: int) -> World:
        """The same for the same seed."""
        lots = np.random.default_rng(seed)
        entries, criteria = lots.normal(0, 0.6, ENTRIES), lots.normal(0, 0.2, (ENTRIES, CRITERIA))
        lenient, by_criterion = lots.normal(0, 0.5, JUDGES), lots.normal(0, 0.15, (JUDGES, CRITERIA))
        taste = lots.normal(0, 0.45, (ENTRIES, JUDGES))
        worth = entries[:, None] + criteria
        inclined = 3 + worth[:, None, :] + (lenient[:, None] + by_criterion)[None, :, :] + taste[:, :, None]
        return cls(lots, worth.mean(axis=1), inclined)

    def rated(self, pairs: Iterable[tuple[int, int]], round_: str) -> list[Observation]:
        """What the judges give in that round: pairs of judges and entries."""
        return [self._rated(judge, entry, round_) for judge, entry in pairs]

    def _rated(self, judge: int, entry: int, round_: str) -> Observation:
        scores = np.clip(np.rint(self._felt(judge, entry)), 1, 5)
        return Observation(f"{entry:02}", str(judge), float(scores.mean()), round_)

    def _felt(self, judge: int, entry: int) -> NDArray[np.float64]:
        """(criteria,): what the judge would give, chance included, if any number could be given."""
        felt: NDArray[np.float64] = self.inclined[entry, judge] + self.lots.normal(0, 0.5, CRITERIA)
        return felt

    def rated_at_once(self, pairs: Iterable[tuple[int, int]]) -> list[Observation]:
        """One whole number for all criteria together."""
        return [
            Observation(f"{entry:02}", str(judge), float(np.clip(np.rint(self._felt(judge, entry).mean()), 1, 5)))
            for judge, entry in pairs
        ]

    def rated_in_halves(self, pairs: Iterable[tuple[int, int]]) -> list[Observation]:
        """Half points in each criterion."""
        return [
            Observation(
                f"{entry:02}", str(judge), float(np.clip(np.rint(self._felt(judge, entry) * 2) / 2, 1, 5).mean())
            )
            for judge, entry in pairs
        ]

    def compared(self, each: int) -> list[tuple[int, int]]:
        """Pairs of entries, the better one first as a judge has it who hears both; every entry is in so many of them."""
        order = np.concatenate([self.lots.permutation(ENTRIES) for _ in range(each)])
        found = []
        for one, other in order.reshape(-1, 2).tolist():
            judge = int(self.lots.integers(JUDGES))
            first = self._felt(judge, one).mean() >= self._felt(judge, other).mean()
            found.append((one, other) if first else (other, one))
        return found

    @property
    def true(self) -> Order:
        """By worth."""
        return [int(entry) for entry in np.argsort(-self.worth)]


def shared_out(entries: Iterable[int], each: int, seed: int) -> list[tuple[int, int]]:
    """As Kantor does it: judges and entries."""
    task = Task(
        {str(entry): 20.0 for entry in entries}, {str(judge): np.inf for judge in range(JUDGES)}, each, seed=str(seed)
    )
    return sorted((int(judge), int(entry)) for judge, entry in allocate(task).pairs)


def listened_more(world: World, given: list[Observation], extra: int) -> list[Observation]:
    """So many more ratings, one of each judge at a time, of what is closest to the cut then."""
    given, heard = list(given), {(int(each.judge), int(each.entry)) for each in given}
    while extra > 0:
        scores, load = fair(given, chances=False).scores, Counter(judge for judge, _ in heard)
        taken: set[str] = set()
        for judge in sorted(range(JUDGES), key=lambda one: load[one])[:extra]:
            allowed = {f"{entry:02}" for entry in range(ENTRIES) if (judge, entry) not in heard} - taken
            chosen = closest_to_the_cut(scores, CUT, allowed)
            assert chosen is not None
            taken.add(chosen)
            heard.add((judge, int(chosen)))
            given += world.rated([(judge, int(chosen))], "preliminary")
            extra -= 1
    return given


def raw(given: Sequence[Observation]) -> dict[str, float]:
    """Plain means."""
    sums: dict[str, list[float]] = {}
    for each in given:
        sums.setdefault(each.entry, []).append(each.score)
    return {entry: float(np.mean(scores)) for entry, scores in sums.items()}


def standardized(given: Sequence[Observation]) -> dict[str, float]:
    """Means of each judge's z-scores."""
    theirs: dict[str, list[float]] = {}
    for each in given:
        theirs.setdefault(each.judge, []).append(each.score)
    spread = {judge: (np.mean(scores), np.std(scores) or 1.0) for judge, scores in theirs.items()}
    return raw(
        [each._replace(score=float((each.score - spread[each.judge][0]) / spread[each.judge][1])) for each in given]
    )


def fairly(given: Sequence[Observation]) -> dict[str, float]:
    """Kantor's."""
    return {each.entry: each.score for each in fair(given, chances=False).scores}


def ceiling(given: Sequence[Observation]) -> dict[str, float]:
    """The posterior mean with the true variances, by the covariances of all ratings: another way than Kantor's."""
    entry, judge = ([getattr(each, name) for each in given] for name in ("entry", "judge"))
    same_entry, same_judge = (np.equal.outer(np.array(each), np.array(each)) for each in (entry, judge))
    precision = np.linalg.inv(WORTH * same_entry + LENIENT * same_judge + NOISE * np.eye(len(given)))
    score = np.array([each.score for each in given])
    middle = precision.sum(axis=0) @ score / precision.sum()
    found = WORTH * same_entry @ (precision @ (score - middle))
    return dict(zip(entry, found.tolist(), strict=True))


def bradley_terry(won: Sequence[tuple[int, int]]) -> dict[str, float]:
    """The most probable worths, with the true spread as the prior: the winner of each pair comes first. R. A. Bradley and M. E. Terry, Biometrika 39 (1952)."""
    spread = 1.7 / np.sqrt(
        2 * (0.45**2 + 0.5**2 / CRITERIA)
    )  # of a logistic that is as wide as taste and chance of two
    better = np.zeros((len(won), ENTRIES))
    for row, (one, other) in enumerate(won):
        better[row, one], better[row, other] = 1, -1
    worth, prior = np.zeros(ENTRIES), np.eye(ENTRIES) / (WORTH * spread**2)
    for _ in range(12):
        surprise = 1 / (1 + np.exp(better @ worth))
        curvature = (better * (surprise * (1 - surprise))[:, None]).T @ better + prior
        worth += np.linalg.solve(curvature, better.T @ surprise - prior @ worth)
    return {f"{entry:02}": float(each) for entry, each in enumerate(worth)}


WAYS: dict[str, Callable[[Sequence[Observation]], dict[str, float]]] = {
    "raw": raw, "z-score": standardized, "fair": fairly, "ceiling": ceiling,
}  # fmt: skip


def best(scores: dict[str, float], number: int) -> set[int]:
    """Of equals the first by name, which means nothing."""
    return {int(entry) for entry in sorted(scores, key=lambda each: (-scores[each], each))[:number]}


def preliminary(seed: int) -> dict[str, float]:
    """The part of the true best 15 among those that go on."""
    world = World.drawn(seed)
    true, everyone = set(world.true[:CUT]), range(ENTRIES)
    three, two = (world.rated(shared_out(everyone, each, seed), "preliminary") for each in (3, 2))
    found = {f"3 each, {name}": best(way(three), CUT) for name, way in WAYS.items()}
    found["2 each + 60 adaptive, fair"] = best(fairly(listened_more(world, two, 60)), CUT)
    found["3 each + 30 adaptive, fair"] = best(fairly(listened_more(world, three, 30)), CUT)
    everything = world.rated([(judge, entry) for entry in everyone for judge in range(JUDGES)], "preliminary")
    found["all hear all, raw"] = best(raw(everything), CUT)
    found["all hear all, fair"] = best(fairly(everything), CUT)
    pairs = shared_out(everyone, 3, seed)
    found["3 each, one number for all criteria, fair"] = best(fairly(world.rated_at_once(pairs)), CUT)
    found["3 each, half points, fair"] = best(fairly(world.rated_in_halves(pairs)), CUT)
    found["90 pairs compared, each of 3"] = best(bradley_terry(world.compared(3)), CUT)
    return {name: len(entries & true) / CUT for name, entries in found.items()}


def podium(seed: int) -> dict[str, float]:
    """The part of the true best 3 on the podium, after a final of the 15 that a fair first round of 3 ratings each chose."""
    world = World.drawn(seed)
    true = set(world.true[:PODIUM])
    first = world.rated(shared_out(range(ENTRIES), 3, seed), "preliminary")
    finalists = sorted(best(fairly(first), CUT))
    found = {}
    for heard, pairs in (
        ("3", shared_out(finalists, 3, seed)),
        ("8", [(judge, entry) for entry in finalists for judge in range(JUDGES)]),
    ):
        last = world.rated(pairs, "final")
        found[f"final heard by {heard}: raw, final alone"] = best(raw(last), PODIUM)
        for name, way in WAYS.items():
            pooled = {entry: score for entry, score in way([*first, *last]).items() if int(entry) in finalists}
            found[f"final heard by {heard}: {name}, both rounds"] = best(pooled, PODIUM)
    return {name: len(entries & true) / PODIUM for name, entries in found.items()}


def covered(seed: int) -> dict[str, float]:
    """The part of the entries whose true place lies within the range that is told of them, in the first round and in a final that all judges hear."""
    world = World.drawn(seed)
    first = world.rated(shared_out(range(ENTRIES), 3, seed), "preliminary")
    finalists = best(fairly(first), CUT)
    pairs = [(judge, entry) for entry in sorted(finalists) for judge in range(JUDGES)]
    last = [*first, *world.rated(pairs, "final")]
    inside = {
        "3 each": _inside(world, first, range(ENTRIES), seed),
        "final heard by 8": _inside(world, last, finalists, seed),
    }
    return {f"true places within their ranges of 90 %, {name}": share for name, share in inside.items()}


def _inside(world: World, given: Sequence[Observation], among: Collection[int], seed: int) -> float:
    places = {entry: place for place, entry in enumerate((each for each in world.true if each in among), start=1)}
    told = fair(given, seed=seed, fields=([f"{entry:02}" for entry in among],)).scores
    return float(np.mean([e.best <= places[int(e.entry)] <= e.worst for e in told if int(e.entry) in places]))


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    worlds = int(next((each for each in arguments if each.isdecimal()), WORLDS))
    began = time.process_time()
    for title, way, number in (
        ("Of the true best 15 so many go on", preliminary, worlds),
        ("Of the true best 3 so many are on the podium", podium, worlds),
        ("What is told of places", covered, min(worlds, 400)),
    ):
        _print(title, [way(seed) for seed in range(number)])
    _print_speed()
    sys.stdout.write(f"{worlds} worlds, {time.process_time() - began:.0f} s of processor time\n")


def _print(title: str, found: Sequence[dict[str, float]]) -> None:
    table = Table(title=f"{title} ({len(found)} worlds)")
    for name in ("way", "mean (s.e.)", *(f"minus {other}, paired (s.e.)" for other in AGAINST)):
        table.add_column(name, justify="left" if name == "way" else "right")
    for name in found[0]:
        mine = np.array([each[name] for each in found])
        table.add_row(
            name, f"{mine.mean():.3f} ({_error(mine):.3f})", *(_less(found, name, other) for other in AGAINST)
        )
    Console(width=160).print(table)


AGAINST = ("raw", "z-score", "ceiling")


def _less(found: Sequence[dict[str, float]], name: str, other: str) -> str:
    """How much more it finds than another way in the same worlds; empty where there is nothing to hold against."""
    against = f"{name.partition(':')[0]}: {other}, both rounds" if name.startswith("final") else f"3 each, {other}"
    if against == name or against not in found[0]:
        return ""
    less = np.array([each[name] - each[against] for each in found])
    return f"{less.mean():+.3f} ({_error(less):.3f})"


def _error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def a_large_panel(entries: int, judges: int, each: int) -> list[Observation]:
    """Ratings without criteria, for speed."""
    lots = np.random.default_rng(1)
    worth, lenient = lots.normal(0, 0.6, entries), lots.normal(0, 0.5, judges)
    return [
        Observation(f"{entry:05}", f"{judge:03}", float(3 + worth[entry] + lenient[judge] + lots.normal(0, 0.6)))
        for entry in range(entries)
        for judge in lots.choice(judges, each, replace=False)
    ]


def _print_speed() -> None:
    table = Table(title="How long it takes (processor time), beside statsmodels' mixed model on the same ratings")
    for name in ("entries", "judges", "ratings", "Kantor", "most memory of the process", "statsmodels"):
        table.add_column(name, justify="right")
    for entries, judges, each in ((60, 8, 3), (200, 10, 5), (5000, 50, 10)):
        given = a_large_panel(entries, judges, each)
        took = _timed(partial(fair, given, cut=CUT))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        theirs = (
            f"{_timed(partial(_by_statsmodels, given)) * 1000:,.0f} ms"
            if entries <= 200
            else "not tried: its matrix has 25 million cells"
        )
        table.add_row(
            *(f"{number:,}" for number in (entries, judges, len(given))),
            f"{took * 1000:,.0f} ms",
            f"{memory:.0f} MiB",
            theirs,
        )
    Console(width=140).print(table)


def _timed(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def _by_statsmodels(given: Sequence[Observation]) -> object:
    import pandas as pd  # noqa: PLC0415 - a second each, before the clock would count it
    import statsmodels.formula.api as smf  # noqa: PLC0415

    parts = {"entry": "0 + C(entry)", "judge": "0 + C(judge)"}
    return smf.mixedlm("score ~ 1", pd.DataFrame(given).assign(all="one"), groups="all", vc_formula=parts).fit(
        reml=True
    )
