"""A tiny corpus made by code, to try the training on: no music of anybody's."""

import csv
from pathlib import Path

import mido
import numpy as np

from judge.training.pieces import Piece, Rng, sorted_piece
from judge.training.synthetic import PATTERNS

SEED = 7
WORKS = 3
"""Of each group."""
GROUPS = {
    "bach_chorale": True, "bach_organ": True, "bach_kbd_small": True,
    "handel": False, "hymn": False, "lieder": False, "baroque_other": False, "pop909": False, "scarlatti": False, "m21_folk": False,
}  # fmt: skip
"""Names as in the real corpus, so that every fold has both classes; whether they stand for Bach."""
_TICKS = 480
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))


def make(folder: Path) -> None:
    """Writes `corpus.csv` and a MIDI file for each work. The same bytes every time."""
    rng = np.random.default_rng(SEED)
    (folder / "midi").mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("path", "is_bach", "group", "work", "source", "licence"))
        for group, is_bach in GROUPS.items():
            for number in range(WORKS):
                path = f"midi/{group}-{number}.mid"
                _write(_imitation(number % 2, rng) if is_bach else _other(rng), folder / path)
                writer.writerow((path, int(is_bach), group, f"{group} {number}", "made by code", "none needed"))


def _imitation(mode: int, rng: Rng) -> Piece:
    """Three voices in steps, in eighths and quarters, over 16 bars of C major or minor; each bar begins on the tonic chord."""
    notes, scale = [], _SCALES[mode]
    for voice in range(3):
        at, degree = 0.0, 0
        while at < 64:
            length = float(rng.choice([0.5, 0.5, 1.0]))
            degree = (
                int(np.clip(degree + rng.choice([-2, -1, -1, 1, 1, 2]), -4, 7)) if at % 4 else 2 * int(rng.integers(3))
            )
            notes.append((at, length, 48 + 12 * voice + 12 * (degree // 7) + scale[degree % 7]))
            at += length
    onset, duration, pitch = np.array(notes).T
    return sorted_piece(onset, duration, pitch.astype(np.int64))


def _other(rng: Rng) -> Piece:
    """A cheap pattern, twice."""
    piece = list(PATTERNS.values())[int(rng.integers(len(PATTERNS)))](rng)
    onset, duration = np.concatenate([piece.onset, piece.onset + 32]), np.tile(piece.duration, 2)
    return sorted_piece(onset, duration, np.tile(piece.pitch.astype(np.int64), 2))


def _write(piece: Piece, path: Path) -> None:
    ends = piece.onset + piece.duration
    rows = [(round(at * _TICKS), 1, int(tone)) for at, tone in zip(piece.onset, piece.pitch, strict=True)]
    rows += [(round(at * _TICKS), 0, int(tone)) for at, tone in zip(ends, piece.pitch, strict=True)]
    track, now = mido.MidiTrack(), 0
    for tick, begins, tone in sorted(rows):
        kind = "note_on" if begins else "note_off"
        track.append(mido.Message(kind, note=tone, velocity=80 * begins, time=tick - now))
        now = tick
    mido.MidiFile(type=0, ticks_per_beat=_TICKS, tracks=[track]).save(path)
