"""Friendly words to judges, once a round each; and what organizers see of coverage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.boards.coverage import PAGE
from tests.makers.judged import invited
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JULES = "U0JULES"
JUDGES = (JUDY, JACK, JULES)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.directory.add(JULES, "Jules", CHANNEL)
        yield world


def judged(world: World, count: int = 9, judges: tuple[str, ...] = JUDGES) -> str:
    """A contest that is being judged, in the morning; its id."""
    contest = world.contest(submission_limit=count, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    for number in range(count):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def hear(world: World, judge: str, pieces: int, *scores: int) -> None:
    """The judge rates so many, with these scores in turn."""
    given = scores or (2, 3, 4)
    for number in range(pieces):
        piece = invited(world, judge)[number]
        score = given[number % len(given)]
        world.rate(judge, piece, score, score, score)


def by_day(world: World, days: int) -> None:
    """So many days later, at noon in Berlin."""
    world.clock.advance(days=days)
    world.clock.advance(hours=(11 - world.clock.now().hour) % 24)


def told(world: World) -> list[tuple[str, str]]:
    """To whom which word went."""
    return [(row.kind, row.recipient) for kind in ("pace_word", "one_score_word") for row in world.letters(kind)]


def test_whoever_is_far_behind_is_asked_once_how_it_goes(world: World) -> None:
    """Not in the first two days, not by night, not one who pauses; and never twice in a round."""
    contest = judged(world)
    for judge in (JUDY, JACK):
        hear(world, judge, 6)
    by_day(world, 1)
    assert 0 == world.friendly_words.send_due()
    by_day(world, 2)
    world.clock.advance(hours=12)
    assert 0 == world.friendly_words.send_due(), "it is night"
    by_day(world, 1)
    world.judging.pause(JULES, contest)
    assert 0 == world.friendly_words.send_due()
    world.judging.resume(JULES, contest)
    assert 1 == world.friendly_words.send_due()
    world.digests.send_due()
    assert {JUDY, JACK} == {letter.recipient for letter in world.letters("judging_digest")}, "one word is enough a day"
    by_day(world, 1)
    assert 0 == world.friendly_words.send_due()
    assert [("pace_word", JULES)] == told(world)
    (habit,) = world.coverage.look(OLIVE, CHANNEL).habits
    assert (JULES, True, True, None) == (habit.judge, habit.behind, habit.told_pace, habit.same)


def test_whoever_gives_one_score_to_all_is_told_and_keeps_it(world: World) -> None:
    """After eight ratings; what they gave counts as it is, and whoever gives another one is worth no word any more."""
    judged(world)
    hear(world, JUDY, 7, 4)
    by_day(world, 0)
    assert 0 == world.friendly_words.send_due()
    hear(world, JACK, 8, 4)
    assert 1 == world.friendly_words.send_due()
    assert 0 == world.friendly_words.send_due()
    assert [("one_score_word", JACK)] == told(world)
    assert 15 == world.contests.status(OLIVE, CHANNEL).ratings
    (habit,) = world.coverage.look(OLIVE, CHANNEL).habits
    assert (JACK, 4, True) == (habit.judge, habit.same, habit.told_same)
    world.rate(JACK, invited(world, JACK)[0], 4, 4, 5)
    assert () == world.coverage.look(OLIVE, CHANNEL).habits


def test_in_the_final_it_may_be_said_once_more(world: World) -> None:
    """It is another round."""
    contest = judged(world)
    for judge in JUDGES:
        hear(world, judge, 9, 4)
    by_day(world, 0)
    assert 3 == world.friendly_words.send_due()
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    for number in range(9):
        world.rate(JUDY, invited(world, JUDY)[9 + number], 5, 5, 5)
    assert 1 == world.friendly_words.send_due()


def test_what_lacks_ratings_comes_first(world: World) -> None:
    """Then what has the fewest; each with what it has, what is to come, and where it would stand now."""
    judged(world, count=4)
    pieces = invited(world, JUDY)
    for judge in JUDGES:
        for piece in pieces[:2] if judge == JULES else pieces[:3]:
            world.rate(judge, piece, *((5, 5, 5) if piece == pieces[0] else (3, 3, 3)))
    board = world.coverage.look(OLIVE, CHANNEL)
    assert [0, 2, 3, 3] == [each.ratings for each in board.pieces]
    assert [3, 1, 0, 0] == [each.to_come for each in board.pieces]
    assert [True, True, False, False] == [each.below for each in board.pieces]
    assert (2, 8, 12, 4) == (board.below, board.done, board.due, board.number)
    best = next(each for each in board.pieces if each.alias == world.piece(pieces[0]).alias)
    assert (1, 5.0) == (best.place, best.score)
    assert board.pieces[0].place is None
    with pytest.raises(Refusal):
        world.coverage.look(ADA, CHANNEL)


def test_whoever_judges_blind_sees_no_piece(world: World) -> None:
    """Only how many lack ratings; in an open contest all of it, and after the end, too."""
    contest = judged(world, count=3, judges=(*JUDGES, OLIVE))
    board = world.coverage.look(OLIVE, CHANNEL)
    assert ((), True, 3) == (board.pieces, board.kept_blind, board.below)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.blind = False
    board = world.coverage.look(OLIVE, CHANNEL)
    assert (3, "") == (len(board.pieces), board.pieces[0].alias)


def test_coverage_has_pages(world: World) -> None:
    """However many there are, each stands on one of them; a page that there is not is the nearest one."""
    judged(world, count=PAGE + 2)
    first, second, beyond = (world.coverage.look(OLIVE, CHANNEL, page) for page in (0, 1, 99))
    assert (PAGE, 2, 2) == (len(first.pieces), len(second.pieces), second.pages)
    assert second == replace(beyond)
    assert PAGE + 2 == len({each.byline for each in (*first.pieces, *second.pieces)})


def test_before_the_judging_nothing_lacks(world: World) -> None:
    """There is nothing to be covered yet."""
    world.contest(submission_limit=2)
    world.accepted()
    board = world.coverage.look(OLIVE, CHANNEL)
    assert (0, (), 1) == (board.below, board.habits, len(board.pieces))
