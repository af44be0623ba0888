"""The judge is not to be gamed: by cheap patterns, by climbing from them, or by altering notes at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.hillclimb import PATTERNS, bach, edited, measure, probability
from tests.makers.playing import Note, prelude

SEEDS = st.integers(0, 10_000)


def _altered(notes: list[Note], part: float, rng: np.random.Generator) -> list[Note]:
    """A part (0-1) of the notes moved by up to six semitones."""
    chosen = set(rng.permutation(len(notes))[: round(part * len(notes))].tolist())
    moves = rng.integers(1, 7, len(notes)) * rng.choice([-1, 1], len(notes))
    return [
        (at, length, pitch + int(moves[i]) if i in chosen else pitch) for i, (at, length, pitch) in enumerate(notes)
    ]


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=12)
@given(seed=SEEDS)
def test_cheap_patterns_stay_below_bach(name: str, seed: int) -> None:
    """A pattern that code makes in a line stays below .2, and so far below nine tenths of Bach."""
    found = probability(PATTERNS[name](np.random.default_rng(seed)))
    assert (found < 0.2, found < bach()[0]) == (True, True)


def test_climbs_hardly_reach_bach() -> None:
    """Of twelve climbs of fifty edits, none reaches Bach's median, and their mean stays below half."""
    found = measure(climbs=12)
    assert (found.reach_median, found.after < 0.5) == (0.0, True)


def test_climbs_are_measured_alike_every_time() -> None:
    """The same seed gives the same figures."""
    assert measure(climbs=2, edits=3) == measure(climbs=2, edits=3)


def test_a_climb_never_falls() -> None:
    """What is kept is never judged lower than what was there before."""
    found = measure(climbs=4, edits=10)
    assert found.after >= found.before


@given(SEEDS)
def test_an_edit_leaves_notes_that_can_be_played(seed: int) -> None:
    """Whatever the edit, onsets are not negative, lengths are above 0 and pitches are MIDI's."""
    rng = np.random.default_rng(seed)
    notes = edited(PATTERNS["scale"](rng), rng)
    assert all(at >= 0 and length > 0 and 0 <= pitch <= 127 for at, length, pitch in notes)


@settings(max_examples=10)
@given(SEEDS)
def test_the_more_notes_are_altered_the_lower_the_score(seed: int) -> None:
    """In the mean of eight tries a tenth, a quarter and a half of wrong notes lower a prelude of Bach's further and further."""
    rng = np.random.default_rng(seed)
    means = [
        float(np.mean([probability(_altered(prelude(), part, rng)) for _ in range(8)]))
        for part in (0.0, 0.1, 0.25, 0.5)
    ]
    assert means == sorted(means, reverse=True)
