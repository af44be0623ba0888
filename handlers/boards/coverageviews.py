"""The coverage of a round, as organizers look at it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.rules.phases import JUDGED, Round
from handlers.commands import Sub
from handlers.ids import Turn
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.pages import Page, turns
from handlers.views.text import at_most, bullets, count, mention, name, packed

if TYPE_CHECKING:
    from bot.usecases.boards.coverage import CoverageBoard, CoveredPiece
    from bot.usecases.judging.habits import Habit

TITLE = Sub.COVERAGE.row.window
NAMED = 20
"""Judges who are named."""
ROOM = 2800
"""Characters of a section."""


def coverage(board: CoverageBoard) -> b.View:
    """What lacks ratings first; a page of it."""
    panel = opening(Sub.PANEL, board.channel_id)
    blocks = [
        b.section(f"*{name(board.contest_name)}*\n{_how(board)}", panel),
        *_habits(board),
        *_pieces(board),
        *turns(Turn.COVERAGE_PAGE, board.channel_id, Page(board.pieces, board.page, board.pages)),
    ]
    return b.modal(TITLE, blocks)


def _how(board: CoverageBoard) -> str:
    pieces = count(board.number, "composition")
    if board.phase not in JUDGED:
        return f"{pieces}. While it is judged, this is where you see what lacks ratings."
    where = "In the final" if board.round is Round.FINAL else "In this round"
    lacks = "Everything has the ratings that it should have."
    if board.below:
        lacks = f"*{board.below} of {board.number}* have fewer ratings than they should; they come first."
    return f"{where} {pieces} have {board.done} of {count(board.due, 'rating')}. {lacks}"


def _habits(board: CoverageBoard) -> list[b.Block]:
    if not board.habits:
        return []
    lines = at_most([_habit(each) for each in board.habits], NAMED)
    return [b.section(f"*Worth a friendly word*\n{bullets(lines)}"), b.context("All that they gave counts as it is.")]


def _habit(each: Habit) -> str:
    said = []
    if each.behind:
        word = "; I wrote to them" if each.told_pace else ""
        pause = ", and pauses" if each.paused else ""
        said.append(f"has rated {each.done} of {each.total}{pause}, while most are past the middle{word}")
    if each.same is not None:
        word = "; I wrote to them" if each.told_same else ""
        said.append(f"gave {each.same:g} in everything, in {count(each.done, 'rating')}{word}")
    return f"{mention(each.judge)} {', and '.join(said)}"


def _pieces(board: CoverageBoard) -> list[b.Block]:
    if board.kept_blind:
        text = "You judge this contest blind, so which composition has what is not for you: another organizer sees it."
        return [b.section(text)] if board.phase in JUDGED else []
    if not board.pieces:
        return []
    lead = "🔒 Places and scores are of now, for organizers alone: please tell nobody before the end."
    shown: list[b.Block] = [b.context(lead)] if board.phase in JUDGED else []
    for (below, ratings), group in groupby(board.pieces, key=lambda each: (each.below, each.ratings)):
        sign, few = ("🔸 ", ", fewer than they should have") if below else ("", "")
        first, *more = packed([_line(each) for each in group], ROOM)
        shown += [b.section(f"{sign}*{count(ratings, 'rating')}*{few}\n{first}"), *(b.section(text) for text in more)]
    return shown


def _line(each: CoveredPiece) -> str:
    stands = "" if each.place is None else f"place {each.place}"
    stands += "" if each.score is None or each.place is None else f" ({spelled(each.score)})"
    coming = f"{each.to_come} to come" if each.to_come else ""
    alias = f"*{name(each.alias)}*" if each.alias else ""
    return "  ·  ".join(part for part in (alias, name(each.byline, 120), coming, stands) if part)
