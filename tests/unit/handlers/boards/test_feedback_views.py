"""Feedback as organizers read it before, and authors after."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.usecases.boards.feedback import PAGE, FeedbackComment, FeedbackPage, FeedbackPreview, FeedbackSent
from bot.usecases.boards.letters import CriterionMean, FeedbackCard, RoundFeedback
from handlers import letters, payloads
from handlers.boards import views as feedback
from handlers.boards.parsing import decided
from handlers.views.pages import paragraphs, quoted
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

WORST = "&\n<!channel> " * 250
"""Slack's 3,000 characters of an input, each of them dear."""


def card(**changes: Any) -> FeedbackCard:
    criteria = (CriterionMean(title="Originality", mean=4.25, label="Now we're rocking"),)
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam", "title": "Rain", "name": "#winter-jam-ada-Rain", "place": 3, "total": 40, "ai_score": 71.26,
        "rounds": (RoundFeedback(round="preliminary", criteria=criteria, mean=4.1, ratings=3),), "comments": ("Lovely <b>",),
    }  # fmt: skip
    return FeedbackCard.model_validate(plain | changes)


def test_a_finalist_whom_nobody_rated_there_reads_what_decided() -> None:
    """The place rests on the first round, and the letter says so."""
    said = "no judge rated it there: its place is behind the finalists that were, by the first round."
    assert said in words(feedback.card_blocks(card(by_first_round=True, two_rounds=True)))
    assert said not in words(feedback.card_blocks(card()))


def some(number: int, text: str = "Fine.", shown: bool | None = None) -> FeedbackPage:
    comments = tuple(FeedbackComment(f"{at:032x}", f"#jam-ada-{at}", text, shown) for at in range(number))
    return FeedbackPage("c" * 32, "Winter Jam", comments, 1, 2)


def test_an_author_reads_numbers_titles_and_words() -> None:
    """Means beside the nearest title, how many ratings, the place, the AI's score apart, the comment as a quotation."""
    text = words(feedback.card_blocks(card()))
    assert "What the judges say of Rain" in text
    assert "place 3 of the 40 rated" in text
    assert "*The judges' ratings*: 4.10 of 5 from 3 ratings" in text
    assert "Originality: *4.25* of 5, nearest to “Now we're rocking”" in text
    assert "*The AI judge*, apart from that: 71.3 of 100 for sounding like Bach. It speaks his language" in text
    assert "> Lovely &lt;b&gt;" in text


@pytest.mark.parametrize(("share", "said"), [("3 of 6", "3 of 6"), ("50\u00a0%", "50\u00a0%"), (50, "50\u00a0%")])
def test_weights_are_told_beside_the_means(share: str | int, said: str) -> None:
    """Otherwise 2.25 beside 2.0, 2.5 and 2.5 does not add up. A letter of earlier days holds a number."""
    (first,) = card().rounds
    weighted = first.model_copy(update={"criteria": (first.criteria[0].model_copy(update={"share": share}),)})
    assert f"Originality (counts {said}): *" in words(feedback.card_blocks(card(rounds=(weighted,))))


def test_two_rounds_are_told_apart() -> None:
    """By their names."""
    first = card().rounds[0]
    both = card(rounds=(first, first.model_copy(update={"round": "final"})), two_rounds=True)
    text = words(feedback.card_blocks(both))
    assert "*The preliminary round*: 4.10" in text
    assert "*The final*: 4.10" in text


def test_an_author_whom_nobody_rated_is_thanked() -> None:
    """And reads the AI judge's score."""
    text = words(feedback.card_blocks(card(rounds=(), comments=(), place=None)))
    assert "No judge has rated this one." in text
    assert "71.3 of 100" in text


def test_the_worst_card_keeps_slacks_limits() -> None:
    """As many and as long comments as one message may have."""
    worst = card(title=WORST, name=WORST, contest_name=WORST, comments=(WORST, WORST[:2900]), two_rounds=True)
    for message in (worst, worst.model_copy(update={"part": 2})):
        drawn = letters.draw(message)
        assert [] == problems_of_message(drawn.text, list(drawn.blocks))


@pytest.mark.parametrize("text", [WORST, "x" * 3000, "\n" * 10 + "y", "&" * 3000])
def test_long_words_are_whole(text: str) -> None:
    """Nothing is cut, and nothing calls anybody."""
    for made in (paragraphs(text), quoted(text)):
        said = "".join(block["text"]["text"] for block in made)
        assert text.count("&") == said.count("&amp;")
        assert text.count("x") + text.count("y") == said.count("x") + said.count("y")
        assert "<!" not in said
        assert all(len(block["text"]["text"]) <= 3000 for block in made)


def test_a_page_of_the_longest_comments_keeps_slacks_limits() -> None:
    """Each is whole, so that nobody lets through what they could not read."""
    view = feedback.page(some(PAGE, WORST))
    assert [] == problems_of_view(view)
    assert PAGE * WORST.count("<") == words(view).count("&lt;!channel")


def test_left_out_comments_stay_ticked() -> None:
    """What was decided before stands in the box."""
    boxes = [block["element"] for block in feedback.page(some(2, shown=False))["blocks"] if block["type"] == "input"]
    assert [True, True] == ["initial_options" in box for box in boxes]


def test_what_is_ticked_is_left_out() -> None:
    """The boxes are named by their comments: Slack would carry the ticks of a page on to the next one."""
    view = feedback.page(some(2))
    first, second = (f"{at:032x}" for at in range(2))
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert [f"leave_out_{first}", f"leave_out_{second}"] == inputs
    ticked = {f"leave_out_{second}": {f"leave_out_{second}": {"selected_options": [{"value": "leave_out"}]}}}
    body = {"user": {"id": "U1"}, "view": {**view, "id": "V1", "state": {"values": ticked}}}
    read = decided(payloads.sent(body))
    assert (1, {first: True, second: False}) == (read.page, read.shown)
    assert len(json.dumps(view["private_metadata"])) < 3000


@pytest.mark.parametrize("example", [None, card(comments=(WORST, WORST))])
def test_the_preview_says_what_goes_out(example: FeedbackCard | None) -> None:
    """In numbers, and by an example."""
    view = feedback.feedback_preview(FeedbackPreview("c" * 32, "Winter Jam", 30, 40, 2, 55, 3, example))
    assert [] == problems_of_view(view)
    text = words(view)
    assert "30 authors will read of 40 compositions in a direct message from me." in text
    assert "55 comments will go out; 3 comments will not." in text
    assert "2 compositions had no rating" in text
    assert [] == problems_of_view(feedback.feedback_sent(FeedbackSent("Winter Jam", 30, 40)))


def test_the_only_rated_piece_is_not_the_first_of_one() -> None:
    """Where hardly anything was rated the letter says what is true of it, and kind."""
    text = words(feedback.card_blocks(card(place=1, total=1)))
    assert "the only one rated" in text
    assert "place 1" not in text
