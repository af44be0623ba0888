"""The starter kit: from no MIDI file to a melody that can be changed."""

from __future__ import annotations

from bot.sandbox.client import said
from judge.melodies import MELODIES
from judge.writer import write
from tests.makers.stage import CHANNEL, Stage, eventually


def test_a_melody_comes_as_a_midi_file_and_is_no_submission(stage: Stage) -> None:
    """Ada chooses in the window; the file lies in her DM, nothing of it is taken in, and what she uploads of it is."""
    stage.contest()
    stage.ada.command(CHANNEL, "/kantor starter")
    window = stage.ada.wait_for_view("No MIDI file yet?")
    stage.ada.click(window, "starter_melody", "greensleeves")
    stage.ada.wait_for_view("is on its way")
    dm = stage.ada.open_dm()
    message = stage.ada.wait_for_message(dm, lambda message: bool(message.get("files")))
    (file,) = message["files"]
    assert ("greensleeves.mid", True) == (file["name"], "traditional, England" in message["text"])
    data = stage.slack.file_bytes(file["id"])
    eventually(lambda: _settled(stage), "a settled outbox")
    assert [] == [each["text"] for each in stage.slack.all_messages(dm) if "Got it" in each["text"]]
    stage.submit(stage.ada, data, "My Greensleeves.mid")
    with stage.database.store.read() as work:
        (contest,) = work.contests.unfinished()
        assert ["My Greensleeves"] == [piece.title for piece in work.submissions.accepted(contest.id)]


def test_a_melody_handed_in_as_it_is_is_told_to_the_organizers(stage: Stage) -> None:
    """Whatever it is called; they see it above the melody that it is."""
    stage.contest()
    stage.submit(stage.ada, write(MELODIES[0].score), "My very own.mid")
    dm = stage.olive.open_dm()
    alarm = stage.olive.wait_for_message(dm, "“Ode to Joy” of the starter kit, handed in as it is")
    assert "My very own" in said(alarm)
    picture = stage.olive.wait_for_message(dm, lambda message: bool(message.get("files")))
    assert ["shared-1.png"] == [file["name"] for file in picture["files"]]


def _settled(stage: Stage) -> bool:
    with stage.database.store.read() as work:
        return (work.outbox.waiting(), work.outbox.failed()) == (0, 0)
