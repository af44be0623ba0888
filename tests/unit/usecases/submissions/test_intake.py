"""Late files, more time, the wrong place, and what happens to files and channels behind our back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules import storage
from bot.rules.phases import Phase
from bot.usecases.submissions.latefiles import Extend
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, JACK, JUDY, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.submissions.latefiles import Extended
    from models.submissions import Submission


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def change(world: World, contest_id: str, **values: Any) -> None:
    """Edit the contest's row."""
    with world.store.write() as work:
        contest = work.contests.lock(contest_id)
        assert contest is not None
        for name, value in values.items():
            setattr(contest, name, value)


def deadline(world: World) -> datetime:
    """Of the newest contest."""
    with world.store.read() as work:
        return work.contests.newest_first()[0].deadline


def uploaded(world: World, **changes: Any) -> Submission:
    piece = world.upload(**changes)
    assert piece is not None
    return piece


def late(world: World, seconds: float = 60, **changes: Any) -> Submission:
    """A file that came so long after the deadline of an open contest."""
    piece = uploaded(world, at=deadline(world) + timedelta(seconds=seconds), **changes)
    assert "late" == piece.state
    return piece


def extend(world: World, contest: str, until: str, reason: str = "The train was late") -> Extended:
    """Ada gets until then, by the clocks of Berlin."""
    return world.extensions.extend(Extend(OLIVE, contest, ADA, datetime.fromisoformat(until), reason))


@pytest.mark.parametrize(
    ("grace", "seconds", "state", "said"),
    [(0, 0, "received", 0), (0, 0.000001, "late", 1), (30, 30, "received", 30), (30, 30.5, "late", 31)],
)
def test_the_deadline_the_grace_and_what_comes_after(
    world: World, grace: int, seconds: float, state: str, said: int
) -> None:
    """To the very end of each; the receipt says by how much it was missed."""
    contest = world.contest()
    change(world, contest, grace_seconds=grace)
    piece = uploaded(world, at=deadline(world) + timedelta(seconds=seconds))
    assert state == piece.state
    (receipt,) = world.letters("late_receipt" if state == "late" else "receipt")
    assert said == receipt.message["seconds_late"]


def test_a_late_file_waits_and_both_sides_know(world: World) -> None:
    """The author, and each organizer with the buttons; its bytes are kept at once, and it is neither checked nor on a board."""
    world.contest()
    piece = late(world)
    (alarm,) = world.letters("late_alarm")
    assert (OLIVE, piece.id, None) == (alarm.recipient, alarm.message["submission_id"], alarm.message["decided_by"])
    world.verdicts.check(piece.id)
    assert ("late", True) == (world.piece(piece.id).state, world.objects.exists(storage.original(piece.folder)))
    assert [] == world.letters("card")
    (waiting,) = world.late_files.waiting(OLIVE, CHANNEL).waiting
    assert (ADA, 60) == (waiting.author, waiting.seconds_late)


def test_a_late_file_that_is_let_in_is_checked_like_any_other(world: World) -> None:
    """Also where it is gone from Slack by then; the author is told, the alarms lose their buttons, the audit has the reason."""
    contest = world.contest()
    piece = late(world)
    world.verdicts.check(piece.id)
    del world.files.uploaded["F1"]
    for _ in range(2):
        assert world.late_files.decide(OLIVE, piece.id, accept=True).accepted
    world.verdicts.check(piece.id)
    assert "accepted" == world.piece(piece.id).state
    (told,) = world.letters("late_decision")
    assert (CHANNEL, piece.message_ts, True) == (told.recipient, told.thread_ts, told.message["accepted"])
    edit = world.letters("late_alarm")[-1]
    assert (f"late:{piece.id}:{OLIVE}", OLIVE) == (edit.edits, edit.message["decided_by"])
    with world.store.read() as work:
        assert 1 == len([row for row in work.audit.of_contest(contest) if row.action == "submission.late_accepted"])


