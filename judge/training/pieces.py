"""Pieces in memory, and what training does to them: cut, altered, played by a person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator


@dataclass(frozen=True)
class Piece:
    """Notes sorted by onset: `onset` and `duration` float64[notes] in quarter notes, `pitch` int16[notes]."""

    onset: NDArray[np.float64]
    duration: NDArray[np.float64]
    pitch: NDArray[np.int16]

    @property
    def end(self) -> float:
        """When the last note ends, in quarter notes."""
        return float((self.onset + self.duration).max()) if len(self.onset) else 0.0


def sorted_piece(onset: NDArray[np.float64], duration: NDArray[np.float64], pitch: NDArray[np.integer]) -> Piece:
    """A piece from notes in any order; pitches are kept within MIDI's range."""
    order = np.lexsort((pitch, onset))
    return Piece(onset[order], np.maximum(duration, 1 / 24)[order], np.clip(pitch, 0, 127).astype(np.int16)[order])


def cut(piece: Piece, begin: float, end: float) -> Piece:
    """The notes that begin in [begin, end), moved to 0 and ended at `end`."""
    inside = (piece.onset >= begin - 0.02) & (piece.onset < end - 0.02)
    onset = piece.onset[inside] - begin
    return Piece(np.maximum(onset, 0), np.minimum(piece.duration[inside], end - begin - onset), piece.pitch[inside])


def random_cut(piece: Piece, bars: tuple[float, ...], rng: Rng) -> Piece:
    """Up to eight bars (mostly eight) from a random bar line on."""
    count = 8 if rng.random() < 0.7 else int(rng.integers(2, 9))
    first = int(rng.integers(0, max(1, len(bars) - count // 2)))
    last = first + count
    end = bars[last] if last < len(bars) else piece.end
    return cut(piece, bars[first], min(end, bars[first] + 48.0))


def altered(piece: Piece, part: float, rng: Rng) -> Piece:
    """A piece with `part` (0-1) of its notes changed, in one of four ways."""
    count = len(piece.onset)
    chosen = rng.permutation(count)[: max(1, round(part * count))]
    onset, duration, pitch = piece.onset.copy(), piece.duration.copy(), piece.pitch.astype(np.int64)
    way = rng.random()
    if way < 0.5:
        pitch[chosen] += rng.integers(1, 7, len(chosen)) * rng.choice([-1, 1], len(chosen))
    elif way < 0.7:
        pitch[chosen] = rng.integers(pitch.min(), pitch.max() + 1, len(chosen))
    elif way < 0.85:
        pitch[chosen] = pitch[rng.permutation(chosen)]
        pitch[chosen] += rng.integers(-2, 3, len(chosen))
    else:
        onset[chosen] = np.maximum(0, onset[chosen] + rng.choice([-0.5, -0.25, 0.25, 0.5], len(chosen)))
        pitch[chosen] += rng.integers(-4, 5, len(chosen))
    return sorted_piece(onset, duration, pitch)


def humanised(piece: Piece, rng: Rng, milliseconds: float = 30.0, bpm: float | None = None) -> Piece:
    """Onsets moved by up to `milliseconds` either way at `bpm` (60-140 by chance)."""
    tempo = bpm if bpm is not None else rng.uniform(60, 140)
    most = milliseconds / 1000 * tempo / 60
    onset = np.maximum(0, piece.onset + rng.uniform(-most, most, len(piece.onset)))
    return sorted_piece(onset, piece.duration, piece.pitch)


def doubled(piece: Piece, rng: Rng) -> Piece:
    """A piece whose lowest or highest notes sound in two octaves, as basses and violins do in an orchestra."""
    low = rng.random() < 0.7
    order = np.lexsort((piece.pitch if low else -piece.pitch, piece.onset))
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(piece.onset[order]) > 0
    edge = order[first]
    middle = float(np.median(piece.pitch))
    edge = edge[piece.pitch[edge] <= middle] if low else edge[piece.pitch[edge] >= middle]
    pitch = piece.pitch[edge].astype(np.int64) + (-12 if low else 12)
    joined = [
        np.concatenate(pair) for pair in ((piece.onset, piece.onset[edge]), (piece.duration, piece.duration[edge]))
    ]
    return sorted_piece(joined[0], joined[1], np.concatenate([piece.pitch.astype(np.int64), pitch]))


def played(piece: Piece, rng: Rng) -> Piece:
    """What a player, an orchestra or an export may do to a piece: nothing (mostly), octaves, loose timing, staccato, legato."""
    now = piece
    if rng.random() < 0.08:
        now = doubled(now, rng)
    if rng.random() < 0.35:
        now = humanised(now, rng)
    if rng.random() < 0.3:
        now = Piece(now.onset, np.maximum(1 / 24, now.duration * rng.uniform(0.45, 1.25)), now.pitch)
    return now


def edited(piece: Piece, edits: int, rng: Rng) -> Piece:
    """A piece after a number of small random edits: a note moved in pitch or time, lengthened, taken away or added."""
    onset, duration, pitch = piece.onset.copy(), piece.duration.copy(), piece.pitch.astype(np.int64)
    for _ in range(edits):
        i = int(rng.integers(len(onset)))
        what = rng.random()
        if what < 0.5:
            pitch[i] += int(rng.choice([-12, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 12]))
        elif what < 0.65:
            onset[i] = max(0.0, onset[i] + float(rng.choice([-1, -0.5, -0.25, 0.25, 0.5, 1])))
        elif what < 0.75:
            duration[i] *= float(rng.choice([0.5, 2.0]))
        elif what < 0.85 and len(onset) > 8:
            onset, duration, pitch = np.delete(onset, i), np.delete(duration, i), np.delete(pitch, i)
        else:
            onset, duration = np.append(onset, onset[i] + rng.choice([0, 0.5, 1])), np.append(duration, duration[i])
            pitch = np.append(pitch, pitch[i] + rng.choice([-9, -4, -3, 2, 3, 4, 9, 12]))
    return sorted_piece(onset, duration, pitch)
