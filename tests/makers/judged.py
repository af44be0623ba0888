"""A contest that is being judged, for use-case tests of the judges' way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JUDY, OLIVE

if TYPE_CHECKING:
    from bot.usecases.judging.ratings import Saved
    from tests.makers.world import World

ALL_THREE = dict.fromkeys(DEFAULT.keys, 3)


HAND = 2
"""Pieces that are with each judge at a time, as they chose: fewer than there are, so that something waits."""


def judged(world: World, count: int = 4, judges: tuple[str, ...] = (JUDY,), *, practice: bool = False) -> str:
    """A contest that is being judged, with so many compositions; its id."""
    contest = world.contest(practice=practice, submission_limit=count, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    with world.store.write() as work:
        for row in work.contests.roles.rows_among(contest, Role.JUDGE, judges).values():
            row.at_once = HAND
    for number in range(count):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def invited(world: World, judge: str = JUDY) -> list[str]:
    """The compositions that the judge was sent, in order, twice where they were sent again."""
    return [letter.message["submission_id"] for letter in world.letters("rating_invitation", judge)]


def save(world: World, piece: str, ahead: tuple[str, ...] = (), judge: str = JUDY) -> Saved:
    """The form is sent in."""
    return world.ratings.rate(RateSubmission(judge, piece, RatingValues(ALL_THREE), ahead))


def actions(world: World, contest: str) -> list[str]:
    """What the trail has."""
    with world.store.read() as work:
        return [row.action for row in work.audit.of_contest(contest)]
