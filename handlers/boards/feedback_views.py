"""Comments to be read before they go out, and what authors read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from handlers.commands import Sub
from handlers.ids import Action, Callback
from handlers.verdicts.views import meaning
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.pages import quoted
from handlers.views.text import bullets, count, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.boards.feedback import FeedbackComment, FeedbackPage, FeedbackPreview, FeedbackSent
    from bot.usecases.boards.letters import CriterionMean, FeedbackCard, RoundFeedback

TITLE = Sub.FEEDBACK.row.window
_UNHEARD = (
    "It was in the final, and no judge rated it there: its place is behind the finalists that were, by the first round."
)
LEAVE_OUT = "leave_out"
"""Value of a ticked box; its block's id is this and the rating's id."""


def page(seen: FeedbackPage) -> b.View:
    """Some comments, each with a box to leave it out."""
    lead = (
        f"*{name(seen.contest_name)}*\nAuthors will read these comments, without the judges' names."
        " Tick what should not go out. Private notes are not among them: they stay with the judges."
    )
    comments = [block for number, each in enumerate(seen.comments) for block in _comment(number, each)]
    progress = b.context(f"Page {seen.page} of {seen.pages}. Nothing is sent yet.")
    ids = ",".join(comment.rating_id for comment in seen.comments)
    facts = {"contest_id": seen.contest_id, "page": str(seen.page), "ratings": ids}
    button = "To the preview" if seen.page == seen.pages else "Next page"
    return b.form(TITLE, [b.section(lead), *comments, progress], b.Submit(button, Callback.FEEDBACK_PAGE, facts))


def preview(seen: FeedbackPreview) -> b.View:
    """What goes out, and an example of it."""
    to = (
        f"{count(seen.authors, 'author')} will read of {count(seen.pieces, 'composition')} in a direct message from me."
    )
    lines = [
        to,
        f"{count(seen.comments, 'comment')} will go out; {count(seen.left_out, 'comment')} will not.",
        *(
            [f"{count(seen.unrated, 'composition')} had no rating: their authors read the AI judge's score only."]
            if seen.unrated
            else []
        ),
        "It goes out once, and cannot be taken back.",
    ]
    example = (
        []
        if seen.example is None
        else [b.divider(), b.context("This is what one of them will read:"), *card_blocks(seen.example)]
    )
    again = [b.actions([b.button("Read the comments again", Action.FEEDBACK_AGAIN, seen.contest_id)])]
    blocks = [b.section(f"*{name(seen.contest_name)}*\n{bullets(lines)}"), *again, *example]
    return b.form(
        TITLE,
        blocks[: b.VIEW_BLOCKS],
        b.Submit("Send the feedback", Callback.SEND_FEEDBACK, {"contest_id": seen.contest_id}),
    )


def sent(result: FeedbackSent) -> b.View:
    """The confirmation."""
    text = (
        f"✅ {count(result.authors, 'author')} of *{name(result.contest_name)}* will have the feedback on"
        f" {count(result.pieces, 'composition')} in a few minutes."
    )
    return b.modal("Done", [b.section(text)], close="OK")


def card_blocks(card: FeedbackCard) -> list[b.Block]:
    """What an author reads of one composition."""
    comments = [block for comment in card.comments for block in quoted(comment)]
    if card.part > 1:
        return [b.section(f"*{name(card.title)}*: more of what the judges wrote"), *comments]
    title = [b.section("*What the judges wrote*"), *comments] if comments else []
    return [
        b.header(f"What the judges say of {card.title}"),
        b.context(f"{name(card.contest_name)}{_place(card)}"),
        *(_round(each, card) for each in card.rounds),
        *([b.section(_UNHEARD)] if card.by_first_round else []),
        *([] if card.rounds else [b.section("No judge has rated this one. Thank you for handing it in all the same!")]),
        *_ai(card),
        *title,
        b.context("Comments come without names. Thank you for your music!"),
    ]


def _comment(number: int, comment: FeedbackComment) -> Iterator[b.Block]:
    yield b.context(f"*{number + 1}.* for {name(comment.byline, 150)}")
    yield from quoted(comment.text)
    box = b.option("Leave this one out", LEAVE_OUT)
    element = b.checkboxes([box]) | ({"initial_options": [box]} if comment.shown is False else {})
    # Named by the comment: on the next page Slack would keep the tick of a box of the same name.
    yield b.input_block(f"{LEAVE_OUT}_{comment.rating_id}", f"Comment {number + 1}", element, optional=True)


def _place(card: FeedbackCard) -> str:
    return "" if card.place is None else f"  ·  {words.standing(card.place, card.total)}"


def _round(found: RoundFeedback, card: FeedbackCard) -> b.Block:
    titles = {"preliminary": "The preliminary round", "final": "The final"}
    title = titles[found.round] if card.two_rounds else "The judges' ratings"
    lines = [_criterion(each) for each in found.criteria]
    return b.section(f"*{title}*: {spelled(found.mean)} of 5 from {count(found.ratings, 'rating')}\n{bullets(lines)}")


def _criterion(found: CriterionMean) -> str:
    share = f"{found.share}\u00a0%" if isinstance(found.share, int) else found.share
    counts = f" (counts {share})" if share else ""
    return f"{name(found.title)}{counts}: *{spelled(found.mean)}* of 5, nearest to “{name(found.label)}”"


def _ai(card: FeedbackCard) -> list[b.Block]:
    if card.ai_score is None:
        return []
    score = f"{spelled(card.ai_score, 1)} of 100 for sounding like Bach. {meaning(card.ai_score)}"
    return [b.section(f"*The AI judge*, apart from that: {score} {sentence(card.standing)}".rstrip())]
