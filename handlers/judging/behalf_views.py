"""Ratings that an organizer writes down for a judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.judging.behalf import MAX_REASON
from handlers.commands import Sub
from handlers.ids import Block, Callback
from handlers.judging import rating_views
from handlers.views import blocks as b
from handlers.views.text import mention, name

if TYPE_CHECKING:
    from bot.usecases.judging.behalf import Entered, EntryChoice
    from bot.usecases.judging.ratingforms import RatingForm

TITLE = Sub.RATE_FOR.row.window


def choose(choice: EntryChoice) -> b.View:
    """Whose rating, of which piece."""
    judges, pieces = judge_options(choice), piece_options(choice)
    initial = next((option for option in judges if option["value"] == choice.judge), None)
    blocks = [
        b.section(
            f"*{name(choice.contest_name)}*\nFor the day when a judge cannot reach Slack and tells you their scores. They are told"
            " at once what you wrote down, and can change it."
        ),
        b.input_block(Block.JUDGE, "Judge", b.select_or_search(judges, initial)),
        b.input_block(
            Block.PIECE, "Piece", b.select_or_search(pieces), hint="By the alias that the judge hears it under."
        ),
    ]
    return b.form(TITLE, blocks, b.Submit("Go on", Callback.RATE_FOR, {"contest_id": choice.contest_id}))


def judge_options(choice: EntryChoice) -> list[b.Option]:
    """Whose."""
    return [b.option(display, user_id) for user_id, display in choice.judges]


def piece_options(choice: EntryChoice) -> list[b.Option]:
    """Of which."""
    return [b.option(label, submission_id) for submission_id, label in choice.pieces]


def scores(form: RatingForm, judge: str) -> b.View:
    """The scores, filled with what the judge gave before."""
    before = "It takes the place of what the judge gave." if form.values else "The judge has not rated it yet."
    reason = b.text_input(max_length=MAX_REASON, multiline=True)
    blocks = [
        b.section(f"*{name(form.alias)}*  ·  for {mention(judge)}\n{before}"),
        *rating_views.questions(form, told=False, note=False),
        b.input_block(
            Block.REASON, "Why do you write it down?", reason, hint="The judge reads it, and it stays in the records."
        ),
    ]
    facts = {"judge": judge, "submission_id": form.submission_id, "round": rating_views.round_shown(form)}
    return b.form(TITLE, blocks, b.Submit("Write it down", Callback.RATE_FOR_SCORES, facts))


def entered(outcome: Entered) -> b.View:
    """The answer."""
    text = f"✅ Written down for {mention(outcome.judge)}: *{name(outcome.alias)}* in *{name(outcome.contest_name)}*. I have told them."
    return b.modal(TITLE, [b.section(text)], close="OK")