def test_a_late_file_that_is_declined_frees_its_place(world: World) -> None:
    """The author reads why; a second organizer's other word comes too late."""
    world.contest(submission_limit=1)
    piece = late(world)
    world.late_files.decide(OLIVE, piece.id, accept=False, reason="Too late for us")
    (told,) = world.letters("late_decision")
    assert (False, "Too late for us") == (told.message["accepted"], told.message["reason"])
    assert "refused" == world.piece(piece.id).state
    with pytest.raises(Refusal, match="declined it already"):
        world.late_files.decide(OLIVE, piece.id, accept=True)
    assert "late" == late(world, 90, file_id="F2").state


def test_deciding_is_for_organizers(world: World) -> None:
    """Ada may neither see nor decide."""
    world.contest()
    piece = late(world)
    with pytest.raises(Refusal, match="organizers"):
        world.late_files.decide(ADA, piece.id, accept=True)
    with pytest.raises(Refusal, match="organizers"):
        world.late_files.waiting(ADA, CHANNEL)


def test_a_withdrawn_late_file_needs_no_decision(world: World) -> None:
    """Whoever presses the old button learns it."""
    world.contest()
    piece = late(world)
    world.compositions.withdraw(ADA, piece.id)
    assert () == world.late_files.waiting(OLIVE, CHANNEL).waiting
    with pytest.raises(Refusal, match="withdrawn"):
        world.late_files.decide(OLIVE, piece.id, accept=True)


def test_once_the_final_has_begun_a_late_file_can_only_be_declined(world: World) -> None:
    """And a new one is refused at the door."""
    contest = world.contest(rounds=2)
    piece = late(world)
    change(world, contest, phase=Phase.FINAL.value, judging_at=world.later(hours=3))
    with pytest.raises(Refusal, match="The final has begun"):
        world.late_files.decide(OLIVE, piece.id, accept=True)
    world.late_files.decide(OLIVE, piece.id, accept=False)
    assert world.upload(BEN, "F2", at=world.later(hours=5)) is None
    assert "The judging of *Bach Jam* began" in world.letters("refusal")[-1].message["sentence"]


def test_one_person_has_more_time(world: World) -> None:
    """Told in their own zone with the reason, in the audit, and theirs alone; it holds although the judging has begun."""
    contest = world.contest()
    done = extend(world, contest, "2026-11-20T18:30")
    assert "2026-11-20T17:30:00+00:00" == done.until.isoformat()
    (note,) = world.letters("extension")
    assert (ADA, "Europe/Berlin", "The train was late") == (
        note.recipient,
        note.message["time_zone"],
        note.message["reason"],
    )
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert "received" == uploaded(world, at=done.until).state
    assert "late" == uploaded(world, file_id="F2", at=done.until + timedelta(seconds=1)).state
    assert "late" == uploaded(world, user_id=BEN, file_id="F3", at=done.until).state
    with world.store.read() as work:
        (noted,) = [row for row in work.audit.of_contest(contest) if row.action == "extension.granted"]
    assert (OLIVE, ADA, "The train was late") == (noted.actor, noted.facts["person"], noted.facts["reason"])


def test_the_same_extension_twice_is_told_once_and_another_is_told_again(world: World) -> None:
    """The later word holds."""
    contest = world.contest()
    for until in ("2026-11-20T18:30", "2026-11-20T18:30", "2026-11-20T19:30"):
        world.clock.advance(seconds=1)
        extend(world, contest, until)
    assert 2 == len(world.letters("extension"))
    form = world.extensions.form(OLIVE, CHANNEL, ADA)
    assert form.before is not None
    assert "2026-11-20T18:30:00+00:00" == form.before.until.isoformat()
    assert 1 == len(form.granted)


def test_more_time_lets_a_late_file_in(world: World) -> None:
    """The file that came within it needs no decision any more; a later one does."""
    contest = world.contest()
    first, second = late(world, 600), late(world, 7200, file_id="F2")
    world.clock.advance(hours=2, minutes=30)
    assert 1 == extend(world, contest, "2026-11-20T15:45").let_in
    assert ["received", "late"] == [world.piece(piece.id).state for piece in (first, second)]


