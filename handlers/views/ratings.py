"""The rating modal: three criteria on titled scales, a comment, a private note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules import criteria
from bot.rules.criteria import Criterion
from bot.usecases.ratings import MAX_TEXT
from handlers.ids import Block, Callback
from handlers.views import blocks as b
from handlers.views.text import name

if TYPE_CHECKING:
    from bot.usecases.ratings import Progress, RatingForm, RatingValues

TITLE = "Your rating"

SCALE = tuple(b.option(criteria.label(score), str(score)) for score in range(criteria.HIGHEST, criteria.LOWEST - 1, -1))
"""From the best down, as people read a chart."""


def rating(form: RatingForm) -> b.View:
    """The modal for one composition, filled with what the judge gave before."""
    given = form.values
    again = "You can change what you gave." if given else "You can change a rating until the judging closes."
    blocks = [
        b.section(f"🎧 *{name(form.alias)}*  ·  {name(form.contest_name)}"),
        b.context(f"{form.done} of {form.total} rated. {again}"),
        *(_criterion(criterion, given) for criterion in Criterion),
        _text(Block.COMMENT, "Comment", "A word for the composer.", given.comment if given else ""),
        _text(Block.PRIVATE_NOTE, "Private note", "For you alone.", given.private_note if given else ""),
    ]
    return b.form(TITLE, blocks, b.Submit("Save rating", Callback.RATE, {"submission_id": form.submission_id}))


def _criterion(criterion: Criterion, given: RatingValues | None) -> b.Block:
    scores = {} if given is None else {Criterion(name): getattr(given, name) for name in Criterion}
    initial = next((each for each in SCALE if each["value"] == str(scores.get(criterion))), None)
    return b.input_block(
        Block(criterion.value), criterion.value.capitalize(), b.radio(SCALE, initial), hint=criteria.HELP[criterion]
    )


def _text(block: Block, label: str, hint: str, initial: str) -> b.Block:
    element = b.text_input(initial=initial, max_length=MAX_TEXT, multiline=True)
    return b.input_block(block, label, element, hint=hint, optional=True)


def saved(progress: Progress) -> b.View:
    """The confirmation, after the rating is in the database."""
    rest = progress.total - progress.done
    follows = "That was the last one for now." if rest <= 0 else "The next piece waits in your messages."
    text = f"✅ Saved. You have rated *{progress.done} of {progress.total}*. {follows}"
    return b.modal("Thank you", [b.section(text)], close="OK")
