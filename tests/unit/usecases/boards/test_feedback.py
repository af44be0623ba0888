"""Feedback: read by an organizer first, sent once, without names and private notes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.usecases.boards.feedback import PAGE, FeedbackPage, FeedbackPreview
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.stored import load
from models.submissions import SubmissionState
from tests.makers.boards import judged, two_rounds
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.boards.letters import FeedbackCard

SECRET = "between you and me"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def rate(world: World, judge: str, piece: str, scores: tuple[int, int, int], comment: str) -> None:
    """A rating with a comment, and a note that must never go anywhere."""
    values = RatingValues(dict(zip(DEFAULT.keys, scores, strict=True)), comment, SECRET)
    world.ratings.rate(RateSubmission(judge, piece, values))


def finished(world: World) -> str:
    """Ada's piece with two comments, Ben's with one, Cleo's never rated; the contest's id."""
    ada, ben, _ = judged(world)
    rate(world, JUDY, ada, (5, 4, 3), "Zestful!")
    rate(world, JACK, ada, (4, 4, 4), "A rude word")
    rate(world, JUDY, ben, (2, 2, 2), "Try a longer line.")
    rate(world, JACK, ben, (2, 2, 2), "  ")
    contest = world.piece(ada).contest_id
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    return contest


def page(world: World) -> FeedbackPage:
    seen = world.feedback.begin(OLIVE, CHANNEL)
    assert isinstance(seen, FeedbackPage)
    return seen


def decide(world: World, contest: str, *left_out: str) -> FeedbackPage | FeedbackPreview:
    """Olive reads the first page, and leaves those comments out."""
    shown = {each.rating_id: each.text not in left_out for each in page(world).comments}
    return world.feedback.decide(OLIVE, contest, 1, shown)


def cards(world: World, to: str) -> list[FeedbackCard]:
    return [load(letter.message) for letter in world.letters("feedback", to)]  # type: ignore[misc]  # of that kind


def test_comments_are_read_before_they_go_out(world: World) -> None:
    """A composition's beside each other, without judges, notes and blanks."""
    finished(world)
    seen = page(world)
    assert [("Rain by Ada", None), ("Rain by Ada", None), ("Sun by Ben", None)] == [
        (each.byline, each.shown) for each in seen.comments
    ]
    assert {"Zestful!", "A rude word", "Try a longer line."} == {each.text for each in seen.comments}
    assert [word for word in (JUDY, JACK, SECRET) if word in str(seen)] == []


def test_the_preview_counts_and_shows_an_example(world: World) -> None:
    """How many authors, pieces and comments, and what is left out; nothing has gone out yet."""
    contest = finished(world)
    preview = decide(world, contest, "A rude word")
    assert isinstance(preview, FeedbackPreview)
    assert (3, 3, 1, 2, 1) == (
        preview.authors, preview.pieces, preview.unrated, preview.comments, preview.left_out,
    )  # fmt: skip
    assert preview.example is not None
    assert preview.example.comments
    assert [] == world.letters("feedback")


def test_each_author_gets_means_titles_comments_and_the_ai_score(world: World) -> None:
    """Per criterion, with how many ratings it rests on, the place, and only what the organizer let through."""
    contest = finished(world)
    decide(world, contest, "A rude word")
    sent = world.feedback.send(OLIVE, contest)
    assert (3, 3) == (sent.authors, sent.pieces)
    (card,) = cards(world, ADA)
    assert ("Rain", 1, 2, 60.0, ("Zestful!",)) == (card.title, card.place, card.total, card.ai_score, card.comments)
    (given,) = card.rounds
    assert ("preliminary", 4.0, 2) == (given.round, given.mean, given.ratings)
    assert [
        ("Originality", 4.5, "AWSome!"),
        ("Balance", 4.0, "Now we're rocking"),
        ("Emotional", 3.5, "Now we're rocking"),
    ] == [(each.title, each.mean, each.label) for each in given.criteria]
    (unrated,) = cards(world, CLEO)
    assert ((), None, ()) == (unrated.rounds, unrated.place, unrated.comments)


def test_nobody_is_named_and_no_private_note_leaves_the_judges(world: World) -> None:
    """Neither in the letters nor in the trail."""
    contest = finished(world)
    decide(world, contest)
    world.feedback.send(OLIVE, contest)
    written = json.dumps([letter.message for letter in world.letters("feedback")])
    with world.store.read() as work:
        trail = json.dumps([row.facts for row in work.audit.of_contest(contest) if row.action.startswith("feedback.")])
    assert 3 == len(world.letters("feedback"))
    assert [] == [word for word in (JUDY, JACK, "Judy", "Jack", SECRET) if word in written + trail]


def test_what_nobody_has_read_does_not_go_out(world: World) -> None:
    """Sending without a look sends numbers only."""
    contest = finished(world)
    world.feedback.send(OLIVE, contest)
    assert [()] == [card.comments for card in cards(world, ADA)]


