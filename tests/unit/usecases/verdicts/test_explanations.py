"""Why the AI judge gave its score, and who may know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.ports import Inspection, Picture
from bot.rules.phases import Phase
from bot.usecases.verdicts.explanations import WhyScore
from judge.verdict import Measure, Standing, Unit
from tests.makers.fakes import a_copy_of, made_up_verdict
from tests.makers.world import ADA, BEN, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


STEPS = Measure("Voices move by step", Unit.SHARE, 0.2, 0.5, 0.7, 0.84)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.contest()
        yield world


def judged(world: World, *, dm: bool = False) -> str:
    """A composition of Ada's with a verdict and its picture; its id."""
    verdict = replace(made_up_verdict(works=(a_copy_of("BWV 2.6"),)), measures=(STEPS,))
    chart = Picture(b"chart", "A chart of ten measures")
    world.inspector.answers[b"bytes of F1"] = Inspection(verdict, b"png", "Roll", None, b"", chart)
    piece = world.upload(dm=dm)
    assert piece is not None
    world.verdicts.check(piece.id)
    return piece.id


def standing_of(world: World, submission: str) -> str:
    """As the window says it."""
    standing = world.explanations.why(ADA, submission).verdict.standing
    return standing.said if standing else ""


def test_the_author_reads_all_that_made_the_score(world: World) -> None:
    """What the judge said is what is told, whatever the database made of it."""
    why = world.explanations.why(ADA, judged(world))
    said = replace(made_up_verdict(works=(a_copy_of("BWV 2.6"),)), measures=(STEPS,))
    assert WhyScore("Morning Tide", said, picture=True) == why


def test_every_door_says_where_a_score_stands(world: World) -> None:
    """The verdict, the window and "my score" tell it alike; a verdict of before it was measured has nothing to tell."""
    submission, stands = judged(world), Standing(bach=3, others=62).said
    (verdict,) = world.letters("verdict")
    assert [stands, stands] == [verdict.message["standing"], standing_of(world, submission)]
    world.answers.answer(ADA, "D0ADA", "my score", "Ev1")
    (places,) = world.letters("places")
    assert [stands] == [each["standing"] for each in places.message["places"]]
    with world.store.write() as work:
        kept = work.verdicts.of_submission(submission)
        assert kept is not None
        kept.facts = {name: fact for name, fact in kept.facts.items() if name != "standing"}
    assert "" == standing_of(world, submission)


def test_the_picture_comes_once_however_often_somebody_asks(world: World) -> None:
    """As a letter with alt text, to the person who asked."""
    submission = judged(world)
    for _ in range(3):
        world.explanations.why(ADA, submission)
    (letter,) = world.letters("verdict_chart")
    (upload,) = letter.uploads
    assert (ADA, "A chart of ten measures") == (letter.recipient, upload["alt_text"])
    assert b"chart" == world.objects.get(upload["object_key"])


def test_a_piece_from_the_direct_messages_has_its_picture_in_its_thread(world: World) -> None:
    """Below the verdict that the button belongs to."""
    submission = judged(world, dm=True)
    world.explanations.why(ADA, submission)
    (letter,) = world.letters("verdict_chart")
    assert (f"D{ADA}", world.piece(submission).message_ts) == (letter.recipient, letter.thread_ts)


def test_nobody_else_may_know_before_the_end(world: World) -> None:
    """Neither a rival nor the organizer; afterwards everybody."""
    submission = judged(world)
    for who in (BEN, OLIVE):
        with pytest.raises(Refusal, match="composer's eyes"):
            world.explanations.why(who, submission)
    assert [] == world.letters("verdict_chart")
    contest_id = world.piece(submission).contest_id
    for before in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest_id, before)
    assert 72.5 == world.explanations.why(BEN, submission).verdict.score


def test_what_has_no_verdict_is_a_sentence(world: World) -> None:
    """An unknown composition, and one that is still being checked."""
    piece = world.upload()
    assert piece is not None
    for submission in (piece.id, "unknown"):
        with pytest.raises(Refusal, match="no verdict"):
            world.explanations.why(ADA, submission)


def test_a_verdict_without_a_picture_is_told_in_words(world: World) -> None:
    """Where the picture is not in the store, nothing is promised."""
    submission = judged(world)
    world.objects.kept = {key: data for key, data in world.objects.kept.items() if "verdict-" not in key}
    assert not world.explanations.why(ADA, submission).picture
    assert [] == world.letters("verdict_chart")
