"""Flags for the organizers where a composition shares long passages with another piece."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import InspectionFailed, Unavailable
from bot.ports import Inspection
from bot.rules import storage
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.verdicts.copies import ALONE, AT_ONCE, COMPARE
from models.submissions import SubmissionState
from tests.makers.fakes import a_copy_of, made_up_verdict
from tests.makers.thousands import fill
from tests.makers.world import ADA, BEN, JACK, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.contest()
        yield world


def test_a_copy_of_somebody_elses_piece_is_accepted_and_flagged_once(world: World) -> None:
    """One letter to each organizer, none to anybody else, however often the job runs."""
    world.inspector.shared[b"bytes of F2"] = b"bytes of F1"
    original, copy = world.accepted(ADA, "F1"), world.accepted(BEN, "F2", "Mine.mid")
    for submission in (original, copy, copy):
        world.copies.compare(submission)
    assert "accepted" == world.piece(copy).state
    (alarm,) = world.letters("copy_alarm")
    assert (OLIVE, world.piece(copy).name) == (alarm.recipient, alarm.message["name"])
    (passage,) = alarm.message["passages"]
    assert (world.piece(original).name, [1, 8], [3, 10]) == (
        passage["other"]["name"],
        passage["bars_here"],
        passage["bars_there"],
    )


def test_the_organizers_see_both_pieces(world: World) -> None:
    """Each passage has a picture with alt text: the copy above the piece that it is like."""
    world.inspector.shared[b"bytes of F2"] = b"bytes of F1"
    original, copy = world.accepted(ADA, "F1"), world.accepted(BEN, "F2", "Mine.mid")
    world.copies.compare(copy)
    (alarm,) = world.letters("copy_alarm")
    (upload,) = alarm.uploads
    titles = [world.piece(each).title for each in (copy, original)]
    assert f"{titles[0]} by Ben above {titles[1]} by Ada" == upload["alt_text"]
    assert b"aligned" == world.objects.get(upload["object_key"])


def test_what_cannot_be_drawn_is_told_in_words(world: World) -> None:
    """A child that dies over the picture holds no alarm back."""

    def die() -> None:
        raise InspectionFailed("died")

    world.inspector.shared[b"bytes of F2"] = b"bytes of F1"
    copy = world.accepted(ADA, "F1") and world.accepted(BEN, "F2", "Mine.mid")
    world.inspector.during = die
    world.copies.compare(copy)
    (alarm,) = world.letters("copy_alarm")
    assert ([], 1) == (alarm.uploads, len(alarm.message["passages"]))


def test_a_starter_melody_is_told_as_the_common_source(world: World) -> None:
    """Of a piece that raises an alarm anyway; a child that dies over it holds no alarm back."""
    world.inspector.shared = {b"bytes of F2": b"bytes of F1", b"bytes of F3": b"bytes of F1"}
    world.inspector.tunes[b"bytes of F2"] = (replace(a_copy_of("Ode to Joy"), coverage=0.6),)
    world.accepted(ADA, "F1")
    for piece in (world.accepted(BEN, "F2", "Mine.mid"), world.accepted(BEN, "F3", "Also mine.mid")):
        world.copies.compare(piece)
    assert [["Ode to Joy"], []] == [alarm.message["starters"] for alarm in world.letters("copy_alarm")]


def test_a_starter_melody_handed_in_as_it_is_is_told(world: World) -> None:
    """Also where nobody else took it: it is not the person's own."""
    world.inspector.tunes[b"bytes of F1"] = (replace(a_copy_of("Ode to Joy"), coverage=1.0),)
    world.copies.compare(world.accepted(ADA, "F1"))
    (alarm,) = world.letters("copy_alarm")
    (passage,) = alarm.message["passages"]
    assert "“Ode to Joy” of the starter kit, handed in as it is" == passage["work"]


def test_after_three_alarms_an_hour_one_letter_has_the_others(world: World) -> None:
    """It is rewritten with each one; the next hour begins anew. Who judges blind is told of none by name."""
    with world.store.write() as work:
        (contest,) = work.contests.newest_first()
        work.contests.roles.give(contest.id, JACK, Role.ORGANIZER, added_by=OLIVE, now=world.clock.now())
        work.contests.roles.give(contest.id, JACK, Role.JUDGE, added_by=OLIVE, now=world.clock.now())
        contest.submission_limit = 99
    for number in range(ALONE + 4):
        world.inspector.tunes[f"bytes of F{number}".encode()] = (replace(a_copy_of("Ode to Joy"), coverage=1.0),)
        if number == ALONE + 3:
            world.clock.advance(hours=1)
        piece = world.accepted(ADA, f"F{number}", f"Piece {number}.mid")
        world.copies.compare(piece)
        world.copies.compare(piece)
    assert [ALONE + 1, ALONE + 1] == [len(world.letters("copy_alarm", to)) for to in (OLIVE, JACK)]
    assert {""} == {letter.message["name"] for letter in world.letters("copy_alarm", JACK)}
    digests = world.letters("copy_digest", OLIVE)
    assert [1, 2, 3] == [letter.message["number"] for letter in digests]
    assert [None, digests[0].key, digests[0].key] == [letter.edits for letter in digests]
    newest = digests[-1].message["pieces"][0]
    assert ("Piece5" in newest["name"].replace(" ", ""), "“Ode to Joy”" in newest["works"]) == (True, True)
    assert [[]] * 3 == [letter.message["pieces"] for letter in world.letters("copy_digest", JACK)]


