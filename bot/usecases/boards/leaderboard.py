"""The board of a contest: as it stands, and as those see it who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from bot.rules.criteria import Scheme
from bot.rules.naming import natural
from bot.rules.phases import Phase, Round
from bot.rules.standings import (
    BoardMode,
    Entry,
    Standing,
    closed_up,
    in_two_rounds,
    mean_of_means,
    moved,
    shown_score,
    standings,
    stricter,
)
from bot.usecases.blindness import is_kept_blind
from bot.usecases.boards.letters import BoardPiece, BoardPost, BoardRow
from bot.usecases.judging.counting import counting_summed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from models.boards import BoardSnapshot
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Entrant

_Row = TypeVar("_Row")

PAGE = 25
"""Rows of each board on a page."""
TABLE = 100
"""Rows that a table of the chat's own has room for."""
POSTED = "posted"
"""The kind of snapshots that were posted in the channel: what the next board's arrows compare with."""
FROZEN = "frozen"
FINAL = "final"


def board_of(work: Work, contest: Contest, now: datetime, *, without: str = "", page: int | None = None) -> BoardPost:
    """The whole board as it stands, for nobody but organizers before the end; the AI judge's only after it.

    ``without`` is a judge whose ratings are left out. With ``page`` it is as ``page_of`` gives it, and no other rows are made.
    """
    pieces = work.submissions.entrants(contest.id)
    finished = contest.phase == Phase.FINISHED
    scheme = Scheme.load(contest.scheme)
    given = _given(work, contest, scheme, without)
    order = _standings(contest, pieces, given)
    posted = None if finished else work.boards.newest(contest.id, POSTED)
    before, shown = None if posted is None else _places(posted), _shown(work, pieces)
    finalists = {piece.id for piece in pieces if piece.in_final and _has_final(contest)}
    cut = None if finished else page
    rows = _human_rows(order if cut is None else _reach(order, cut), shown, given, before, finalists)
    rated = {standing.entry.key for standing in order}
    waiting = [piece for piece in pieces if piece.id not in rated]
    in_final = [piece.in_final and contest.phase == Phase.FINAL for piece in waiting]
    board = BoardPost(
        contest_id=contest.id,
        contest_name=contest.name,
        phase=contest.phase,
        taken_at=now,
        rows=rows,
        unrated=_sorted(shown[piece.id] for piece, final in zip(waiting, in_final, strict=True) if not final),
        pending=_sorted(shown[piece.id] for piece, final in zip(waiting, in_final, strict=True) if final),
        ai_rows=_ai_rows(work, pieces, shown) if finished else None,
        final=finished,
        mode=BoardMode.FULL if finished else contest.board_mode,
        total=len(order),
        weighted=scheme.told if any(scheme.shares) else (),
    )
    return _page(board, page) if cut is None else _turned(board, rows, *_nearest(cut, len(order)))


def valid_board(work: Work, contest: Contest, now: datetime, page: int | None = None) -> BoardPost:
    """The board that counts for everybody: the frozen one, where it is frozen before the end, else that of now; whole, or a page."""
    frozen = None if contest.frozen_board_id is None else work.boards.snapshot(contest.frozen_board_id)
    if frozen is None or contest.phase == Phase.FINISHED:
        return board_of(work, contest, now, page=page)
    return _page(stored_board(work, contest, frozen), page)


def board_for(work: Work, contest: Contest, user_id: str, now: datetime, page: int | None = None) -> BoardPost:
    """The board that this person's look rests on, whole or a page; every door asks here, and shows it ``as_everybody_sees``.

    Judges of a blind contest: what was posted last, and not the board of now. Who looks at any part of it after each own
    rating, be it at an own place, would see which name stands behind an alias.
    """
    if not is_kept_blind(work, contest, user_id):
        return valid_board(work, contest, now, page)
    key = contest.frozen_board_id
    snapshot = work.boards.newest(contest.id, POSTED) if key is None else work.boards.snapshot(key)
    if snapshot is None:
        return board_of(work, contest, now, page=1).model_copy(update={**_NOTHING, "total": 0, "seen_as": "judge"})
    board = stored_board(work, contest, snapshot).model_copy(update={"seen_as": "judge", "snapshot_id": snapshot.id})
    return _page(board, page)


