"""The leaderboard as Slack's own data table, which its reader pages and sorts; ``boards`` has the plain form for all other places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rules.numbers import decimal, spelled
from handlers.boards import views
from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views.text import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.usecases.boards.letters import BoardPost, BoardRow

ROWS_IN_SIGHT = 10
"""Rows of the table's own page: as many as people look at."""
LETTERS = 9000
"""Slack takes 10,000 in all cells together."""
SHORTEST_NAME = 30
_NOTHING = "-"
_MEDALS = {1: "🥇 ", 2: "🥈 ", 3: "🥉 "}
_Column = tuple[str, "Callable[[BoardRow], b.Block]"]


def board(post: BoardPost) -> list[b.Block]:
    """The board with its rows in a table; empty where it has none to put into one."""
    rows = (*post.rows, *post.more)
    if not rows:
        return []
    turning = views.turning(post) if post.ai_rows is not None else _turning(post)
    return [*views.head(post), _table(post, rows), *views.below(post), *turning]


def _table(post: BoardPost, rows: Sequence[BoardRow]) -> b.Block:
    columns = _columns(post, rows)
    cells = [[make(row) for _, make in columns] for row in rows]
    rest = sum(len(cell["text"]) for line in cells for cell in line)
    room = max(SHORTEST_NAME, (LETTERS - rest) // len(rows))
    for line, row in zip(cells, rows, strict=True):
        line.insert(1, _words(cut(" ".join(row.read_as.split()), min(views.NAME, room))))
    heads = [title for title, _ in columns]
    heads.insert(1, "Composition")
    return {
        "type": "data_table",
        # The header above is the title, and a caption is not one more: it says which board this is, of the two there are.
        "caption": "By the judges' ratings",
        "rows": [[_words(head) for head in heads], *cells],
        "page_size": ROWS_IN_SIGHT,
        "row_header_column_index": 1,
    }


def _columns(post: BoardPost, rows: Sequence[BoardRow]) -> list[_Column]:
    """What is known of these rows: places alone, or scores, ratings, the first round, and how they moved."""
    final = any(row.in_final for row in rows)
    named = (
        ("Round", final or bool(post.pending), _round),
        ("Score (1-5)", any(row.score is not None for row in rows), lambda row: _score(_in_round(row))),
        ("First round", any(_first_round(row) is not None for row in rows), lambda row: _score(_first_round(row))),
        ("Ratings", any(row.score is not None for row in rows), _ratings),
        ("Since the last board", any(views.movement(row) for row in rows), _moved),
    )
    return [("Place", _place), *((title, make) for title, shown, make in named if shown)]


def _place(row: BoardRow) -> b.Block:
    return _number(row.place, f"{_MEDALS.get(row.place, '')}{row.place}.")


def _round(row: BoardRow) -> b.Block:
    if row.by_first_round:
        return _words("Final, not rated there")
    return _words("Final" if row.in_final else "Preliminary")


def _in_round(row: BoardRow) -> float | None:
    """The score of the round that the row names."""
    return None if row.by_first_round else row.score


def _first_round(row: BoardRow) -> float | None:
    return row.score if row.by_first_round else row.first_round


def _ratings(row: BoardRow) -> b.Block:
    number = 0 if row.by_first_round else row.ratings
    return _number(number, str(number))


def _moved(row: BoardRow) -> b.Block:
    return _words(views.movement(row) or _NOTHING)


def _score(score: float | None) -> b.Block:
    return _words(_NOTHING) if score is None else _number(float(decimal(score)), spelled(score))


def _words(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text or _NOTHING}


def _number(value: float, text: str) -> dict[str, Any]:
    return {"type": "raw_number", "value": value, "text": text}


def _turning(post: BoardPost) -> list[b.Block]:
    """Buttons to the tables before and behind this one; a table holds as many rows as four plain pages."""
    back, on = max(1, post.page - views.PAGES_A_TABLE), post.page + views.PAGES_A_TABLE
    buttons = [
        *([_button(post, back, Action.BOARD_BACK)] if post.page > 1 else []),
        *([_button(post, on, Action.BOARD_ON)] if on <= post.pages else []),
    ]
    return [b.actions(buttons)] if buttons else []


def _button(post: BoardPost, page: int, action: Action) -> b.Block:
    first = (page - 1) * views.SHOWN + 1
    last = min(first + views.PAGES_A_TABLE * views.SHOWN - 1, post.total)
    return b.button(f"Places {first} to {last}", action, views.page_value(post, page))