@pytest.mark.parametrize(
    ("until", "field", "sentence"),
    [
        ("2026-11-20T12:00", "until", "has passed"),
        ("2026-11-20T14:59", "until", "Everybody has until"),
        ("2027-03-28T02:30", "until", "clocks skip"),
    ],
)
def test_an_extension_has_to_be_more_time(world: World, until: str, field: str, sentence: str) -> None:
    """In the past, before the deadline, or at an hour that clocks skip: refused under its input."""
    contest = world.contest()
    with pytest.raises(Refusal, match=sentence) as refused:
        extend(world, contest, until)
    assert field == refused.value.field
    with pytest.raises(Refusal, match="say why") as unsaid:
        extend(world, contest, "2026-11-20T18:30", " ")
    assert "reason" == unsaid.value.field


def test_more_time_over_the_change_of_clocks(world: World) -> None:
    """The hour that clocks show twice is the first of the two; a deadline in winter time is meant in winter time."""
    contest = world.contest(deadline=datetime.fromisoformat("2027-10-30T20:00"))
    assert "2027-10-31T00:30:00+00:00" == extend(world, contest, "2027-10-31T02:30").until.isoformat()
    assert "2027-10-31T02:30:00+00:00" == extend(world, contest, "2027-10-31T03:30").until.isoformat()


def test_a_deadline_at_a_time_that_comes_twice_says_which_is_meant(world: World) -> None:
    """In the status, the preview of the opening, and the word to whoever asks for less than everybody has."""
    contest = world.contest(Phase.DRAFT, deadline=datetime.fromisoformat("2027-10-31T02:30"))
    meant = "Sunday 31 October at 02:30 (00:30 UTC, before clocks go back)"
    assert f"{meant}, in 344 days" == world.contests.status(OLIVE, CHANNEL, is_there=True).deadline_text
    assert any(meant in effect for effect in world.contests.preview_next(OLIVE, CHANNEL).effects)
    with pytest.raises(Refusal, match=r"Everybody has until .* before clocks go back"):
        extend(world, contest, "2027-10-31T02:30")


def test_the_deadline_on_the_day_of_the_clock_change_is_met_to_the_second(world: World) -> None:
    """20:00 in Berlin is 18:00 UTC the day before the clocks go back, and 19:00 UTC the day after."""
    for day, hour in ((30, 18), (31, 19)):
        contest = world.contest(
            deadline=datetime.fromisoformat(f"2027-10-{day}T20:00"), slug=f"jam-{day}", channel_id=CHANNEL
        )
        end = datetime.fromisoformat(f"2027-10-{day}T{hour}:00+00:00")
        assert "received" == uploaded(world, file_id=f"F{day}", at=end).state
        assert "late" == uploaded(world, file_id=f"L{day}", at=end + timedelta(seconds=1)).state
        change(world, contest, phase=Phase.FINISHED.value, finished_at=world.clock.now())


def test_extensions_are_given_by_organizers_to_people(world: World) -> None:
    """Not by Ada, and not to a bot."""
    contest = world.contest()
    until = datetime.fromisoformat("2026-11-20T18:30")
    with pytest.raises(Refusal, match="organizers"):
        world.extensions.extend(Extend(ADA, contest, ADA, until, "I am slow"))
    with pytest.raises(Refusal) as refused:
        world.extensions.extend(Extend(OLIVE, contest, ROBOT, until, "It is slow"))
    assert "user_id" == refused.value.field


def test_a_midi_file_elsewhere_is_shown_the_way_once(world: World) -> None:
    """To its author alone, with where the contest takes it; other files, and people without an open contest, are left alone."""
    world.contest()
    for number in (1, 2):
        world.upload(channel_id=LOUNGE, at=world.later(seconds=number))
    world.upload(file_id="F2", channel_id=LOUNGE, name="beach.png")
    world.upload(EVE, "F3", channel_id=LOUNGE)
    (hint,) = world.letters("wrong_place")
    assert (ADA, False, [CHANNEL]) == (
        hint.recipient,
        hint.message["dm_only"],
        [each["channel_id"] for each in hint.message["contests"]],
    )


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.JUDGING, Phase.FINISHED])
def test_elsewhere_nothing_is_said_while_no_contest_is_open(world: World, phase: Phase) -> None:
    """People share music for other reasons, too."""
    world.contest(phase)
    world.clock.advance(hours=1)
    world.upload(channel_id=LOUNGE)
    assert [] == world.letters("wrong_place")


