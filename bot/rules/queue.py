"""In which order a judge hears the compositions."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def listening_order(contest_id: str, judge: str, submission_ids: Iterable[str]) -> list[str]:
    """The submissions shuffled for this judge: for another judge otherwise, and for the same one always alike.

    A composition that joins later leaves the order of the others as it was.
    """
    return sorted(submission_ids, key=lambda submission: sha256(f"{contest_id}/{judge}/{submission}".encode()).digest())
