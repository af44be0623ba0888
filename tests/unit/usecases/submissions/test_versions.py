"""Versions of a composition: at most one counts, whatever comes in, and in whichever order."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.phases import Intake, Phase
from bot.rules.queue import AT_ONCE
from bot.usecases.stored import load
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import HandIn, WindowFile
from handlers.letters import draw
from judge.midi import MidiRefusal, RefusalCode
from models.submissions import Submission, SubmissionState
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def reply(world: World, first: str, file_id: str, name: str = "new.mid", **changes: Any) -> Submission:
    """A file that its author uploads in the thread of an earlier upload."""
    earlier = world.piece(first)
    where = {"channel_id": earlier.channel_id, "is_dm": earlier.in_dm, "thread_ts": earlier.message_ts}
    world.clock.advance(seconds=1)
    piece = world.upload(earlier.user_id, file_id, name, **{**where, **changes})
    assert piece is not None
    return piece


def accepted(world: World, user_id: str = ADA, file_id: str = "F1", name: str = "Morning Tide.mid") -> str:
    """A composition that was accepted; no two messages have the same time, as on Slack."""
    world.clock.advance(seconds=1)
    return world.accepted(user_id, file_id, name)


def states(world: World, *pieces: str) -> list[str]:
    return [world.piece(piece).state.value for piece in pieces]


def too_long(world: World, file_id: str) -> None:
    world.inspector.answers[f"bytes of {file_id}".encode()] = MidiRefusal(RefusalCode.TOO_LONG, "It has 9 bars.")


def refused(world: World, file_id: str) -> str:
    """A composition that was too long."""
    too_long(world, file_id)
    world.clock.advance(seconds=1)
    piece = world.upload(file_id=file_id)
    assert piece is not None
    world.verdicts.check(piece.id)
    return piece.id


def window_file(world: World, file_id: str, name: str = "tide.mid") -> WindowFile:
    """A file that somebody has just put into a window."""
    world.files.uploaded.setdefault(file_id, f"bytes of {file_id}".encode())
    return WindowFile(file_id, name, "", "", 300, world.clock.now())


def test_what_a_person_handed_in_lies_together(world: World) -> None:
    """Below the contest, then below who stands for them there, then each version for itself; no key names anybody."""
    contest = world.contest()
    first = accepted(world)
    new = reply(world, first, "F2")
    world.corrections.correct(Correct(OLIVE, first, window_file(world, "F3"), "Wrong file attached"))
    bens = accepted(world, BEN, "F4")
    with world.store.read() as work:
        corrected = work.submissions.by_file(contest, "F3")
    assert corrected is not None
    hers = [f"contests/{contest}/{first}/{piece}" for piece in (first, new.id, corrected.id)]
    assert [*hers, f"contests/{contest}/{bens}/{bens}"] == [
        world.piece(each).folder for each in (first, new.id, corrected.id, bens)
    ]
    assert b"bytes of F1" == world.objects.get(f"{hers[0]}/original.mid")
    assert [] == [key for key in world.objects.kept if ADA in key or BEN in key]


def last_sentence(world: World) -> str:
    return str(world.letters("refusal")[-1].message["sentence"])


def test_a_file_in_the_thread_is_the_next_version(world: World) -> None:
    """It keeps title and name; the one before counts until it is accepted, and is superseded then."""
    world.contest(submission_limit=1)
    first = accepted(world)
    second = reply(world, first, "F2", "other name.mid")
    assert (first, 2, "Morning Tide") == (second.root_id, second.version, second.title)
    assert world.piece(first).name == second.name
    assert ["accepted", "received"] == states(world, first, second.id)
    receipt = world.letters("receipt")[-1].message
    assert (2, 1, 1) == (receipt["version"], receipt["standing"], receipt["number"])
    world.verdicts.check(second.id)
    assert ["superseded", "accepted"] == states(world, first, second.id)
    card = world.letters("card")[-1].message
    assert (2, 2) == (card["version"], card["counting"])
    assert world.piece(first).alias != world.piece(second.id).alias


def test_a_refused_version_leaves_the_one_before_counting(world: World) -> None:
    """And says so."""
    world.contest()
    first = accepted(world)
    second = reply(world, first, "F2")
    too_long(world, "F2")
    world.verdicts.check(second.id)
    assert ["accepted", "refused"] == states(world, first, second.id)
    assert "It has 9 bars. Version 1 of *Morning Tide* still counts." == last_sentence(world)


def test_versions_that_are_checked_in_another_order_count_in_theirs(world: World) -> None:
    """The third is accepted before the second: the second never counts, and its card says so."""
    world.contest()
    first = accepted(world)
    second, third = reply(world, first, "F2"), reply(world, first, "F3")
    world.verdicts.check(third.id)
    world.verdicts.check(second.id)
    assert ["superseded", "superseded", "accepted"] == states(world, first, second.id, third.id)
    card = world.letters("card")[-1].message
    assert (2, 3) == (card["version"], card["counting"])


def test_the_limit_counts_compositions(world: World) -> None:
    """Versions take no place; another composition does, also where the first version of one was refused."""
    world.contest(submission_limit=2)
    first = refused(world, "F1")
    accepted(world, file_id="F2")
    world.inspector.answers.clear()
    mended = reply(world, first, "F3")
    world.verdicts.check(mended.id)
    assert (first, 2, "accepted") == (mended.root_id, mended.version, world.piece(mended.id).state)
    assert world.upload(file_id="F4") is None
    assert "A new version of one of them does not need room" in last_sentence(world)


def test_a_mended_version_needs_a_place_like_any_other(world: World) -> None:
    """Two places are taken: the refused third cannot come back as a version."""
    world.contest(submission_limit=1)
    earlier = world.piece(refused(world, "F1"))
    accepted(world, file_id="F2")
    assert world.upload(ADA, "F3", thread_ts=earlier.message_ts) is None


def test_a_thread_of_two_compositions_asks_which(world: World) -> None:
    """The file's name tells; another name is asked about, and nothing is replaced by guess."""
    world.contest()
    one = world.upload(file_id="F1", name="one.mid")
    two = world.upload(file_id="F2", name="two.mid")
    assert one is not None
    assert two is not None
    assert two.id == reply(world, two.id, "F3", "two.mid").root_id
    assert world.upload(file_id="F4", name="three.mid", thread_ts=one.message_ts) is None
    assert "This thread began with “one” and “two”" in last_sentence(world)


