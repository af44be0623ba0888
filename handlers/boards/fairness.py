"""What is said of fair scores, in plain words: what they are, what they rest on, and what is too close to call."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from bot.rules.caveats import CLOSE, Caveat
from bot.rules.numbers import percent, spelled
from bot.rules.phases import Phase
from bot.rules.standings import Step
from handlers.views.text import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.usecases.boards.letters import BoardPost, BoardRow, Fairness, Winner

WHAT = (
    "*Fair score*: the ratings once it is taken out how strict or lenient each judge is; where they are few it keeps closer to the middle."
    " *Mean*: the ratings as they were given, in a final those of the final alone."
)
REACH = 0.05
"""What is less likely is not spoken of to an author."""
SURER = 0.5
"""A winner that is less surely the best is named without a number: its news is a joy, and below it stands where it was close."""
RUN = 3
"""So many places in a row are named by the first and the last of them."""
LIKELY = " *Likely*: between these places it lies in 90 of 100 cases."
CAVEATS = {
    Caveat.ALL_ALIKE: "All ratings are the same so far, so all share a place.",
    Caveat.ONE_JUDGE: "One judge alone has rated, and nobody can tell a lenient judge from a good piece.",
    Caveat.ONE_RATING_EACH: "Nothing has been rated twice yet, so these are plain means, and every place is still open.",
    Caveat.NO_DIFFERENCE: (
        "The judges differ about each piece as much as the pieces differ from each other, so this order is hardly better than a lot."
    ),
    Caveat.APART: "Some judges share no piece with the others, so comparing them rests on the pieces having come to them by lot.",
}
"""Of ``NO_RATINGS`` nothing is said: there is no board."""
_AHEAD = {
    Step.FINAL: "the better mean in the final",
    Step.COUNT_BACK: "more of the highest scores",
    Step.CRITERION: "more in the first criterion",
}
_BEHIND = {
    Step.FINAL: "the mean in the final",
    Step.COUNT_BACK: "fewer top scores",
    Step.CRITERION: "the first criterion",
}


def likely(fair: Fairness) -> str:
    """``likely 2 to 5``; empty where nobody can tell."""
    if fair.first is None:
        return ""
    return f"likely {between(fair)}"


def between(fair: Fairness) -> str:
    """``2 to 5``, or ``1``."""
    return str(fair.best) if fair.best == fair.worst else f"{fair.best} to {fair.worst}"


def decided(fair: Fairness) -> str:
    """Why it is behind the place above, though their scores are equal; empty where they are not."""
    return "" if fair.decided is None else f"same score as above, which has {_AHEAD[fair.decided]}"


def behind(fair: Fairness) -> str:
    """The same for a narrow column."""
    return "" if fair.decided is None else _BEHIND[fair.decided]


def scored(row: BoardRow) -> list[str]:
    """The parts of a row that say its score; empty where only places are shown."""
    if row.score is None or row.fair is None:
        return []
    rated = count(row.ratings, "rating")
    parts = [
        f"*{spelled(row.score)}* fair",
        f"mean {spelled(row.fair.mean)}",
        "" if row.first_round is None else f"first round {spelled(row.first_round)}",
        f"{rated}, none in the final" if row.by_first_round else rated,
        likely(row.fair),
        decided(row.fair),
    ]
    return [part for part in parts if part]


def notes(post: BoardPost) -> list[str]:
    """What is to be said below a board of fair scores; nothing where only places are shown."""
    shown = [row for row in (*post.rows, *post.more) if row.fair is not None]
    if not shown:
        return []
    told = any(row.fair is not None and row.fair.first is not None for row in shown)
    return [*caveats(post.caveats), *_close(post, shown), f"{WHAT}{LIKELY if told else ''}"]


def caveats(said: Sequence[str]) -> list[str]:
    """Each as a sentence with a sign."""
    return [f"⚠️ {CAVEATS[Caveat(each)]}" for each in said if each in CAVEATS]


def _close(post: BoardPost, rows: Sequence[BoardRow]) -> Iterator[str]:
    if post.cut:
        open_ = sorted({row.place for row in rows if row.fair is not None and _either_way(row.fair.within)})
        if open_:
            yield f"⚖️ Too close to call at the edge of the final ({post.cut} go on): {_listed(open_)}. The ratings say neither yes nor no by two to one."
        return
    groups = close_places([(row.place, row.fair) for row in rows], post.winners)
    if groups:
        were = "were" if post.final else "are"
        yield f"⚖️ Too close to call {were} {', and '.join(groups)}: the ratings speak for this order by less than two to one."


def _either_way(chance: float | None) -> bool:
    return chance is not None and 1 - CLOSE < chance < CLOSE


def close_places(rows: Iterable[tuple[int, Fairness | None]], winners: int) -> list[str]:
    """Of the places that win those that follow one another and could as well be the other way round: ``places 1 and 2``, ``places 3 to 5``.

    Args:
        rows: Each place, in order, with what stands beside its score: some of a board's places, and of these all who share them.
        winners: The last place that wins.
    """
    rows = list(rows)
    sharing = Counter(place for place, _ in rows)
    groups: list[list[int]] = []
    # Of those who share a place the last one is held against who comes behind.
    for place, fair in dict(rows).items():
        if place > winners or fair is None or fair.ahead is None or fair.ahead >= CLOSE:
            continue
        following = place + sharing[place]
        if groups and groups[-1][-1] == place:
            groups[-1].append(following)
        else:
            groups.append([place, following])
    return [_listed(group) for group in groups]


def _listed(places: Sequence[int]) -> str:
    """``place 3``, ``places 3 and 9``, ``places 3 to 5 and 9``; in ascending order, each once."""
    runs = [[place for _, place in run] for _, run in groupby(enumerate(places), key=lambda each: each[1] - each[0])]
    parts = [
        part
        for run in runs
        for part in ([f"{run[0]} to {run[-1]}"] if len(run) >= RUN else [str(each) for each in run])
    ]
    *most, last = parts
    return f"place{'s' if len(places) > 1 else ''} {', '.join(most)}{' and ' if most else ''}{last}"


def by_people(winner: Winner) -> str:
    """What a winner's place rests on."""
    where = " in the preliminary round" if winner.before_final else ""
    rated = f"from {count(winner.ratings, 'rating')}{where}"
    if winner.fair is None:
        return f"{spelled(winner.score)} of 5 {rated}"
    first = winner.fair.first or 0
    best = f"the best {_cases(first)}" if winner.place == 1 and first >= SURER else ""
    parts = (
        f"fair score {spelled(winner.score)}",
        f"mean {spelled(winner.fair.mean)}",
        rated,
        decided(winner.fair),
        best,
    )
    return ", ".join(part for part in parts if part)


def chance(fair: Fairness, cut: int, phase: Phase) -> str:
    """How likely it goes on to a final that is still to come, or where none is, ends among the first three.

    Empty where nobody can tell, where it would only discourage, and in a final, since those who are not heard there yet come in between.
    """
    found = fair.within if cut else fair.podium
    if found is None or found < REACH or phase != Phase.JUDGING:
        return ""
    return f"{'in the final' if cut else 'among the first three'} {_cases(found)}"


def _cases(found: float) -> str:
    """Never as if it were certain."""
    return f"in {percent(min(found, 1 - REACH / 5))} of cases"
