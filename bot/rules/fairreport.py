"""What a fairness report says: figures of a contest's judging, each with the sentence that it means."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bot.rules.numbers import counted, spelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.rules.agreement import Alike, Alpha, Drift

WELL, FAIRLY, HARDLY = 0.67, 0.4, 0.1
"""Krippendorff asks for .667 where conclusions are to be drawn from single ratings; juries of music are below that, and many of them together are sure all the same."""


MOST_BARS = 12
TOO_WIDE = 0.6
"""An interval of a correlation that has 0 in it says so little, if it is wider."""
TO_READ = 0.005
"""Points, or parts of a figure, that two places show."""
LOOKED_AT = frozenset({"rules changed after the judging began", "a judge's ratings taken out"})
"""What organizers may do, and somebody should ask about."""
UNKNOWN = "?"
"""The figure where there is no telling."""


class Bar(NamedTuple):
    """A line of a small chart."""

    label: str
    begin: float
    """From 0, the left end, to 1."""
    end: float
    words: str


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    heading: str
    figure: str
    """A number, or a word, in large type."""
    sentence: str
    look: bool = False
    """Whether somebody should look into it."""
    bars: tuple[Bar, ...] = ()

    @property
    def tone(self) -> str:
        """How to take it, in words."""
        return "look at this" if self.look else "no telling yet" if self.figure == UNKNOWN else "in order"


@dataclass(frozen=True)
class Report:
    """One page."""

    contest: str
    made_at: datetime
    """UTC."""
    subtitle: str
    verdict: str
    """All of it in a sentence."""
    findings: tuple[Finding, ...]
    marks: tuple[str, ...]
    """Versions and hashes by which it can be checked, a line each."""
    public: bool = False
    """Nothing in it tells one judge from another."""

    @property
    def about_judges(self) -> str:
        """How judges are called in it."""
        if self.public:
            return (
                "No judge is named or told from the others here; organizers have the page that says how strict each is."
            )
        return (
            "Judges are called as in the results bundle. For organizers: it says how strict each judge is. The bundle holds the ratings"
            " behind this; kantor verify reckons places and scores again, but not when pieces were heard, nor what was decided by hand."
        )


@dataclass(frozen=True)
class Lenience:
    """A judge, by the name of the bundle."""

    judge: str
    points: float
    """Above the others; below 0: stricter."""
    error: float
    ratings: int


def covered(ratings: Sequence[int], floor: int | None, judges: int) -> Finding:
    """How often each composition was heard."""
    heading = "Who was heard"
    if not ratings or not max(ratings):
        return Finding(heading, "0", "Nobody has rated anything that counts yet.", look=True)
    least, most, below = min(ratings), max(ratings), sum(each < (floor or 1) for each in ratings)
    figure = str(least) if least == most else f"{least} to {most}"
    words = f"{counted(len(ratings), 'composition')} got {figure} {'rating' if figure == '1' else 'ratings'} each"
    words += (
        f" (half of them {spelled(median(ratings), 1).removesuffix('.0')} or more)" if median(ratings) > least else ""
    )
    words += f", by {counted(judges, 'judge')}."
    if floor:
        words += (
            f" {counted(below, 'composition').capitalize()} stayed below the {floor} that the rules ask for."
            if below
            else f" None stayed below the {floor} that the rules ask for."
        )
    elif below:
        words += f" {counted(below, 'composition').capitalize()} got none."
    times = {each: list(ratings).count(each) for each in sorted(set(ratings))}
    bars = [
        Bar(counted(each, "rating"), 0, number / max(times.values()), str(number)) for each, number in times.items()
    ]
    return Finding(heading, figure, words, look=bool(below), bars=tuple(bars[:8]) if len(bars) > 1 else ())


def shared(by_judge: Mapping[str, int], *, public: bool = False) -> Finding:
    """How much each judge has heard."""
    heading = "How the work was shared"
    if not by_judge:
        return Finding(heading, UNKNOWN, "There is no telling: no judge has rated anything that counts.")
    least, most = min(by_judge.values()), max(by_judge.values())
    figure = str(least) if least == most else f"{least} to {most}"
    words = f"{counted(len(by_judge), 'judge').capitalize()} gave {figure} {'rating' if figure == '1' else 'ratings'}"
    words += " each." if len(by_judge) > 1 else ": all of it hangs on one person."
    order = sorted(by_judge.items(), key=lambda each: (-each[1], each[0]))
    bars = [Bar(judge, 0, number / most, str(number)) for judge, number in order]
    return Finding(heading, figure, words, look=len(by_judge) == 1, bars=() if public else tuple(bars[:MOST_BARS]))


def agreed(found: Alpha | None) -> Finding:
    """Krippendorff's alpha, in words."""
    heading = "How far judges agree"
    if found is None:
        return Finding(
            heading, UNKNOWN, "There is no telling: that takes two compositions that two judges rated, and differently."
        )
    words = next(
        said
        for least, said in (
            (WELL, "Judges agree well: one of them alone would nearly find the same order."),
            (FAIRLY, "Judges agree as juries of music do: each has a taste, and together they are sure."),
            (HARDLY, "Judges agree a little: tastes differ widely, so places near each other are close."),
            (
                -1e9,
                "Judges agree hardly better than chance: look at the criteria, and whether all understand them alike.",
            ),
        )
        if found.value >= least
    )
    between = f"; 90 of 100 times between {spelled(found.low)} and {spelled(found.high)}"
    words += f" 1 would be all alike, 0 is chance; this is {spelled(found.value)} (Krippendorff's alpha"
    words += f"{between if found.high - found.low >= TO_READ else ''})."
    return Finding(heading, spelled(found.value), words, look=found.value < HARDLY)


