"""What organizers read about the data of a contest: exports, erasures, retention."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.usecases.messages import Message


class ExportReady(Message):
    """Everything of a contest, as a file: told to the organizer who asked for it."""

    kind: Literal["export_ready"] = "export_ready"
    contest_name: str
    made_at: datetime
    submissions: int
    ratings: int
    uncounted: int = 0
    """How many of the ratings count for nothing."""
    kept_days: int
    """So long we keep the file; Slack keeps its own copy until somebody deletes it."""


class ErasureAsked(Message):
    """Somebody wants their data to be erased: told to the organizers."""

    kind: Literal["erasure_asked"] = "erasure_asked"
    asked_by: str


class RetentionSoon(Message):
    """In a few days the data of a contest's people are erased: told to the organizers."""

    kind: Literal["retention_soon"] = "retention_soon"
    contest_name: str
    slug: str
    at: datetime


class RetentionDone(Message):
    """The data of a contest's people have been erased: told to the organizers."""

    kind: Literal["retention_done"] = "retention_done"
    contest_name: str
    people: int


class Erased(Message):
    """Stands in place of a letter whose words were erased with a person's data."""

    kind: Literal["erased"] = "erased"
