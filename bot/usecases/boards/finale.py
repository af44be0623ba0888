"""The end of a contest: the podiums of both boards, thanks to everybody, and the final board, told once.

A job does it right after the last phase has begun: its pictures take a moment, and the transaction of the phase must not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.rules.phases import Phase
from bot.rules.prizes import Category, Prize, covered, left_over, load, of_place, told, won
from bot.rules.roles import Role
from bot.usecases.boards.bundling import results_of
from bot.usecases.boards.leaderboard import FINAL, board_of, page_of
from bot.usecases.boards.letters import Podium, TrailSealed, Winner
from bot.usecases.boards.posters import Gallery
from bot.usecases.boards.publishing import publish_soon
from bot.usecases.boards.sealing import SEALED, head_of
from bot.usecases.boards.specials import awards_of, held, told_specials
from bot.usecases.desk import KANTOR
from bot.usecases.judging.counting import counting, listeners
from bot.usecases.messages import dump
from models.boards import BoardSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.ports import Enclosure, ObjectStore, Posters
    from bot.usecases.boards.letters import BoardPost, BoardRow
    from bot.usecases.desk import Desk, Errand, Matter
    from bot.usecases.happenings import PhaseBegan
    from models.contests import Contest
    from models.store import Work

FINALE = "finale"
"""Name of the job."""


def plan(work: Matter, began: PhaseBegan) -> None:
    """Have the end told: once for each time that the contest is finished."""
    if began.phase is Phase.FINISHED:
        ended = work.now.astimezone(UTC).isoformat()
        args = {"contest_id": work.contest.id, "finished_at": ended}
        key = f"{FINALE}:{work.contest.id}:{ended}"
        work.jobs.enqueue(_id(work.contest.id, ended), FINALE, key, args, work.now, contest_id=work.contest.id)


@dataclass(frozen=True)
class Finale:
    """Tell how it ended."""

    desk: Desk
    posters: Posters
    objects: ObjectStore

    def tell(self, contest_id: str, finished_at: str, *, pictures: bool = True) -> None:
        """Post both podiums and the final board; nothing where the contest is not finished any more, or it was told."""
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            if contest is None or not _ended_at(contest, finished_at):
                return
            board = board_of(work, contest, self.desk.clock.now())
            podium = _podium(work, contest, board)
        snapshot_id = _id(contest_id, finished_at)
        gallery = Gallery(self.posters, self.objects)
        uploads = (*gallery.hang(snapshot_id, board), *gallery.hang(snapshot_id, board, ai=True)) if pictures else ()
        with self.desk.anyone() as work:
            contest = work.lock(contest_id)
            if contest is not None and _ended_at(contest, finished_at):
                self._post(work, contest, podium, board.model_copy(update={"snapshot_id": snapshot_id}), uploads)

    def give_up(self, contest_id: str, finished_at: str) -> None:
        """After the last try: without pictures, since words are what matters."""
        self.tell(contest_id, finished_at, pictures=False)

    def _post(
        self, work: Errand, contest: Contest, podium: Podium, board: BoardPost, uploads: tuple[Enclosure, ...]
    ) -> None:
        if work.boards.snapshot(board.snapshot_id) is not None:
            return
        snapshot = BoardSnapshot(
            id=board.snapshot_id, contest_id=contest.id, kind=FINAL, taken_at=board.taken_at, board=dump(board)
        )
        work.boards.keep(snapshot)
        about = work.about(contest)
        about.post(f"podium:{board.snapshot_id}", contest.channel_id, podium, uploads=uploads)
        about.post(f"board:{contest.id}:final:{board.snapshot_id}", contest.channel_id, page_of(board, 1))
        results = results_of(about)
        about.note(SEALED, by=KANTOR, sha256=results)
        sealed = TrailSealed(contest_name=contest.name, trail=head_of(work, contest), results=results)
        about.post(f"sealed:{board.snapshot_id}", contest.channel_id, sealed)
        if work.awards.result(contest.id) is not None:
            publish_soon(about, board.snapshot_id)


def _ended_at(contest: Contest, finished_at: str) -> bool:
    """Whether that end still holds: a phase that was undone is not announced."""
    return contest.phase == Phase.FINISHED and contest.finished_at == datetime.fromisoformat(finished_at)


def _id(contest_id: str, ended: str) -> str:
    return sha256(f"{FINALE}:{contest_id}:{ended}".encode()).hexdigest()[:32]


def _podium(work: Work, contest: Contest, board: BoardPost) -> Podium:
    authors, given = work.submissions.authors(contest.id), counting(work, contest)
    prizes = load(contest.texts.get("prizes", ()))
    people = _winners(board.rows, authors, contest.winners, prizes, Category.JUDGES)
    machine = _winners(board.ai_rows or (), authors, contest.winners, prizes, Category.AI)
    awards = awards_of(work, contest, board)
    stood = {Category.JUDGES: {each.place for each in people}, Category.AI: {each.place for each in machine}}
    return Podium(
        contest_name=contest.name,
        winners=people,
        ai_winners=machine,
        for_everybody=tuple(prize.said for prize in of_place(prizes, Category.EVERYBODY)),
        left_over=told(left_over(prizes, {**stood, **held(awards)})),
        specials=told_specials(work, contest, awards, prizes),
        composers=len(set(authors.values())),
        pieces=len(authors),
        ratings=len(given),
        judges=listeners(work, contest, given),
        organizers=tuple(work.contests.roles.holders(contest.id, Role.ORGANIZER)),
    )


def _winners(
    rows: Iterable[BoardRow], authors: Mapping[str, str], places: int, prizes: Sequence[Prize], category: Category
) -> tuple[Winner, ...]:
    """All at the first ``places`` places, and at those behind that win a prize: a shared place names everybody who shares it."""
    named = covered(prizes, category) | set(range(1, places + 1))
    rows = tuple(rows)
    final = any(row.in_final for row in rows)
    return tuple(
        Winner(
            place=row.place,
            name=row.name,
            title=row.title,
            user_id=authors[row.submission_id],
            score=row.score or 0.0,
            ratings=row.ratings,
            prize=won(prizes, category, row.place),
            before_final=final and (row.by_first_round or not row.in_final),
            fair=row.fair,
        )
        for row in rows
        if row.place in named
    )
