"""What people read about the AI judge's verdicts."""

from __future__ import annotations

from bot.usecases.messages import Message


class VerdictChart(Message, kind="verdict_chart", in_words="the picture of a verdict"):
    """A verdict as a picture, for whoever asked why; the picture is the letter's upload."""

    title: str
    score: float
    alt_text: str


class VerdictRenewed(Message, kind="verdict_renewed", in_words="the news of another score"):
    """A new model of the AI judge has another score for a composition, for its author."""

    title: str
    name: str
    before: float
    after: float
    submission_id: str
    model_version: str
    standing: str = ""
    """As in ``VerdictNote``."""
    reasons_down: tuple[str, ...] = ()
