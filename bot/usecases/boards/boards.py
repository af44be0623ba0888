"""Leaderboards: on request, and in the channel on the contest's schedule; and where a person's own compositions stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.rules.standings import BoardMode
from bot.usecases.blindness import is_kept_blind
from bot.usecases.boards.leaderboard import (
    POSTED,
    as_everybody_sees,
    board_for,
    board_of,
    page_of,
    says_more,
    stored_board,
)
from bot.usecases.boards.letters import BoardPost, OwnPlace, PlacesReply
from bot.usecases.boards.posters import Gallery
from bot.usecases.messages import dump
from bot.usecases.verdicts.explanations import standing_said
from models.boards import BoardSnapshot
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.ports import ObjectStore, Posters
    from bot.usecases.boards.letters import BoardRow
    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission
    from models.verdicts import Verdict


KEPT = 50
"""So many posted boards of a contest stay in the database, for whoever turns their pages."""


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

    desk: Desk
    posters: Posters
    objects: ObjectStore

    def show(self, user_id: str, channel_id: str, page: int = 1, *, is_there: bool = False) -> BoardPost:
        """A page of the board of now, as that person may see it; ``is_there`` as in ``Who.contest_meant``.

        Raises Refusal where there is no contest that the person may know of. May raise Unavailable.
        """
        contest = self.desk.who.contest_meant(user_id, channel_id, is_there=is_there)
        organizes = self._organizes(user_id, contest)
        with self.desk.store.read() as work:
            return self._seen_by(work, contest, user_id, page, organizes=organizes)

    def page(self, user_id: str, contest_id: str, snapshot_id: str, page: int) -> BoardPost:
        """Another page: of that stored board, or where none is named, or it is no more, of the board of now.

        Raises Refusal, also where the person may not know of the contest. May raise Unavailable.
        """
        with self.desk.person(user_id, contest_id, reads=True) as work:
            contest = work.contest
        self.desk.who.require_sight(user_id, contest)
        organizes = self._organizes(user_id, contest)
        with self.desk.store.read() as work:
            snapshot = work.boards.snapshot(snapshot_id) if snapshot_id else None
            if snapshot is None or snapshot.contest_id != contest.id:
                return self._seen_by(work, contest, user_id, page, organizes=organizes)
            return page_of(as_everybody_sees(stored_board(work, contest, snapshot), contest), page)

    def place_of(self, user_id: str, channel_id: str = "") -> PlacesReply:
        """Where the person's own compositions stand, by the board that everybody sees.

        Raises Refusal where there is no contest that the person may know of. May raise Unavailable.
        """
        contest = self.desk.who.contest_meant(user_id, channel_id)
        with self.desk.store.read() as work:
            return places_of(work, contest, user_id, self.desk.clock.now())

    def post_slot(self, contest_id: str, slot: datetime) -> bool:
        """Post the board of that slot, once.

        False where it was posted already, there is none to be posted now, or it would say what the last one said.
        """
        snapshot_id, now = self.desk.ids.new(), self.desk.clock.now()
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            if contest is None or not _posts(contest) or _taken(work, contest, slot):
                return False
            whole = board_of(work, contest, now).model_copy(update={"snapshot_id": snapshot_id})
            last = work.boards.newest(contest_id, POSTED)
            is_news = last is None or says_more(whole, BoardPost.model_validate(last.board))
        if not is_news:
            with self.desk.anyone() as work:
                work.boards.take_slot(contest_id, slot, now=now)
            return False
        first = page_of(as_everybody_sees(whole, contest), 1)
        # Drawn before the transaction: nobody waits for a picture while the database is taken.
        uploads = Gallery(self.posters, self.objects).hang(snapshot_id, first)
        with self.desk.anyone() as work:
            contest = work.lock(contest_id)
            if contest is None or not _posts(contest) or not work.boards.take_slot(contest_id, slot, now=now):
                return False
            work.boards.keep(
                BoardSnapshot(id=snapshot_id, contest_id=contest_id, kind=POSTED, taken_at=now, board=dump(whole))
            )
            work.boards.forget_posted(contest_id, keep=KEPT)
            key = f"board:{contest_id}:{slot.astimezone(UTC).isoformat()}"
            letter = first.model_copy(update={"has_picture": bool(uploads)})
            return work.about(contest).post(key, contest.channel_id, letter, uploads=uploads)

    def schedules(self) -> tuple[Schedule, ...]:
        """The contests that have a schedule, and a board that may be posted now."""
        with self.desk.store.read() as work:
            return tuple(
                Schedule(contest.id, contest.board_cron, contest.time_zone, _since(work, contest))
                for phase in sorted(JUDGED)
                for contest in work.contests.in_phase(phase)
                if contest.board_cron and _posts(contest)
            )

    def _organizes(self, user_id: str, contest: Contest) -> bool:
        """Whether the person may see more than others, while there is more to see; False while Slack is silent."""
        return contest.phase != Phase.FINISHED and Role.ORGANIZER in self.desk.who.roles_if_known(user_id, contest.id)

    def _seen_by(self, work: Work, contest: Contest, user_id: str, page: int, *, organizes: bool) -> BoardPost:
        """A page of the board, as far as this person may see it."""
        now = self.desk.clock.now()
        if contest.phase == Phase.FINISHED:
            return board_of(work, contest, now, page=page)
        if (
            not organizes
            or (_hides_nothing(contest) and contest.phase != Phase.CEREMONY)
            or is_kept_blind(work, contest, user_id)
        ):
            return as_everybody_sees(board_for(work, contest, user_id, now, page), contest)
        frozen = None if contest.frozen_board_id is None else work.boards.snapshot(contest.frozen_board_id)
        since = None if frozen is None else frozen.taken_at
        board = board_of(work, contest, now, page=page)
        return board.model_copy(update={"seen_as": "organizer", "frozen_at": since})


def _posts(contest: Contest) -> bool:
    """Whether scheduled boards are posted now: a frozen one says nothing new, a hidden one nothing at all."""
    return contest.phase in JUDGED and contest.board_mode != BoardMode.HIDDEN and contest.frozen_board_id is None


def _hides_nothing(contest: Contest) -> bool:
    return contest.board_mode == BoardMode.FULL and contest.frozen_board_id is None


def _taken(work: Work, contest: Contest, slot: datetime) -> bool:
    last = work.boards.last_slot(contest.id)
    return last is not None and last == slot


def _since(work: Work, contest: Contest) -> datetime:
    began = contest.judging_at or contest.created_at
    return max(began, work.boards.last_slot(contest.id) or began)


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
        contest_name=contest.name,
        phase=contest.phase,
        mode=board.mode,
        total=board.places,
        ai_total=len(ai_rows),
        frozen_at=board.frozen_at,
        taken_at=board.taken_at,
        seen_as=board.seen_as,
        was_posted=bool(board.snapshot_id),
        caveats=board.caveats,
        cut=board.cut,
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
        fair=None if row is None else row.fair,
        ai_place=None if ai_row is None else ai_row.place,
        ai_score=None if verdict is None else verdict.score,
        standing="" if verdict is None else standing_said(verdict),
    )
