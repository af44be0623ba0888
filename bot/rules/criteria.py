"""What human judges rate: three criteria on one scale of five."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Criterion(StrEnum):
    """The three criteria; the values are the names of the fields of a rating."""

    ORIGINALITY = "originality"
    BALANCE = "balance"
    EMOTIONAL = "emotional"


LOWEST, HIGHEST = 1, 5

TITLES = MappingProxyType(
    {1: "Noise", 2: "Faint, but forgettable", 3: "Groovin'", 4: "Now we're rocking", 5: "AWSome!"}
)
"""The names of the scores, the same for all criteria."""

HELP = MappingProxyType(
    {
        Criterion.ORIGINALITY: "Does it surprise you with ideas of its own: a turn of melody, a rhythm, a sound?",
        Criterion.BALANCE: "Do the parts fit together: melody and accompaniment, tension and rest, beginning and end?",
        Criterion.EMOTIONAL: "Does it move you, whatever the feeling: joy, calm, unrest, a smile?",
    }
)
"""What each criterion asks, in one sentence."""


def in_range(score: int) -> bool:
    """Whether ``score`` is on the scale."""
    return LOWEST <= score <= HIGHEST


def label(score: int) -> str:
    """The score with its title: ``4 - Now we're rocking``."""
    return f"{score} - {TITLES[score]}"
