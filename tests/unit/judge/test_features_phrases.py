"""The bag of phrases: what it counts, and what it must be blind to."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from judge.features import analyse
from judge.grid import to_grid
from judge.phrases import WORDS, phrases
from judge.voices import texture

_NOTE = st.tuples(st.integers(0, 127), st.integers(1, 16), st.integers(24, 100))
_PIECES = st.lists(_NOTE, min_size=1, max_size=60).map(
    lambda notes: np.array(sorted((on / 4, length / 4, pitch) for on, length, pitch in notes))
)


def _bag(piece: np.ndarray, shift: int = 0) -> np.ndarray:
    pitch = piece[:, 2].astype(int) + shift
    ((places, weights),) = phrases(texture(to_grid(piece[:, 0], piece[:, 1], pitch)), np.array([shift % 12]))
    bag = np.zeros(WORDS)
    bag[places] = weights
    return bag


@given(_PIECES)
def test_every_piece_has_a_bag(piece: np.ndarray) -> None:
    """Places ascend within the bag, and every weight is above 0."""
    places, weights = analyse(piece[:, 0], piece[:, 1], piece[:, 2].astype(int)).readings[0].words
    assert (np.diff(places) > 0).all()
    assert ((places >= 0) & (places < WORDS)).all()
    assert (weights > 0).all()


@given(_PIECES, st.integers(-12, 12))
def test_phrases_do_not_know_the_height(piece: np.ndarray, shift: int) -> None:
    """A piece and its transposition, each read in its own key, have the same bag."""
    assert np.array_equal(_bag(piece), _bag(piece, shift))


def test_other_music_has_other_phrases() -> None:
    """A scale and a broken chord share only the few words of their even rhythm."""
    onset, length = np.arange(0, 16, 0.5), np.full(32, 0.5)
    scale = np.stack([onset, length, np.tile([60, 62, 64, 65, 67, 69, 71, 72], 4)], axis=1)
    chord = np.stack([onset, length, np.tile([60, 67, 64, 67], 8)], axis=1)
    shared = (_bag(scale) > 0) & (_bag(chord) > 0)
    assert 0 < shared.sum() < 0.4 * (_bag(scale) > 0).sum()


def test_the_bag_is_the_same_everywhere() -> None:
    """A golden figure: the places and weights of one small piece, since a network is trained for exactly these."""
    piece = np.array([[0, 1, 60], [0, 1, 52], [1, 1, 62], [1, 1, 53], [2, 2, 64], [2, 2, 48]], dtype=float)
    bag = _bag(piece)
    assert ([265, 446, 736, 1224], 22.5609) == (np.flatnonzero(bag)[:4].tolist(), round(float(bag.sum()), 4))
