"""The rules of judging: kept and posted before anybody rates, in another version at each change."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import SETTINGS, Part
from bot.usecases.judging import charters
from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.ratings import RatingValues
from tests.makers.boards import change
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from models.charters import Charter


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """Judy and Jack judge two pieces."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.accepted(ADA, "F1")
    world.accepted(BEN, "F2")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def versions(world: World, contest: str) -> Sequence[Charter]:
    with world.store.read() as work:
        return work.charters.of_contest(contest)


def given(world: World, contest: str) -> dict[str, int | None]:
    """Under which version each judge's rating was given."""
    with world.store.read() as work:
        return {each.judge: each.rules_version for each in work.ratings.of_contest(contest)}


def piece(world: World, contest: str) -> str:
    with world.store.read() as work:
        return work.submissions.accepted(contest)[0].id


def test_everybody_in_the_channel_gets_the_very_bytes_of_the_hash(world: World, contest: str) -> None:
    """Each version as a file, newest first, with what the channel read; and nothing in it names a person or a composition."""
    edit(world, contest, Part.JUDGING, winners=1)
    assert "Bach Jam" == world.rulebook.send(BEN, CHANNEL)
    (letter,) = world.letters("rules_document", BEN)
    first, second = versions(world, contest)
    files = {upload["filename"]: world.objects.get(upload["object_key"]) for upload in letter.uploads}
    assert {"rules-2.json": second.sha256, "rules-1.json": first.sha256} == {
        filename: sha256(data).hexdigest() for filename, data in files.items()
    }
    told = [each.message["sha256"] for each in world.letters("rules_fixed", CHANNEL)]
    assert told[::-1] == [digest for _, digest in letter.message["hashes"]]
    with world.store.read() as work:
        names = {OLIVE, JUDY, JACK, ADA, BEN} | {
            word for piece in work.submissions.accepted(contest) for word in (piece.id, piece.title, piece.alias or "")
        }
    assert [] == [name for name in names if name and any(name.encode() in data for data in files.values())]
    with pytest.raises(Refusal, match="on their way"):
        world.rulebook.send(BEN, CHANNEL)


def test_before_they_are_fixed_there_is_no_file(world: World) -> None:
    """Whoever asks reads when there will be one."""
    world.contest()
    with pytest.raises(Refusal, match="fixed when the judging begins"):
        world.rulebook.send(BEN, CHANNEL)


def test_they_are_kept_and_posted_as_the_judging_begins(world: World, contest: str) -> None:
    """The first version, with the hash of what is kept, to the byte; before any judge gets a piece."""
    (first,) = versions(world, contest)
    (letter,) = world.letters("rules_fixed", CHANNEL)
    assert (1, OLIVE, world.clock.now()) == (first.version, first.by, first.at)
    assert sha256(first.document.encode()).hexdigest() == first.sha256 == letter.message["sha256"]
    assert letter.id < min(each.id for each in world.letters("rating_invitation"))
    assert 1 == world.row(contest).rules_version


def test_before_that_there_are_none(world: World) -> None:
    """What is changed before the judging is no version."""
    contest = world.contest()
    change(world, contest, winners=1)
    assert ([], []) == (list(versions(world, contest)), world.letters("rules_fixed"))


def test_each_change_is_another_version(world: World, contest: str) -> None:
    """It says what changed; the one before is kept; a rating keeps the version it was given under, and takes the new one when it is changed."""
    heard = piece(world, contest)
    world.rate(JUDY, heard, 4, 4, 4)
    world.rate(JACK, heard, 4, 4, 4)
    before = versions(world, contest)[0].document
    edit(world, contest, Part.JUDGING, winners=1)
    first, second = versions(world, contest)
    assert (before, 2) == (first.document, second.version)
    assert "The first one wins. Until now: The first 3 win." == second.reason
    assert [second.reason] == world.letters("rules_fixed", CHANNEL)[-1].message["lines"]
    world.rate(JACK, heard, 5, 4, 4)
    assert {JUDY: 1, JACK: 2} == given(world, contest)
    world.rate(JUDY, heard, 4, 4, 4)
    assert {JUDY: 1, JACK: 2} == given(world, contest)


def test_an_organizers_rating_has_its_version_too(world: World, contest: str) -> None:
    """Given, or changed."""
    heard = piece(world, contest)
    world.rate(JUDY, heard, 4, 4, 4)
    edit(world, contest, Part.JUDGING, winners=1)
    scores = RatingValues({"originality": 2, "balance": 2, "emotional": 2})
    for judge in (JUDY, JACK):
        world.behalf.enter(EnterRating(OLIVE, judge, heard, scores, "by telephone"))
    assert {JUDY: 2, JACK: 2} == given(world, contest)


def test_what_decides_no_place_makes_no_version(world: World, contest: str) -> None:
    """A schedule, a text, what the board shows; and what is changed back to what it is."""
    edit(world, contest, Part.BOARD, board_cron="0 9 * * *")
    assert 1 == len(versions(world, contest))


def test_the_preview_says_that_it_makes_a_version(world: World, contest: str) -> None:
    """And the channel hears of it once."""
    preview = prepared(world, contest, Part.JUDGING, winners=1)
    assert [1] == [each.count("another version") for each in preview.effects if "another version" in each]
    edit(world, contest, Part.JUDGING, winners=1)
    assert (2, []) == (len(world.letters("rules_fixed", CHANNEL)), world.letters("contest_news", CHANNEL))


def test_a_phase_that_begins_again_changes_nothing(world: World, contest: str) -> None:
    """The same rules are the same version."""
    world.undoing.undo(OLIVE, contest, Phase.JUDGING)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert 1 == len(versions(world, contest))


LEFT_OUT = {"practice": "a practice piece counts for nothing"}


def test_each_setting_of_the_judging_is_in_the_charter_or_left_out_for_a_reason() -> None:
    """Whoever adds one decides."""
    parts = {Part.JUDGING, Part.CRITERIA, Part.TITLES}
    asked = {each.name for each in SETTINGS if each.part in parts}
    assert asked - LEFT_OUT.keys() == charters.SETTINGS


def prepared(world: World, contest: str, part: Part, **changes: Any) -> Any:
    form = world.editing.form(OLIVE, contest, part)
    return world.editing.prepare(EditContest(OLIVE, contest, part, changes, form.seen))


def edit(world: World, contest: str, part: Part, **changes: Any) -> None:
    """As an organizer does it in the window."""
    world.editing.apply(OLIVE, prepared(world, contest, part, **changes).edit_id)
