"""The check of a composition, up to its card."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal, Unavailable
from bot.rules import storage
from bot.rules.phases import Phase
from bot.usecases.stored import load
from handlers.letters import draw
from judge.midi import Limits, MidiRefusal, RefusalCode
from tests.makers.fakes import NOON
from tests.makers.world import ADA, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def received(world: World, **changes: object) -> str:
    """A composition at the door of an open contest; its id."""
    world.contest()
    piece = world.upload(**changes)  # type: ignore[arg-type]  # the maker's own keywords
    assert piece is not None
    return piece.id


def received_in_silence(world: World) -> str:
    """A composition at the door while Slack names nobody; its id."""
    world.contest()
    world.directory.silent = True
    piece = world.upload()
    assert piece is not None
    return piece.id


def test_an_accepted_composition_gets_a_card_and_a_verdict(world: World) -> None:
    """The card goes to the thread with picture and sound, the verdict to the author alone."""
    submission = received(world)
    world.verdicts.check(submission)
    piece = world.piece(submission)
    assert ("accepted", 8, "G major", "4/4", True) == (piece.state, piece.bars, piece.key, piece.meter, piece.has_sound)
    (card,) = world.letters("card")
    assert (CHANNEL, piece.message_ts) == (card.recipient, card.thread_ts)
    assert ["Morning Tide.png", "Morning Tide.mp3"] == [upload["filename"] for upload in card.uploads]
    assert ["Piano roll of ", ""] == [upload["alt_text"] for upload in card.uploads]
    (verdict,) = world.letters("verdict")
    assert (ADA, None, 72.5) == (verdict.recipient, verdict.thread_ts, verdict.message["score"])


def test_the_original_bytes_are_kept_with_their_hash(world: World) -> None:
    """What was uploaded is stored as it was, and its sha256 beside it."""
    submission = received(world)
    world.verdicts.check(submission)
    assert b"bytes of F1" == world.objects.get(storage.original(world.piece(submission).folder))
    assert sha256(b"bytes of F1").hexdigest() == world.piece(submission).sha256


def test_the_verdict_is_stored_with_what_made_it(world: World) -> None:
    """Score, all facts, version and hash of the weights are kept."""
    submission = received(world)
    world.verdicts.check(submission)
    with world.store.read() as work:
        verdict = work.verdicts.of_submission(submission)
    assert verdict is not None
    assert (72.5, "judge-test", "0" * 64) == (verdict.score, verdict.model_version, verdict.weights_sha256)
    assert "G major" == verdict.facts["key"]


def test_a_second_check_changes_nothing(world: World) -> None:
    """A job that runs again after its commit downloads, writes and says nothing."""
    submission = received(world)
    world.verdicts.check(submission)
    world.verdicts.check(submission)
    assert (1, 1, 1) == (len(world.letters("card")), len(world.letters("verdict")), len(world.files.downloads))


def test_a_check_goes_on_after_a_crash_without_a_second_download(world: World) -> None:
    """Bytes that were stored before the crash are used again."""
    submission = received(world)
    world.inspector.answers[b"bytes of F1"] = Unavailable("the child died")
    with pytest.raises(Unavailable):
        world.verdicts.check(submission)
    world.inspector.answers.clear()
    world.verdicts.check(submission)
    assert (1, "accepted") == (len(world.files.downloads), world.piece(submission).state)


def test_two_workers_with_one_composition_settle_it_once(world: World) -> None:
    """A worker whose lease ran out finds the work done, and leaves it."""
    submission = received(world)
    faster = [True]

    def meanwhile() -> None:
        if faster.pop() if faster else False:
            world.verdicts.check(submission)

    world.inspector.during = meanwhile
    world.verdicts.check(submission)
    assert (2, 1) == (len(world.inspector.inspected), len(world.letters("card")))


def test_a_download_that_fails_for_now_is_tried_again(world: World) -> None:
    """Slack's hiccup leaves the composition in the state checking."""
    submission = received(world)
    world.files.failures = 1
    with pytest.raises(Unavailable):
        world.verdicts.check(submission)
    assert "checking" == world.piece(submission).state


