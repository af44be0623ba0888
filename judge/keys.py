"""The key of a piece, from its pitch classes."""

from dataclasses import dataclass

import numpy as np

from judge.constants import MAJOR, MINOR
from judge.grid import Floats

# Temperley's revision of the Krumhansl-Kessler profiles ("What's Key for Key?", Music Perception 17, 1999).
_PROFILES = np.array(
    [
        [5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0],
        [5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0],
    ]
)
_CENTRED = _PROFILES - _PROFILES.mean(axis=1, keepdims=True)
_TEMPLATES = np.stack([np.roll(_CENTRED[mode], tonic) for mode in (MAJOR, MINOR) for tonic in range(12)])
_TEMPLATES /= np.linalg.norm(_TEMPLATES, axis=1, keepdims=True)

_MAJOR_NAMES = ("C", "D flat", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_MINOR_NAMES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "G sharp", "A", "B flat", "B")


@dataclass(frozen=True)
class Key:
    """Tonic (0-11, C is 0), mode (0 major, 1 minor), fit (-1 to 1) and lead over the second-best key (0-2)."""

    tonic: int
    mode: int
    fit: float
    lead: float

    @property
    def name(self) -> str:
        """Such as "G major"."""
        return f"{_MINOR_NAMES[self.tonic]} minor" if self.mode == MINOR else f"{_MAJOR_NAMES[self.tonic]} major"

    @property
    def confidence(self) -> float:
        """From 0 (another key fits as well) to 1 (the runner-up is far behind)."""
        return float(np.clip(self.fit, 0, 1) * np.clip(self.lead / 0.25, 0, 1))


def find_keys(weights: Floats) -> tuple[Key, Key]:
    """The two likeliest keys; the second one's lead is negative: how far it is behind the first."""
    centred = weights - weights.mean()
    norm = float(np.linalg.norm(centred))
    fits = np.round(_TEMPLATES @ centred / norm, 9) if norm > 0 else np.zeros(24)
    best = int(np.argmax(fits))
    rest = fits.copy()
    rest[best] = -2.0
    second = int(np.argmax(rest))
    lead = float(fits[best]) - float(fits[second])
    return Key(best % 12, best // 12, float(fits[best]), lead), Key(
        second % 12, second // 12, float(fits[second]), -lead
    )