def test_somebody_elses_thread_is_not_replaced(world: World) -> None:
    """Ben's file below Ada's is his own composition."""
    world.contest()
    first = world.piece(accepted(world))
    other = world.upload(BEN, "F2", thread_ts=first.message_ts)
    assert other is not None
    assert (1, other.id) == (other.version, other.root_id)


def test_a_reply_to_our_own_letter_is_a_new_version(world: World) -> None:
    """What came by a window has no thread: the reply to its receipt in the direct messages says what it replaces."""
    contest = world.contest()
    handed = world.hand_ins.hand_in(HandIn(ADA, contest, "Dawn", window_file(world, "F1")))
    assert "#bach-jam-ada-Dawn" == handed.receipt.name
    (receipt,) = world.letters("receipt")
    with world.store.write() as work:
        work.outbox.sent(receipt.id, "DU0ADA", "1790000000.000300", world.clock.now())
    second = world.upload(ADA, "F2", dm=True, thread_ts="1790000000.000300")
    assert second is not None
    assert (2, "Dawn") == (second.version, second.title)


def test_the_deadline_holds_for_versions_too(world: World) -> None:
    """A second too late, the new version waits for a decision, and the old one counts."""
    world.contest()
    first = accepted(world)
    world.clock.advance(hours=2, seconds=1)
    second = reply(world, first, "F2")
    assert ["accepted", "late"] == states(world, first, second.id)
    (note,) = world.letters("late_receipt")
    assert 1 == note.message["standing"]
    world.late_files.decide(OLIVE, second.id, accept=True)
    world.verdicts.check(second.id)
    assert ["superseded", "accepted"] == states(world, first, second.id)


