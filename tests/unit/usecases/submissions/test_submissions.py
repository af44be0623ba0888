"""Compositions at the door."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.phases import Phase
from bot.usecases.submissions.submissions import RUSH
from judge.midi import MidiRefusal, RefusalCode
from models.submissions import Submission, SubmissionState
from tests.makers.world import ADA, BEN, CHANNEL, EVE, GUS, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.outbox import OutboxRow


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def refusal(world: World) -> str:
    """The sentence of the one refusal that went out."""
    (letter,) = world.letters("refusal")
    return str(letter.message["sentence"])


def test_in_a_rush_receipts_go_to_the_authors(world: World) -> None:
    """Slack takes one message a second in a channel: where two wait already, the next receipt goes to the author's messages."""
    world.contest(submission_limit=20)
    waiting = len([letter for letter in all_letters(world) if letter.recipient == CHANNEL])
    for number in range(5):
        world.upload(ADA, f"F{number}", message_ts=f"1700000000.00010{number}")

    receipts = world.letters("receipt")
    there = 2 - waiting
    assert 1 == waiting
    assert [CHANNEL] * there + [ADA] * (5 - there) == [receipt.recipient for receipt in receipts]
    assert [True] * there + [False] * (5 - there) == [receipt.thread_ts is not None for receipt in receipts]


def test_files_of_one_message_are_answered_in_one_place(world: World) -> None:
    """Their receipts keep each other waiting, and that is no crowd: one author looks into one thread."""
    world.contest(submission_limit=20)
    for number in range(4):
        world.upload(ADA, f"F{number}", message_ts="1700000000.000100")
    receipts = world.letters("receipt")
    assert [(CHANNEL, "1700000000.000100")] * 4 == [(each.recipient, each.thread_ts) for each in receipts]


def all_letters(world: World) -> list[OutboxRow]:
    with world.store.read() as work:
        return list(work.outbox.of_kinds())


def test_a_composition_is_taken_down_with_job_and_receipt(world: World) -> None:
    """An upload becomes a submission, a job and a receipt in its thread."""
    world.contest()
    piece = world.upload(name="Morning_Tide.mid")
    assert piece is not None
    assert ("Morning Tide", "#bach-jam-ada-MorningTide", "received") == (piece.title, piece.name, piece.state)
    (receipt,) = world.letters("receipt")
    assert (CHANNEL, piece.message_ts) == (receipt.recipient, receipt.thread_ts)
    first = {"version": 1, "standing": None, "seconds_late": 0, "ahead": 0}
    assert {
        "kind": "receipt",
        "name": piece.name,
        "title": piece.title,
        "number": 1,
        "limit": 3,
        **first,
    } == receipt.message
    with world.store.read() as work:
        job = work.jobs.by_key(f"check:{piece.id}")
    assert job is not None
    assert ("check_submission", {"submission_id": piece.id}) == (job.name, job.args)


def test_the_same_message_twice_changes_nothing(world: World) -> None:
    """Slack's redelivery of an event, or another event about the same message, makes no second submission and no second receipt."""
    world.contest()
    world.upload()
    world.upload()
    assert 1 == len(world.letters("receipt"))
    assert [] == world.letters("refusal")


def test_what_was_refused_or_withdrawn_is_not_taken_when_it_is_read_again(world: World) -> None:
    """A file over the limit stays refused once there is room, and one that its author took back stays out."""
    world.contest(submission_limit=1)
    first, at = world.upload(file_id="F1"), world.clock.now()
    assert first is not None
    world.upload(file_id="F2")
    world.compositions.withdraw(ADA, first.id)
    world.clock.advance(minutes=5)
    for file_id in ("F1", "F2"):
        world.upload(file_id=file_id, at=at)
    with world.store.read() as work:
        (only,) = work.submissions.of_contest(first.contest_id)
    assert SubmissionState.WITHDRAWN == only.state
    assert 1 == len(world.letters("refusal"))


