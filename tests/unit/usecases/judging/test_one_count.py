"""Who judges, what is due and what is done: the same numbers on every surface, whoever has left and whatever was withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.phases import Phase
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from tests.makers.boards import two_rounds
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.people.home import OrganizerCounts

MAX = "U0MAX"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.directory.add(MAX, "Max", CHANNEL)
        yield world


def organizing(world: World) -> OrganizerCounts:
    """What Olive's Home tab counts."""
    (contest,) = world.people.home(OLIVE).contests
    assert contest.organizing is not None
    return contest.organizing


def troubled(world: World) -> tuple[str, list[str]]:
    """A contest in which a judge has left with fair ratings and one with unfair ones, a piece went, and Judy recused from one she had rated."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK, MAX, ADA])
    pieces = [world.accepted((ADA, BEN, CLEO)[n % 3], f"F{n}", f"Piece {n}.mid") for n in range(5)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for judge in (JUDY, JACK, MAX):
        for piece in pieces[:4]:
            world.rate(judge, piece, 4, 4, 4)
    world.marks.leave(JACK, contest, "No more time", counted=True)
    world.marks.leave(MAX, contest, "My sister is in it", counted=False)
    world.marks.recuse(JUDY, pieces[3], "I helped to write it")
    world.compositions.withdraw(ADA, pieces[0])
    return contest, pieces


def test_every_surface_counts_alike(world: World) -> None:
    """Judy's two ratings and the three of Jack, who left, are what counts: on the boards, for Home, the status, and the judges' list."""
    contest, pieces = troubled(world)
    counts, status = organizing(world), world.contests.status(OLIVE, CHANNEL)
    listed = world.staff.listed(OLIVE, CHANNEL)
    rows = world.boards.show(OLIVE, CHANNEL).rows
    assert [1, 2, 2] == sorted(row.ratings for row in rows)
    assert (5, 5, 5) == (sum(row.ratings for row in rows), counts.ratings, status.ratings)
    assert 5 == sum(judge.done or 0 for judge in listed.judges) + sum(given for _, given in listed.left)
    # Judy has yet to hear one, Ada three.
    assert (9, 9) == (counts.possible, status.ratings_possible)
    assert 9 == sum(judge.total or 0 for judge in listed.judges) + sum(given for _, given in listed.left)
    assert ({JUDY, ADA}, ((JACK, 3),)) == ({judge.user_id for judge in listed.judges}, listed.left)
    assert (2, {JUDY, ADA}, 1) == (counts.judges, set(status.judges), status.unrated)
    assert (ADA, JUDY) == counts.behind
    assert (0, 0) == (counts.fewest, status.fewest_ratings)
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    assert {
        "1 composition has no rating and gets no place.", "<@U0JUDY> has rated 2 of 3.", "<@U0ADA> has rated 0 of 3."
    } == set(preview.warnings)  # fmt: skip
    (own,) = (each for each in world.people.home(JUDY).contests if each.contest_id == contest)
    assert own.judging is not None
    assert (2, 3) == (own.judging.done, own.judging.total)
    shown = world.judging.pieces(JUDY, contest)
    assert (2, 3, {pieces[1], pieces[2], pieces[4]}) == (
        shown.done,
        shown.total,
        {each.submission_id for each in shown.pieces},
    )


def test_the_end_counts_what_counted(world: World) -> None:
    """The thanks name whose ratings decided, and how many those were; so do the feedback letters, one by one."""
    contest, _ = troubled(world)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (podium,) = world.letters("podium")
    assert (5, sorted([JUDY, JACK, ADA])) == (podium.message["ratings"], sorted(podium.message["judges"]))
    world.feedback.send(OLIVE, contest)
    cards = [letter.message for letter in world.letters("feedback")]
    assert 5 == sum(each["ratings"] for card in cards for each in card["rounds"])


def test_after_a_final_the_finals_numbers_stay(world: World) -> None:
    """What a judge and the organizers read after the end is about the round that decided."""
    contest, pieces = two_rounds(world, finalists=2)
    world.rate(JUDY, pieces[0])
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    counts, status = organizing(world), world.contests.status(OLIVE, CHANNEL)
    assert (1, 4) == (counts.ratings, counts.possible)
    assert (1, 4, 2) == (status.ratings, status.ratings_possible, status.finalists)
    (own,) = world.people.home(JUDY).contests
    assert own.judging is not None
    assert (1, 2) == (own.judging.done, own.judging.total)


def test_flags_that_wait_are_one_number(world: World) -> None:
    """Of two flags one is about a piece that was withdrawn since: Home, the preview and the list of flags have the other."""
    _, pieces = troubled(world)
    for piece in pieces[1:3]:
        world.marks.flag(JUDY, piece, "copy", "It is Für Elise")
    world.compositions.withdraw(BEN, pieces[1])
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    assert 1 == organizing(world).flags
    said = "1 flag of judges waits for a look: `/kantor flags`."
    assert said in world.contests.preview_next(OLIVE, CHANNEL).warnings
    world.marks.settle(OLIVE, flag.mark_id, "", comes_back=False)
    assert 0 == organizing(world).flags


def test_settling_a_flag_moves_no_finished_board(world: World) -> None:
    """Judy flagged what she had rated, and read that the rating stays: it does, also where she "need not rate it"."""
    contest, pieces = troubled(world)
    world.marks.flag(JUDY, pieces[2], "copy", "It is Für Elise")
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    before = world.boards.show(OLIVE, CHANNEL).rows
    world.marks.settle(OLIVE, flag.mark_id, "", comes_back=False)
    assert before == world.boards.show(OLIVE, CHANNEL).rows


def test_whoever_is_told_of_ratings_is_told_of_those_that_count(world: World) -> None:
    """Judy leaves, a piece is to be corrected, titles change: two of her four ratings count, and one of the piece's three."""
    contest, pieces = troubled(world)
    assert 2 == world.marks.leaving(JUDY, contest).rated
    assert 1 == world.corrections.form(OLIVE, pieces[3]).ratings
    titles = {"titles": ("Noise", "Faint", "Groovin'", "Now we're rocking", "AWSome!")}
    seen = world.editing.form(OLIVE, contest, Part.TITLES).seen
    preview = world.editing.prepare(EditContest(OLIVE, contest, Part.TITLES, titles, seen))
    assert ("5 ratings were given under the old titles.",) == preview.warnings
    world.marks.leave(JUDY, contest, "No more time", counted=True)
    (*_, news) = world.letters("recusal_news")
    assert (2, True) == (news.message["rated"], news.message["counted"])


