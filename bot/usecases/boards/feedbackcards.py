"""What each author is told of each composition: means, approved comments, the AI judge's score. Nobody is named, no private note read."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from bot.rules.criteria import HIGHEST, LOWEST, Scheme
from bot.rules.numbers import decimal
from bot.rules.phases import Round
from bot.rules.standings import mean_of_means
from bot.usecases.boards.feedback_letters import CriterionMean, FeedbackCard, RoundFeedback
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.judging.counting import counting_with_texts
from bot.usecases.verdicts.explanations import standing_said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from models.contests import Contest
    from models.judging import Rating
    from models.store import Work
    from models.submissions import Submission

LONGEST = 6_000
"""Characters of comments in one message."""
MOST = 10
"""Comments in one message."""


@dataclass(frozen=True)
class PieceFeedback:
    """The messages for the author of one composition, in order."""

    submission_id: str
    user_id: str
    cards: tuple[FeedbackCard, ...]


def cards_of(work: Work, contest: Contest, now: datetime) -> list[PieceFeedback]:
    """For each composition that is on the boards."""
    scheme = Scheme.load(contest.scheme)
    board = board_of(work, contest, now)
    rows = {row.submission_id: row for row in board.rows}
    verdicts = work.verdicts.of_contest(contest.id)
    ratings: dict[str, list[Rating]] = {}
    for rating in counting_with_texts(work, contest):
        ratings.setdefault(rating.submission_id, []).append(rating)
    made = []
    for piece in work.submissions.accepted(contest.id):
        given = ratings.get(piece.id, [])
        card = FeedbackCard(
            contest_name=contest.name,
            title=piece.title,
            name=piece.name,
            rounds=tuple(_rounds(scheme, piece, given)),
            two_rounds=contest.final_at is not None,
            place=rows[piece.id].place if piece.id in rows else None,
            by_first_round=piece.id in rows and rows[piece.id].by_first_round,
            total=board.places,
            ai_score=verdicts[piece.id].score if piece.id in verdicts else None,
            standing=standing_said(verdicts[piece.id]) if piece.id in verdicts else "",
            comments=(),
        )
        made.append(PieceFeedback(piece.id, piece.user_id, tuple(_with_comments(card, given))))
    return made


def _rounds(scheme: Scheme, piece: Submission, given: Sequence[Rating]) -> Iterator[RoundFeedback]:
    for round_ in Round:
        scores = [rating.scores for rating in given if rating.round == round_]
        if not scores or (round_ is Round.FINAL and not piece.in_final):
            continue
        criteria = []
        for criterion, share in zip(scheme.criteria, scheme.shares, strict=True):
            mean = fmean(each[criterion.key] for each in scores)
            nearest = min(HIGHEST, max(LOWEST, int(decimal(mean, 0))))
            label = scheme.titles[nearest - LOWEST]
            criteria.append(CriterionMean(title=criterion.title, mean=mean, label=label, share=share))
        mean = mean_of_means([scheme.mean(each) for each in scores])
        yield RoundFeedback(round=round_.value, criteria=tuple(criteria), mean=mean, ratings=len(scores))


def _with_comments(card: FeedbackCard, given: Sequence[Rating]) -> Iterator[FeedbackCard]:
    """The card with the comments that organizers let through; more cards where they are long."""
    # In the order of the alphabet: that of time would tell who spoke first.
    texts = sorted(
        (rating.comment.strip() for rating in given if rating.comment_shown and rating.comment.strip()),
        key=str.casefold,
    )
    for number, some in enumerate(_packed(texts), start=1):
        yield card.model_copy(update={"comments": tuple(some), "part": number})


def _packed(texts: Sequence[str]) -> list[list[str]]:
    packs: list[list[str]] = [[]]
    for text in texts:
        last = packs[-1]
        if last and (len(last) >= MOST or sum(map(len, last)) + len(text) > LONGEST):
            packs.append([text])
        else:
            last.append(text)
    return packs