def test_the_same_file_shared_again_is_answered_and_not_taken(world: World) -> None:
    """A file that is shared once more is not taken twice, and the person learns why."""
    world.contest()
    world.upload()
    world.upload(at=world.later(seconds=60))
    assert 1 == len(world.letters("receipt"))
    assert (
        "This very file has come in before, as *Morning Tide*, so nothing changes. "
        "To send something new, please upload it as a new file."
    ) == refusal(world)


def test_a_file_is_each_contests_own(world: World) -> None:
    """Shared into a second contest it is taken there too, once: the second time there the person learns why not."""
    world.contest()
    world.upload()
    world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    for number in (1, 2):
        world.upload(channel_id=LOUNGE, at=world.later(seconds=number))
    assert ["#bach-jam-ada-MorningTide", "#blue-notes-ada-MorningTide"] == [
        letter.message["name"] for letter in world.letters("receipt")
    ]
    assert "This very file has come in before, as *Morning Tide*" in refusal(world)


def test_several_files_of_one_message_are_all_taken(world: World) -> None:
    """Files that share a message are told apart by their own ids."""
    world.contest()
    world.upload(file_id="F1")
    second = world.upload(file_id="F2")
    assert second is not None
    assert "#bach-jam-ada-MorningTide-2" == second.name


def test_two_uploads_at_the_limit_let_one_in(world: World) -> None:
    """Of two uploads at the same moment for the last place, exactly one is taken."""
    world.contest(submission_limit=1)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda file_id: world.upload(file_id=file_id), ["F1", "F2"]))
    assert (1, 1) == (len(world.letters("receipt")), len(world.letters("refusal")))


def test_over_the_limit_is_refused_with_the_number(world: World) -> None:
    """One composition more than the limit is refused, in words that say the limit."""
    world.contest(submission_limit=2)
    for file_id in ("F1", "F2", "F3"):
        world.upload(file_id=file_id)
    assert (
        "*Bach Jam* takes 2 compositions a person, and yours are in already, so this one does not count. "
        "A new version of one of them does not need room: `/kantor mine` replaces it, or withdraws it."
    ) == refusal(world)


@pytest.mark.parametrize("state", [SubmissionState.REFUSED, SubmissionState.FAILED])
def test_a_refused_one_does_not_count(world: World, state: SubmissionState) -> None:
    """A file that was refused, or that we failed to check, leaves its place to another."""
    contest = world.contest(submission_limit=1)
    world.upload(file_id="F1")
    with world.store.write() as work:
        first = work.submissions.by_file(contest, "F1")
        assert first is not None
        first.state = state
    assert world.upload(file_id="F2") is not None
    assert [1, 1] == [letter.message["number"] for letter in world.letters("receipt")]


def test_the_limit_is_each_persons_own(world: World) -> None:
    """Ben's composition takes nothing from Ada's limit."""
    world.contest(submission_limit=1)
    assert world.upload(ADA, "F1") is not None
    assert world.upload(BEN, "F2") is not None


def test_one_second_late_is_late(world: World) -> None:
    """Slack's time of the message decides: a second after the deadline the file waits for a decision, and says the deadline."""
    world.contest()
    piece = world.upload(at=world.later(hours=2, seconds=1))
    assert piece is not None
    assert "late" == piece.state
    (receipt,) = world.letters("late_receipt")
    assert (1, "2026-11-20T14:00:00Z") == (receipt.message["seconds_late"], receipt.message["deadline"])


def test_the_deadline_itself_is_in_time(world: World) -> None:
    """A message at the very second of the deadline counts."""
    world.contest()
    assert world.upload(at=world.later(hours=2)) is not None


def test_a_message_sent_in_time_counts_although_it_arrives_late(world: World) -> None:
    """An event that reaches us an hour after the deadline is judged by Slack's time."""
    world.contest()
    in_time = world.later(hours=1, minutes=59)
    world.clock.advance(hours=3)
    assert world.upload(at=in_time) is not None


