"""Somebody hands in another person's piece in another key."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import mido

from judge.writer import Score, write
from tests.makers.stage import CHANNEL, Stage

if TYPE_CHECKING:
    from typing import Any

UPPER = (
    "E5:1 G5:.5 F5:.5 E5:.5 D5:.5 C5:1 | A5:1.5 G5:.5 F5:1 E5:1 | D5:.5 F5:.5 B4:1 G5:.5 E5:.5 C5:1 | B4:1 A4:.5 B4:.5 C5:2 |"
    "G5:1 E5:.5 A5:.5 F5:.5 D5:.5 G5:1 | C6:1.5 B5:.5 A5:.5 F5:.5 D5:1 | G5:.5 E5:.5 A4:1 D5:.5 F5:.5 B4:1 | C5:4"
)
LOWER = (
    "C3:1 E3:1 G3:.5 F3:.5 E3:1 | F3:1 A3:1 D3:.5 E3:.5 C3:1 | G3:1 G2:1 E3:1 A3:1 | D3:1 G3:1 C3:2 |"
    "E3:1 C3:1 D3:.5 F3:.5 B2:1 | A2:1 E3:1 F3:.5 D3:.5 G3:1 | C3:1 F3:1 G3:.5 D3:.5 G2:1 | C3:4"
)


def transposed(data: bytes, semitones: int) -> bytes:
    """The same piece in another key."""
    file = mido.MidiFile(file=io.BytesIO(data))
    for message in (message for track in file.tracks for message in track if message.type in {"note_on", "note_off"}):
        message.note += semitones
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()


def words(message: dict[str, Any]) -> str:
    """All that a message says."""
    return f"{message['text']} {message.get('blocks', '')}"


def test_a_transposed_copy_is_accepted_and_the_organizers_get_one_alarm(stage: Stage) -> None:
    """The thief reads a card like any other; Olive reads whose bars they are."""
    stage.contest()
    dawn = write(Score("Dawn", (4, 4), 100, (UPPER, LOWER)))
    stage.submit(stage.ada, dawn, "Dawn.mid")
    message = stage.submit(stage.ben, transposed(dawn, 5), "Mine.mid")
    assert "8 bars" in words(stage.thread(CHANNEL, message["ts"])[-1])
    dm = stage.olive.open_dm()
    alarm = stage.olive.wait_for_message(dm, "shares long passages")
    assert "*Dawn* by <@U0ADA>: 100% of the notes, bars 1-8 here, bars 1-8 there" in words(alarm)
    assert "*Mine* by <@U0BEN>" in alarm["text"]
    stage.submit(stage.cleo, write(Score("Else", (3, 4), 90, ("C5:1 A4 B4 G4 D5 E5:.5 C5 F5:1 E5 D5",))), "Else.mid")
    assert 1 == sum("shares long passages" in each["text"] for each in stage.olive.messages(dm))
