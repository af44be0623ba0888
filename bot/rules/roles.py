"""What somebody is in a contest."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a contest. A guest of the workspace is nothing until somebody lets them into the channel."""

    ORGANIZER = "organizer"
    JUDGE = "judge"
    PARTICIPANT = "participant"


HELPERS = frozenset({Role.ORGANIZER, Role.JUDGE})
"""Who helps to run a contest."""
