"""What people read about the AI judge's verdicts."""

from __future__ import annotations

from typing import Literal

from bot.usecases.messages import Message


class VerdictChart(Message):
    """A verdict as a picture, for whoever asked why; the picture is the letter's upload."""

    kind: Literal["verdict_chart"] = "verdict_chart"
    title: str
    score: float
    alt_text: str


class VerdictRenewed(Message):
    """A new model of the AI judge has another score for a composition, for its author."""

    kind: Literal["verdict_renewed"] = "verdict_renewed"
    title: str
    name: str
    before: float
    after: float
    submission_id: str
    model_version: str
    standing: str = ""
    """As in ``VerdictNote``."""
    reasons_down: tuple[str, ...] = ()
