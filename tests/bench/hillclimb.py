"""Plays the cheat: random edits of cheap patterns, each kept where the judge likes it no less. `measure()` for the bench.

What is climbed is the probability of Bach, which is four fifths of a score. Bach's own percentiles are those that training wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from judge.constants import MODEL_VERSION
from judge.features import analyse
from judge.network import WEIGHTS, shipped

if TYPE_CHECKING:
    from collections.abc import Callable

EDITS = 50
CLIMBS = 30
SEED = 20261122
_FEWEST = 8
_SCALE = (0, 2, 4, 5, 7, 9, 11)
_STEPS = (-12, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 12)
_DELAYS = (-1.0, -0.5, -0.25, 0.25, 0.5, 1.0)

Note = tuple[float, float, int]
"""Onset and length in quarter notes, MIDI pitch."""
Rng = np.random.Generator


@dataclass(frozen=True)
class Climbed:
    """How far the climbs got: mean probability before and after, and the shares (0-1) that reach Bach's percentiles."""

    climbs: int
    edits: int
    before: float
    after: float
    highest: float
    bach_p10: float
    bach_median: float
    reach_p10: float
    reach_median: float


def measure(climbs: int = CLIMBS, edits: int = EDITS, seed: int = SEED) -> Climbed:
    """Climbs from each pattern in turn; the same figures for the same seed. A climb of 50 edits takes about a quarter of a second."""
    rng = np.random.default_rng(seed)
    makers = tuple(PATTERNS.values())
    pairs = [climb(makers[number % len(makers)](rng), edits, rng) for number in range(climbs)]
    before, after = (np.array(column) for column in zip(*pairs, strict=True))
    p10, median = bach()
    return Climbed(
        climbs,
        edits,
        float(before.mean()),
        float(after.mean()),
        float(after.max()),
        p10,
        median,
        float((after >= p10).mean()),
        float((after >= median).mean()),
    )


def bach() -> tuple[float, float]:
    """Bach's 10th percentile and median of the probability, as training measured them."""
    facts = json.loads((WEIGHTS / f"{MODEL_VERSION}.json").read_text(encoding="utf-8"))["figures"]["bach"]
    return float(facts["p10"]), float(facts["median"])


def probability(notes: list[Note]) -> float:
    """What the judge gives a piece of at least one note."""
    onset, length, pitch = np.array(sorted(notes)).T
    return shipped().probability(analyse(onset, length, pitch.astype(np.int64)).readings)


def climb(notes: list[Note], edits: int, rng: Rng) -> tuple[float, float]:
    """The probability of a piece before and after its edits."""
    best, value = notes, probability(notes)
    began = value
    for _ in range(edits):
        tried = edited(best, rng)
        found = probability(tried)
        if found >= value:
            best, value = tried, found
    return began, value


def edited(notes: list[Note], rng: Rng) -> list[Note]:
    """One random edit: a note moved in pitch or time, made longer or shorter, taken away or added."""
    changed = list(notes)
    place = int(rng.integers(len(changed)))
    onset, length, pitch = changed[place]
    what = rng.random()
    if what < 0.5:
        changed[place] = onset, length, int(np.clip(pitch + rng.choice(_STEPS), 0, 127))
    elif what < 0.65:
        changed[place] = max(0.0, onset + float(rng.choice(_DELAYS))), length, pitch
    elif what < 0.75:
        changed[place] = onset, length * float(rng.choice([0.5, 2.0])), pitch
    elif what < 0.85 and len(changed) > _FEWEST:
        del changed[place]
    else:
        tone = int(np.clip(pitch + rng.choice(_STEPS), 0, 127))
        changed.append((onset + float(rng.choice([0.0, 0.5, 1.0])), length, tone))
    return changed


def _tone(degree: int, low: int) -> int:
    octave, step = divmod(degree, len(_SCALE))
    return low + 12 * octave + _SCALE[step]


def _wave(number: int, most: int) -> int:
    turn = number % (2 * most)
    return min(turn, 2 * most - turn)


def scale(rng: Rng) -> list[Note]:
    """A scale up and down in eighths."""
    low = int(rng.integers(54, 66))
    return [(0.5 * i, 0.5, _tone(_wave(i, 7), low)) for i in range(64)]


def tenths(rng: Rng) -> list[Note]:
    """The same in tenths."""
    low = int(rng.integers(48, 60))
    return [(0.5 * i, 0.5, _tone(_wave(i, 7) + up, low)) for i in range(64) for up in (0, 9)]


def alberti(rng: Rng) -> list[Note]:
    """Broken chords in sixteenths below long notes."""
    low = int(rng.integers(48, 56))
    roots = (0, 3, 4, 0)
    below = [(0.25 * i, 0.25, _tone(roots[i // 16 % 4] + (0, 4, 2, 4)[i % 4], low)) for i in range(128)]
    return below + [(2.0 * i, 2.0, _tone(roots[i // 2 % 4] + 7 + 2 * int(rng.integers(3)), low)) for i in range(16)]


def blocks(rng: Rng) -> list[Note]:
    """I-IV-V-I in block chords."""
    low = int(rng.integers(48, 60))
    roots = (0, 3, 4, 0)
    return [(float(i), 1.0, _tone(roots[i // 2 % 4] + up, low)) for i in range(32) for up in (0, 2, 4, 7)]


def walks(rng: Rng) -> list[Note]:
    """Four voices that each walk at random through the scale."""
    notes: list[Note] = []
    for voice in range(4):
        degree = 0
        for i in range(64):
            degree = int(np.clip(degree + rng.integers(-2, 3), -4, 4))
            notes.append((0.5 * i, 0.5, _tone(degree, 43 + 7 * voice)))
    return notes


def repeated(rng: Rng) -> list[Note]:
    """One note, again and again."""
    pitch = int(rng.integers(50, 75))
    return [(0.5 * i, 0.5, pitch) for i in range(64)]


PATTERNS: dict[str, Callable[[Rng], list[Note]]] = {
    "scale": scale,
    "scale in tenths": tenths,
    "Alberti bass": alberti,
    "chord blocks": blocks,
    "random walks in four parts": walks,
    "one note": repeated,
}
