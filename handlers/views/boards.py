"""The leaderboard: people's board, and the AI judge's own beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.views import blocks as b
from handlers.views import words
from handlers.views.text import count, name, viewers_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.announcements.boards import BoardPost, BoardRow

TITLE = "Leaderboard"

SHOWN = 60
"""Rows of a board that are listed; the rest is counted."""
ROWS_A_SECTION = 15
"""15 rows of at most 180 characters stay below a section's 3,000."""
NAME = 100

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


def board(post: BoardPost) -> list[b.Block]:
    """The board as blocks; at most 16, however long it is."""
    title = "Final leaderboard" if post.final else TITLE
    rated = [human_row(row) for row in post.rows]
    return [
        b.header(f"{title} · {post.contest_name}"),
        b.context(f"{words.phase(post.phase)} · as of {viewers_time(post.taken_at)}"),
        *_lines(rated or ["No ratings yet. The board fills as soon as the judges have listened."]),
        *_unrated(post.unrated),
        *_ai_board(post.ai_rows),
    ]


def fallback(post: BoardPost) -> str:
    """The board in one line, for notifications and screen readers."""
    title = f"{'Final leaderboard' if post.final else 'Leaderboard'} of {name(post.contest_name)}"
    podium = ", ".join(f"{row.place}. {name(row.name, NAME)} ({row.score:.2f})" for row in post.rows[:3])
    return f"{title}: {podium or 'no ratings yet'}"


def human_row(row: BoardRow) -> str:
    """A place by people's ratings, and how many it rests on."""
    return f"{_place(row.place)}  {name(row.name, NAME)}  ·  *{row.score:.2f}* of 5  ·  {count(row.ratings, 'rating')}"


def ai_row(row: BoardRow) -> str:
    """A place by the AI judge's score."""
    return f"{_place(row.place)}  {name(row.name, NAME)}  ·  *{row.score:.1f}* of 100"


def _place(place: int) -> str:
    return f"{_MEDALS.get(place, '▫️')} *{place}.*"


def _lines(lines: Sequence[str]) -> list[b.Block]:
    listed = words.at_most(lines, SHOWN)
    parts = range(0, len(listed), ROWS_A_SECTION)
    return [b.section("\n".join(listed[start : start + ROWS_A_SECTION])) for start in parts]


def _unrated(names: Sequence[str]) -> list[b.Block]:
    if not names:
        return []
    listed = ", ".join(words.at_most([name(each, NAME) for each in names], 10))
    return [b.context(f"Still without a rating ({len(names)}): {listed}")]


def _ai_board(rows: Sequence[BoardRow] | None) -> list[b.Block]:
    if rows is None:
        return [b.context("The AI judge keeps its own board. It opens when the contest is finished.")]
    lines = [ai_row(row) for row in rows] or ["Nothing was judged."]
    intro = b.context("How much it sounds like Bach to the AI judge. Never mixed into people's scores.")
    return [b.divider(), b.header("The AI judge's own board"), intro, *_lines(lines)]