def test_a_withdrawn_composition_leaves_board_and_queue(world: World) -> None:
    """Judges get another piece in its place, ratings stay in the database, and rating it is refused."""
    contest = world.contest(submission_limit=AT_ONCE + 1)
    pieces = [accepted(world, BEN, f"F{number}") for number in range(AT_ONCE + 1)]
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    sent = [str(letter.message["submission_id"]) for letter in world.letters("rating_invitation", JUDY)]
    (unsent,) = set(pieces) - set(sent)
    world.compositions.withdraw(BEN, sent[0])
    assert unsent == world.letters("rating_invitation", JUDY)[-1].message["submission_id"]
    with pytest.raises(Refusal):
        world.rate(JUDY, sent[0])
    assert world.piece(sent[0]).name not in world.boards.show(ADA, CHANNEL).model_dump_json().split('"')
    world.rate(JUDY, unsent)
    world.compositions.withdraw(BEN, unsent)
    with world.store.read() as work:
        assert [unsent] == [rating.submission_id for rating in work.ratings.of_contest(contest)]
    assert world.piece(unsent).name not in world.boards.show(ADA, CHANNEL).model_dump_json().split('"')


def test_withdrawing_takes_all_versions_and_is_safe_to_repeat(world: World) -> None:
    """Also the one that is still being checked; its check says nothing any more."""
    contest = world.contest(submission_limit=1)
    first = accepted(world)
    second = reply(world, first, "F2")
    for _ in range(2):
        world.compositions.withdraw(ADA, second.id)
    world.verdicts.check(second.id)
    assert ["withdrawn", "withdrawn"] == states(world, first, second.id)
    assert world.upload(file_id="F3") is not None
    with world.store.read() as work:
        assert 1 == len([row for row in work.audit.of_contest(contest) if row.action == "submission.withdrawn"])


def test_an_author_chooses_which_version_counts(world: World) -> None:
    """The earlier one counts again, and the later one is superseded; a withdrawn one comes back."""
    world.contest()
    first = accepted(world)
    second = reply(world, first, "F2")
    world.verdicts.check(second.id)
    world.compositions.let_count(ADA, first)
    assert ["accepted", "superseded"] == states(world, first, second.id)
    assert 1 == world.compositions.mine(ADA).contests[0].compositions[0].counting
    world.compositions.withdraw(ADA, first)
    world.compositions.let_count(ADA, second.id)
    assert ["superseded", "accepted"] == states(world, first, second.id)


def test_what_was_withdrawn_needs_a_place_to_come_back(world: World) -> None:
    """Over the limit it stays out, with the way to make room."""
    world.contest(submission_limit=1)
    first = accepted(world)
    world.compositions.withdraw(ADA, first)
    accepted(world, file_id="F2")
    with pytest.raises(Refusal, match="withdraw another one first"):
        world.compositions.let_count(ADA, first)


def test_a_version_that_never_passed_cannot_count(world: World) -> None:
    """A refused file is not chosen, nor one that was withdrawn before its check."""
    world.contest()
    first = accepted(world)
    second = reply(world, first, "F2")
    too_long(world, "F2")
    world.verdicts.check(second.id)
    third = reply(world, first, "F3")
    world.compositions.withdraw(ADA, third.id)
    for version in (second.id, third.id):
        with pytest.raises(Refusal, match="never passed"):
            world.compositions.let_count(ADA, version)


def test_after_the_deadline_nothing_of_it_changes_but_it_can_be_withdrawn(world: World) -> None:
    """Replace by window (late), choose and rename are over; a withdrawal goes until the contest is finished."""
    contest = world.contest()
    first = accepted(world)
    second = reply(world, first, "F2")
    world.verdicts.check(second.id)
    world.clock.advance(hours=3)
    for change in (
        lambda: world.compositions.let_count(ADA, first),
        lambda: world.compositions.rename(ADA, first, "Dusk"),
        lambda: world.compositions.title(ADA, first),
    ):
        with pytest.raises(Refusal, match="takes no changes any more"):
            change()
    assert world.hand_ins.replacement(ADA, first).contests[0].late
    assert not world.compositions.mine(ADA).contests[0].compositions[0].may_change
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert world.compositions.mine(ADA).contests[0].compositions[0].may_withdraw
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with pytest.raises(Refusal, match="is over"):
        world.compositions.withdraw(ADA, first)


def test_nobody_touches_what_is_not_theirs(world: World) -> None:
    """Ben's hands on Ada's composition: it is not among his."""
    contest = world.contest()
    first = accepted(world)
    command = HandIn(BEN, contest, "", window_file(world, "F9"), replaces=first)
    for change in (
        lambda: world.compositions.withdraw(BEN, first),
        lambda: world.compositions.let_count(BEN, first),
        lambda: world.compositions.rename(BEN, first, "Mine"),
        lambda: world.hand_ins.replacement(BEN, first),
        lambda: world.hand_ins.hand_in(command),
    ):
        with pytest.raises(Refusal, match="among yours"):
            change()
    assert ["accepted"] == states(world, first)


