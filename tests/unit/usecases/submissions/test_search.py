"""Finding: everybody finds what they may see, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.submissions.search import MOST, Sight
from handlers.submissions import views as search
from tests.makers.world import ADA, BEN, CHANNEL, EVE, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An open, blind contest with a piece of Ada's and one of Ben's, judged by Judy."""
    with small_world(tmp_path) as world:
        contest = world.contest()
        world.accepted(ADA, "F1", "Morning Tide.mid")
        world.accepted(BEN, "F2", "Evening Tide.mid")
        world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
        assert world.row(contest).blind
        yield world


def contest_id(world: World) -> str:
    with world.store.read() as work:
        return work.contests.newest_first()[0].id


def titles(world: World, who: str, words: str, *mentioned: str) -> list[str | None]:
    return [piece.title for piece in world.search.find(who, words, mentioned).pieces]


def judging(world: World) -> None:
    world.contests.advance(OLIVE, contest_id(world), Phase.OPEN)


def test_organizers_find_by_title_person_name_and_mention(world: World) -> None:
    """All words must be there, in any order and case."""
    assert ["Morning Tide", "Evening Tide"] == titles(world, OLIVE, "TIDE")
    assert ["Morning Tide"] == titles(world, OLIVE, "tide ada")
    assert ["Evening Tide"] == titles(world, OLIVE, "tide", BEN)
    assert ["Evening Tide"] == titles(world, OLIVE, "#bach-jam-ben")
    assert [] == titles(world, OLIVE, "noon tide")
    (found,) = world.search.find(OLIVE, "morning").pieces
    assert (Sight.ORGANIZER, ADA, True) == (found.sight, found.author, found.may_correct)


def test_before_the_end_of_a_blind_contest_people_find_their_own(world: World) -> None:
    """Nobody learns who wrote what; at the end everybody may."""
    assert ["Morning Tide"] == titles(world, ADA, "tide")
    assert [] == titles(world, ADA, "", BEN)
    judging(world)
    assert ["Morning Tide"] == titles(world, ADA, "tide")
    world.contests.advance(OLIVE, contest_id(world), Phase.JUDGING)
    assert ["Morning Tide", "Evening Tide"] == titles(world, ADA, "tide")
    assert ["Morning Tide", "Evening Tide"] == titles(world, JUDY, "tide")


def test_when_it_is_over_everybody_may_ask_why_a_piece_has_its_score(world: World) -> None:
    """The button is of no use before, and of no use for a piece that does not count."""
    everybody = (ADA, BEN, JUDY, OLIVE)
    assert [False] * 2 == [world.search.find(who, "morning").pieces[0].may_ask_why for who in (ADA, OLIVE)]
    judging(world)
    with world.store.read() as work:
        (piece,) = (each for each in work.submissions.accepted(contest_id(world)) if each.user_id == ADA)
    world.contests.advance(OLIVE, contest_id(world), Phase.JUDGING)
    found = [world.search.find(who, "morning").pieces[0] for who in everybody]
    assert [True] * 4 == [each.may_ask_why for each in found]
    assert ["Why this score"] * 3 == [
        _labels(search.found(world.search.find(who, "morning"), "x"))[0] for who in everybody[1:]
    ]
    assert piece.title == world.explanations.why(BEN, found[1].submission_id).title


def _labels(blocks: Sequence[Any]) -> list[str]:
    return [block["accessory"]["text"]["text"] for block in blocks if "accessory" in block]


def test_an_open_contest_hides_nothing_but_from_its_judges(world: World) -> None:
    """Where it is not blind, people find each other's; a judge does not."""
    with world.store.write() as work:
        row = work.contests.lock(contest_id(world))
        assert row is not None
        row.blind = False
    assert ["Morning Tide", "Evening Tide"] == titles(world, ADA, "tide")
    judging(world)
    assert [] == titles(world, JUDY, "tide")


def test_judges_find_aliases_and_nothing_else(world: World) -> None:
    """No author, no title, no name, also of a judge who organizes; whether it is rated is there."""
    judging(world)
    with world.store.write() as work:
        work.contests.roles.give(contest_id(world), JUDY, "organizer", added_by=OLIVE, now=world.clock.now())
        (morning, _) = work.submissions.accepted(contest_id(world))
    alias = morning.alias or ""
    for words, mentioned in (("tide", ()), ("ada", ()), ("bach-jam-ada", ()), ("", (ADA,)), (alias, (ADA,))):
        assert () == world.search.find(JUDY, words, mentioned).pieces
    (found,) = world.search.find(JUDY, alias).pieces
    assert (Sight.JUDGE, alias, None, None, None, False) == (
        found.sight,
        found.called,
        found.title,
        found.author,
        found.state,
        found.rated,
    )
    world.rate(JUDY, morning.id)
    assert [True] == [piece.rated for piece in world.search.find(JUDY, alias).pieces]


def test_a_judge_finds_no_aliases_before_the_judging(world: World) -> None:
    """There is nothing to listen to yet."""
    with world.store.read() as work:
        alias = work.submissions.accepted(contest_id(world))[0].alias or ""
    assert () == world.search.find(JUDY, alias).pieces


def test_contests_are_found_by_the_beginning_of_their_name(world: World) -> None:
    """By those who may know of them: no drafts, and nothing for people outside the channel."""
    world.contest(Phase.DRAFT, name="Bach Night", slug="night", channel_id=LOUNGE)
    assert ["Bach Jam"] == [contest.name for contest in world.search.find(ADA, "bach").contests]
    assert {"Bach Night", "Bach Jam"} == {contest.name for contest in world.search.find(OLIVE, "bach").contests}
    assert () == world.search.find(ADA, "jam").contests
    assert () == world.search.find(EVE, "bach").contests


def test_superseded_versions_are_not_found(world: World) -> None:
    """What counts is found once; a withdrawn piece is found by its author and the organizers."""
    with world.store.read() as work:
        (piece, _) = work.submissions.accepted(contest_id(world))
    world.clock.advance(seconds=5)
    second = world.upload(ADA, "F3", thread_ts=piece.message_ts)
    assert second is not None
    world.verdicts.check(second.id)
    assert [2] == [found.version for found in world.search.find(OLIVE, "morning").pieces]
    assert [2] == [found.version for found in world.search.find(ADA, "morning").pieces]
    world.compositions.withdraw(ADA, piece.id)
    for who in (OLIVE, ADA):
        assert ["withdrawn"] == [found.state for found in world.search.find(who, "morning").pieces]


def test_many_are_counted(world: World) -> None:
    """The first ten, and how many more."""
    with world.store.write() as work:
        row = work.contests.lock(contest_id(world))
        assert row is not None
        row.submission_limit = 20
    for number in range(MOST):
        world.accepted(ADA, f"G{number}", f"Tide {number}.mid")
    found = world.search.find(OLIVE, "tide")
    assert (MOST, 2) == (len(found.pieces), found.more)


def test_nothing_is_looked_for_without_a_word(world: World) -> None:
    """The answer says how it goes."""
    with pytest.raises(Refusal, match="/kantor find"):
        world.search.find(ADA, "  ")