def test_a_message_sent_before_the_judging_counts_although_it_arrives_during_it(world: World) -> None:
    """What Slack took before the organizers closed the door counts; what it took after that does not."""
    contest = world.contest()
    world.clock.advance(minutes=30)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert world.upload(file_id="F1", at=world.later(seconds=-5)) is not None
    assert world.upload(file_id="F2", at=world.later(seconds=5)) is None
    assert (
        "The judging of *Bach Jam* began on Friday 20 November at 13:30 (12:30 UTC), so it takes no more compositions. "
        "If something kept you, please tell an organizer, who can give you more time."
    ) == refusal(world)


def test_before_the_contest_opens_people_are_told_to_wait(world: World) -> None:
    """A draft takes nothing, and says what to do."""
    world.contest(Phase.DRAFT)
    assert world.upload() is None
    assert (
        "*Bach Jam* is not open yet. Please keep the file and upload it again once I say in <#C0MUSIC> that it is."
    ) == refusal(world)


def test_after_the_end_people_are_told_so_for_a_week(world: World) -> None:
    """A finished contest says that it is over; a week later the channel is free for other music."""
    world.contest(Phase.FINISHED)
    world.upload()
    assert "*Bach Jam* is over, so it takes no more compositions. `/kantor board` shows how it ended." == refusal(world)
    world.clock.advance(days=8)
    world.upload(file_id="F2")
    assert 1 == len(world.letters("refusal"))


@pytest.mark.parametrize(
    ("name", "mimetype", "filetype", "taken"),
    [
        ("song.MIDI", "application/octet-stream", "binary", True),
        ("song.kar", "", "", True),
        ("song", "audio/midi", "mid", True),
        ("song", "", "mid", True),
        ("song", "audio/midi; charset=binary", "", True),
        ("song", "application/octet-stream", "binary", True),
        ("song", "text/plain", "text", False),
        ("song.exe", "application/octet-stream", "binary", False),
        ("holiday.jpg", "image/jpeg", "jpg", False),
        ("song.mp3", "audio/mpeg", "mp3", False),
    ],
)
def test_in_the_channel_only_what_looks_like_midi_is_taken(
    world: World, name: str, mimetype: str, filetype: str, taken: bool
) -> None:
    """Name or type say whether a file in the channel is meant for us."""
    world.contest()
    piece = world.upload(name=name, mimetype=mimetype, filetype=filetype)
    assert taken is (piece is not None)
    assert [] == world.letters("refusal", CHANNEL)


@pytest.mark.parametrize(
    ("name", "mimetype", "taken"),
    [
        ("note.txt", "text/plain", False),
        ("note", "text/plain", False),
        ("holiday.jpg", "image/jpeg", False),
        ("note.txt", "application/octet-stream", True),
        ("tune.mid", "text/plain", True),
        ("tune.v2", "", True),
    ],
)
def test_what_is_plainly_no_midi_is_refused_in_the_direct_messages_at_once(
    world: World, name: str, mimetype: str, taken: bool
) -> None:
    """Without a receipt before, and without a place among the person's pieces; in doubt the bytes are looked at."""
    world.contest()
    piece = world.upload(name=name, mimetype=mimetype, filetype="", dm=True)
    assert taken is (piece is not None)
    assert int(taken) == len(world.letters("receipt"))
    notes = world.letters("refusal")
    assert taken is not any("no MIDI file, as its name and its type say" in note.message["sentence"] for note in notes)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Rain.WAV", "It is a recording"),
        ("Rain.mp3", "It is a recording"),
        ("Rain.mscz", "open it in MuseScore"),
        ("Rain.musicxml", "It is sheet music"),
        ("Rain.abc", "music as text"),
        ("Rain.flp", "It is a project"),
        ("pieces.zip", "please unpack it"),
    ],
)
def test_music_in_another_form_is_explained_to_its_author_alone(world: World, name: str, expected: str) -> None:
    """In the channel while it takes compositions, once; in the direct messages as a refusal, and with nothing written down."""
    contest = world.contest()
    assert world.upload(name=name) is None
    assert world.upload(name=name) is None
    (note,) = world.letters("refusal")
    assert ADA == note.recipient
    assert expected in note.message["sentence"]
    assert world.upload(ADA, "F2", name, dm=True) is None
    (_, private) = world.letters("refusal")
    assert expected in private.message["sentence"]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.clock.advance(minutes=1)
    world.upload(BEN, "F3", name)
    assert 2 == len(world.letters("refusal"))


