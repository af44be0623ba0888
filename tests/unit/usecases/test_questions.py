"""How often the database is asked does not depend on how many compositions there are; what is asked may well take longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.phases import Phase
from handlers.people import home_views as views
from models.judging import Rating
from tests.makers.asked import questions
from tests.makers.thousands import fill
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW, MANY = 10, 1_000


def board(world: World) -> None:
    """Everybody's live board."""
    world.boards.show(ADA, CHANNEL)


def last_page(world: World) -> None:
    """Its last page."""
    world.boards.show(ADA, CHANNEL, page=1_000)


def of_an_organizer(world: World) -> None:
    """Their Home."""
    views.home(world.people.home(OLIVE))


def of_a_judge(world: World) -> None:
    """Their Home, with what they have rated of it."""
    views.home(world.people.home("J00001"))


def of_an_author(world: World) -> None:
    """Their Home."""
    views.home(world.people.home("U00001"))


def rating(world: World) -> None:
    """One that the judge has not given yet."""
    with world.store.write() as work:
        given = work.ratings._session.get(Rating, "R00001J00002")
        work.ratings._session.delete(given)
    world.rate("J00002", "P00001")


def upload(world: World) -> None:
    """From Slack's word of it to its card, by somebody who has sent in something before."""
    with world.store.read() as work:
        (contest,) = work.contests.unfinished()
    world.upload(BEN, "F1")
    for job in ("check", "compare"):
        with world.store.read() as work:
            (piece,) = work.submissions.of_person(contest.id, BEN)
        world.verdicts.check(piece.id) if job == "check" else world.copies.compare(piece.id)


@pytest.mark.parametrize(
    "action",
    [board, last_page, of_an_organizer, of_a_judge, of_an_author, rating, upload],
    ids=lambda action: action.__name__,
)
def test_as_often_with_a_thousand_as_with_ten(tmp_path: Path, action: Callable[[World], None]) -> None:
    """A loop that asks for each composition would show here."""
    asked = {}
    for pieces in (FEW, MANY):
        folder = tmp_path / str(pieces)
        folder.mkdir()
        with small_world(folder) as world:
            phase = Phase.OPEN if action is upload else Phase.JUDGING
            contest = world.contest(phase)
            for judge in range(1, 5):
                world.directory.add(f"J0000{judge}", "Judge", CHANNEL)
            world.directory.add("U00001", "Person", CHANNEL)
            fill(world.store, contest, world.clock.now(), pieces=pieces, people=pieces, judges=4, rated=2)
            with questions(world.store) as sent:
                action(world)
            asked[pieces] = sent
    assert asked[FEW] == asked[MANY]
    assert asked[FEW]


def test_home_counts_all_of_them(tmp_path: Path) -> None:
    """What an organizer sees at a glance, in a contest of hundreds."""
    with small_world(tmp_path) as world:
        contest = world.contest()
        fill(world.store, contest, world.clock.now(), pieces=200, people=200, judges=2, rated=1)
        counts = world.people.home(OLIVE).contests[0].organizing
    assert counts is not None
    assert (200, 200, 1) == (counts.accepted, counts.ratings, counts.fewest)
