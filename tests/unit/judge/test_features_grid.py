"""What the features see: the grid, the voices, the key, and what they must be blind to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.counterpoint import pair_motion
from judge.features import analyse, names
from judge.grid import snap, to_grid
from judge.keys import find_keys
from judge.pitch import jensen_shannon, ks_distance, similarity
from judge.voices import texture

_NOTE = st.tuples(st.integers(0, 127), st.integers(1, 16), st.integers(24, 100))
_PIECES = st.lists(_NOTE, min_size=1, max_size=60).map(
    lambda notes: np.array(sorted((on / 4, length / 4, pitch) for on, length, pitch in notes))
)


def _feature(name: str, onset: list[float], pitch: list[int], duration: float = 1.0) -> float:
    seen = analyse(np.array(onset, dtype=float), np.full(len(onset), duration), np.array(pitch))
    return float(seen.values[names().index(name)])


@given(_PIECES)
def test_every_piece_has_finite_features(piece: np.ndarray) -> None:
    """Whatever the notes, each feature is a finite number."""
    seen = analyse(piece[:, 0], piece[:, 1], piece[:, 2].astype(int))
    assert np.isfinite(seen.values).all()


@given(_PIECES, st.integers(-12, 12))
def test_features_do_not_know_the_height(piece: np.ndarray, shift: int) -> None:
    """A piece and its transposition have the same features wherever one key fits best."""
    pitch = piece[:, 2].astype(int)
    here, there = (analyse(piece[:, 0], piece[:, 1], p) for p in (pitch, pitch + shift))
    assert here.key.lead == 0 or np.array_equal(here.values, there.values)


@given(_PIECES)
def test_features_do_not_know_the_octave_of_a_key(piece: np.ndarray) -> None:
    """Moving everything by an octave changes nothing at all."""
    pitch = piece[:, 2].astype(int)
    here, there = (analyse(piece[:, 0], piece[:, 1], p) for p in (pitch, pitch + 12))
    assert np.array_equal(here.values, there.values)


@given(st.lists(st.integers(0, 63), min_size=1, max_size=60), st.integers(0, 1000))
def test_loose_sixteenths_snap_back(sixteenths: list[int], seed: int) -> None:
    """Onsets up to .06 quarters off a grid of 16ths return to it."""
    onset = np.array(sorted(sixteenths)) / 4
    loose = onset + np.random.default_rng(seed).uniform(-0.06, 0.06, len(onset))
    expected = np.rint(onset * 24).astype(int)
    assert expected.tolist() == snap(loose).tolist()


@pytest.mark.parametrize("steps", [2, 3, 4, 8, 12])
def test_even_divisions_are_kept(steps: int) -> None:
    """Halves, triplets, 16ths, 32nds and 12ths of a beat stay where they are."""
    onset = np.arange(4 * steps) / steps
    assert np.rint(onset * 24).astype(int).tolist() == snap(onset).tolist()


def test_doubled_notes_count_once() -> None:
    """The same note in two tracks is one note, as long as the longer of the two."""
    grid = to_grid(np.array([0.0, 0.0]), np.array([1.0, 2.0]), np.array([60, 60]))
    assert ([0], [48], [60]) == (grid.onset.tolist(), grid.duration.tolist(), grid.pitch.tolist())


def test_two_lines_are_two_voices() -> None:
    """Two lines an octave and a half apart are followed as two voices, the higher one first."""
    onset = np.repeat(np.arange(8.0), 2)
    pitch = np.array([48, 72, 50, 71, 52, 69, 53, 67, 55, 69, 53, 71, 52, 72, 48, 74])
    seen = texture(to_grid(onset, np.ones(16), pitch))
    assert [[72, 71, 69, 67, 69, 71, 72, 74], [48, 50, 52, 53, 55, 53, 52, 48]] == seen.pitch.T.tolist()


def test_held_notes_sound_on() -> None:
    """A note that lasts through others is there in each slice, struck in the first only."""
    seen = texture(to_grid(np.array([0.0, 0.0, 1.0]), np.array([2.0, 1.0, 1.0]), np.array([48, 72, 74])))
    assert ([48, 48], [True, False]) == (seen.pitch[:, 1].tolist(), seen.attack[:, 1].tolist())


@pytest.mark.parametrize("tonic", range(12))
def test_a_scale_that_ends_home_has_its_key(tonic: int) -> None:
    """A major scale with weight on the triad is found in its own key."""
    weights = np.roll(np.array([3.0, 0, 1, 0, 2, 1, 0, 2, 0, 1, 0, 1]), tonic)
    key = find_keys(weights)[0]
    assert (tonic, 0) == (key.tonic, key.mode)


def test_two_keys_are_read_where_both_are_likely() -> None:
    """An empty fifth is read in major and minor, with weights that sum to 1; a piece that is clear is read in one key."""
    unclear = analyse(np.arange(8.0), np.ones(8), np.array([60, 67] * 4)).readings
    clear = analyse(np.arange(9.0), np.ones(9), np.array([60, 62, 64, 65, 67, 71, 60, 67, 60])).readings
    assert (2, 1.0, 1) == (len(unclear), round(sum(reading.weight for reading in unclear), 9), len(clear))


def test_the_likelier_key_weighs_more() -> None:
    """The first reading is the likeliest key's, and has at least half of the weight."""
    readings = analyse(np.arange(8.0), np.ones(8), np.array([60, 67] * 4)).readings
    assert readings[0].weight >= 0.5 >= readings[1].weight


