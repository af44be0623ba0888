"""Leaderboards: on request, and in the channel on the contest's schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.announcements.boards import BoardPost, BoardRow
from bot.rules.criteria import Scheme
from bot.rules.phases import JUDGED, Phase, round_of
from bot.rules.standings import Entry, mean_of_means, standings
from bot.usecases.letters import post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.ports import Clock
    from bot.usecases.people import People
    from models.contest import Contest
    from models.store import Store, Work
    from models.submission import Submission


@dataclass(frozen=True)
class Schedule:
    """When a contest's board is posted."""

    contest_id: str
    cron: str
    """Five fields; days of the week by name only, so that no two readers of cron disagree."""
    time_zone: str
    since: datetime
    """The last slot that was posted, or the beginning of the judging (UTC)."""


@dataclass(frozen=True)
class Boards:
    """Make boards, and post them."""

    store: Store
    people: People
    clock: Clock

    def show(self, user_id: str, channel_id: str) -> BoardPost:
        """The board of now. Raises Refusal where there is no contest that the person may know of. May raise Unavailable."""
        contest = self.people.contest_meant(user_id, channel_id)
        with self.store.read() as work:
            return board_of(work, contest, self.clock.now())

    def post_slot(self, contest_id: str, slot: datetime) -> bool:
        """Post the board of that slot, once; False where it was posted already, or the contest is not being judged."""
        now = self.clock.now()
        with self.store.write() as work:
            contest = work.contests.lock(contest_id)
            if contest is None or contest.phase not in JUDGED:
                return False
            if not work.boards.take_slot(contest_id, slot, now=now):
                return False
            key = f"board:{contest_id}:{slot.astimezone(UTC).isoformat()}"
            return post(work, key, contest.channel_id, board_of(work, contest, now), now)

    def schedules(self) -> tuple[Schedule, ...]:
        """The contests that are being judged and have a schedule."""
        with self.store.read() as work:
            return tuple(
                Schedule(contest.id, contest.board_cron, contest.time_zone, _since(work, contest))
                for phase in sorted(JUDGED)
                for contest in work.contests.in_phase(phase)
                if contest.board_cron
            )


def board_of(work: Work, contest: Contest, now: datetime) -> BoardPost:
    """The board as it stands: rated compositions with their places, the others named, the AI judge's only after the end."""
    pieces = work.submissions.accepted(contest.id)
    scheme = Scheme.load(contest.scheme)
    given: dict[str, list[float]] = {}
    for rating in work.ratings.of_round(contest.id, round_of(Phase(contest.phase))):
        given.setdefault(rating.submission_id, []).append(scheme.mean(rating.scores))
    rated = [
        Entry(piece.name, mean_of_means(given[piece.id]), len(given[piece.id])) for piece in pieces if piece.id in given
    ]
    finished = contest.phase == Phase.FINISHED
    return BoardPost(
        contest_name=contest.name,
        phase=contest.phase,
        taken_at=now,
        rows=_rows(rated),
        unrated=tuple(sorted(piece.name for piece in pieces if piece.id not in given)),
        ai_rows=_ai_rows(work, contest, pieces) if finished else None,
        final=finished,
    )


def _ai_rows(work: Work, contest: Contest, pieces: Sequence[Submission]) -> tuple[BoardRow, ...]:
    verdicts = work.verdicts.of_contest(contest.id)
    # To a tenth, as people read it: what looks alike shares a place.
    return _rows([Entry(piece.name, round(verdicts[piece.id].score, 1)) for piece in pieces if piece.id in verdicts])


def _rows(entries: Sequence[Entry]) -> tuple[BoardRow, ...]:
    return tuple(
        BoardRow(place=place.place, name=place.entry.name, score=place.entry.score, ratings=place.entry.ratings)
        for place in standings(entries)
    )


def _since(work: Work, contest: Contest) -> datetime:
    began = contest.judging_at or contest.created_at
    return max(began, work.boards.last_slot(contest.id) or began)
