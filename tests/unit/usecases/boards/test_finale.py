"""How the end of a contest is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.phases import Phase
from bot.usecases.boards.finale import FINALE
from tests.makers.boards import change, judged, two_rounds
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def finished(world: World, *scores: tuple[int, int, int]) -> str:
    """A contest in which Judy gave these scores, and which is finished; its id."""
    pieces = judged(world)
    contest = world.piece(pieces[0]).contest_id
    for piece, given in zip(pieces, scores, strict=False):
        world.rate(JUDY, piece, *given)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    return contest


def winners(message: dict[str, Any], board: str = "winners") -> list[tuple[int, str, str]]:
    return [(each["place"], each["title"], each["user_id"]) for each in message[board]]


def test_both_podiums_are_named_and_never_mixed(world: World) -> None:
    """The judges' and the AI's, with their people; shared places are shared."""
    contest = finished(world, (5, 5, 5), (4, 4, 4), (4, 4, 4))
    world.tell_finale(contest)
    (letter,) = world.letters("podium", CHANNEL)
    assert [(1, "Rain", ADA), (2, "Sun", BEN), (2, "Wind", CLEO)] == winners(letter.message)
    assert [(1, "Sun", BEN), (1, "Wind", CLEO), (3, "Rain", ADA)] == winners(letter.message, "ai_winners")


def test_as_many_places_win_as_the_contest_says(world: World) -> None:
    """With one winner, and two who share the first place, two are named."""
    pieces = judged(world)
    contest = world.piece(pieces[0]).contest_id
    change(world, contest, winners=1)
    for piece, score in zip(pieces, (5, 5, 3), strict=True):
        world.rate(JUDY, piece, score, score, score)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    assert [(1, "Rain", ADA), (1, "Sun", BEN)] == winners(world.letters("podium")[0].message)


def test_everybody_is_thanked(world: World) -> None:
    """Composers by their number, judges and organizers by name."""
    world.tell_finale(finished(world, (5, 5, 5)))
    thanked = world.letters("podium")[0].message
    assert (3, 3, 1) == (thanked["composers"], thanked["pieces"], thanked["ratings"])
    assert ([JACK, JUDY], [OLIVE]) == (sorted(thanked["judges"]), thanked["organizers"])


def test_the_podium_comes_with_a_picture_of_each_board(world: World) -> None:
    """Drawn outside of the transaction, and described in words."""
    contest = finished(world, (5, 5, 5))
    world.posters.during = lambda: change(world, contest, submission_limit=9)
    world.tell_finale(contest)
    people, machine = world.letters("podium")[0].uploads
    assert "1. #bach-jam-ada-Rain" == people["alt_text"]
    assert machine["alt_text"].startswith("1. #bach-jam-ben-Sun, 1. #bach-jam-cleo-Wind")
    assert {people["object_key"], machine["object_key"]} <= world.objects.kept.keys()


def test_the_end_is_told_once_and_the_board_after_the_podium(world: World) -> None:
    """The job may run twice."""
    contest = finished(world, (5, 5, 5))
    world.tell_finale(contest)
    world.tell_finale(contest)
    kinds = [row.message["kind"] for kind in ("phase_news", "podium", "board") for row in world.letters(kind, CHANNEL)]
    assert ["podium", "board"] == kinds[-2:]
    (podium,), (board,) = world.letters("podium"), world.letters("board")
    assert podium.id < board.id
    assert board.message["final"]


def test_finishing_leaves_a_job_for_it(world: World) -> None:
    """In the transaction of the phase, so that it is never lost."""
    contest = finished(world)
    ended = world.row(contest).finished_at
    assert ended is not None
    with world.store.read() as work:
        job = work.jobs.by_key(f"{FINALE}:{contest}:{ended.isoformat()}")
    assert job is not None
    assert {"contest_id": contest, "finished_at": ended.isoformat()} == job.args


def test_an_end_that_was_undone_is_not_told(world: World) -> None:
    """Nor is the first one told after a second."""
    contest = finished(world, (5, 5, 5))
    first = world.row(contest).finished_at
    assert first is not None
    finale = world.finale
    change(world, contest, phase="judging")
    finale.tell(contest, first.isoformat())
    change(world, contest, finished_at=None)
    finale.tell(contest, first.isoformat())
    assert [] == world.letters("podium")
    world.clock.advance(hours=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    finale.tell(contest, first.isoformat())
    assert [] == world.letters("podium")


def test_after_the_last_try_words_come_without_pictures(world: World) -> None:
    """Whatever keeps the pictures from being drawn."""
    contest = finished(world, (5, 5, 5))
    ended = world.row(contest).finished_at
    assert ended is not None
    world.finale.give_up(contest, ended.isoformat())
    assert [[]] == [letter.uploads for letter in world.letters("podium")]
    assert [] == world.posters.drawn


def test_a_contest_without_a_rating_ends_with_thanks_too(world: World) -> None:
    """Nobody wins, and nothing breaks."""
    contest = world.contest(Phase.FINISHED)
    world.tell_finale(contest)
    (letter,) = world.letters("podium")
    assert ([], [], []) == (letter.message["winners"], letter.message["ai_winners"], letter.uploads)


def test_a_finalist_whom_nobody_rated_comes_behind_those_who_were(world: World) -> None:
    """Before everybody who was not in the final: previewed, and said on the board, the podium, to the author and in the feedback."""
    contest, (_, ben, _) = two_rounds(world, finalists=2)
    world.rate(JUDY, ben, 1, 1, 1)
    (ada,) = world.boards.place_of(ADA, CHANNEL).places
    assert (None, False) == (ada.place, ada.by_first_round)
    assert world.contests.preview_next(OLIVE, CHANNEL).warnings[0] == (
        "1 finalist has no rating in the final: it gets its place behind the finalists that have one, by its score of the "
        "first round."
    )
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    world.tell_finale(contest)
    board = world.boards.show(ADA, CHANNEL)
    assert [
        (1, "Sun", 1.0, True, False), (2, "Rain", 5.0, True, True), (3, "Wind", 3.0, False, False)
    ] == [(row.place, row.title, row.score, row.in_final, row.by_first_round) for row in board.rows]  # fmt: skip
    assert ((), ()) == (board.pending, board.unrated)
    podium = world.letters("podium")[0].message
    assert [False, True, True] == [each["before_final"] for each in podium["winners"]]
    reply = world.boards.place_of(ADA, CHANNEL)
    assert (2, 3, True) == (reply.places[0].place, reply.total, reply.places[0].by_first_round)
    world.feedback.send(OLIVE, contest)
    (card,) = [letter.message for letter in world.letters("feedback", ADA)]
    assert (2, 3, True, ["preliminary"]) == (
        card["place"], card["total"], card["by_first_round"], [each["round"] for each in card["rounds"]]
    )  # fmt: skip


def test_a_final_that_nobody_heard_ends_as_the_first_round_did(world: World) -> None:
    """Finalists first, and a finalist whose only rating counts no more has no place; the preview says both."""
    contest, (ada, _, _) = two_rounds(world, finalists=2)
    world.marks.recuse(JUDY, ada, "I know who wrote it")
    assert [
        "No finalist has a rating in the final: their scores of the first round would decide all their places.",
        "1 composition has no rating and gets no place.",
    ] == list(world.contests.preview_next(OLIVE, CHANNEL).warnings[:2])
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    board = world.boards.show(ADA, CHANNEL)
    assert [(1, "Sun"), (2, "Wind")] == [(row.place, row.title) for row in board.rows]
    assert (["Rain by Ada"], 2) == ([each.read_as for each in board.unrated], board.places)


def test_the_final_decides_who_wins(world: World) -> None:
    """The best of the preliminary round is second after the final."""
    contest, (ada, ben, _) = two_rounds(world, finalists=2)
    world.rate(JUDY, ada, 2, 2, 2)
    world.rate(JUDY, ben, 3, 3, 3)
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    world.tell_finale(contest)
    message = world.letters("podium")[0].message
    assert [(1, "Sun", BEN), (2, "Rain", ADA), (3, "Wind", CLEO)] == winners(message)
    assert [False, False, True] == [each["before_final"] for each in message["winners"]]


def test_special_awards_are_told_with_their_prizes_and_what_nobody_wins_is_left_over(world: World) -> None:
    """What two judges cannot decide (who divides the jury, who has the golden ear) nobody gets."""
    pieces = judged(world, prizes="Human against machine: a robot\nGolden ear: a trumpet\n1: a book")
    contest = world.piece(pieces[0]).contest_id
    change(world, contest, winners=1)
    for judge in (JUDY, JACK):
        for piece, scores in zip(pieces, ((5, 5, 5), (4, 4, 4), (2, 5, 2)), strict=True):
            world.rate(judge, piece, *scores)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    message = world.letters("podium")[0].message
    told = [(each["award"], each["titles"], each["user_ids"], each["prize"]) for each in message["specials"]]
    assert [
        ("specialist", ["Wind"], [CLEO], ""),
        ("machine", ["Rain", "Wind"], [ADA, CLEO], "a robot"),
    ] == told
    assert "Balance" == message["specials"][0]["criterion"]
    assert ["Golden ear: a trumpet"] == message["left_over"]
