"""Who hears what: a seeded allocation of entries to judges.

Each entry is rated by ``each`` judges, none of them twice, none with a conflict, none for longer than they have time; the load is even; and the judges overlap in
many ways, so that they can be compared with each other. How well they do says the algebraic connectivity of the graph of judges, in which the weight between two is how
many entries they share: the second smallest eigenvalue of its Laplacian (M. Fiedler, "Algebraic connectivity of graphs", Czechoslovak Math. J. 23, 1973). At 0 the panel
falls apart.

numpy is loaded where it is used, since a bot whose judges all hear all does without its 20 MB.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.rules.henderson import Matrix

Pair: TypeAlias = tuple[str, str]
"""A judge, and an entry."""

OVERHEAD = 60
"""Seconds that a rating takes besides listening."""
SWAPS = 400
"""That are tried for a better connectivity; each takes as long as an eigenvalue of a matrix as large as there are judges."""
_BETTER = 1e-9


def judges_needed(entries: int, each: int, seconds: float, minutes: float, further: int = 0) -> int:
    """How many judges it takes for ``each`` ratings of so many entries, and ``further`` ones.

    The entries are ``seconds`` long on average, and each judge has so many minutes.
    """
    return ceil((entries * each + further) * (seconds + OVERHEAD) / (60 * minutes))


def connectivity(shared: Matrix) -> float:
    """The algebraic connectivity of a graph, at least 0; of one judge or none it is 0.

    Args:
        shared: (judges, judges): symmetric weights; the diagonal counts for nothing.
    """
    if len(shared) < 2:
        return 0.0
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    weights = shared - np.diag(np.diag(shared))
    laplacian = np.diag(weights.sum(axis=0)) - weights
    return max(0.0, float(np.linalg.eigvalsh(laplacian)[1]))


@dataclass(frozen=True)
class Task:
    """What is to be allocated."""

    entries: Mapping[str, float]
    """How long each one plays, in seconds."""
    judges: Mapping[str, float]
    """How many minutes each one has; infinite where nobody set a limit."""
    each: int
    """Ratings an entry."""
    conflicts: frozenset[Pair] = frozenset()
    started: frozenset[Pair] = frozenset()
    """What has been heard or begun, by whomever, and so stays where it is."""
    planned: frozenset[Pair] = frozenset()
    """What was allocated before: it stays where it can, so that a judge who drops out or comes late moves little."""
    further: frozenset[Pair] = frozenset()
    """What was placed besides, one by one: it counts for none of the ``each``, goes to nobody else, and falls away with its judge."""
    seed: str = ""


@dataclass(frozen=True)
class Allocation:
    """Who hears what."""

    pairs: frozenset[Pair]
    """With what was started; without the started ones of judges who judge no more."""
    short: Mapping[str, int]
    """Entries that lack ratings, and how many: there are too few judges without a conflict, or too little time."""
    further: frozenset[Pair]
    """What was placed besides, and still holds: with what was started by judges who judge no more, since that was heard."""
    load: Mapping[str, float]
    """Minutes of each judge."""
    connectivity: float
    panels: tuple[tuple[str, ...], ...]
    """Groups of judges who share no entry with each other; a single one where all can be compared."""

    @property
    def is_whole(self) -> bool:
        """Whether every entry has its judges, and all judges who hear anything can be compared."""
        return not self.short and len(self.panels) <= 1


def allocate(task: Task) -> Allocation:
    """Allocate; the same task gives the same allocation, on every machine. Raises nothing: what lacks is told."""
    board = _Board.of(task)
    for entry in board.order:
        while board.lacks(entry) and board.give(entry):
            pass
    board.even_out()
    board.connect()
    return board.result()


class _Link(NamedTuple):
    """How an entry comes to a judge."""

    giver: str | None
    """The judge who has it now; None where it is the one that lacks a judge."""
    entry: str


@dataclass
class _Board:
    """The allocation while it is made."""

    task: Task
    lot: Random
    judges: tuple[str, ...]
    panel: tuple[str, ...]
    """With those who judge no more: what they gave connects the others."""
    order: Mapping[str, int]
    """Entries, those first that fewest judges may hear, and the place of each in that order."""
    heard_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Judges of each entry, those who judge no more included."""
    heard: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Entries of each judge."""
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    shared: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    """How many entries two judges share, both ways."""
    besides: set[Pair] = field(default_factory=set)
    """Those of the further ones that hold."""
    more: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How many of these each judge has."""

    @classmethod
    def of(cls, task: Task) -> _Board:
        # Strings, and the generator of the standard library: both are the same on every machine and in every release.
        lot = Random(task.seed)  # noqa: S311 - not for secrets: anybody is to draw the same lots
        judges, order = sorted(task.judges), sorted(task.entries)
        lot.shuffle(judges)
        lot.shuffle(order)
        barred: dict[str, int] = defaultdict(int)
        for _, entry in task.conflicts:
            barred[entry] += 1
        gone = {judge for judge, entry in task.started if entry in task.entries} - set(judges)
        order.sort(key=lambda entry: -barred[entry])
        board = cls(task, lot, tuple(judges), (*judges, *sorted(gone)), {entry: at for at, entry in enumerate(order)})
        for judge, entry in sorted(task.started):
            if entry in task.entries:
                board.put(judge, entry)
        for judge, entry in sorted(task.further):
            if entry in task.entries and ((judge, entry) in task.started or board.puts_further(judge, entry)):
                board.besides.add((judge, entry))
                board.more[judge] += 1
        for judge, entry in sorted(task.planned - task.started):
            if entry in task.entries and judge in task.judges and board.lacks(entry) and board.may(judge, entry):
                board.put(judge, entry)
        return board

    def cost(self, entry: str) -> float:
        return self.task.entries[entry] + OVERHEAD

    def lacks(self, entry: str) -> int:
        besides = sum((judge, entry) in self.besides for judge in self.heard_by[entry])
        return max(0, self.task.each + besides - len(self.heard_by[entry]))

    def has_time(self, judge: str, cost: float) -> bool:
        return self.seconds[judge] + cost <= 60 * self.task.judges[judge]

    def allowed(self, judge: str, entry: str) -> bool:
        return judge not in self.heard_by[entry] and (judge, entry) not in self.task.conflicts

    def may(self, judge: str, entry: str) -> bool:
        return self.allowed(judge, entry) and self.has_time(judge, self.cost(entry))

    def put(self, judge: str, entry: str) -> None:
        for other in self.heard_by[entry]:
            self.shared[judge, other] += 1
            self.shared[other, judge] += 1
        self.heard_by[entry].add(judge)
        self.heard[judge].add(entry)
        self.seconds[judge] += self.cost(entry)

    def puts_further(self, judge: str, entry: str) -> bool:
        """Whether what was placed besides still can be."""
        holds = judge in self.task.judges and self.may(judge, entry)
        if holds:
            self.put(judge, entry)
        return holds

    def take(self, judge: str, entry: str) -> None:
        self.heard_by[entry].remove(judge)
        self.heard[judge].remove(entry)
        self.seconds[judge] -= self.cost(entry)
        for other in self.heard_by[entry]:
            self.shared[judge, other] -= 1
            self.shared[other, judge] -= 1

    def movable(self, judge: str) -> list[str]:
        """What the judge has not begun, and was not placed for what is known of it."""
        begun = self.task.started
        theirs = (
            entry for entry in self.heard[judge] if (judge, entry) not in begun and (judge, entry) not in self.besides
        )
        return sorted(theirs, key=self.order.__getitem__)

    def load(self, judge: str) -> int:
        """How many entries; without the further ones, which go to whoever has time for them."""
        return len(self.heard[judge]) - self.more[judge]

    def give(self, entry: str) -> bool:
        """One more judge for the entry: the least loaded, then whoever shares least with those who have it already."""
        free = [judge for judge in self.judges if self.may(judge, entry)]
        if free:
            others = self.heard_by[entry]
            self.put(min(free, key=lambda judge: (self.load(judge), self.met(judge, others))), entry)
            return True
        return self.make_room(entry)

    def met(self, judge: str, others: Iterable[str]) -> int:
        return sum(self.shared[judge, other] for other in others)

    def make_room(self, entry: str) -> bool:
        """Where nobody who may hear it has time left: a chain of judges, each of whom hands one entry on to the next."""
        chain = {judge: _Link(None, entry) for judge in self.judges if self.allowed(judge, entry)}
        queue = list(chain)
        for judge in queue:
            for moved in self.movable(judge):
                if not self.has_time(judge, self.cost(chain[judge].entry) - self.cost(moved)):
                    continue
                for after in (each for each in self.judges if each not in chain and self.allowed(each, moved)):
                    chain[after] = _Link(judge, moved)
                    if self.has_time(after, self.cost(moved)):
                        self.hand_on(after, chain)
                        return True
                    queue.append(after)
        return False

    def hand_on(self, judge: str, chain: Mapping[str, _Link]) -> None:
        link = chain[judge]
        while link.giver is not None:
            self.take(link.giver, link.entry)
            self.put(judge, link.entry)
            judge, link = link.giver, chain[link.giver]
        self.put(judge, link.entry)

    def even_out(self) -> None:
        """Late judges get their share: what nobody has begun goes from whoever has most to whoever has least."""
        while self.lighten():
            pass

    def lighten(self) -> bool:
        loads = {judge: self.load(judge) for judge in self.judges}
        by_load = sorted(self.judges, key=loads.__getitem__)
        for least in by_load:
            for most in reversed(by_load):
                if loads[most] - loads[least] < 2:
                    break
                entry = next((each for each in self.movable(most) if self.may(least, each)), None)
                if entry is not None:
                    self.take(most, entry)
                    self.put(least, entry)
                    return True
        return False

    def connect(self) -> None:
        """Swaps entries between judges where that makes the panel better connected; loads stay, and so does what was allocated before."""
        pairs = [(judge, entry) for judge in self.judges for entry in self.movable(judge)]
        pairs = [pair for pair in pairs if pair not in self.task.planned]
        best = connectivity(self.overlap())
        for _ in range(SWAPS if len(pairs) > 1 and len(self.judges) > 2 else 0):
            at, to = self.lot.randrange(len(pairs)), self.lot.randrange(len(pairs))
            (one, first), (two, second) = pairs[at], pairs[to]
            if one == two or not self.swap(one, first, two, second):
                continue
            better = connectivity(self.overlap())
            if better > best + _BETTER:
                best, pairs[at], pairs[to] = better, (one, second), (two, first)
            else:
                self.swap(one, second, two, first)

    def swap(self, one: str, first: str, two: str, second: str) -> bool:
        """``one`` gets ``second`` for ``first``, ``two`` the other way; False, and nothing done, where that may not be."""
        more = self.cost(second) - self.cost(first)
        if not (self.allowed(one, second) and self.allowed(two, first)):
            return False
        if not (self.has_time(one, more) and self.has_time(two, -more)):
            return False
        self.take(one, first)
        self.take(two, second)
        self.put(one, second)
        self.put(two, first)
        return True

    def overlap(self) -> Matrix:
        """(panel, panel)."""
        import numpy as np  # noqa: PLC0415 - see the module's docstring

        weights = [float(self.shared.get((one, two), 0)) for one in self.panel for two in self.panel]
        return np.array(weights).reshape(len(self.panel), len(self.panel))

    def result(self) -> Allocation:
        import numpy as np  # noqa: PLC0415 - see the module's docstring

        from bot.rules.fairscores import panels  # noqa: PLC0415

        shared = self.overlap()
        hears = [at for at, judge in enumerate(self.panel) if self.heard[judge]]
        among = shared[np.ix_(hears, hears)]
        return Allocation(
            pairs=frozenset((judge, entry) for judge in self.judges for entry in self.heard[judge]),
            short={entry: self.lacks(entry) for entry in sorted(self.task.entries) if self.lacks(entry)},
            further=frozenset(self.besides),
            load={judge: self.seconds[judge] / 60 for judge in sorted(self.judges)},
            connectivity=connectivity(among),
            panels=tuple(sorted(tuple(sorted(self.panel[hears[at]] for at in panel)) for panel in panels(among))),
        )
