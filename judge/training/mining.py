"""Plays the cheat: edits cheap patterns until the model likes them, so that training can answer."""

from collections.abc import Callable

import numpy as np

from judge.features import analyse
from judge.training.model import Model
from judge.training.pieces import Piece, Rng, edited
from judge.training.rows import rows_of
from judge.training.synthetic import PATTERNS

Score = Callable[[Piece], float]


def scorer(model: Model) -> Score:
    """Raw log-odds of one piece."""

    def score(piece: Piece) -> float:
        seen = analyse(piece.onset, piece.duration, piece.pitch)
        return float(model.raw(rows_of([seen.readings]))[0])

    return score


def climb(piece: Piece, score: Score, edits: int, rng: Rng) -> tuple[Piece, float]:
    """`edits` random edits, each kept where the score does not fall."""
    best, value = piece, score(piece)
    for _ in range(edits):
        tried = edited(best, 1, rng)
        found = score(tried)
        if found >= value:
            best, value = tried, found
    return best, value


def climbs(score: Score, count: int, edits: int, rng: Rng) -> list[tuple[str, Piece, float, float]]:
    """`count` climbs from patterns in turn: name, end piece, log-odds before and after."""
    found = []
    kinds = list(PATTERNS)
    for i in range(count):
        name = kinds[i % len(kinds)]
        start = PATTERNS[name](rng)
        end, value = climb(start, score, edits, rng)
        found.append((name, end, score(start), value))
    return found


def below(values: list[float], bar: float) -> float:
    """Share of values below a bar."""
    return float(np.mean([v < bar for v in values])) if values else 1.0
