"""The starter kit: from no MIDI file to a melody that can be changed."""

from __future__ import annotations

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


def _settled(stage: Stage) -> bool:
    with stage.database.store.read() as work:
        return (work.outbox.waiting(), work.outbox.failed()) == (0, 0)