def test_what_was_withdrawn_cannot_leave_any_more(world: World) -> None:
    """Erasing its author warns of compositions that leave the contest where there are such."""
    world.contest()
    pieces = [world.accepted(who, f"F{who}", "Tide.mid") for who in (ADA, BEN)]
    world.compositions.withdraw(ADA, pieces[0])
    assert [] == [each for each in world.erasure.preview(OLIVE, ADA).warnings if "compositions leave it" in each]
    assert [] != [each for each in world.erasure.preview(OLIVE, BEN).warnings if "compositions leave it" in each]


def test_a_place_is_one_of_as_many_as_there_are(world: World) -> None:
    """While finalists wait for the final's ratings, the others' places begin behind them, and count them."""
    _, pieces = two_rounds(world, finalists=2)
    world.rate(JUDY, pieces[0])
    found = [world.boards.place_of(author, CHANNEL) for author in (ADA, BEN, CLEO)]
    assert [(1, 3), (None, 3), (3, 3)] == [(reply.places[0].place, reply.total) for reply in found]


def test_whoever_judges_no_more_is_a_composer_like_others(world: World) -> None:
    """Somebody who has left the judging gets the checklist, and is reminded, as everybody who takes part."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.onboarding.joined(JUDY, CHANNEL)
    assert [] == world.letters("checklist", JUDY)
    world.marks.leave(JUDY, contest, "I would rather compose", counted=True)
    world.onboarding.joined(JUDY, CHANNEL)
    assert 1 == len(world.letters("checklist", JUDY))
    assert (JUDY,) == world.nudges.preview(OLIVE, CHANNEL).people