def lenient(judges: Sequence[Lenience], *, evened: bool, public: bool = False) -> Finding:
    """Who rates high and who low; ``public``: only how far they lie apart."""
    heading = "Strict and lenient judges"
    if not judges:
        return Finding(
            heading, UNKNOWN, "There is no telling who is strict: that takes judges who rated the same compositions."
        )
    order = sorted(judges, key=lambda each: (-each.points, each.judge))
    apart = order[0].points - order[-1].points
    words = f"Between the most lenient judge and the strictest lie {spelled(apart)} points of the five."
    words = "All judges are equally strict." if apart < TO_READ else words
    words += (
        ""
        if apart < TO_READ
        else " The fair scores take that out, so that nobody gains by who happened to listen."
        if evened
        else " The places go by plain means, which take that for worth where not everybody hears all."
    )
    half = max(0.5, *(abs(each.points) + each.error for each in order))
    bars = [
        Bar(
            each.judge,
            0.5 + min(0.0, each.points) / (2 * half),
            0.5 + max(0.0, each.points) / (2 * half),
            f"{_signed(each.points)} ± {spelled(each.error)}",
        )
        for each in order
    ]
    return Finding(
        heading, spelled(apart), words, look=not evened and apart > 1, bars=() if public else tuple(bars[:MOST_BARS])
    )


def without_one(first: Sequence[str], others: Mapping[str, Sequence[str]], *, public: bool = False) -> Finding:
    """Whether the first place hangs on a single judge.

    Args:
        first: Who is first, more than one where they share the place.
        others: By judge, who would be first without what that judge gave.
        public: Name none of them.
    """
    heading = "Without one judge"
    if not first or len(others) < 2:
        return Finding(heading, UNKNOWN, "There is no telling: that takes a first place, and two judges.")
    changing = [judge for judge, found in others.items() if set(found) != set(first)]
    if not changing:
        words = f"Take away any one of the {len(others)} judges, and the same composition is first."
        words = words.replace("composition is", "compositions share the place of the") if len(first) > 1 else words
        return Finding(heading, f"0 of {len(others)}", words)
    named = ", ".join(sorted(changing)[:4]) + (f" and {len(changing) - 4} more" if len(changing) > 4 else "")
    if public:
        words = "Without a single judge another would be first, which is so for"
        words += f" {len(changing)} of the {len(others)} judges: the first place is close."
    else:
        words = f"Without {named} alone another would be first: the first place is close."
    return Finding(heading, f"{len(changing)} of {len(others)}", words, look=True)


