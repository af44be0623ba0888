"""Freezing a board: from then on everybody sees it as it stood, until it is thawed or the contest is finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import JUDGED
from bot.rules.standings import BoardMode
from bot.rules.words import quoted
from bot.usecases.boards.leaderboard import FROZEN, board_of
from bot.usecases.boards.letters import BoardFrozen
from bot.usecases.boards.sealing import head_of
from bot.usecases.messages import dump
from models.boards import BoardSnapshot

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest


@dataclass(frozen=True)
class FreezePreview:
    """What freezing or thawing would do, to be confirmed."""

    contest_id: str
    contest_name: str
    channel_id: str
    frozen_at: datetime | None
    """Since when it is frozen; None: it is not."""
    rated: int
    """Compositions with a place."""
    ratings: int
    scheduled: bool


@dataclass(frozen=True)
class Frozen:
    """How the board stands after it."""

    contest_name: str
    channel_id: str
    frozen: bool


@dataclass(frozen=True)
class Freezing:
    """Freeze and thaw."""

    desk: Desk

    def preview(self, actor: str, channel_id: str, *, freeze: bool) -> FreezePreview:
        """What confirming would do. Raises Refusal for people who are no organizers, and where there is nothing to do."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest = work.contest
            _require_possible(contest, freeze=freeze)
            snapshot = None if contest.frozen_board_id is None else work.boards.snapshot(contest.frozen_board_id)
            board = board_of(work, contest, work.now)
        return FreezePreview(
            contest_id=contest.id,
            contest_name=contest.name,
            channel_id=contest.channel_id,
            frozen_at=None if snapshot is None else snapshot.taken_at,
            rated=len(board.rows),
            ratings=sum(row.ratings for row in board.rows),
            scheduled=bool(contest.board_cron),
        )

    def freeze(self, actor: str, contest_id: str) -> Frozen:
        """Everybody sees the board of this moment from now on. Safe to repeat. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if contest.frozen_board_id is None:
                _require_possible(contest, freeze=True)
                _freeze(work, self.desk.ids.new())
            return Frozen(contest.name, contest.channel_id, frozen=True)

    def thaw(self, actor: str, contest_id: str) -> Frozen:
        """Everybody sees the board of now again. Safe to repeat. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if contest.frozen_board_id is not None:
                _require_possible(contest, freeze=False)
                snapshot_id, contest.frozen_board_id = contest.frozen_board_id, None
                _tell(work, snapshot_id, frozen=False)
            return Frozen(contest.name, contest.channel_id, frozen=False)


def _freeze(work: Matter, snapshot_id: str) -> None:
    contest, now = work.contest, work.now
    # The mode of now does not count: should it change, the frozen board has what the new one shows.
    changes = {"snapshot_id": snapshot_id, "frozen_at": now, "mode": BoardMode.FULL}
    board = board_of(work, contest, now).model_copy(update=changes)
    work.boards.keep(BoardSnapshot(id=snapshot_id, contest_id=contest.id, kind=FROZEN, taken_at=now, board=dump(board)))
    contest.frozen_board_id = snapshot_id
    _tell(work, snapshot_id, frozen=True)


def _tell(work: Matter, snapshot_id: str, *, frozen: bool) -> None:
    contest, word = work.contest, "frozen" if frozen else "thawed"
    work.note(f"board.{word}", snapshot=snapshot_id)
    news = BoardFrozen(
        contest_id=contest.id,
        contest_name=contest.name,
        snapshot_id=snapshot_id if frozen else "",
        frozen=frozen,
        trail=head_of(work, contest) if frozen else None,
    )
    work.post(f"{word}:{snapshot_id}", contest.channel_id, news)


def _require_possible(contest: Contest, *, freeze: bool) -> None:
    if contest.phase not in JUDGED:
        raise Refusal(
            f"A board moves while judges rate, and *{quoted(contest.name)}* is not being judged now, so there is nothing to "
            f"{'freeze' if freeze else 'thaw'}. `/kantor board` shows the board."
        )
    if freeze and contest.frozen_board_id is not None:
        raise Refusal(
            f"The board of *{quoted(contest.name)}* is frozen already. `/kantor board thaw` lets it move again."
        )
    if freeze and contest.board_mode == BoardMode.HIDDEN:
        raise Refusal(
            f"The places of *{quoted(contest.name)}* are hidden from everybody but you organizers, so there is nothing to freeze. "
            "`/kantor contest edit` changes what people see."
        )
    if not freeze and contest.frozen_board_id is None:
        raise Refusal(
            f"The board of *{quoted(contest.name)}* is not frozen. `/kantor board freeze` makes it stand still."
        )
