"""Made-up compositions, and judges who have a taste: from a seed, so that two rehearsals with the same one are alike."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.rules.numbers import decimal
from judge.writer import Score, write

CRITERIA = ("originality", "balance", "emotional")
NOT_MIDI = b"\x89PNG\r\n\x1a\n" + bytes(60)
_SCALE = ("C", "D", "E", "F", "G", "A", "B")
_RHYTHMS = ((1.0, 1.0, 1.0, 1.0), (2.0, 1.0, 1.0), (0.5, 0.5, 1.0, 2.0), (1.5, 0.5, 1.0, 1.0), (1.0, 0.5, 0.5, 2.0))
BARS, TOO_MANY_BARS = 8, 24
_MIDDLE = 3.2
_ENTRIES, _LENIENCY, _TASTE, _CHANCE = 0.6, 0.5, 0.45, 0.5
"""Standard deviations in points, as in the simulation of the bench (docs/fairness.md)."""


def composition(seed: int, number: int, bars: int = BARS) -> bytes:
    """A MIDI file in two voices, another one for each number."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - made-up music
    rhythms = [chance.choice(_RHYTHMS) for _ in range(bars)]
    degree, upper = chance.randrange(7), []
    for length in (each for rhythm in rhythms for each in rhythm):
        degree = min(max(degree + chance.choice((-3, -2, -1, -1, 1, 1, 2, 4)), 0), 13)
        upper.append(f"{_SCALE[degree % 7]}{4 + degree // 7}:{length}")
    lower = [f"{chance.choice(_SCALE)}3:2" for _ in range(2 * bars)]
    return write(Score(title(number), (4, 4), 80 + chance.randrange(60), (" ".join(upper), " ".join(lower))))


def title(number: int) -> str:
    """What it is called."""
    return f"Rehearsal piece {number}"


@dataclass(frozen=True)
class Taste:
    """How the simulated judges hear."""

    seed: int

    def worth(self, piece: str) -> float:
        """How good a composition is, in points around 0; no judge hears exactly that."""
        return self._drawn(f"piece:{piece}", _ENTRIES)

    def scores(self, judge: str, piece: str) -> dict[str, int]:
        """What that judge gives it, from 1 to 5 by criterion; the same whenever they are asked."""
        felt = _MIDDLE + self.worth(piece) + self._drawn(f"lenient:{judge}", _LENIENCY)
        felt += self._drawn(f"taste:{judge}:{piece}", _TASTE)
        drawn = {name: felt + self._drawn(f"chance:{judge}:{piece}:{name}", _CHANCE) for name in CRITERIA}
        return {name: min(max(int(decimal(value, 0)), 1), 5) for name, value in drawn.items()}

    def _drawn(self, about: str, deviation: float) -> float:
        return random.Random(f"{self.seed}:{about}").gauss(0, deviation)  # noqa: S311 - made-up taste


def agreement(taste: Taste, scores: dict[str, float]) -> float:
    """How many of all pairs of compositions stand in their true order, from 0 to 1; 1 where there is no pair."""
    names = sorted(scores)
    pairs = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    right = [(taste.worth(one) > taste.worth(other)) == (scores[one] > scores[other]) for one, other in pairs]
    return sum(right) / len(right) if right else 1.0
