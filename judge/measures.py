"""What a piece measures beside Bach's own works: a few features that can be told in plain words, each with Bach's usual range."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from judge.features import names
from judge.network import Facts

TOGETHER = "voices.mean"
"""The feature that says how many voices sound together; from MANY on the voices can be talked about."""
MANY = 1.4


class Unit(StrEnum):
    """How a value is said."""

    SHARE = "share"
    NUMBER = "number"


class Place(StrEnum):
    """Where a value lies."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True)
class Measure:
    """One number of a piece: `low`, `middle` and `high` are the 10th, 50th and 90th percentiles of Bach's works.

    A `SHARE` is 0-1, a `NUMBER` as it is.
    """

    name: str
    unit: Unit
    value: float
    low: float
    middle: float
    high: float

    @property
    def place(self) -> Place:
        """Whether it lies in the range that four of five works of Bach's keep."""
        if self.value < self.low:
            return Place.BELOW
        return Place.ABOVE if self.value > self.high else Place.WITHIN

    def said(self, value: float) -> str:
        """A value in this measure's unit: "74 %" or "2.2"."""
        return f"{round(100 * value)} %" if self.unit is Unit.SHARE else f"{value:.1f}"


@dataclass(frozen=True)
class _Asked:
    feature: str
    name: str
    unit: Unit
    together: bool = False
    """Says nothing of a single line."""


_ASKED = (
    _Asked("rhythm.onsets_a_beat", "New notes a beat", Unit.NUMBER),
    _Asked("voices.mean", "Voices sounding together", Unit.NUMBER),
    _Asked("voices.step", "Voices move by step", Unit.SHARE),
    _Asked("top.interval_entropy", "Variety of the melody", Unit.NUMBER),
    _Asked("motion.contrary", "Voices in contrary motion", Unit.SHARE, together=True),
    _Asked("chord.changes", "Beats that bring a new chord", Unit.SHARE),
    _Asked("chord.entropy", "Variety of the chords", Unit.NUMBER),
    _Asked("clash.beat", "Friction on the beat", Unit.SHARE, together=True),
    _Asked("clash.resolved", "Frictions that resolve by step", Unit.SHARE, together=True),
    _Asked("key.chromatic", "Notes outside the key", Unit.SHARE),
)


def measures(facts: Facts, values: NDArray[np.float32]) -> tuple[Measure, ...]:
    """The measures of a piece, in the order in which they are shown; those that its few voices leave empty are missing."""
    return tuple(_measured(facts, values))


def _measured(facts: Facts, values: NDArray[np.float32]) -> Iterator[Measure]:
    place = {name: number for number, name in enumerate(names())}
    many = float(values[place[TOGETHER]]) >= MANY
    for asked in _ASKED:
        at = place[asked.feature]
        if many or not asked.together:
            bach = (round(float(row[at]), 4) for row in (facts.low, facts.middle, facts.high))
            yield Measure(asked.name, asked.unit, round(float(values[at]), 4), *bach)