def test_somebodys_own_earlier_version_is_no_copy(world: World) -> None:
    """People polish their pieces and hand them in again."""
    world.inspector.shared[b"bytes of F2"] = b"bytes of F1"
    world.accepted(ADA, "F1")
    world.copies.compare(world.accepted(ADA, "F2", "Better.mid"))
    assert [] == world.letters("copy_alarm")


def test_a_copy_of_bach_is_flagged_though_nobody_else_took_part(world: World) -> None:
    """The verdict knows the nearest works; only those that are long enough are told."""
    plain = a_copy_of("BWV 2.6")
    quoted = type(plain)("BWV 3.6", 0.2, (1, 2), (3, 4), 60.0, copied=False)
    found = Inspection(made_up_verdict(works=(plain, quoted)), b"png", "Piano roll", None, b"")
    world.inspector.answers[b"bytes of F1"] = found
    piece = world.upload()
    assert piece is not None
    world.verdicts.check(piece.id)
    world.copies.compare(piece.id)
    (alarm,) = world.letters("copy_alarm")
    assert ["Bach, BWV 2.6"] == [passage["work"] for passage in alarm.message["passages"]]


def test_pieces_of_another_contest_are_not_compared(world: World) -> None:
    """The same piece may be handed in to the next contest."""
    world.inspector.shared[b"bytes of F2"] = b"bytes of F1"
    first = world.accepted(ADA, "F1")
    contest_id = world.piece(first).contest_id
    for before in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest_id, before)
    world.contest(slug="second-jam", name="Second Jam")
    world.copies.compare(world.accepted(BEN, "F2"))
    assert [] == world.letters("copy_alarm")


def test_a_refused_file_is_compared_with_nothing(world: World) -> None:
    """There is no verdict, so there is nothing to tell."""
    piece = world.upload()
    assert piece is not None
    world.copies.compare(piece.id)
    world.copies.compare("unknown")
    assert [] == world.letters("copy_alarm")


def test_acceptance_orders_the_comparison(world: World) -> None:
    """The job is in the same transaction as the acceptance, so that no crash loses it."""
    submission = world.accepted()
    with world.store.write() as work:
        lease = world.later(hours=1) - world.later()
        claims = list(iter(lambda: work.jobs.claim(world.later(hours=1), lease), None))
    orders = {job.key: job.args for job in claims}
    assert {"submission_id": submission} == orders[f"{COMPARE}:{submission}"]


def test_while_the_object_store_is_out_the_job_is_tried_again(world: World) -> None:
    """Unavailable rises to the worker; after the last try the organizers get the reference."""
    world.accepted(ADA, "F1")
    submission = world.accepted(BEN, "F2")
    world.objects.broken = True
    with pytest.raises(Unavailable):
        world.copies.compare(submission)
    world.copies.give_up(submission, "ab12cd34")
    world.copies.give_up("unknown", "ab12cd34")
    (alarm,) = world.letters("trouble_alarm")
    assert (OLIVE, "ab12cd34") == (alarm.recipient, alarm.message["reference"])


def test_a_copy_is_found_among_thousands_and_each_file_is_fetched_once(world: World) -> None:
    """Wherever it lies among them; the second comparison fetches only what is new. What left the contest is forgotten."""
    with world.store.read() as work:
        (contest,) = work.contests.unfinished()
    fill(world.store, contest.id, world.clock.now(), pieces=AT_ONCE + 1, people=AT_ONCE, judges=1, rated=0)
    last = world.piece(f"P{AT_ONCE + 1:05d}")
    for number in (1, AT_ONCE + 1):
        piece = world.piece(f"P{number:05d}")
        for key in (storage.fingerprint(piece.folder), storage.original(piece.folder)):
            world.objects.put(key, f"bytes of {piece.id}".encode())
    world.inspector.shared[b"bytes of F2"] = f"bytes of {last.id}".encode()
    copy = world.accepted(BEN, "F2", "Mine.mid")
    world.copies.compare(copy)
    (alarm,) = world.letters("copy_alarm")
    assert [last.name] == [passage["other"]["name"] for passage in alarm.message["passages"]]
    assert {"P00001", last.id} == set(world.copies.fetched[contest.id])

    world.objects.delete(storage.fingerprint(last.folder))
    world.copies.compare(copy)
    assert {"P00001", last.id} == set(world.copies.fetched[contest.id])
    with world.store.write() as work:
        gone = work.submissions.get("P00001")
        assert gone is not None
        gone.state = SubmissionState.WITHDRAWN
    world.copies.compare(copy)
    assert {last.id} == set(world.copies.fetched[contest.id])
