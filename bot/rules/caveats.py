"""What fair scores do not allow to say; here, since whoever only speaks of it needs none of what reckons them."""

from __future__ import annotations

from enum import StrEnum


class Caveat(StrEnum):
    """What the numbers do not allow to say."""

    NO_RATINGS = "no ratings"
    ALL_ALIKE = "all alike"
    """Every rating is the same."""
    ONE_JUDGE = "one judge"
    """Nobody can tell leniency from worth: scores are those of that judge."""
    ONE_RATING_EACH = "one rating each"
    """No entry was rated twice, so nobody can tell worth from chance: scores are the raw ones, without ranges."""
    NO_DIFFERENCE = "no difference"
    """Judges differ about each entry as much as the entries differ from each other: the order is hardly better than a lot."""
    APART = "apart"
    """Some judges share no entry with the others: comparing them rests on entries having come to them at random."""


CLOSE = 2 / 3
"""Below this chance of the right order two neighbours are too close to call: the ratings speak for it by less than two to one."""
