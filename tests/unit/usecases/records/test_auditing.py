"""``kantor audit verify``: the trail is as it was written down, or it is said which entry is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.records.auditing import Audited, Audits
from tests.makers.boards import judged
from tests.makers.databases import looked_at
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.rules.chain import Head


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """Judy and Jack have rated what Ada, Ben and Cleo sent in; the board is frozen."""
    pieces = judged(world)
    for judge in (JUDY, JACK):
        for piece in pieces:
            world.rate(judge, piece, 4, 4, 4, comment="A comment on it")
    world.rate(JUDY, pieces[0], 5, 4, 4)
    contest = world.piece(pieces[0]).contest_id
    world.freezing.freeze(OLIVE, contest)
    return contest


def verified(world: World, slug: str = "bach-jam", head: str = "") -> Audited:
    (found,) = Audits(world.store).verify(slug, head)
    return found


def head(world: World, contest: str) -> Head:
    with world.store.read() as work:
        return work.audit.head(contest)


def do(world: World, statement: str) -> None:
    """Somebody with the database in their hands."""
    world.store.dispose()
    with looked_at(world.store.url) as connection:
        connection.execute(text(statement))


def test_a_trail_that_nobody_touched_fits(world: World, contest: str) -> None:
    """It says how many entries there are, and the head; that of the freeze was posted."""
    number, link = head(world, contest)
    found = verified(world)
    assert found.fits
    assert found.sentence == f"{number} entries: all fit. So does the head that was posted. Head: {link}"
    (frozen,) = world.letters("board_frozen", CHANNEL)
    assert {"entries": number, "head": link} == frozen.message["trail"]


def test_all_that_happens_is_in_one_chain_a_contest(world: World, contest: str) -> None:
    """Numbers from 1 on without a gap, in both contests; what is about no contest is in none."""
    other = world.contest(name="Autumn Jam", slug="autumn-jam", channel_id=LOUNGE)
    world.rate(JUDY, piece(world, contest), 1, 1, 1)
    assert {"autumn-jam", "bach-jam"} == {each.slug for each in Audits(world.store).verify() if each.fits}
    with world.store.read() as work:
        for each in (contest, other):
            trail = work.audit.of_contest(each)
            assert [*range(1, len(trail) + 1)] == [row.number for row in trail]
            assert sorted(row.at for row in trail) == [row.at for row in trail]


def piece(world: World, contest: str) -> str:
    with world.store.read() as work:
        return work.submissions.accepted(contest)[0].id


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET facts = '{}' WHERE number = 9", "8 entries fit. Entry 9 ("),
        ("UPDATE audit SET actor = 'U0EVE' WHERE number = 9", "by U0EVE, 2026-11-20"),
        ("DELETE FROM audit WHERE number = 9", "8 entries fit. Entry 10 ("),
        ("UPDATE audit SET number = NULL WHERE number = 9", "without a number ("),
        ("DELETE FROM audit WHERE number > 9", "more entries had been written down when a head was posted"),
        ("UPDATE audit SET salt = NULL WHERE number = 9", "1 of them are empty, and erasures account for 0 only"),
    ],
)
def test_whatever_is_done_to_it_is_found(world: World, contest: str, statement: str, said: str) -> None:
    """By somebody who has the database: which entry it is, and what is wrong with it."""
    do(world, statement)
    found = verified(world)
    assert not found.fits
    assert said in found.sentence


def test_what_an_old_bot_wrote_after_the_upgrade_is_told_from_a_broken_chain(world: World, contest: str) -> None:
    """The chain is checked to its end, and it is said which entry stands beside it, what that means and what to do."""
    number, link = head(world, contest)
    do(
        world,
        "INSERT INTO audit (id, at, actor, action, contest_id, facts)"
        f" VALUES ('old', '2026-11-21 10:00:00', 'U0JUDY', 'rating.given', '{contest}', '{{}}')",
    )
    world.rate(JUDY, piece(world, contest), 1, 1, 1)
    found = verified(world, head=link)
    assert not found.fits
    assert f"{number + 1} entries: all fit." in found.sentence
    assert f"The head that you kept is that of entry {number}." in found.sentence
    assert (
        "1 entry stands outside of the chain, the first one (rating.given by U0JUDY, 2026-11-21 10:00:00"
        in found.sentence
    )
    assert "Stop every old bot and worker now" in found.sentence
    with world.store.read() as work:
        assert 1 == work.audit.unchained()


def test_a_head_that_somebody_kept(world: World, contest: str) -> None:
    """It is found where it was, or it is said that it is not there."""
    kept = head(world, contest)
    world.rate(JUDY, piece(world, contest), 1, 1, 1)
    assert verified(world, head=f" {kept.link.upper()}").sentence.endswith(
        f"The head that you kept is that of entry {kept.number}."
    )
    assert (False, True) == ((lost := verified(world, head="0" * 64)).fits, "nowhere in it" in lost.sentence)


def test_who_is_erased_leaves_it_whole(world: World, contest: str) -> None:
    """Their entries say nothing of them any more, the digests stand, and the others can still be checked."""
    before = head(world, contest)
    world.erasure.erase(OLIVE, JUDY, "Judy")
    found = verified(world, head=before.link)
    assert found.fits
    assert "were emptied by an erasure, and the digests stand." in found.sentence
    with world.store.read() as work:
        trail = work.audit.of_contest(contest)
    emptied = [row for row in trail if row.salt is None]
    assert {"rating.given", "rating.changed", "judge.added"} == {row.action for row in emptied}
    (said,) = [row for row in trail if row.action == "audit.emptied"]
    assert len(emptied) == said.facts["entries"] == len(said.facts["remains"])
    do(
        world,
        "UPDATE audit SET facts = json_set(facts, '$.scores.balance', 5) WHERE salt IS NULL AND action = 'rating.given'",
    )
    assert "what it says is not what was written down" in verified(world).sentence
    do(world, "UPDATE audit SET facts = '{}' WHERE number = 9 AND salt IS NOT NULL OR number = 10 AND salt IS NOT NULL")
    assert not verified(world).fits


def test_an_erasure_hides_nothing_that_was_changed_before(world: World, contest: str) -> None:
    """An entry that did not fit keeps its salt, and is found."""
    do(world, f"UPDATE audit SET facts = '{{\"x\": 1}}' WHERE actor = '{JUDY}' AND action = 'rating.changed'")
    world.erasure.erase(OLIVE, JUDY, "Judy")
    assert "Entry" in verified(world).sentence


def test_what_a_piece_was_called_goes_and_the_chain_stays(world: World, contest: str) -> None:
    """Also in entries of others, in a second contest, and where two people are erased after each other."""
    autumn = world.contest(name="Autumn Jam", slug="autumn-jam", channel_id=LOUNGE)
    world.contests.add_judges(OLIVE, LOUNGE, [ADA, BEN])
    world.clock.advance(hours=1)
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben")):
        world.erasure.erase(OLIVE, user_id, name)
    assert {"autumn-jam", "bach-jam"} == {each.slug for each in Audits(world.store).verify() if each.fits}
    with world.store.read() as work:
        for each in (contest, autumn):
            assert [] != [row for row in work.audit.of_contest(each) if row.action == "audit.emptied"]


def test_the_end_is_sealed(world: World, contest: str) -> None:
    """The channel reads the head once the contest is finished, after how it ended."""
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (sealed,) = world.letters("trail_sealed", CHANNEL)
    number, link = head(world, contest)
    assert {"entries": number, "head": link} == sealed.message["trail"]
    assert verified(world).sentence.startswith(f"{number} entries: all fit. So do the 2 heads that were posted.")


def test_there_is_no_such_contest(world: World, contest: str) -> None:
    """It is said."""
    with pytest.raises(Refusal, match="no contest called nothing"):
        Audits(world.store).verify("nothing")
