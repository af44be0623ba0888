"""What a copyist may do to a piece before handing it in as a submission."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.constants import UNITS
from judge.grid import to_grid
from judge.training.corpus import Work
from judge.training.pieces import Piece, Rng, cut, humanised, sorted_piece
from judge.voices import texture


@dataclass(frozen=True)
class Crop:
    """At most eight bars of a work, as a submission would be (see `judge.copycheck.Notes`)."""

    onset: NDArray[np.float64]
    duration: NDArray[np.float64]
    pitch: NDArray[np.int16]
    bar_starts: tuple[float, ...]
    pickup: bool = False


Change = Callable[[Piece, Rng], Piece]


def crops(work: Work, count: int, rng: Rng) -> Iterator[Crop]:
    """Up to eight bars from random bar lines on."""
    for _ in range(count):
        first = int(rng.integers(0, max(1, len(work.bars) - 7)))
        lines = work.bars[first : first + 9]
        end = lines[8] if len(lines) == 9 else work.piece.end
        piece = cut(work.piece, lines[0], end)
        if len(piece.onset):
            yield _crop(piece, tuple(line - lines[0] for line in lines[:8]))


def _crop(piece: Piece, bars: tuple[float, ...]) -> Crop:
    return Crop(piece.onset, piece.duration, piece.pitch, bars)


def _without(piece: Piece, gone: NDArray[np.integer]) -> Piece:
    kept = np.setdiff1d(np.arange(len(piece.onset)), gone)
    return Piece(piece.onset[kept], piece.duration[kept], piece.pitch[kept])


def _some(piece: Piece, part: float, rng: Rng) -> NDArray[np.int64]:
    return rng.permutation(len(piece.onset))[: round(part * len(piece.onset))]


def deleted(part: float) -> Change:
    """Takes that share (0-1) of the notes away."""
    return lambda piece, rng: _without(piece, _some(piece, part, rng))


def added(part: float) -> Change:
    """Adds that share of random notes near others."""

    def change(piece: Piece, rng: Rng) -> Piece:
        near = _some(piece, part, rng)
        onset = piece.onset[near] + rng.choice([0, 0.25, 0.5], len(near))
        pitch = piece.pitch[near].astype(np.int64) + rng.integers(-9, 10, len(near))
        return sorted_piece(
            np.concatenate([piece.onset, onset]),
            np.concatenate([piece.duration, piece.duration[near]]),
            np.concatenate([piece.pitch, pitch]),
        )

    return change


def altered(part: float) -> Change:
    """Moves that share of the notes by one to six semitones."""

    def change(piece: Piece, rng: Rng) -> Piece:
        chosen = _some(piece, part, rng)
        pitch = piece.pitch.astype(np.int64)
        pitch[chosen] += rng.integers(1, 7, len(chosen)) * rng.choice([-1, 1], len(chosen))
        return sorted_piece(piece.onset, piece.duration, pitch)

    return change


def fewer_voices(share: float) -> Change:
    """Keeps that share of the voices, at least one; one less where it is 1."""

    def change(piece: Piece, rng: Rng) -> Piece:
        voices = texture(to_grid(piece.onset, piece.duration, piece.pitch))
        names = np.unique(voices.voice)
        many = max(1, len(names) - 1) if share == 1 else max(1, round(share * len(names)))
        mine = np.isin(voices.voice, rng.permutation(names)[:many])
        return sorted_piece(voices.onset[mine] / UNITS, voices.held[mine] / UNITS, voices.tone[mine])

    return change


def slower(factor: float) -> Change:
    """Writes it in other note values."""
    return lambda piece, _: Piece(piece.onset * factor, piece.duration * factor, piece.pitch)


def transposed(piece: Piece, rng: Rng) -> Piece:
    """Up or down by at most a sixth."""
    return sorted_piece(piece.onset, piece.duration, piece.pitch.astype(np.int64) + int(rng.integers(-9, 10)))


CHANGES: dict[str, Change] = {
    "as it is": lambda piece, _: piece,
    "transposed": transposed,
    "twice as slow": slower(2),
    "twice as fast": slower(0.5),
    "played at 120 for 97": slower(120 / 97),
    "30 ms off the grid": lambda piece, rng: humanised(piece, rng, 30, 100),
    "10 % deleted": deleted(0.1),
    "10 % added": added(0.1),
    "10 % altered": altered(0.1),
    "10 % deleted, 10 % added, 10 % altered, transposed": lambda piece, rng: transposed(
        altered(0.1)(added(0.1)(deleted(0.1)(piece, rng), rng), rng), rng
    ),
    "25 % deleted": deleted(0.25),
    "one voice dropped": fewer_voices(1),
    "half of the voices": fewer_voices(0.5),
}


def changed(crop: Crop, change: Change, rng: Rng) -> Crop:
    """The crop as a copyist hands it in."""
    piece = change(Piece(crop.onset, crop.duration, crop.pitch), rng)
    return _crop(piece, crop.bar_starts)
