"""The rating modal: three criteria on titled scales, a comment, a private note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.criteria import HIGHEST, LOWEST
from bot.usecases.ratings import MAX_TEXT
from handlers.ids import Block, Callback
from handlers.views import blocks as b
from handlers.views.text import name

if TYPE_CHECKING:
    from bot.rules.criteria import Criterion, Scheme
    from bot.usecases.ratings import Progress, RatingForm, RatingValues

TITLE = "Your rating"


def scale(scheme: Scheme) -> tuple[b.Block, ...]:
    """The scores with their titles, from the best down, as people read a chart."""
    return tuple(b.option(scheme.label(score), str(score)) for score in range(HIGHEST, LOWEST - 1, -1))


def rating(form: RatingForm) -> b.View:
    """The modal for one composition, filled with what the judge gave before."""
    given = form.values
    again = "You can change what you gave." if given else "You can change a rating until the judging closes."
    blocks = [
        b.section(f"🎧 *{name(form.alias)}*  ·  {name(form.contest_name)}"),
        b.context(f"{form.done} of {form.total} rated. {again}"),
        *(_criterion(criterion, scale(form.scheme), given) for criterion in form.scheme.criteria),
        _text(Block.COMMENT, "Comment", "A word for the composer.", given.comment if given else ""),
        _text(Block.PRIVATE_NOTE, "Private note", "For you alone.", given.private_note if given else ""),
    ]
    return b.form(TITLE, blocks, b.Submit("Save rating", Callback.RATE, {"submission_id": form.submission_id}))


def _criterion(criterion: Criterion, options: tuple[b.Block, ...], given: RatingValues | None) -> b.Block:
    score = None if given is None else given.scores.get(criterion.key)
    initial = next((each for each in options if each["value"] == str(score)), None)
    return b.input_block(criterion.key, criterion.title, b.radio(options, initial), hint=criterion.question)


def _text(block: Block, label: str, hint: str, initial: str) -> b.Block:
    element = b.text_input(initial=initial, max_length=MAX_TEXT, multiline=True)
    return b.input_block(block, label, element, hint=hint, optional=True)


def saved(progress: Progress) -> b.View:
    """The confirmation, after the rating is in the database."""
    rest = progress.total - progress.done
    follows = "That was the last one for now." if rest <= 0 else "The next piece waits in your messages."
    text = f"✅ Saved. You have rated *{progress.done} of {progress.total}*. {follows}"
    return b.modal("Thank you", [b.section(text)], close="OK")
