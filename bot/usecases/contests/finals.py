"""The step from the preliminary round to the final: who goes on, and how each author is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.standings import qualified
from bot.rules.words import quoted
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.contests.letters import FinalNote
from bot.usecases.letters import Draft, post_all
from bot.usecases.messages import dump
from models.boards import BoardSnapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.usecases.boards.letters import BoardPost
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

PRELIMINARY = "preliminary"
"""The kind of the snapshot of the first round's board."""


@dataclass(frozen=True)
class Cut:
    """Who would go on to the final."""

    passing: tuple[str, ...]
    """Ids of submissions, from the first place on."""
    rated: int
    """How many have a place at all: those without a rating never go on."""
    heard: int
    """How many there are, rated or not."""
    last_score: float
    """Of the last that goes on; 0 where nobody does."""
    tied: int
    """How many share the last place that goes on."""


def cut_of(work: Work, contest: Contest, now: datetime) -> Cut:
    """The cut as it stands: the best of the preliminary round, and all that tie with the last of them."""
    return _cut(board_of(work, contest, now), contest.finalists)


def _cut(board: BoardPost, finalists: int) -> Cut:
    rows = board.rows
    passing = qualified(rows, finalists)
    last = passing[-1] if passing else None
    return Cut(
        passing=tuple(row.submission_id for row in passing),
        rated=len(rows),
        heard=len(rows) + len(board.unrated),
        last_score=0.0 if last is None else last.score or 0.0,
        tied=0 if last is None else sum(row.place == last.place for row in passing),
    )


def begin_final(work: Work, contest: Contest, snapshot_id: str, turn: int, now: datetime) -> Cut:
    """Store the board of the preliminary round, choose the finalists and write to all authors; the phase is still the old one.

    ``turn`` counts how often the final has begun: after an undo everything is said anew. Raises Refusal where nobody would go on.
    """
    # Once: with 600 compositions it takes a moment, and Slack waits for the answer.
    board = board_of(work, contest, now).model_copy(update={"snapshot_id": snapshot_id})
    cut = _cut(board, contest.finalists)
    if not cut.passing:
        raise nobody_rated(contest)
    work.boards.keep(
        BoardSnapshot(id=snapshot_id, contest_id=contest.id, kind=PRELIMINARY, taken_at=now, board=dump(board))
    )
    pieces, passing = work.submissions.accepted(contest.id), set(cut.passing)
    for piece in pieces:
        piece.in_final = piece.id in passing
    post_all(work, _notes(contest, pieces, turn), now)
    return cut


def nobody_rated(contest: Contest) -> Refusal:
    """There is nothing to choose from."""
    return Refusal(
        f"Nothing in *{quoted(contest.name)}* has been rated yet, so nobody could go on to a final. `/kantor judges` shows how far "
        "the judges are."
    )


def _notes(contest: Contest, pieces: Sequence[Submission], turn: int) -> list[Draft]:
    authors = dict.fromkeys(piece.user_id for piece in pieces)
    finalists = sum(piece.in_final for piece in pieces)
    return [
        Draft(
            final_note_key(contest.id, author, turn),
            author,
            FinalNote(
                contest_name=contest.name,
                channel_id=contest.channel_id,
                through=tuple(piece.title for piece in pieces if piece.user_id == author and piece.in_final),
                out=tuple(piece.title for piece in pieces if piece.user_id == author and not piece.in_final),
                finalists=finalists,
                of=len(pieces),
            ),
            contest_id=contest.id,
        )
        for author in authors
    ]


def final_note_key(contest_id: str, author: str, turn: int) -> str:
    """Of the letter that tells an author whether they are in the final."""
    return f"final_note:{contest_id}:{turn}:{author}"