def test_a_file_that_cannot_be_judged_is_refused_with_its_sentence(world: World) -> None:
    """The judge's refusal reaches the thread, and the place is free again."""
    submission = received(world)
    world.inspector.answers[b"bytes of F1"] = MidiRefusal(RefusalCode.TOO_LONG, "This piece has 9 bars, one too many.")
    world.verdicts.check(submission)
    piece = world.piece(submission)
    assert ("refused", "too_long") == (piece.state, piece.refusal_code)
    (letter,) = world.letters("refusal")
    assert (CHANNEL, piece.message_ts) == (letter.recipient, letter.thread_ts)
    assert ("U0ADA", "This piece has 9 bars, one too many. It does not count towards your limit.") == (
        letter.message["user_id"],
        letter.message["sentence"],
    )
    assert [] == world.letters("card")


def test_a_file_that_was_deleted_is_refused(world: World) -> None:
    """Gone before it was fetched: the person is asked to upload it again."""
    submission = received(world)
    del world.files.uploaded["F1"]
    world.verdicts.check(submission)
    assert (
        "This file was deleted before I could fetch it, so it does not count. Please upload it once more."
    ) == world.piece(submission).refusal_sentence


def test_of_a_file_that_is_too_large_nothing_is_kept(world: World) -> None:
    """The beginning of a large file is shown to the gate, and not stored as if it were the original."""
    submission = received(world)
    world.files.uploaded["F1"] = b"x" * 1_000_000
    world.verdicts.check(submission)
    assert Limits().max_bytes + 1 == len(world.inspector.inspected[0])
    assert not world.objects.exists(storage.original(world.piece(submission).folder))
    assert world.piece(submission).sha256 is None


def test_without_sound_the_card_carries_the_picture_alone(world: World) -> None:
    """Where no sound can be made the card says so and shows the picture."""
    world.inspector.sound = None
    submission = received(world)
    world.verdicts.check(submission)
    (card,) = world.letters("card")
    assert (False, ["Morning Tide.png"]) == (card.message["has_sound"], [upload["filename"] for upload in card.uploads])


def test_a_direct_message_is_answered_in_its_own_thread(world: World) -> None:
    """Card and verdict of a private upload stay in the direct messages."""
    submission = received(world, dm=True)
    world.verdicts.check(submission)
    thread = ("DU0ADA", world.piece(submission).message_ts)
    letters = [*world.letters("card"), *world.letters("verdict")]
    assert [thread, thread] == [(letter.recipient, letter.thread_ts) for letter in letters]


def test_what_is_accepted_during_the_judging_reaches_the_judges(world: World) -> None:
    """A composition that was still being checked when the judging began is sent to the judges."""
    submission = received(world)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.contests.advance(OLIVE, world.piece(submission).contest_id, Phase.OPEN)
    assert [] == world.letters("rating_invitation")
    world.verdicts.check(submission)
    assert {JUDY, JACK} == {letter.recipient for letter in world.letters("rating_invitation")}


def test_giving_up_is_our_fault_and_said_so(world: World) -> None:
    """Author and organizer learn the reference; the place in the limit is free again."""
    submission = received(world)
    world.verdicts.give_up(submission, "ab12cd34")
    world.verdicts.give_up(submission, "ffffffff")
    assert "failed" == world.piece(submission).state
    (letter,) = world.letters("refusal")
    assert (
        "I could not check “Morning Tide”: that is our fault, not yours. It does not count against your limit, and the organizers "
        "know (reference ab12cd34). Please upload it once more: until the judging ends, that counts as sent in time."
    ) == letter.message["sentence"]
    assert [(OLIVE, "ab12cd34")] == [
        (row.recipient, row.message["reference"]) for row in world.letters("trouble_alarm")
    ]


def test_a_composition_that_came_while_slack_was_silent_gets_its_name_before_its_card(world: World) -> None:
    """Receipts cannot wait for a name; card, verdict and board have it, and the person is remembered."""
    submission = received_in_silence(world)
    world.directory.silent = False
    world.verdicts.check(submission)
    assert "#bach-jam-ada-MorningTide" == world.piece(submission).name
    assert ["#bach-jam-ada-MorningTide"] == [letter.message["name"] for letter in world.letters("card")]
    with world.store.read() as work:
        known = work.people.get(ADA)
    assert known is not None
    assert "Ada" == known.name


