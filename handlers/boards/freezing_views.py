"""Freezing a board and thawing it: what it does, before anybody confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Callback, Command
from handlers.views import blocks as b
from handlers.views.text import channel, count, name, viewers_time
from handlers.views.words import bullets

if TYPE_CHECKING:
    from bot.usecases.boards.freezing import FreezePreview, Frozen


def preview(seen: FreezePreview) -> b.View:
    """What it brings, with a button that confirms it."""
    freeze = seen.frozen_at is None
    title = (Sub.BOARD_FREEZE if freeze else Sub.BOARD_THAW).row.window
    lines = _freezing(seen) if freeze else _thawing(seen)
    stands = f"{count(seen.rated, 'composition')} with a place, {count(seen.ratings, 'rating')}."
    facts = {"contest_id": seen.contest_id, "frozen": "no" if freeze else "yes"}
    return b.form(
        title,
        [
            b.section(f"*{name(seen.contest_name)}*\nThe board of now: {stands}"),
            b.section(f"*What happens*\n{bullets(lines)}"),
        ],
        b.Submit(title, Callback.FREEZE_BOARD, facts),
    )


def done(result: Frozen) -> b.View:
    """The confirmation."""
    where = channel(result.channel_id)
    text = (
        f"❄️ The board of *{name(result.contest_name)}* stands still. I am telling {where}."
        f" `{Command.KANTOR} {Sub.BOARD}` still shows you the one of now."
        if result.frozen
        else f"✅ The board of *{name(result.contest_name)}* moves again. I am telling {where}."
    )
    return b.modal("Done", [b.section(text)], close="OK")


def _freezing(seen: FreezePreview) -> list[str]:
    return [
        "Everybody keeps seeing the board of this moment, and their own place on it, whatever the judges do from here on.",
        "Judges go on rating, and nothing of theirs is lost. You organizers see the board of now, for your eyes alone.",
        *(["No board is posted on schedule while it is frozen."] if seen.scheduled else []),
        f"I tell {channel(seen.channel_id)} that it is frozen.",
        f"It ends with `{Command.KANTOR} {Sub.BOARD_THAW}`, or with the contest: the final board counts every rating.",
    ]


def _thawing(seen: FreezePreview) -> list[str]:
    since = "" if seen.frozen_at is None else f" It has been frozen since {viewers_time(seen.frozen_at)}."
    return [
        f"Everybody sees the board of now again.{since}",
        *(["Boards are posted on schedule again."] if seen.scheduled else []),
        f"I tell {channel(seen.channel_id)} that it moves again.",
    ]
