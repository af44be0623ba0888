"""Where a person's own compositions stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.boards.leaderboard import as_everybody_sees, board_for
from bot.usecases.boards.letters import OwnPlace, PlacesReply
from bot.usecases.verdicts.explanations import standing_said
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.usecases.boards.letters import BoardRow
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission
    from models.verdicts import Verdict


def places_of(work: Work, contest: Contest, user_id: str, now: datetime) -> PlacesReply:
    """By the board that this person sees: what is hidden there, frozen, or was posted last, is so here."""
    whole = board_for(work, contest, user_id, now)
    board = as_everybody_sees(whole, contest)
    rows = {row.submission_id: row for row in board.rows}
    ratings = {row.submission_id: row.ratings for row in whole.rows}
    ai_rows = {row.submission_id: row for row in board.ai_rows or ()}
    own = [
        piece for piece in work.submissions.of_person(contest.id, user_id) if piece.state == SubmissionState.ACCEPTED
    ]
    verdicts = {piece.id: work.verdicts.of_submission(piece.id) for piece in own}
    return PlacesReply(
        contest_id=contest.id,
        contest_name=contest.name,
        phase=contest.phase,
        mode=board.mode,
        total=board.places,
        ai_total=len(ai_rows),
        frozen_at=board.frozen_at,
        taken_at=board.taken_at,
        seen_as=board.seen_as,
        was_posted=bool(board.snapshot_id),
        places=tuple(_place(piece, rows, ai_rows, ratings, verdicts[piece.id]) for piece in own),
    )


def _place(
    piece: Submission,
    rows: Mapping[str, BoardRow],
    ai_rows: Mapping[str, BoardRow],
    ratings: Mapping[str, int],
    verdict: Verdict | None,
) -> OwnPlace:
    row, ai_row = rows.get(piece.id), ai_rows.get(piece.id)
    return OwnPlace(
        name=piece.name,
        title=piece.title,
        place=None if row is None else row.place,
        score=None if row is None else row.score,
        ratings=ratings.get(piece.id, 0),
        in_final=piece.in_final,
        first_round=None if row is None else row.first_round,
        by_first_round=row is not None and row.by_first_round,
        ai_place=None if ai_row is None else ai_row.place,
        ai_score=None if verdict is None else verdict.score,
        standing="" if verdict is None else standing_said(verdict),
    )