def test_an_empty_file_is_refused_at_once(world: World) -> None:
    """Not after a receipt that counts it."""
    world.contest()
    assert world.upload(size=0, is_empty=True) is None
    assert [] == world.letters("receipt")
    assert "not a single byte" in world.letters("refusal")[0].message["sentence"]


def test_in_a_rush_the_receipt_says_how_many_come_first(world: World) -> None:
    """From five on; before that nobody waits long enough to ask."""
    world.contest(submission_limit=20)
    for number in range(RUSH + 2):
        world.upload(file_id=f"F{number}", name=f"Piece {number}.mid")
    assert [0] * RUSH + [RUSH, RUSH + 1] == [letter.message["ahead"] for letter in world.letters("receipt")]


def test_in_the_direct_messages_everything_is_taken(world: World) -> None:
    """A file without a telling name is taken in the DM: its bytes decide."""
    world.contest()
    piece = world.upload(name="holiday.jpg", dm=True)
    assert piece is not None
    assert (True, "DU0ADA") == (piece.in_dm, piece.channel_id)


def test_a_channel_without_a_contest_is_left_alone(world: World) -> None:
    """MIDI files in other channels are nobody's business."""
    world.contest()
    assert world.upload(channel_id=LOUNGE) is None
    assert [] == world.letters("refusal")


def test_a_direct_message_that_could_mean_two_contests_is_asked_about(world: World) -> None:
    """With two open contests the person is told to use the channel of the one they mean."""
    world.contest()
    world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    assert world.upload(dm=True) is None
    assert (
        "Several contests are open, *Bach Jam* in <#C0MUSIC>, *Blue Notes* in <#C0LOUNGE>, and I cannot tell which one this is for. "
        "Please hand it in with `/kantor submit`, which lets you choose."
    ) == refusal(world)


