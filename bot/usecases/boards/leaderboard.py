"""The board of a contest: as it stands, and as those see it who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from bot.rules.criteria import Scheme
from bot.rules.naming import natural
from bot.rules.phases import OVER, Phase, Round
from bot.rules.standings import BoardMode, Entry, closed_up, moved, range_closed_up, shown_score, standings, stricter
from bot.usecases.blindness import is_kept_blind
from bot.usecases.boards.letters import BoardPiece, BoardPost, BoardRow, Fairness
from bot.usecases.boards.placing import goes_on, placing_of
from bot.usecases.judging.fairness import goes_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.rules.standings import Standing
    from bot.usecases.boards.placing import Placing
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
    """The whole board as it stands, for nobody but organizers before the end; the AI judge's only once the judging is over.

    ``without`` is a judge whose ratings are left out. With ``page`` it is as ``page_of`` gives it, and no other rows are made.
    """
    pieces = work.submissions.entrants(contest.id)
    finished = contest.phase in OVER
    scheme = Scheme.load(contest.scheme)
    placing = placing_of(work, contest, scheme, pieces, without)
    order = placing.order
    posted = None if finished else work.boards.newest(contest.id, POSTED)
    before, shown = None if posted is None else _places(posted), _shown(work, pieces)
    cut = None if finished else page
    rows = _human_rows(order if cut is None else _reach(order, cut), shown, placing, before)
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
        scores=goes_by(contest),
        caveats=placing.caveats,
        cut=goes_on(contest),
        winners=contest.winners,
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


_NOTHING: dict[str, Any] = {"rows": (), "more": (), "unrated": (), "pending": (), "caveats": (), "page": 1, "pages": 1}


def as_everybody_sees(board: BoardPost, contest: Contest) -> BoardPost:
    """The board, or a page of it, without what is hidden: by the mode of now, or by that of its time where that showed less.

    Of results that wait for their ceremony nobody sees anything.
    """
    if board.final and contest.phase == Phase.CEREMONY:
        return board.model_copy(update={**_NOTHING, "mode": BoardMode.HIDDEN, "ai_rows": None, "final": False})
    if board.final:
        return board
    mode = stricter(contest.board_mode, board.mode)
    if mode is BoardMode.HIDDEN:
        return board.model_copy(update={"mode": mode, **_NOTHING})
    if mode is BoardMode.RANKS:
        rows, more = _ranks(board.rows), _ranks(board.more)
        return board.model_copy(update={"mode": mode, "rows": rows, "more": more, "caveats": ()})
    return board


_UNSAID: dict[str, Any] = {"score": None, "first_round": None, "ratings": 0, "fair": None}
"""Of a row that shows its place alone: whatever would tell more of the scores."""


def _ranks(rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
    return tuple(row.model_copy(update=_UNSAID) for row in rows)


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


_Shown = dict[str, dict[str, str]]
"""The fields of ``BoardPiece``, by submission id."""


def _human_rows(
    order: Sequence[Standing], shown: _Shown, placing: Placing, before: Mapping[str, int] | None
) -> tuple[BoardRow, ...]:
    rows = []
    for standing in order:
        key = standing.entry.key
        final = key in placing.finalists
        heard = final and key in placing.given[Round.FINAL]
        first = placing.given[Round.PRELIMINARY].get(key) if heard else None
        change = None if before is None else moved(before, key, standing.place)
        rows.append(
            BoardRow(
                **shown[key],
                place=standing.place,
                score=standing.entry.score,
                ratings=standing.entry.ratings,
                fair=placing.beside(standing),
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
    stays = [row.submission_id in here for row in board.rows]
    rows = []
    for row, stay, before, after in zip(board.rows, stays, (False, *stays[:-1]), (*stays[1:], False), strict=True):
        if stay:
            less = 0 if row.in_final else fewer
            place = closed_up(row.place, gone) - less
            changes, fair = {**here[row.submission_id], "place": place}, row.fair
            if fair and (gone or less):
                best, worst = range_closed_up(fair.best, fair.worst, gone, less, place)
                fair = _without(fair, before=before, after=after).model_copy(update={"best": best, "worst": worst})
            rows.append(row.model_copy(update={**changes, "fair": fair}))
    unrated = tuple(by_name[each.name] for each in board.unrated if each.name in by_name)
    read = [here.get(row.submission_id, {}) for row in board.ai_rows or ()]
    ai_rows = (
        tuple(row.model_copy(update=anew) for row, anew in zip(board.ai_rows or (), read, strict=True)) or board.ai_rows
    )
    changed = {"rows": tuple(rows), "ai_rows": ai_rows, "pending": pending, "unrated": unrated, "total": len(rows)}
    return board.model_copy(update=changed)


def _without(fair: Fairness, *, before: bool, after: bool) -> Fairness:
    """Where others have left: it is held against those alone who stood ``before`` and ``after`` it and are still there."""
    ahead, decided = fair.ahead if after else None, fair.decided if before else None
    return fair.model_copy(update={"ahead": ahead, "decided": decided})
