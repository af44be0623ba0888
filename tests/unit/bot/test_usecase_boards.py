"""Boards on request, and once a slot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.boards import Schedule
from tests.makers.fakes import NOON
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, GUS, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def judged(world: World) -> tuple[str, str, str]:
    """A contest that is being judged by two, with compositions of Ada, Ben and Cleo (AI: 60, 80, 80)."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    ada = world.accepted(ADA, "F1", "Rain.mid", 60)
    ben = world.accepted(BEN, "F2", "Sun.mid", 80.04)
    cleo = world.accepted(CLEO, "F3", "Wind.mid", 79.96)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return ada, ben, cleo


def test_the_board_is_the_mean_over_judges_of_their_means(world: World) -> None:
    """Ties share a place, each row says how many ratings it rests on, and the unrated are named."""
    ada, ben, _ = judged(world)
    world.rate(JUDY, ada, 5, 4, 3)
    world.rate(JACK, ada, 2, 2, 2)
    world.rate(JUDY, ben, 3, 3, 3)
    board = world.boards.show(ADA, CHANNEL)
    assert [(1, "#bach-jam-ada-Rain", 3.0, 2), (1, "#bach-jam-ben-Sun", 3.0, 1)] == [
        (row.place, row.name, row.score, row.ratings) for row in board.rows
    ]
    assert ("#bach-jam-cleo-Wind",) == board.unrated


def test_the_ai_board_is_hidden_until_the_end(world: World) -> None:
    """Only the final board has the AI judge's places, with ties as people read the scores."""
    ada, _, _ = judged(world)
    assert world.boards.show(ADA, CHANNEL).ai_rows is None
    world.contests.advance(OLIVE, world.piece(ada).contest_id, Phase.JUDGING)
    board = world.boards.show(ADA, CHANNEL)
    assert board.final
    assert [(1, "#bach-jam-ben-Sun", 80.0), (1, "#bach-jam-cleo-Wind", 80.0), (3, "#bach-jam-ada-Rain", 60.0)] == [
        (row.place, row.name, row.score) for row in board.ai_rows or ()
    ]


def test_the_final_board_is_posted_when_the_contest_is_finished(world: World) -> None:
    """The channel gets the news, and then the board with both judgements."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    world.contests.advance(OLIVE, world.piece(ada).contest_id, Phase.JUDGING)
    (letter,) = world.letters("board", CHANNEL)
    assert (True, 1, 3) == (letter.message["final"], len(letter.message["rows"]), len(letter.message["ai_rows"]))
    assert "finished" == world.letters("phase_news", CHANNEL)[-1].message["phase"]


def test_a_slot_is_posted_exactly_once(world: World) -> None:
    """Of several that want to post the same slot one does."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    with ThreadPoolExecutor(4) as threads:
        posted = list(threads.map(lambda _: world.boards.post_slot(contest, NOON), range(4)))
    assert [False, False, False, True] == sorted(posted)
    assert 1 == len(world.letters("board", CHANNEL))


def test_each_slot_has_its_own_post(world: World) -> None:
    """The next slot is another letter."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    assert world.boards.post_slot(contest, NOON)
    assert world.boards.post_slot(contest, world.later(hours=1))
    assert 2 == len(world.letters("board", CHANNEL))


def test_only_a_contest_that_is_judged_posts_boards(world: World) -> None:
    """Before and after the judging, and for an unknown contest, a slot passes in silence."""
    contest = world.contest()
    assert not world.boards.post_slot(contest, NOON)
    assert not world.boards.post_slot("f" * 32, NOON)
    assert () == world.boards.schedules()


def test_schedules_begin_with_the_judging_and_go_on_after_the_last_slot(world: World) -> None:
    """What was missed while the bot was down can be told from the last slot."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    assert (Schedule(contest, "0 18 * * mon-fri", "Europe/Berlin", NOON),) == world.boards.schedules()
    world.boards.post_slot(contest, world.later(hours=5))
    assert [world.later(hours=5)] == [schedule.since for schedule in world.boards.schedules()]


def test_a_contest_without_a_schedule_has_none(world: World) -> None:
    """An empty cron text means no posts."""
    world.contest(Phase.JUDGING, board_cron="")
    assert () == world.boards.schedules()


def test_elsewhere_the_only_contest_is_meant(world: World) -> None:
    """The board can be asked for in any channel while one contest runs."""
    judged(world)
    assert "Bach Jam" == world.boards.show(ADA, LOUNGE).contest_name


def refused(ask: Callable[[str, str], object], user_id: str) -> str:
    """The sentence with which a question from somebody's direct messages is refused."""
    with pytest.raises(Refusal) as refusal:
        ask(user_id, "D0ONE")
    return refusal.value.sentence


@pytest.mark.parametrize("user_id", [EVE, GUS])
def test_outsiders_learn_nothing_in_their_direct_messages(world: World, user_id: str) -> None:
    """Who is not in the channel reads the same as where there is no contest at all, be there one or several."""
    judged(world)
    nothing = "There is no contest here yet. An organizer can begin one with `/kantor contest new`."
    asks = (world.boards.show, world.contests.status, world.contests.preview_next)
    assert {nothing} == {refused(ask, user_id) for ask in asks}
    world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    assert {nothing} == {refused(ask, user_id) for ask in asks}


def test_in_its_channel_the_board_needs_no_slack(world: World) -> None:
    """Whoever can speak there may read it: nothing is asked while Slack is silent."""
    judged(world)
    world.directory.silent = True
    assert "Bach Jam" == world.boards.show(ADA, CHANNEL).contest_name
    assert "Bach Jam" == world.contests.status(ADA, CHANNEL).contest.name


def test_without_any_contest_there_is_no_board(world: World) -> None:
    """The sentence says how a contest begins."""
    with pytest.raises(Refusal) as refusal:
        world.boards.show(ADA, CHANNEL)
    assert (
        "There is no contest here yet. An organizer can begin one with `/kantor contest new`." == refusal.value.sentence
    )
