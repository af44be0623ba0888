"""What the channel gets at the end of a ceremony, once; and the report that organizers get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.rules.canonical import sha256_of
from bot.rules.phases import Phase
from bot.usecases.boards.bundling import call_judges
from bot.usecases.boards.publishing import PUBLISH, hides_judges
from bot.usecases.boards.recounting import recount
from bot.usecases.boards.reporting import report_of
from models.outbox import LetterState
from models.panels import Conflict, ConflictKind
from tests.makers.boards import change, judged
from tests.makers.bundles import played
from tests.makers.world import ADA, CHANNEL, CLEO, GUS, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from bot.rules.fairreport import Report


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def over(world: World, *judges: str) -> str:
    """A contest that these judged, and whose ceremony is over; its id."""
    pieces = judged(world)
    contest = world.piece(pieces[0]).contest_id
    world.directory.members[CHANNEL].update(judges)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    for judge in judges:
        for piece, scores in zip(pieces, ((5, 5, 5), (4, 4, 4), (2, 5, 2)), strict=True):
            world.rate(judge, piece, *scores)
    look = world.finalizing.look(OLIVE, CHANNEL)
    world.finalizing.confirm(OLIVE, contest, look.digest, CLEO, "I am alone tonight")
    world.contests.advance(OLIVE, contest, Phase.CEREMONY)
    return contest


def jobs(world: World, name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of that name."""
    found = []
    with world.store.write() as work:
        while (job := work.jobs.claim(world.clock.now(), world.later(hours=1) - world.clock.now())) is not None:
            if job.name == name:
                found.append(job.args)
    return found


def report(world: World, contest: str, *, public: bool = False) -> Report:
    with world.store.read() as work:
        found = work.contests.get(contest)
        assert found is not None
        return report_of(work, found, world.clock.now(), public=public)


def test_after_a_ceremony_the_channel_gets_report_and_bundle_once(world: World) -> None:
    """The job is left with the seal, and a second time posts nothing; the bundle fits, and the report names no judge."""
    contest = over(world, JUDY, JACK, GUS)
    world.tell_finale(contest)
    (args,) = jobs(world, PUBLISH)
    for _ in range(2):
        world.publishing.publish(**args)
    (letter,) = world.letters("papers")
    assert CHANNEL == letter.recipient
    names = ["bach-jam-fairness.png", "bach-jam-fairness.html", "bach-jam-results.zip"]
    assert names == [each["filename"] for each in letter.uploads]
    assert [] == recount(world.objects.get(letter.uploads[2]["object_key"])).faults
    (made,) = world.printer.reports
    assert made.public
    with world.store.read() as work:
        called = work.panels.pseudonyms(contest)
    assert {JUDY, JACK, GUS} == called.keys()
    assert not any(each in repr(made) for each in (*called, *called.values()))
    assert any(called[JUDY] in bar.label for each in report(world, contest).findings for bar in each.bars)


def test_a_bundle_that_would_tell_who_gave_what_stays_with_organizers(world: World) -> None:
    """Of two judges everybody knows who they are."""
    world.tell_finale(over(world, JUDY, JACK))
    (args,) = jobs(world, PUBLISH)
    world.publishing.publish(**args)
    (letter,) = world.letters("papers")
    assert ["png", "html"] == [each["filename"][-4:].strip(".") for each in letter.uploads]
    assert letter.message["has_bundle"] is False


@pytest.mark.parametrize("what", ["conflict", "void", "left"])
def test_nor_is_it_posted_where_a_judge_stands_out(world: World, what: str) -> None:
    """An author knows who is close to them; and of two who are left each knows the other."""
    contest = over(world, JUDY, JACK, GUS)
    with world.store.read() as work:
        row = work.contests.get(contest)
        assert row is not None
        assert hides_judges(work, row)
    with world.store.write() as work:
        if what == "conflict":
            close = Conflict(
                contest_id=contest,
                judge=JUDY,
                author=ADA,
                kind=ConflictKind.MANAGER,
                declared_by=JUDY,
                at=world.clock.now(),
            )
            work.panels.declare(close)
        elif what == "void":
            role = next(each for each in work.contests.roles.of_contest(contest) if each.user_id == GUS)
            role.voided_at = world.clock.now()
        else:
            for others in ([], ["gus"]):
                document = json.dumps({"judges": [["judy", None], ["jack", None]], "others": others})
                work.panels.drawn(contest, document, sha256_of(document), world.clock.now())
    with world.store.read() as work:
        row = work.contests.get(contest)
        assert row is not None
        assert not hides_judges(work, row)


def test_what_one_organizer_did_alone_is_told(world: World) -> None:
    """In public without the words; two who confirm are no exception."""
    contest = over(world, JUDY, JACK, GUS)
    mine, public = report(world, contest), report(world, contest, public=True)
    by_hand, told = (
        next(each for each in some.findings if each.heading == "Decided by hand") for some in (mine, public)
    )
    assert "confirmed by one organizer alone: 1" in by_hand.sentence.lower()
    assert "I am alone tonight" in by_hand.sentence
    assert "I am alone tonight" not in repr(public)
    assert told.look
    assert "decided by hand" in public.verdict


def test_an_end_that_does_not_hold_is_not_told(world: World) -> None:
    """Nor while the store is asked anew; and without a ceremony nothing is posted."""
    contest = over(world, JUDY, JACK)
    world.tell_finale(contest)
    (args,) = jobs(world, PUBLISH)
    world.printer.during = lambda: change(world, contest, phase="judging")
    world.publishing.publish(**args)
    world.publishing.publish(**args)
    assert [] == world.letters("papers")


def test_without_a_ceremony_nothing_is_posted(world: World) -> None:
    """Organizers have it for the asking."""
    played(world)
    assert [] == jobs(world, PUBLISH)


def test_after_the_last_try_organizers_learn_how_to_make_it(world: World) -> None:
    """By two commands."""
    contest = over(world, JUDY, JACK)
    world.publishing.give_up(contest, "ref-1")
    (alarm,) = [each for each in world.letters("trouble_alarm", OLIVE) if "fairness report" in each.message["what"]]
    assert "`/kantor report`" in alarm.message["what"]


def test_what_was_posted_is_thrown_away_after_a_week(world: World) -> None:
    """Slack has its own copies."""
    world.tell_finale(over(world, JUDY, JACK))
    (args,) = jobs(world, PUBLISH)
    world.publishing.publish(**args)
    with world.store.write() as work:
        (letter,) = work.outbox.of_kinds("papers")
        letter.sent_at, letter.state = world.clock.now(), LetterState.SENT
        keys = {each["object_key"] for each in letter.uploads}
    world.clock.advance(days=8)
    assert keys <= world.objects.kept.keys()
    world.exports.throw_away()
    assert not keys & world.objects.kept.keys()


@pytest.mark.parametrize("rated", [0, 1])
def test_small_contests_get_sentences(world: World, rated: int) -> None:
    """No rating at all, or a single one."""
    pieces = judged(world)
    for piece in pieces[:rated]:
        world.rate(JUDY, piece, 3, 3, 3)
    with world.store.write() as work:
        contest = work.contests.newest_first()[0].id
    with world.desk.person(OLIVE, contest) as work:
        call_judges(work)
    for public in (False, True):
        assert all(each.sentence for each in report(world, contest, public=public).findings)
