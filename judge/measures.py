"""What a piece measures beside Bach's own works: a few features that can be told in plain words, each with Bach's usual range."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.features import places
from judge.network import Facts
from judge.verdict import Measure, Unit

TOGETHER = "voices.mean"
"""The feature that says how many voices sound together; from MANY on the voices can be talked about."""
MANY = 1.4


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
    place = places()
    many = float(values[place[TOGETHER]]) >= MANY
    for asked in _ASKED:
        at = place[asked.feature]
        if many or not asked.together:
            bach = (round(float(row[at]), 4) for row in (facts.low, facts.middle, facts.high))
            yield Measure(asked.name, asked.unit, round(float(values[at]), 4), *bach)
