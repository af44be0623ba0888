"""Numbers that training and inference share: change one and the weights must be trained anew."""

from typing import Final

UNITS: Final = 24
"""Grid units in a quarter note: holds 16ths, triplets and 32nds exactly."""

SNAP_GRIDS: Final = ((4, 0.07), (3, 0.07), (8, 0.04), (12, 0.04))
"""(Steps a beat, largest error in beats) in the order of trial; 0.07 beats are 35 ms at 120 beats a minute."""

SNAP_LAST: Final = 12
"""The grid of a beat that fits none of the above."""

MAX_VOICES: Final = 6
"""Streams that the voice separation keeps; notes of thicker chords beyond them count in pitch classes only."""

FEATURE_DECIMALS: Final = 4
"""Features are rounded before training and before inference, so that float32 never meets a threshold."""

KEY_SPREAD: Final = 0.02
"""Lead of the likeliest key (a difference of correlations) at which the runner-up's weight has fallen to about a quarter."""

LEAST_DOUBT: Final = 0.03
"""Weight below which the runner-up is not looked at."""

MODEL_VERSION: Final = "judge-2"
SCHEMA: Final = 2

PROBABILITY_WEIGHT: Final = 0.8
"""Share of the network's probability in the score; the pitch similarity has the rest (measured in JUDGE's folds)."""

SIMILARITY_SCALE: Final = 0.08
"""Jensen-Shannon divergence (base 2) at which the pitch similarity has fallen to 1/e."""

MAJOR: Final = 0
MINOR: Final = 1