def stored_board(work: Work, contest: Contest, snapshot: BoardSnapshot) -> BoardPost:
    """The board of a snapshot, without what has been withdrawn since."""
    board = BoardPost.model_validate(snapshot.board)
    return _without_the_gone(board, _shown(work, work.submissions.entrants(contest.id)))


_NOTHING: dict[str, Any] = {"rows": (), "more": (), "unrated": (), "pending": (), "page": 1, "pages": 1}


def as_everybody_sees(board: BoardPost, contest: Contest) -> BoardPost:
    """The board, or a page of it, without what is hidden: by the mode of now, or by that of its time where that showed less."""
    if board.final:
        return board
    mode = stricter(contest.board_mode, board.mode)
    if mode is BoardMode.HIDDEN:
        return board.model_copy(update={"mode": mode, **_NOTHING})
    if mode is BoardMode.RANKS:
        return board.model_copy(update={"mode": mode, "rows": _ranks(board.rows), "more": _ranks(board.more)})
    return board


def _ranks(rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
    return tuple(row.model_copy(update={"score": None, "first_round": None, "ratings": 0}) for row in rows)


def says_more(board: BoardPost, last: BoardPost) -> bool:
    """Whether it says anything that ``last``, the board before it, did not."""
    same = {"taken_at": last.taken_at, "snapshot_id": last.snapshot_id}
    return _still(board.model_copy(update=same)) != _still(last)


def _still(board: BoardPost) -> BoardPost:
    rows = tuple(row.model_copy(update={"moved": None, "is_new": False}) for row in board.rows)
    return board.model_copy(update={"rows": rows})


def page_of(board: BoardPost, page: int) -> BoardPost:
    """One page of a whole board; the nearest one where it has none of that number."""
    page, pages = _nearest(page, max(len(board.rows), len(board.ai_rows or ())))
    turned = _turned(board, _reach(board.rows, page), page, pages)
    if board.ai_rows is None:
        return turned
    return turned.model_copy(update={"more": (), "ai_rows": board.ai_rows[(page - 1) * PAGE : page * PAGE]})


def _page(board: BoardPost, page: int | None) -> BoardPost:
    return board if page is None else page_of(board, page)


def _nearest(page: int, rows: int) -> tuple[int, int]:
    """The page that there is, and how many there are."""
    pages = max(1, -(-rows // PAGE))
    return min(max(page, 1), pages), pages


def _reach(rows: tuple[_Row, ...], page: int) -> tuple[_Row, ...]:
    """The rows of a page, and those behind it that a table has room for."""
    first = (_nearest(page, len(rows))[0] - 1) * PAGE
    return rows[first : first + TABLE]


def _turned(board: BoardPost, reach: tuple[BoardRow, ...], page: int, pages: int) -> BoardPost:
    return board.model_copy(update={"rows": reach[:PAGE], "more": reach[PAGE:], "page": page, "pages": pages})


class _Score(NamedTuple):
    """What a composition got in a round."""

    mean: float
    ratings: int


_Given = dict[Round, dict[str, _Score]]
_Shown = dict[str, dict[str, str]]
"""The fields of ``BoardPiece``, by submission id."""


def _has_final(contest: Contest) -> bool:
    return contest.final_at is not None and contest.phase in {Phase.FINAL, Phase.FINISHED}


def _given(work: Work, contest: Contest, scheme: Scheme, without: str) -> _Given:
    given: _Given = {each: {} for each in Round}
    for each in counting_summed(work, contest, scheme.keys, without):
        # All judges go by the same weights, so the mean over them may come first.
        mean = scheme.mean_of([total / each.number for total in each.sums])
        given[each.round][each.submission_id] = _Score(mean_of_means([mean]), each.number)
    return given


def _standings(contest: Contest, pieces: Sequence[Entrant], given: _Given) -> tuple[Standing, ...]:
    first = given[Round.PRELIMINARY]
    if not _has_final(contest):
        return standings(_entries(pieces, first))
    finalists = [piece for piece in pieces if piece.in_final]
    others = _entries([piece for piece in pieces if not piece.in_final], first)
    final = _entries(finalists, given[Round.FINAL])
    if contest.phase == Phase.FINAL:
        return in_two_rounds(final, (), others, len(finalists))
    # At the end nobody waits for the final's ratings any more.
    unheard = _entries([piece for piece in finalists if piece.id not in given[Round.FINAL]], first)
    return in_two_rounds(final, unheard, others, len(final) + len(unheard))


def _entries(pieces: Sequence[Entrant], scores: Mapping[str, _Score]) -> list[Entry]:
    return [
        Entry(piece.name, scores[piece.id].mean, scores[piece.id].ratings, piece.id)
        for piece in pieces
        if piece.id in scores
    ]


def _human_rows(
    order: Sequence[Standing],
    shown: _Shown,
    given: _Given,
    before: Mapping[str, int] | None,
    finalists: Collection[str],
) -> tuple[BoardRow, ...]:
    rows = []
    for standing in order:
        key = standing.entry.key
        final = key in finalists
        heard = final and key in given[Round.FINAL]
        first = given[Round.PRELIMINARY].get(key) if heard else None
        change = None if before is None else moved(before, key, standing.place)
        rows.append(
            BoardRow(
                **shown[key],
                place=standing.place,
                score=standing.entry.score,
                ratings=standing.entry.ratings,
                submission_id=key,
                in_final=final,
                first_round=None if first is None else first.mean,
                by_first_round=final and not heard,
                moved=change,
                is_new=before is not None and change is None,
            )
        )
    return tuple(rows)


def _ai_rows(work: Work, pieces: Sequence[Entrant], shown: _Shown) -> tuple[BoardRow, ...]:
    scores = work.verdicts.scores([piece.id for piece in pieces])
    entries = [Entry(piece.name, shown_score(scores[piece.id]), key=piece.id) for piece in pieces if piece.id in scores]
    return tuple(
        BoardRow(
            **shown[each.entry.key],
            place=each.place,
            score=each.entry.score,
            ratings=0,
            submission_id=each.entry.key,
        )
        for each in standings(entries)
    )


def _shown(work: Work, pieces: Iterable[Entrant]) -> _Shown:
    """By submission id, as they are called now: a person's data may have been erased since a board was kept."""
    names = work.people.names()
    return {
        piece.id: {"name": piece.name, "title": piece.title, "author": names.get(piece.user_id, "")} for piece in pieces
    }


def _sorted(pieces: Iterable[Mapping[str, str]]) -> tuple[BoardPiece, ...]:
    return tuple(sorted((BoardPiece(**piece) for piece in pieces), key=lambda piece: natural(piece.read_as)))


def _places(snapshot: BoardSnapshot) -> dict[str, int]:
    # Not by the model: a thousand rows need no checking to be compared with.
    return {row["submission_id"]: row["place"] for row in snapshot.board["rows"]}


def _without_the_gone(board: BoardPost, here: _Shown) -> BoardPost:
    by_name = {piece["name"]: BoardPiece(**piece) for piece in here.values()}
    gone = sorted(row.place for row in board.rows if row.submission_id not in here)
    pending = tuple(by_name[each.name] for each in board.pending if each.name in by_name)
    fewer = len(board.pending) - len(pending)
    rows = tuple(
        row.model_copy(
            update={
                **here[row.submission_id],
                "place": closed_up(row.place, gone) - (0 if row.in_final else fewer),
            }
        )
        for row in board.rows
        if row.submission_id in here
    )
    unrated = tuple(by_name[each.name] for each in board.unrated if each.name in by_name)
    read = [here.get(row.submission_id, {}) for row in board.ai_rows or ()]
    ai_rows = (
        tuple(row.model_copy(update=anew) for row, anew in zip(board.ai_rows or (), read, strict=True)) or board.ai_rows
    )
    changes = {"rows": rows, "ai_rows": ai_rows, "pending": pending, "unrated": unrated, "total": len(rows)}
    return board.model_copy(update=changes)