def test_a_new_title_gives_all_versions_a_new_name(world: World) -> None:
    """Title and name change together; another composition of that name is told apart; the audit has both names."""
    contest = world.contest()
    first = accepted(world)
    second = reply(world, first, "F2")
    accepted(world, file_id="F3", name="Dusk.mid")
    world.compositions.rename(ADA, first, "  Dusk  ")
    names = {world.piece(piece).name for piece in (first, second.id)}
    assert {"#bach-jam-ada-Dusk-2"} == names
    with world.store.read() as work:
        (note,) = [row for row in work.audit.of_contest(contest) if row.action == "submission.renamed"]
    assert ("#bach-jam-ada-MorningTide", "#bach-jam-ada-Dusk-2") == (note.facts["before"], note.facts["after"])
    with pytest.raises(Refusal) as refused:
        world.compositions.rename(ADA, first, " \n ")
    assert "title" == refused.value.field


def test_the_same_bytes_by_the_same_person_do_not_count_twice(world: World) -> None:
    """The person learns which one it is; also where it is an earlier version of the same composition."""
    world.contest()
    first = accepted(world)
    world.files.uploaded["F2"] = b"bytes of F1"
    world.clock.advance(seconds=1)
    twice = world.upload(file_id="F2", name="again.mid")
    assert twice is not None
    world.verdicts.check(twice.id)
    assert "same_file" == world.piece(twice.id).refusal_code
    assert "This is the same file as *Morning Tide*, which counts, so it does not count twice." in last_sentence(world)
    second = reply(world, first, "F3")
    world.verdicts.check(second.id)
    world.files.uploaded["F4"] = b"bytes of F1"
    back = reply(world, first, "F4")
    world.verdicts.check(back.id)
    assert "is an earlier version, and `/kantor mine` can let it count again" in last_sentence(world)
    assert ["superseded", "accepted", "refused"] == states(world, first, second.id, back.id)


def test_the_same_bytes_again_after_a_withdrawal_count(world: World) -> None:
    """Somebody who took a piece out may hand it in again."""
    world.contest()
    world.compositions.withdraw(ADA, accepted(world))
    world.files.uploaded["F2"] = b"bytes of F1"
    again = world.upload(file_id="F2")
    assert again is not None
    world.verdicts.check(again.id)
    assert "accepted" == world.piece(again.id).state


def test_somebody_elses_bytes_are_accepted_and_flagged(world: World) -> None:
    """The organizers learn of it once; the author is told nothing, and no second letter comes from the comparison of notes."""
    contest = world.contest()
    accepted(world)
    world.files.uploaded["F2"] = b"bytes of F1"
    other = world.upload(BEN, "F2")
    assert other is not None
    world.verdicts.check(other.id)
    world.inspector.shared[b"bytes of F1"] = b"bytes of F1"
    world.copies.compare(other.id)
    assert "accepted" == world.piece(other.id).state
    (alarm,) = world.letters("same_file_alarm")
    twin = {"name": "#bach-jam-ada-MorningTide", "title": "Morning Tide", "author": ADA, "replaced": 0}
    assert (OLIVE, [twin]) == (alarm.recipient, alarm.message["others"])
    assert [] == world.letters("copy_alarm")
    with world.store.read() as work:
        assert 1 == len([row for row in work.audit.of_contest(contest) if row.action == "submission.flagged"])


def test_bytes_of_a_replaced_version_are_told_as_such(world: World) -> None:
    """Whoever opens both hears two different pieces otherwise; a copy of something else is told beside it."""
    world.contest()
    accepted(world)
    accepted(world, ADA, "F3", "Morning Tide.mid")
    first = world.upload(ADA, "F4", "Morning Tide.mid", thread_ts=None)
    assert first is not None
    with world.store.write() as work:
        (tide, *_) = [one for one in work.submissions.of_contest(first.contest_id) if one.slack_file_id == "F1"]
        tide.state = SubmissionState.SUPERSEDED
    world.files.uploaded["F2"] = b"bytes of F1"
    world.inspector.shared[b"bytes of F1"] = b"bytes of F3"
    other = world.upload(BEN, "F2")
    assert other is not None
    world.verdicts.check(other.id)
    world.copies.compare(other.id)
    (alarm,) = world.letters("same_file_alarm")
    assert [("Morning Tide", ADA, 1)] == [
        (each["title"], each["author"], each["replaced"]) for each in alarm.message["others"]
    ]
    assert 1 == len(world.letters("copy_alarm"))