def drifted(found: Drift | None) -> Finding:
    """Whether it matters when something is heard."""
    heading = "Heard early or late"
    if found is None:
        return Finding(heading, UNKNOWN, "There is no telling yet whether it matters when a composition is heard.")
    figure, words = _signed(found.points), f"What judges heard last got {spelled(abs(found.points))} points"
    words += f" {'more' if found.points > 0 else 'less'} than what they heard first, ± {spelled(found.error)}: "
    if abs(found.points) < TO_READ:
        return Finding(heading, figure, "What judges heard last got as much as what they heard first.")
    words += (
        "more than chance does. Another order for each judge, as Kantor draws it, spreads that over all."
        if found.is_sure
        else "that is chance."
    )
    return Finding(heading, figure, words, look=found.is_sure and abs(found.points) > 0.5)


def conflicting(recused: int, judges: int) -> Finding:
    """Who stepped aside."""
    words = (
        f"{counted(judges, 'judge').capitalize()} did not rate {counted(recused, 'composition')}, to be free of interest of their own."
        if recused
        else "No judge had to step aside for an interest of their own."
    )
    return Finding("Conflicts of interest", str(recused), words)


def unusual(events: Sequence[tuple[str, int]], reasons: Sequence[str], *, public: bool = False) -> Finding:
    """What organizers decided by hand.

    Args:
        events: What, in words, and how often; those that happened.
        reasons: That organizers gave for going on below the floor, or alone; words about anybody.
        public: Leave these words out.
    """
    number = sum(times for _, times in events)
    if not number:
        return Finding(
            "Decided by hand", "0", "Organizers made no exception: nothing late, nothing entered or changed by hand."
        )
    listed = "; ".join(f"{what}: {times}" for what, times in events)
    words = f"{listed[:1].upper()}{listed[1:]}. Each stands in the trail with who, when and why."
    words += "".join(f" The reason given: {reason.rstrip('.')}." for reason in reasons[:3] if not public)
    return Finding(
        "Decided by hand", str(number), words, look=bool(reasons) or any(what in LOOKED_AT for what, _ in events)
    )


def machine(found: Alike | None, pieces: int) -> Finding:
    """The AI judge beside the people."""
    heading = "People and machine"
    if found is None:
        return Finding(
            heading, UNKNOWN, "The AI judge and the people have too little in common to be held against each other."
        )
    words = next(
        said
        for least, said in (
            (0.6, "What people liked sounds like Bach: the AI judge has nearly the same order."),
            (0.2, "People and the AI judge agree in part: being like Bach helps, and is not all."),
            (-0.2, "How much like Bach a composition is has nothing to do with how people liked it."),
            (-2, "People liked best what is least like Bach."),
        )
        if found.value >= least
    )
    if found.low < 0 < found.high and found.high - found.low > TOO_WIDE:
        words = "There are too few compositions to say whether being like Bach helps with people."
    words += (
        " The AI judge is not part of any score. 1 would be the same order, 0 nothing in common"
        f" (Spearman's rank correlation over {pieces} compositions; 90 of 100 times between {spelled(found.low)} and {spelled(found.high)})."
    )
    return Finding(heading, spelled(found.value), words)


def verdict(findings: Sequence[Finding]) -> str:
    """All of it in a sentence."""
    looks = [each.heading.lower() for each in findings if each.look]
    unknown = sum(each.figure == UNKNOWN for each in findings)
    rest = f" Of {counted(unknown, 'thing')} there is no telling." if unknown else ""
    if not looks:
        return f"Nothing here speaks against the result.{rest}"
    return f"Worth a look before anybody builds on the result: {', '.join(looks)}.{rest}"


def _signed(points: float) -> str:
    """``+0.25``, ``-0.25``, ``0.00``."""
    shown = spelled(abs(points))
    return shown if float(shown) == 0 else f"{'+' if points > 0 else '-'}{shown}"
