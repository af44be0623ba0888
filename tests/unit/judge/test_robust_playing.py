"""The same notes, played or written otherwise: how far the judge's mind may move (probability of Bach, 0-1)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.assess import assess
from tests.makers.playing import Note, held, humanised, imitation, midi, prelude, transposed

EXACT = 1e-6
SEEDS = st.integers(0, 10_000)
PIECES = SEEDS.map(imitation)
# A change of the notes themselves, such as onsets off the grid, is bounded in the mean of this many pieces.
SEVERAL = st.lists(SEEDS, min_size=7, max_size=7, unique=True).map(lambda seeds: [prelude(), *map(imitation, seeds)])
few = settings(max_examples=10)


def _probability(notes: list[Note], *, bpm: float = 120.0, meter: tuple[int, int] | None = (4, 4)) -> float:
    return assess(midi(notes, bpm=bpm, meter=meter)).probability


def _shift(plain: list[list[Note]], played: list[list[Note]], *, bpm: float = 120.0) -> float:
    pairs = zip(plain, played, strict=True)
    return float(np.mean([abs(_probability(one) - _probability(other, bpm=bpm)) for one, other in pairs]))


@few
@given(PIECES, st.integers(-24, 24))
def test_transposition_changes_nothing(notes: list[Note], by: int) -> None:
    """In any key and any octave the same music is judged alike."""
    assert abs(_probability(notes) - _probability(transposed(notes, by))) <= EXACT


@few
@given(PIECES, st.floats(30, 240), st.sampled_from([24, 96, 120, 192, 384, 480, 960, 1024, 30720]))
def test_tempo_and_resolution_change_nothing(notes: list[Note], bpm: float, ppq: int) -> None:
    """At any tempo and any number of ticks a quarter note the same notes are judged alike."""
    assert abs(_probability(notes) - assess(midi(notes, bpm=bpm, ppq=ppq)).probability) <= EXACT


@few
@given(PIECES, st.integers(2, 6))
def test_tracks_change_nothing(notes: list[Note], tracks: int) -> None:
    """Whether the voices share one track or are dealt out to several, they are judged alike."""
    assert abs(_probability(notes) - assess(midi(notes, tracks=tracks)).probability) <= EXACT


@few
@given(PIECES)
def test_drums_beside_music_change_nothing(notes: list[Note]) -> None:
    """Drums are not heard."""
    assert abs(_probability(notes) - assess(midi(notes, drums=True)).probability) <= EXACT


@few
@given(SEEDS, st.sampled_from([(3, 8), (6, 8), (9, 8), (12, 8), (2, 4), (3, 4), (2, 2), None]))
def test_time_signatures_change_nothing(seed: int, meter: tuple[int, int] | None) -> None:
    """Three quarters of any time signature that leaves the piece within eight bars, or of none, are judged alike."""
    notes = imitation(seed, quarters=12)
    assert abs(_probability(notes) - _probability(notes, meter=meter)) <= EXACT


@few
@given(SEVERAL, SEEDS, st.sampled_from([60, 90, 120]))
def test_loose_timing_shifts_little(pieces: list[list[Note]], seed: int, bpm: int) -> None:
    """Onsets up to 30 ms off the grid move eight pieces by at most .05 in the mean."""
    assert _shift(pieces, [humanised(piece, seed, bpm=bpm) for piece in pieces], bpm=bpm) <= 0.05


@few
@given(SEVERAL, st.sampled_from([0.5, 0.6, 0.8]))
def test_staccato_shifts_little(pieces: list[list[Note]], part: float) -> None:
    """Notes held for half of their length or more move eight pieces by at most .05 in the mean."""
    assert _shift(pieces, [held(piece, part) for piece in pieces]) <= 0.05


@few
@given(SEVERAL, st.sampled_from([1.05, 1.1, 1.15]))
def test_legato_shifts_little(pieces: list[list[Note]], part: float) -> None:
    """Notes that overlap by up to 15 % of their length move eight pieces by at most .05 in the mean."""
    assert _shift(pieces, [held(piece, part) for piece in pieces]) <= 0.05


@few
@given(SEVERAL, st.sampled_from([1.0, 2.0, 3.0]))
def test_pickups_shift_little(pieces: list[list[Note]], rest: float) -> None:
    """Music that begins with an upbeat, so that it lies elsewhere in the bars, moves by at most .05 in the mean."""
    short = [[note for note in piece if note[0] < 24] for piece in pieces]
    late = [[(at + rest, length, pitch) for at, length, pitch in piece] for piece in short]
    assert _shift(short, late) <= 0.05


@pytest.mark.parametrize("place", range(8))
def test_a_verdict_is_the_same_to_the_bit(place: int) -> None:
    """The same bytes get the same verdict, to the last bit, whatever was judged in between."""
    data = midi(imitation(place))
    first = assess(data)
    assess(midi(prelude()))
    assert first == assess(data)