def test_minor_keys_are_named() -> None:
    """A minor triad with its leading note is a minor key."""
    assert find_keys(np.array([2.0, 0, 1, 0, 2, 1, 0, 0, 1, 3, 0, 1]))[0].name == "A minor"


def test_parallel_fifths_are_seen() -> None:
    """Two voices that move in fifths are counted as parallel fifths and as nothing perfect else."""
    moves = pair_motion(np.array([67, 69, 71]), np.array([60, 62, 64]), np.ones(3, dtype=bool))
    assert (2, 0, 0) == (moves["fifths"].sum(), moves["octaves"].sum(), moves["contrary"].sum())


def test_contrary_motion_is_seen() -> None:
    """Voices that part are in contrary motion."""
    moves = pair_motion(np.array([67, 69, 71]), np.array([60, 59, 57]), np.ones(3, dtype=bool))
    assert (2, 0) == (moves["contrary"].sum(), moves["similar"].sum())


def test_steps_and_leaps_are_told_apart() -> None:
    """A line of three steps and one leap steps three times in four."""
    assert _feature("top.step", [0, 1, 2, 3, 4], [60, 62, 64, 65, 72]) == 0.75


def test_chord_blocks_are_struck_together() -> None:
    """In chord blocks all voices begin together."""
    assert _feature("voices.together", [0, 0, 0, 1, 1, 1], [60, 64, 67, 60, 65, 69]) == 1.0


def test_sixteenths_fill_the_beat() -> None:
    """A line of 16ths fills each of them."""
    assert _feature("rhythm.sixteenths_filled", [i / 4 for i in range(16)], [60, 62, 64, 65] * 4, 0.25) == 1.0


def test_a_loop_repeats_itself() -> None:
    """A figure of one beat that is repeated is found again after one beat."""
    assert _feature("repeat.1", [i / 4 for i in range(32)], [60, 64, 67, 64] * 8, 0.25) == 1.0


def test_names_are_distinct() -> None:
    """No two features have the same name."""
    assert len(names()) == len(set(names()))


def test_equal_distributions_are_alike() -> None:
    """Distributions that are equal have distance 0 and likeness 1."""
    same = np.full(12, 1 / 12)
    assert (0.0, 0.0, 1.0) == (jensen_shannon(same, same), ks_distance(same, same), similarity(same, same))


def test_disjoint_distributions_are_a_bit_apart() -> None:
    """Distributions without common ground are one bit apart, and wholly by Kolmogorov and Smirnov."""
    one, other = np.eye(12)[0], np.eye(12)[11]
    assert (1.0, 1.0) == (jensen_shannon(one, other), ks_distance(one, other))