def test_a_new_display_name_names_new_compositions_and_no_old_ones(world: World) -> None:
    """Ada is Adele now: her first piece keeps its name, her next one has the new one."""
    world.contest()
    first = accepted(world)
    world.directory.add(ADA, "Adele", CHANNEL)
    second = accepted(world, file_id="F2", name="Dusk.mid")
    version = reply(world, first, "F3")
    world.verdicts.check(version.id)
    assert ["#bach-jam-ada-MorningTide", "#bach-jam-adele-Dusk", "#bach-jam-ada-MorningTide"] == [
        world.piece(piece).name for piece in (first, second, version.id)
    ]


def test_versions_of_somebody_whom_slack_did_not_name_are_named_together(world: World) -> None:
    """Both came while Slack was silent: whichever is checked first, the composition has one name."""
    world.contest()
    world.directory.silent = True
    first = world.upload()
    assert first is not None
    second = reply(world, first.id, "F2")
    assert "#bach-jam-u0ada-MorningTide" == second.name
    world.directory.silent = False
    world.verdicts.check(second.id)
    world.verdicts.check(first.id)
    assert {"#bach-jam-ada-MorningTide"} == {world.piece(piece.id).name for piece in (first, second)}


def test_a_contest_with_another_name_leaves_old_names_alone(world: World) -> None:
    """What is handed in keeps what it was called."""
    contest = world.contest()
    first = accepted(world)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.name = "Handel Jam"
    assert "#bach-jam-ada-MorningTide" == world.piece(first).name
    assert "Handel Jam" == world.compositions.mine(ADA).contests[0].name


def test_a_window_takes_a_composition_once(world: World) -> None:
    """Submitted twice it is one; the receipt goes to the direct messages."""
    contest = world.contest()
    command = HandIn(ADA, contest, "Dawn", window_file(world, "F1"))
    first, again = world.hand_ins.hand_in(command), world.hand_ins.hand_in(command)
    assert (first.receipt.name, 1) == (again.receipt.name, again.receipt.number)
    (receipt,) = world.letters("receipt")
    assert (ADA, None) == (receipt.recipient, receipt.thread_ts)


def test_the_file_of_a_window_counts_from_when_it_reached_slack(world: World) -> None:
    """Uploaded in time and submitted a minute after the deadline it counts; a file from days ago does not count from then."""
    contest = world.contest()
    world.clock.advance(hours=1, minutes=59)
    fresh, world_end = window_file(world, "F1"), world.later(minutes=1)
    world.clock.advance(minutes=2)
    assert world_end < world.clock.now()
    assert not world.hand_ins.hand_in(HandIn(ADA, contest, "", fresh)).late
    world.clock.advance(hours=1)
    old = WindowFile("F2", "old.mid", "", "", 300, fresh.created_at)
    assert world.hand_ins.hand_in(HandIn(ADA, contest, "", old)).late


def test_a_window_refuses_under_its_file(world: World) -> None:
    """Over the limit, and from outside the channel: under the file input, and nothing is taken."""
    contest = world.contest(submission_limit=1)
    accepted(world)
    for who, sentence in ((ADA, "yours is in already"), ("U0EVE", "Please join")):
        with pytest.raises(Refusal, match=sentence) as refused:
            world.hand_ins.hand_in(HandIn(who, contest, "", window_file(world, f"F{who}")))
        assert "file" == refused.value.field


def test_the_window_offers_the_contests_that_are_open(world: World) -> None:
    """Of several the one of the channel is first; a contest that takes uploads in its channel only says where."""
    jam, blue = world.contest(), world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    form = world.hand_ins.form(ADA, LOUNGE)
    assert [blue, jam] == [one.contest_id for one in form.contests]
    set_intake(world, jam, "channel")
    assert [blue] == [one.contest_id for one in world.hand_ins.form(ADA, CHANNEL).contests]
    set_intake(world, blue, "channel")
    with pytest.raises(Refusal, match="in <#C0MUSIC> only"):
        world.hand_ins.hand_in(HandIn(ADA, jam, "", window_file(world, "F1")))