def test_elsewhere_nothing_is_said_while_slack_is_silent(world: World) -> None:
    """A hint can be left out; nobody is bothered by guess."""
    world.contest()
    world.directory.silent = True
    world.upload(channel_id=LOUNGE)
    assert [] == world.letters("wrong_place")


def test_in_the_channel_of_a_contest_by_direct_message_the_file_should_not_stay(world: World) -> None:
    """Nothing is taken, nobody else reads the answer, and the direct messages take it."""
    contest = world.contest()
    change(world, contest, intake="dm")
    assert world.upload() is None
    (hint,) = world.letters("wrong_place")
    assert (ADA, True) == (hint.recipient, hint.message["dm_only"])
    assert [] == world.letters("refusal")
    assert world.upload(file_id="F2", dm=True) is not None


def test_a_contest_by_channel_takes_nothing_in_the_direct_messages(world: World) -> None:
    """The answer there says where."""
    contest = world.contest()
    change(world, contest, intake="channel")
    assert world.upload(dm=True) is None
    (note,) = world.letters("refusal")
    assert "takes compositions in <#C0MUSIC> only" in note.message["sentence"]
    assert world.upload(file_id="F2") is not None


def test_a_deleted_file_of_an_accepted_composition_is_kept(world: World) -> None:
    """The author learns once that it counts as before; of what does not count nothing is said."""
    world.contest()
    kept, gone = world.accepted(), world.accepted(file_id="F2")
    world.compositions.withdraw(ADA, gone)
    for file_id in ("F1", "F1", "F2", "F9"):
        world.mishaps.file_deleted(file_id)
    (note,) = world.letters("file_gone")
    assert (ADA, "Morning Tide") == (note.recipient, note.message["title"])
    assert "accepted" == world.piece(kept).state


def test_the_organizers_learn_that_the_channel_was_archived(world: World) -> None:
    """Once an event, and only where a contest runs."""
    world.contest()
    for channel, event in ((CHANNEL, "Ev1"), (CHANNEL, "Ev1"), (LOUNGE, "Ev2")):
        world.mishaps.channel_archived(channel, CLEO, event)
    (news,) = world.letters("channel_archived")
    assert (OLIVE, CHANNEL, CLEO) == (news.recipient, news.message["channel_id"], news.message["archived_by"])


def test_status_warns_organizers_where_a_judge_sees_who_uploads(world: World) -> None:
    """In a blind contest that takes uploads in its channel, while it does; people who are no organizers are told nothing of it."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.directory.members[CHANNEL].discard(JACK)
    assert (JUDY,) == world.contests.status(OLIVE, CHANNEL).watching
    assert () == world.contests.status(ADA, CHANNEL).watching
    for values in ({"intake": "dm"}, {"intake": "both", "blind": False}, {"blind": True, "phase": "judging"}):
        change(world, contest, **values)
        assert () == world.contests.status(OLIVE, CHANNEL).watching


def test_the_next_phase_warns_of_late_files_and_of_more_time(world: World) -> None:
    """Before the judging begins both are said."""
    contest = world.contest()
    late(world, user_id=BEN)
    extend(world, contest, "2026-11-20T18:30")
    world.clock.advance(hours=2, minutes=1)
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    warnings = " ".join(preview.warnings)
    assert "Uploads close: a file that comes from now on waits for your decision (`/kantor late`)." in preview.effects
    assert "1 late file waits for a decision" in warnings
    assert "<@U0ADA> has more time, until Friday 20 November at 18:30 (17:30 UTC)" in warnings
