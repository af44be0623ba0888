"""How many ratings each composition has, for organizers: what lacks some first, and how it would stand now, for their eyes alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.naming import natural
from bot.rules.phases import JUDGED, Phase, Round
from bot.usecases.blindness import bylines, is_kept_blind
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.judging.allotting import task_of
from bot.usecases.judging.counting import coverage_of
from bot.usecases.judging.habits import habits_of
from bot.usecases.judging.panels import floors

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.counting import Coverage
    from bot.usecases.judging.habits import Habit
    from models.contests import Contest
    from models.store import Work

PAGE = 25
"""Compositions in a window."""


@dataclass(frozen=True)
class CoveredPiece:
    """A composition, and how it is covered."""

    alias: str
    """Empty where judges hear names."""
    byline: str
    """Title and author."""
    ratings: int
    to_come: int
    """Of judges who have yet to rate it."""
    floor: int
    """Ratings that it should have."""
    place: int | None
    """Where it would stand now; None where nobody has rated it."""
    score: float | None

    @property
    def below(self) -> bool:
        """Whether it has fewer ratings than it should."""
        return self.ratings < self.floor


@dataclass(frozen=True)
class CoverageBoard:
    """A page of the compositions of the round that is judged, those below the floor first, then those with the fewest ratings."""

    contest_id: str
    contest_name: str
    channel_id: str
    phase: Phase
    round: Round
    pieces: tuple[CoveredPiece, ...]
    """None for those who judge the contest blind themselves: they would see which name has what."""
    number: int
    """Of compositions, on all pages."""
    below: int
    """Of them below the floor."""
    done: int
    due: int
    """Ratings: given, and that there will be once everybody is through."""
    kept_blind: bool
    habits: tuple[Habit, ...]
    """Judges who are far behind, or gave one score to all; the others are not named."""
    page: int
    """From 0."""
    pages: int


@dataclass(frozen=True)
class CoverageBoards:
    """Look at it."""

    desk: Desk

    def look(self, actor: str, channel_id: str, page: int = 0) -> CoverageBoard:
        """That page, or the nearest one. Raises Refusal for people who are no organizers. May raise Unavailable."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest, coverage = work.contest, coverage_of(work, work.contest)
            floor = floors(coverage, task_of(work, contest)) if contest.phase in JUDGED else {}
            kept_blind = is_kept_blind(work, contest, work.actor)
            order = [] if kept_blind else _order(coverage, floor)
            pages = max(1, -(-len(order) // PAGE))
            page = min(max(page, 0), pages - 1)
            return CoverageBoard(
                contest_id=contest.id,
                contest_name=contest.name,
                channel_id=contest.channel_id,
                phase=contest.phase,
                round=coverage.round,
                pieces=_pieces(work, coverage, floor, order[page * PAGE : (page + 1) * PAGE]),
                number=len(coverage.ratings),
                below=sum(coverage.ratings[piece] < wanted for piece, wanted in floor.items()),
                done=coverage.done,
                due=coverage.due,
                kept_blind=kept_blind,
                habits=_worth_a_word(work, contest, work.now),
                page=page,
                pages=pages,
            )


def _order(coverage: Coverage, floor: dict[str, int]) -> list[str]:
    ratings = coverage.ratings
    return sorted(ratings, key=lambda piece: (ratings[piece] >= floor.get(piece, 0), ratings[piece], piece))


def _pieces(work: Matter, coverage: Coverage, floor: dict[str, int], shown: list[str]) -> tuple[CoveredPiece, ...]:
    if not shown:
        return ()
    contest = work.contest
    pieces = work.submissions.by_ids(set(shown))
    called = bylines(work, pieces.values())
    judged = contest.phase in JUDGED
    rows = {row.submission_id: row for row in board_of(work, contest, work.now).rows} if judged else {}
    to_come = {piece: sum(piece in pile.unrated for pile in coverage.piles.values()) for piece in shown}
    found = [
        CoveredPiece(
            alias=(pieces[piece].alias or "") if contest.blind else "",
            byline=called[piece],
            ratings=coverage.ratings[piece],
            to_come=to_come[piece] if judged else 0,
            floor=floor.get(piece, 0),
            place=rows[piece].place if piece in rows else None,
            score=rows[piece].score if piece in rows else None,
        )
        for piece in shown
    ]
    # Within the same number of ratings as people look for them.
    return tuple(sorted(found, key=lambda each: (not each.below, each.ratings, natural(each.byline))))


def _worth_a_word(work: Work, contest: Contest, now: datetime) -> tuple[Habit, ...]:
    if contest.phase not in JUDGED:
        return ()
    return tuple(each for each in habits_of(work, contest, now) if each.behind or each.same is not None)