def test_a_direct_message_goes_to_the_only_contest_that_is_open(world: World) -> None:
    """A draft beside the open contest does not make it ambiguous."""
    contest = world.contest()
    world.contest(Phase.DRAFT, name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    piece = world.upload(dm=True)
    assert piece is not None
    assert contest == piece.contest_id


def test_a_direct_message_goes_to_the_contest_whose_channel_the_person_is_in(world: World) -> None:
    """Of two open contests the one counts in whose channel the person is."""
    world.contest()
    lounge = world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    world.directory.members[CHANNEL].discard(ADA)
    piece = world.upload(dm=True)
    assert piece is not None
    assert lounge == piece.contest_id


@pytest.mark.parametrize("outsider", [GUS, EVE])
def test_people_outside_the_channel_are_told_to_join_first(world: World, outsider: str) -> None:
    """A guest, or anybody else outside the channel, is told where to go."""
    world.contest()
    assert world.upload(outsider, dm=True) is None
    assert (
        "Please join the channel of the contest first, then send me the file again: *Bach Jam* in <#C0MUSIC>."
    ) == refusal(world)


def test_without_an_open_contest_a_direct_message_is_answered(world: World) -> None:
    """Nothing is open: the person is told to keep the file."""
    assert world.upload(dm=True) is None
    assert (
        "No contest is open for compositions now. Please keep the file, and watch the channel of your contest."
    ) == refusal(world)


def test_nothing_is_lost_while_slack_is_silent(world: World) -> None:
    """An upload is taken although nobody can be looked up; the person's id stands for the name."""
    world.contest()
    world.directory.silent = True
    piece = world.upload(dm=True)
    assert piece is not None
    assert "#bach-jam-u0ada-MorningTide" == piece.name


def test_the_receipt_of_somebody_whom_slack_does_not_name_speaks_of_the_title(world: World) -> None:
    """No id in the place of a name is shown; the card will have the name."""
    world.contest()
    world.directory.silent = True
    world.upload()
    assert ["Morning Tide"] == [letter.message["name"] for letter in world.letters("receipt")]


def test_people_whom_we_know_are_not_looked_up_at_the_door(world: World) -> None:
    """The second upload has the person's name without a question to Slack."""
    world.contest()
    world.upload(file_id="F1")
    world.directory.asked.clear()
    piece = world.upload(file_id="F2", name="Dusk.mid")
    assert piece is not None
    assert ("#bach-jam-ada-Dusk", []) == (piece.name, world.directory.asked)


def state(piece: Submission | None) -> str:
    """How far it has come."""
    assert piece is not None
    return piece.state


def failed(world: World, file_id: str = "F1", **changes: Any) -> Submission:
    """An upload of Ada's that came in time, and that we could not check."""
    piece = world.upload(file_id=file_id, **changes)
    assert piece is not None
    world.clock.advance(minutes=1)
    world.verdicts.give_up(piece.id, "ab12cd34")
    return piece


def test_what_replaces_a_composition_that_we_failed_to_check_is_not_late(world: World) -> None:
    """Uploaded again after the deadline, it counts as sent when the first one was; nothing else does."""
    world.contest()
    first = failed(world)
    world.clock.advance(hours=3)
    again = world.upload(file_id="F2")
    assert again is not None
    assert first.uploaded_at == again.uploaded_at
    assert ["late", "late"] == [state(world.upload(file_id="F3")), state(world.upload(BEN, "F4"))]


def test_a_replacement_in_the_direct_messages_during_the_judging_counts_too(world: World) -> None:
    """Wherever it comes, until the judging ends."""
    contest = world.contest()
    failed(world)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.clock.advance(minutes=5)
    assert world.upload(file_id="F2", dm=True) is not None
    failed_again = world.upload(BEN, "F3", dm=True)
    assert failed_again is None


def test_a_replacement_that_fails_or_is_refused_may_be_replaced(world: World) -> None:
    """As long as nothing of the person's stands for it, one more try is theirs, and never two."""
    world.contest()
    failed(world)
    world.clock.advance(hours=3)
    failed(world, "F2")
    refused = world.upload(file_id="F3")
    assert refused is not None
    world.inspector.answers[b"bytes of F3"] = MidiRefusal(RefusalCode.TOO_LONG, "9 bars.")
    world.verdicts.check(refused.id)
    assert "received" == state(world.upload(file_id="F4"))
    assert "late" == state(world.upload(file_id="F5"))


def test_a_replacement_in_time_uses_up_the_right(world: World) -> None:
    """Who has sent something since the failure has had their turn."""
    world.contest()
    failed(world)
    world.clock.advance(minutes=1)
    assert world.upload(file_id="F2") is not None
    world.clock.advance(hours=3)
    assert "late" == state(world.upload(file_id="F3"))


def test_a_bots_file_is_left_alone(world: World) -> None:
    """Files of bots, our own among them, are no compositions."""
    world.contest()
    assert world.upload(ROBOT) is None
    assert [] == world.letters("refusal")


def test_an_upload_in_a_thread_is_answered_in_that_thread(world: World) -> None:
    """The receipt goes where the person is talking."""
    world.contest()
    world.upload(thread_ts="1790000000.000100")
    assert ["1790000000.000100"] == [letter.thread_ts for letter in world.letters("receipt")]
