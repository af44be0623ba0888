"""An organizer who also judges a blind contest reads nothing that ties an alias to a person or a title, until the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.ratings import RatingValues
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import WindowFile
from tests.makers.judged import invited, save
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """Judy and Jack judge two pieces, and Jack organizes, too, as Olive does; the contest's id."""
    contest = world.contest()
    world.staff.add_organizers(OLIVE, CHANNEL, [JACK])
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.accepted(ADA, "F1", "Morning Tide.mid")
    world.accepted(BEN, "F2", "Night.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def test_a_flag_names_nobody_to_an_organizer_who_judges(world: World, contest: str) -> None:
    """Neither the alarm nor the list nor the window; the other organizer reads the name."""
    world.marks.flag(JUDY, invited(world)[0], "other", "It stops in the middle")
    told = {letter.recipient: letter.message for letter in world.letters("flag_alarm")}
    alarms = {to: [told[to][each] for each in ("title", "author", "name")] for to in told}
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    assert (["", "", ""], True) == (alarms[JACK], flag.name.startswith(f"{alarms[OLIVE][0]} by "))
    (seen,) = world.marks.flags(JACK, CHANNEL).flags
    assert (flag.alias, "", "") == (seen.alias, seen.name, world.marks.one_flag(JACK, flag.mark_id).name)
    assert "" == world.marks.settle(JACK, flag.mark_id, "", comes_back=True).name
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert flag.name == world.marks.flags(JACK, CHANNEL).flags[0].name


@pytest.mark.usefixtures("contest")
def test_ratings_for_another_judge_are_chosen_by_the_alias_alone(world: World) -> None:
    """Olive, who does not judge, sees the names beside the aliases."""
    theirs = dict(world.behalf.choice(JACK, CHANNEL).pieces)
    assert {piece: world.piece(piece).alias for piece in theirs} == theirs
    assert all("  ·  " in label and " by " in label for _, label in world.behalf.choice(OLIVE, CHANNEL).pieces)


def test_the_trail_gives_ratings_no_titles(world: World, contest: str) -> None:
    """Jack finds what he did just now by its moment; so it has no title for him, and no title finds it."""
    for piece in invited(world, JACK):
        save(world, piece, judge=JACK)
    ratings = [each for each in world.trails.begin(JACK, CHANNEL, "", "").entries if each.action == "rating.given"]
    assert ["", ""] == [each.piece for each in ratings]
    found = {each.action for each in world.trails.begin(JACK, CHANNEL, "", "morning").entries}
    assert ("submission.accepted" in found, "rating.given" in found) == (True, False)
    assert "rating.given" in {each.action for each in world.trails.begin(OLIVE, CHANNEL, "", "morning").entries}
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert "rating.given" in {each.action for each in world.trails.begin(JACK, CHANNEL, "", "morning").entries}


@pytest.mark.usefixtures("contest")
def test_an_old_window_of_a_correction_does_not_help(world: World) -> None:
    """Who wrote the piece stands in it, and how many have rated it."""
    (piece, _) = invited(world, JACK)
    with pytest.raises(Refusal, match="not for you yet"):
        world.corrections.form(JACK, piece)
    file = WindowFile("F9", "right.mid", "audio/midi", "mid", 300, world.clock.now())
    with pytest.raises(Refusal, match="not for you yet"):
        world.corrections.correct(Correct(JACK, piece, file, "The wrong file"))
    assert piece == world.corrections.form(OLIVE, piece).submission_id


def test_the_export_waits_for_the_end(world: World, contest: str) -> None:
    """It has aliases beside names; another organizer gets it, and Jack once the contest is finished."""
    with pytest.raises(Refusal, match="says who wrote what"):
        world.exports.ask(JACK, CHANNEL)
    with pytest.raises(Refusal, match="for the organizers"):
        world.exports.ask(JUDY, CHANNEL)
    assert "Bach Jam" == world.exports.ask(OLIVE, CHANNEL)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert "Bach Jam" == world.exports.ask(JACK, CHANNEL)


@pytest.mark.usefixtures("contest")
def test_pictures_of_copied_passages_are_for_the_other_organizers(world: World) -> None:
    """They show notes that Jack will hear, under their authors' names."""
    world.inspector.shared[b"bytes of F2"] = b"bytes of F1"
    with world.store.read() as work:
        (contest,) = work.contests.newest_first()
        copy = next(piece for piece in work.submissions.accepted(contest.id) if piece.user_id == BEN)
    world.copies.compare(copy.id)
    assert {OLIVE: 1, JACK: 0} == {letter.recipient: len(letter.uploads) for letter in world.letters("copy_alarm")}


def test_nobody_writes_down_ratings_of_their_own_piece(world: World) -> None:
    """An organizer who takes part is offered the others' pieces only, and an old window does not help."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    own, other = world.accepted(OLIVE, "F1", "Mine.mid"), world.accepted(BEN, "F2", "Night.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert [other] == [piece for piece, _ in world.behalf.choice(OLIVE, CHANNEL).pieces]
    values = RatingValues(dict.fromkeys(DEFAULT.keys, 5))
    with pytest.raises(Refusal, match="your own"):
        world.behalf.enter(EnterRating(OLIVE, JUDY, own, values, "Her phone is broken"))
    with pytest.raises(Refusal, match="your own"):
        world.behalf.form(OLIVE, JUDY, own)