def set_intake(world: World, contest_id: str, intake: str) -> None:
    with world.store.write() as work:
        contest = work.contests.lock(contest_id)
        assert contest is not None
        contest.intake = Intake(intake)


def test_an_organizer_puts_the_right_file_in_the_place_of_a_wrong_one(world: World) -> None:
    """During the judging, on behalf of the author: told to them, in the audit, sent when the first one was, and judges hear it."""
    contest = world.contest()
    first = accepted(world)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, first)
    world.clock.advance(hours=3)
    assert 1 == world.corrections.form(OLIVE, first).ratings
    done = world.corrections.correct(Correct(OLIVE, first, window_file(world, "F2"), "Wrong file attached"))
    assert (ADA, 2) == (done.author, done.version)
    (note,) = world.letters("correction")
    assert (ADA, OLIVE, 1) == (note.recipient, note.message["corrected_by"], note.message["standing"])
    assert "The 1 rating of version 1 will not go over to the new file" in draw(load(note.message)).text
    with world.store.read() as work:
        new = work.submissions.versions(first)[-1]
        (noted,) = [row for row in work.audit.of_contest(contest) if row.action == "submission.corrected"]
    assert (ADA, world.piece(first).uploaded_at) == (new.user_id, new.uploaded_at)
    assert (OLIVE, "Wrong file attached") == (noted.actor, noted.facts["reason"])
    world.verdicts.check(new.id)
    assert ["superseded", "accepted"] == states(world, first, new.id)
    assert new.id == world.letters("rating_invitation", JUDY)[-1].message["submission_id"]
    with world.store.read() as work:
        assert [first] == [rating.submission_id for rating in work.ratings.of_contest(contest)]


def test_the_author_of_a_late_version_reads_which_ratings_stay_behind(world: World) -> None:
    """Where it is let in after judges have rated the earlier one."""
    contest = world.contest()
    first = accepted(world)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.clock.advance(hours=3)
    late = reply(world, first, "F2")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, first)
    world.late_files.decide(OLIVE, late.id, accept=True)
    (told,) = world.letters("late_decision")
    assert "The 1 rating of version 1 will not go over" in draw(load(told.message)).text


def test_a_correction_in_the_final_keeps_the_place_in_it(world: World) -> None:
    """The finalist's new file is the finalist, and judges hear it in the final."""
    contest = world.contest(rounds=2)
    first = accepted(world)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, first)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert world.piece(first).in_final
    world.corrections.correct(Correct(OLIVE, first, window_file(world, "F2"), "Wrong file attached"))
    with world.store.read() as work:
        new = work.submissions.versions(first)[-1]
    world.verdicts.check(new.id)
    assert [False, True] == [world.piece(first).in_final, world.piece(new.id).in_final]
    assert new.id == world.letters("rating_invitation", JUDY)[-1].message["submission_id"]


def test_a_correction_that_is_refused_is_told_to_the_organizers(world: World) -> None:
    """The old file goes on counting."""
    world.contest()
    first = accepted(world)
    too_long(world, "F2")
    world.corrections.correct(Correct(OLIVE, first, window_file(world, "F2"), "Wrong file"))
    with world.store.read() as work:
        new = work.submissions.versions(first)[-1]
    world.verdicts.check(new.id)
    assert ["accepted", "refused"] == states(world, first, new.id)
    (alarm,) = world.letters("trouble_alarm", OLIVE)
    assert "It has 9 bars." in alarm.message["what"]


def test_corrections_are_for_organizers(world: World) -> None:
    """Cleo may not, nor anybody without a reason, nor for what was withdrawn."""
    world.contest()
    first = accepted(world)
    with pytest.raises(Refusal, match="organizers"):
        world.corrections.correct(Correct(CLEO, first, window_file(world, "F2"), "I want to"))
    with pytest.raises(Refusal) as refused:
        world.corrections.correct(Correct(OLIVE, first, window_file(world, "F2"), " "))
    assert "reason" == refused.value.field
    world.compositions.withdraw(ADA, first)
    with pytest.raises(Refusal, match="withdrawn"):
        world.corrections.form(OLIVE, first)