def test_feedback_goes_out_once(world: World) -> None:
    """A second try, and a decision after it, are refused in a sentence, and nobody hears twice."""
    contest = finished(world)
    assert not world.people.home(OLIVE).contests[0].feedback_sent
    world.feedback.send(OLIVE, contest)
    assert world.people.home(OLIVE).contests[0].feedback_sent
    for again in (
        lambda: world.feedback.send(OLIVE, contest),
        lambda: world.feedback.begin(OLIVE, CHANNEL),
        lambda: world.feedback.decide(OLIVE, contest, 1, {}),
    ):
        with pytest.raises(Refusal) as refusal:
            again()
        assert (
            "were sent their feedback on Friday 20 November at 13:00 (12:00 UTC). It goes out once."
            in refusal.value.sentence
        )
    assert 3 == len(world.letters("feedback"))


def test_an_end_whose_feedback_is_out_is_not_taken_back(world: World) -> None:
    """Ratings could change afterwards, and feedback goes out once."""
    contest = finished(world)
    world.feedback.send(OLIVE, contest)
    with pytest.raises(Refusal, match="feedback goes out once"):
        world.undoing.undo(OLIVE, contest, Phase.FINISHED)


def test_not_before_the_end_and_for_organizers_only(world: World) -> None:
    """Comments can be read while judges may still change their minds; nothing goes out."""
    ada, _, _ = judged(world)
    preview = world.feedback.begin(OLIVE, CHANNEL)
    assert isinstance(preview, FeedbackPreview)
    assert not preview.can_go_out
    with pytest.raises(Refusal) as refusal:
        world.feedback.send(OLIVE, preview.contest_id)
    assert "feedback goes out once it is finished" in refusal.value.sentence
    world.contests.advance(OLIVE, world.piece(ada).contest_id, Phase.JUDGING)
    for actor in (ADA, JUDY):
        with pytest.raises(Refusal):
            world.feedback.begin(actor, CHANNEL)
        with pytest.raises(Refusal):
            world.feedback.send(actor, world.piece(ada).contest_id)


def test_an_organizer_may_stop_and_go_on_where_they_were(world: World) -> None:
    """The first page with something undecided comes first; what was decided is remembered, and can be changed."""
    contest = finished(world)
    decide(world, contest, "A rude word")
    assert isinstance(world.feedback.begin(OLIVE, CHANNEL), FeedbackPreview)
    again = world.feedback.again(OLIVE, contest)
    assert isinstance(again, FeedbackPage)
    assert {"Zestful!": True, "A rude word": False, "Try a longer line.": True} == {
        each.text: each.shown for each in again.comments
    }


def test_many_comments_come_in_pages(world: World) -> None:
    """Each on one page, and the last page leads to the preview."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    judges = [f"U0JUDGE{number}" for number in range(2 * PAGE + 1)]
    for judge in judges:
        world.directory.add(judge, judge, CHANNEL)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    for number, judge in enumerate(judges):
        rate(world, judge, ada, (3, 3, 3), f"Comment {number}")
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    seen, read = world.feedback.begin(OLIVE, CHANNEL), []
    while isinstance(seen, FeedbackPage):
        read += [each.text for each in seen.comments]
        assert 3 == seen.pages
        seen = world.feedback.decide(OLIVE, contest, seen.page, {each.rating_id: True for each in seen.comments})
    assert sorted(f"Comment {number}" for number in range(2 * PAGE + 1)) == sorted(read)
    world.feedback.send(OLIVE, contest)
    first, second = cards(world, ADA)
    assert (1, 2, 2 * PAGE + 1) == (first.part, second.part, len(first.comments) + len(second.comments))


def test_both_rounds_are_told(world: World) -> None:
    """A finalist reads of the preliminary round and of the final; others of the one they were in."""
    contest, (ada, _, _) = two_rounds(world, finalists=1)
    world.rate(JUDY, ada, 2, 2, 2)
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    world.feedback.send(OLIVE, contest)
    told = {to: [(each.round, each.mean) for each in cards(world, to)[0].rounds] for to in (ADA, BEN)}
    assert {ADA: [("preliminary", 5.0), ("final", 2.0)], BEN: [("preliminary", 4.0)]} == told


def test_a_withdrawn_composition_has_no_feedback(world: World) -> None:
    """It has left everything."""
    contest = finished(world)
    with world.store.write() as work:
        for piece in work.submissions.of_person(contest, ADA):
            piece.state = SubmissionState.WITHDRAWN
    assert {"Try a longer line."} == {each.text for each in page(world).comments}
    world.feedback.send(OLIVE, contest)
    assert [] == world.letters("feedback", ADA)


def test_means_stand_beside_the_field(world: World) -> None:
    """That of all compositions, each counting alike, however many judges heard it."""
    contest = finished(world)
    decide(world, contest)
    world.feedback.send(OLIVE, contest)
    (card,) = cards(world, ADA)
    (round_,) = card.rounds
    assert [(4.5, 3.25), (4.0, 3.0), (3.5, 2.75)] == [(each.mean, each.field) for each in round_.criteria]
    assert ("Its melody moves in steps.",) == card.reasons_up


def test_who_wants_no_cards_gets_none(world: World) -> None:
    """Switched off, and on again; others get theirs."""
    contest = finished(world)
    assert not world.cards.switch(ADA)
    assert world.cards.switch(BEN) is False
    assert world.cards.switch(BEN) is True
    decide(world, contest)
    sent = world.feedback.send(OLIVE, contest)
    assert ([], 1, 2) == (cards(world, ADA), len(cards(world, BEN)), sent.authors)
