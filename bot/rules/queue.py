"""In which order a judge hears the compositions."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

AT_ONCE = 4
"""Pieces that are with a judge at the same time: whoever hears them first rates them in one go, without leaving the form."""
CHOICES = (1, 2, 4)
"""What a judge may choose instead."""


def listening_order(contest_id: str, judge: str, submission_ids: Iterable[str]) -> list[str]:
    """The submissions shuffled for this judge: for another judge otherwise, and for the same one always alike.

    A composition that joins later leaves the order of the others as it was.
    """
    return sorted(submission_ids, key=lambda submission: sha256(f"{contest_id}/{judge}/{submission}".encode()).digest())


def skipped_last(order: Iterable[str], skipped: Mapping[str, datetime]) -> list[str]:
    """The same order, with the skipped ones at its end, in the order in which they were skipped."""
    heard = list(order)
    put_off = [piece for piece in heard if piece in skipped]
    return [piece for piece in heard if piece not in skipped] + sorted(put_off, key=lambda piece: skipped[piece])