def test_earlier_tries_fold_away(world: World) -> None:
    """Only the newest try is listed, and none once something came of a later one; the Home tab lists no others."""
    contest = world.contest(submission_limit=2)
    refused(world, "F1")
    last = refused(world, "F2")
    (mine,) = world.compositions.mine(ADA).contests
    assert ([last], 1, 0) == ([each.submission_id for each in mine.compositions], mine.folded, mine.used)
    first = accepted(world, file_id="F3")
    (mine,) = world.compositions.mine(ADA).contests
    assert ([first], 2, 1) == ([each.submission_id for each in mine.compositions], mine.folded, mine.used)
    (home,) = [each for each in world.people.home(ADA).contests if each.contest_id == contest]
    assert (1, 2) == (len(home.submissions), home.folded)


def test_what_we_failed_to_check_is_listed_until_something_is_taken(world: World) -> None:
    """A refused try after it leaves it there: it may still be sent anew as if in time."""
    world.contest()
    world.clock.advance(seconds=1)
    failed = world.upload(file_id="F1")
    assert failed is not None
    world.verdicts.give_up(failed.id, "ref")
    tried = refused(world, "F2")
    (mine,) = world.compositions.mine(ADA).contests
    assert {failed.id, tried} == {each.submission_id for each in mine.compositions}
    accepted(world, file_id="F3")
    (mine,) = world.compositions.mine(ADA).contests
    assert (1, 2) == (len(mine.compositions), mine.folded)


def test_refused_versions_fold_away_under_the_one_after_them(world: World) -> None:
    """The one that counts stays, and the newest, whatever became of it."""
    world.contest()
    first = accepted(world)
    for file_id in ("F2", "F3"):
        too_long(world, file_id)
        world.verdicts.check(reply(world, first, file_id).id)
    (mine,) = world.compositions.mine(ADA).contests
    assert [3, 1] == [each.number for each in mine.compositions[0].versions]


def test_a_refused_try_is_replaced_at_the_limit_too(world: World) -> None:
    """It has no place of its own: the file becomes a new version of what is in, by whichever door one comes."""
    contest = world.contest(submission_limit=2)
    tried = refused(world, "F3")
    first, second = accepted(world), accepted(world, file_id="F2", name="Dawn.mid")
    form = world.hand_ins.replacement(ADA, tried)
    expected = ((first, "Morning Tide"), (second, "Dawn"))
    assert [expected, expected] == [form.instead_of, world.hand_ins.form(ADA, CHANNEL).instead_of]
    chosen, _ = form.instead_of[1]
    handed = world.hand_ins.hand_in(HandIn(ADA, contest, "", window_file(world, "F4"), replaces=chosen))
    assert (2, 1) == (handed.receipt.version, handed.receipt.standing)
    assert () == world.hand_ins.replacement(ADA, first).instead_of
    world.compositions.withdraw(ADA, second)
    assert () == world.hand_ins.replacement(ADA, tried).instead_of


def test_the_window_offers_contests_with_room_first(world: World) -> None:
    """Where one of two is full, the other one is meant."""
    world.contest(submission_limit=1)
    accepted(world)
    with_room = world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    assert [with_room] == [one.contest_id for one in world.hand_ins.form(ADA, CHANNEL).contests]


def test_over_the_limit_the_way_out_is_one_that_the_contest_has(world: World) -> None:
    """In a contest that takes files in its channel only, no window replaces anything."""
    contest = world.contest(submission_limit=1)
    set_intake(world, contest, "channel")
    accepted(world)
    world.clock.advance(seconds=1)
    assert world.upload(file_id="F2") is None
    assert "upload it in the thread of the first one" in last_sentence(world)


def test_what_an_author_writes_into_the_window_stays_with_the_composition(world: World) -> None:
    """Each of the window's fields that is a column, too, in the first version and in the next one."""
    contest = world.contest()
    columns = {column.name for column in Submission.__table__.columns}
    own: dict[str, Any] = {"user_id": ADA, "contest_id": contest, "file": window_file(world, "F1")}
    said: dict[str, Any] = {
        field.name: f"A {field.name}" for field in fields(HandIn) if field.name in columns - own.keys()
    }
    world.hand_ins.hand_in(HandIn(**own, **said))
    with world.store.read() as work:
        (first,) = work.submissions.of_contest(contest)
    assert said == {name: getattr(first, name) for name in said}
    world.hand_ins.hand_in(HandIn(ADA, contest, "", window_file(world, "F2"), replaces=first.id))
    with world.store.read() as work:
        _, second = work.submissions.of_contest(contest)
    assert said == {name: getattr(second, name) for name in said}