def test_a_composition_without_a_name_waits_for_it(world: World) -> None:
    """While Slack says nobody's name, the check is tried again later, before anything is fetched."""
    submission = received_in_silence(world)
    with pytest.raises(Unavailable):
        world.verdicts.check(submission)
    assert ([], "checking") == (world.files.downloads, world.piece(submission).state)


def test_a_composition_with_a_name_needs_nobody_looked_up(world: World) -> None:
    """Where the name is settled, a silent Slack delays no card."""
    submission = received(world)
    world.directory.silent = True
    world.verdicts.check(submission)
    assert ("accepted", "#bach-jam-ada-MorningTide") == (world.piece(submission).state, world.piece(submission).name)


def refused_as_far(world: World, submission: str) -> bool:
    """Whether it was refused because its author is of another workspace, with nothing of theirs fetched."""
    (letter,) = world.letters("refusal")
    return (
        "another one, so I did not take your file" in letter.message["sentence"]
        and ("refused", "not_ours", [])
        == (world.piece(submission).state, world.piece(submission).refusal_code, world.files.downloads)
        and [] == [*world.letters("card"), *world.letters("verdict")]
    )


def test_somebody_of_another_workspace_who_came_in_the_silence_is_refused(world: World) -> None:
    """The receipt was too early; the check waits until Slack says whose it is, and refuses with a sentence."""
    world.directory.add(ADA, "Ada", CHANNEL, is_stranger=True)
    submission = received_in_silence(world)
    with pytest.raises(Unavailable):
        world.verdicts.check(submission)
    world.directory.silent = False
    world.verdicts.check(submission)
    assert refused_as_far(world, submission)


@pytest.mark.parametrize("through_the_door", [True, False])
def test_somebody_of_another_workspace_whom_an_older_kantor_remembered_is_refused(
    world: World,
    through_the_door: bool,
) -> None:
    """As one whom nobody ever asked about: at the door, or where Slack is silent then, at the check, which waits for it."""
    world.contest()
    world.directory.add(ADA, "Ada", CHANNEL, is_stranger=True)
    with world.store.write() as work:
        work.people.remember(ADA, name="Ada", time_zone="UTC", is_admin=False, is_ours=False, now=NOON)
    world.directory.silent = not through_the_door
    piece = world.upload()
    if through_the_door:
        assert piece is None
        assert "another one" in world.letters("refusal")[0].message["sentence"]
        return
    assert piece is not None
    with pytest.raises(Unavailable):
        world.verdicts.check(piece.id)
    world.directory.silent = False
    world.verdicts.check(piece.id)
    assert refused_as_far(world, piece.id)


def test_nobody_of_another_workspace_hands_in_by_a_window(world: World) -> None:
    """However they got the window: no contest is theirs."""
    world.contest()
    world.directory.add("U0FAR", "Farah", CHANNEL, is_stranger=True)
    assert frozenset() == world.submissions.memberships("U0FAR", in_doubt=True)
    assert frozenset() != world.submissions.memberships(ADA, in_doubt=True)
    with pytest.raises(Refusal):
        world.hand_ins.form("U0FAR", CHANNEL)


def test_a_composition_of_somebody_who_is_gone_is_checked_all_the_same(world: World) -> None:
    """Slack knows nobody of that id any more: the id stays in the name."""
    submission = received_in_silence(world)
    world.directory.silent = False
    del world.directory.people[ADA]
    world.verdicts.check(submission)
    assert ("accepted", "#bach-jam-u0ada-MorningTide") == (world.piece(submission).state, world.piece(submission).name)


def test_giving_up_leaves_a_settled_composition_alone(world: World) -> None:
    """A late failure does not undo an acceptance."""
    submission = received(world)
    world.verdicts.check(submission)
    world.verdicts.give_up(submission, "ab12cd34")
    assert "accepted" == world.piece(submission).state


def test_a_title_that_looks_like_a_mention_calls_nobody(world: World) -> None:
    """Ada names her file after Olive and the whole channel: the only one who is called is Ada."""
    submission = received(world, name="<@U0OLIVE> <!channel> dawn.mid")
    world.verdicts.give_up(submission, "ab12cd34")
    (letter,) = world.letters("refusal")
    shown = draw(load(letter.message)).text
    assert ["<@U0ADA>"] == re.findall(r"<[@#!][^>]*>", shown)
    assert "@U0OLIVE&gt; &lt;" in shown
