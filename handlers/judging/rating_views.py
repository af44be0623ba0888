"""The rating modal: criteria on titled scales, a comment, a private note; and what it turns into when it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.criteria import HIGHEST, LOWEST
from bot.rules.phases import Round
from bot.usecases.judging.ratingforms import MAX_TEXT
from handlers.ids import APART, Block, Callback
from handlers.views import blocks as b
from handlers.views.text import name

if TYPE_CHECKING:
    from bot.rules.criteria import Criterion, Scheme
    from bot.usecases.judging.ratingforms import RatingForm, RatingValues, Saved

THANKS = "Thank you"
HINTED = 3
"""In the first forms stands what 1 to 5 mean; later it is in the way, and in *How to judge*."""


def scale(scheme: Scheme) -> tuple[b.Block, ...]:
    """The scores with their titles, from the best down, as people read a chart."""
    return tuple(b.option(scheme.label(score), str(score)) for score in range(HIGHEST, LOWEST - 1, -1))


def rating(form: RatingForm, lead: str = "", before: str = "") -> b.View:
    """The modal for one composition, filled with what the judge gave before, or had begun.

    ``lead`` is mrkdwn that goes before everything else; ``before`` is a sentence on the form before this one.
    """
    # All three criteria are in sight of a phone without scrolling: what explains stands on the first forms only.
    blocks = [
        *([b.section(lead)] if lead else []),
        *([b.section(_about(form))] if form.practice or form.done < HINTED else []),
        b.context(" ".join(each for each in (before, _standing(form)) if each)),
        *questions(form, told=not form.practice),
    ]
    # The title stays in sight, wherever the window is scrolled to when it turns into the next one.
    return b.form("Practice" if form.practice else f"Rate {form.alias}", blocks, _submit(form))


def questions(form: RatingForm, *, told: bool, note: bool = True) -> list[b.Block]:
    """The inputs of a form.

    Args:
        form: What they show.
        told: Whether Slack tells us of each choice and letter, so that a window that is closed loses nothing.
        note: Whether there is a place for the judge's private note.
    """
    given = form.values
    asked = [
        *(
            _criterion(form, criterion, told, given)
            for criterion, told in zip(form.scheme.criteria, form.scheme.told, strict=True)
        ),
        _text(form, Block.COMMENT, "Comment", "A word for the composer.", given.comment if given else ""),
    ]
    if note:
        asked.append(
            _text(form, Block.PRIVATE_NOTE, "Private note", "For you alone.", given.private_note if given else "")
        )
    return [block | {"dispatch_action": True} for block in asked] if told else asked


def round_shown(form: RatingForm) -> str:
    """Comes back with the answer: a form that stays open while the final begins is none of the final."""
    return (Round.FINAL if form.final else Round.PRELIMINARY).value


def _about(form: RatingForm) -> str:
    return f"🎧 *{name(form.alias)}*  ·  {name(form.contest_name)}{'  ·  the final' if form.final else ''}"


def _submit(form: RatingForm) -> b.Submit:
    if form.practice:
        return b.Submit("Done", Callback.PRACTISE, {"contest_id": form.contest_id})
    facts = {"submission_id": form.submission_id, "ahead": " ".join(form.ahead), "round": round_shown(form)}
    return b.Submit("Save, then the next" if form.ahead else "Save rating", Callback.RATE, facts)


def _standing(form: RatingForm) -> str:
    if form.practice:
        return "A practice piece: nothing of this is kept."
    again = "You can change a rating until the judging closes." if form.done < HINTED else ""
    if form.begun:
        again = "📝 Here is what you had begun, not saved yet."
    elif form.values:
        again = "You can change what you gave."
    words = " · ".join(f"{score} {meaning}" for score, meaning in enumerate(form.meanings, LOWEST))
    hint = f"\n_{name(words, 600)}_" if words and form.done < HINTED else ""
    final = "The final: " if form.final and form.done >= HINTED else ""
    return f"{final}{form.done} of {form.total} rated. {again}{hint}".rstrip()


def _id(form: RatingForm, block: str) -> str:
    """The input's id: of this piece's own, since the window turns into the next piece's form."""
    return f"{block}{APART}{form.submission_id}"


def _criterion(form: RatingForm, criterion: Criterion, told: str, given: RatingValues | None) -> b.Block:
    options = scale(form.scheme)
    score = None if given is None else given.scores.get(criterion.key)
    initial = next((each for each in options if each["value"] == str(score)), None)
    hint = criterion.question if form.practice or form.done < HINTED else ""
    made = b.input_block(criterion.key, told, b.radio(options, initial), hint=hint)
    return made | {"block_id": _id(form, criterion.key)}


def _text(form: RatingForm, block: Block, label: str, hint: str, initial: str) -> b.Block:
    element = b.text_input(initial=initial, max_length=MAX_TEXT, multiline=True)
    made = b.input_block(block, label, element, hint=hint, optional=True)
    made["element"] |= {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return made | {"block_id": _id(form, block)}


def saved(outcome: Saved) -> b.View:
    """What the modal turns into after the rating is in the database: the next form, or a word of thanks."""
    lead = f"✅ Saved: *{name(outcome.alias)}*."
    if outcome.following is not None:
        following = outcome.following
        unheard = (
            " Not heard the next one yet? Close this window: it is in your messages." if following.done < HINTED else ""
        )
        return rating(following, before=f"{lead}{unheard}") | {"close": b.plain("Listen first", b.TITLE_TEXT)}
    done, total = outcome.progress.done, outcome.progress.total
    text = f"{lead} You have rated *{done} of {total}*. {_what_follows(outcome)}"
    return b.modal(THANKS, [b.section(text)], close="OK")


def _what_follows(outcome: Saved) -> str:
    if outcome.waiting is not None:
        return f"Next: *{name(outcome.waiting)}*. It waits in your messages: listen, then press its button."
    return "That was the last one for now." if outcome.progress.done >= outcome.progress.total else "More will follow."
