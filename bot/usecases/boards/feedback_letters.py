"""What the judges said, for the authors."""

from __future__ import annotations

from bot.usecases.messages import Message, Part


class CriterionMean(Part):
    """What the judges gave on one criterion, on average."""

    title: str
    mean: float
    """1 to 5."""
    label: str
    """The title of the nearest whole score."""
    share: int | None = None
    """How much it counts, in percent; None where all count alike."""


class RoundFeedback(Part):
    """One round of one composition."""

    round: str
    """``preliminary`` or ``final`` (``bot.rules.phases.Round``)."""
    criteria: tuple[CriterionMean, ...]
    mean: float
    """Of the judges' weighted means."""
    ratings: int


class FeedbackCard(Message, kind="feedback", in_words="the judges' feedback"):
    """All that the judges and the AI judge have for the author of one composition; never who said what."""

    contest_name: str
    title: str
    name: str
    """#contest-user-composition"""
    rounds: tuple[RoundFeedback, ...]
    """Those in which it was rated."""
    two_rounds: bool = False
    place: int | None
    by_first_round: bool = False
    """As in ``bot.usecases.boards.letters.BoardRow``: what the place in the final rests on."""
    total: int
    ai_score: float | None
    """0-100."""
    standing: str = ""
    """As in ``VerdictNote``."""
    comments: tuple[str, ...]
    part: int = 1
    """Long comments go on in a second message: from 1."""
