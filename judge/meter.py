"""Bars by the meter map: where bar lines stand, how many bars a piece has, and whether it begins with a pickup.

The contest counts bars so:

1. Without a time signature a piece is in 4/4. A time signature begins a new bar wherever it stands, and cuts the one before.
2. Bars count from tick 0 up to the end of the last sounding note, rests before the first note included. A bar that the last
   note enters by no more than 1/12 of a quarter (`TOLERANCE`) is not counted: players and exporters are not that exact. For the
   same reason a time signature that stands so close after a bar line stands on it.
3. A pickup is not a bar. MIDI has no sign for it, so the first bar is a pickup if music follows it, it holds at most three quarters
   of a bar (`LONGEST`), and one of these holds:
   - *cut*: a time signature ends it before it is full (as 4/4 written again after the first beat);
   - *short*: it has a signature of its own, and the bar after it is longer (MuseScore writes 1/4, then 4/4);
   - *silent first*: what comes before the first note is rest, and at least a quarter of the bar (how a DAW holds an upbeat). A bar
     that is silent throughout is no pickup: the piece merely begins late; and so is a shorter rest, as before a fugue's subject.
4. Many programs write a pickup with no sign at all. So a piece that is longer than it may be, by less than half a bar, is taken:
   `with_pickup` where its notes say that it begins with one (``judge.upbeat``), `with_tail` where they do not.

Positions are whole numbers of *grains* inside this module: `GRAINS` to a quarter of one tick, so that bars of 128th notes and the
tolerance are exact at every resolution.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

GRAINS = 384  # to a tick: 12 for the tolerance times 32 for 4 / 128
TOLERANCE = 1 / 12  # of a quarter note
LONGEST = (3, 4)  # of a bar: the longest pickup

MeterChange = tuple[int, int, int]  # tick, numerator, denominator


@dataclass(frozen=True)
class _Stretch:
    """Bars of one meter, from ``start`` up to ``end`` (both in grains; no end: to the end of the piece)."""

    start: int
    bar: int
    numerator: int
    denominator: int
    end: int | None = None

    def bars_until(self, position: int, tolerance: int) -> int:
        """How many of its bars begin before a position, less the tolerance."""
        reached = position if self.end is None else min(position, self.end)
        return max(0, -((reached - tolerance - self.start) // -self.bar))


@dataclass(frozen=True)
class BarMap:
    """The bars of a piece; all positions in quarter notes from tick 0.

    Attributes:
        meters: (position, numerator, denominator), first at 0.0, ascending; only those that the piece reaches.
        bars: by the contest's rule, >= 1.
        pickup: whether a pickup comes before them.
        starts: where each bar begins, the pickup included; cut after ``most`` bars where the piece is longer.
        end: the bar line that ends the last of them.
    """

    meters: tuple[tuple[float, int, int], ...]
    bars: int
    pickup: bool
    starts: tuple[float, ...]
    end: float


def bar_map(changes: Iterable[MeterChange], ticks_per_quarter: int, first: int, last: int, most: int) -> BarMap:
    """Count bars and place bar lines.

    Args:
        changes: time signatures of all tracks, in any order; of several at one tick the last counts.
        ticks_per_quarter: 1-32767.
        first: tick of the first note's onset.
        last: tick at which the last note ends, > first.
        most: how many bars to place at most (counting takes no time, however long the piece claims to be).
    """
    quarter = ticks_per_quarter * GRAINS
    stretches = _stretches(changes, quarter)
    tolerance = quarter // 12
    end = last * GRAINS
    reached = [stretch for stretch in stretches if stretch.bars_until(end, tolerance)] or [stretches[0]]
    total = max(1, sum(stretch.bars_until(end, tolerance) for stretch in reached))
    edges = _edges(reached, end, tolerance, most + 1)
    pickup = total > 1 and _begins_with_pickup(edges, reached, first * GRAINS, tolerance)
    return BarMap(
        meters=tuple((s.start / quarter, s.numerator, s.denominator) for s in reached),
        bars=total - pickup,
        pickup=pickup,
        starts=tuple(edge / quarter for edge in edges[:-1]),
        end=edges[-1] / quarter,
    )


def _stretches(changes: Iterable[MeterChange], quarter: int) -> list[_Stretch]:
    """Time signatures in order; one that comes within the tolerance after another one takes its place."""
    tolerance = quarter // 12
    found = [_stretch(0, 4, 4, quarter)]
    for tick, numerator, denominator in sorted(changes, key=lambda change: change[0]):
        at, now = tick * GRAINS, found[-1]
        if at - now.start <= tolerance:
            found[-1] = _stretch(now.start, numerator, denominator, quarter)
        elif (now.numerator, now.denominator) != (numerator, denominator) or (at - now.start) % now.bar:
            found.append(_stretch(at, numerator, denominator, quarter))
    ended = [_Stretch(a.start, a.bar, a.numerator, a.denominator, b.start) for a, b in pairwise(found)]
    return [*ended, found[-1]]


def _stretch(start: int, numerator: int, denominator: int, quarter: int) -> _Stretch:
    return _Stretch(start, numerator * 4 * quarter // denominator, numerator, denominator)


def _edges(reached: Sequence[_Stretch], last: int, tolerance: int, most: int) -> list[int]:
    """Beginnings of the first ``most`` bars, and then where the last of these ends."""
    starts: list[int] = []
    end = 0
    for stretch in reached:
        count = min(max(1, stretch.bars_until(last, tolerance)), most - len(starts))
        starts += [stretch.start + number * stretch.bar for number in range(count)]
        if count:
            end = starts[-1] + stretch.bar if stretch.end is None else min(starts[-1] + stretch.bar, stretch.end)
    return [*starts, end]


def _begins_with_pickup(edges: Sequence[int], reached: Sequence[_Stretch], first: int, tolerance: int) -> bool:
    """The three signs of the module's rule 3, for a piece that has a second bar."""
    length = edges[1] - edges[0]
    cut = length < reached[0].bar - tolerance and _is_short(length, reached[0].bar)
    short = _is_short(length, edges[2] - edges[1])
    silent_first = first < edges[1] - tolerance and _is_short(length - first - tolerance, length)
    return cut or short or silent_first


def _is_short(part: int, bar: int) -> bool:
    return LONGEST[1] * part <= LONGEST[0] * bar


def with_pickup(found: BarMap, length: float, last: float) -> BarMap:
    """The same piece in one meter, with a pickup of ``length`` quarter notes before its first bar; its last note ends at ``last``."""
    bar = found.starts[1] - found.starts[0]
    count = max(1, math.ceil((last - length - TOLERANCE) / bar))
    starts = (0.0, *(length + number * bar for number in range(count)))
    return replace(found, bars=count, pickup=True, starts=starts, end=starts[-1] + bar)


def with_tail(found: BarMap, most: int, last: float) -> BarMap:
    """The same piece with all after bar ``most`` as its tail, up to ``last``."""
    return replace(found, bars=most, starts=found.starts[: most + found.pickup], end=last)
