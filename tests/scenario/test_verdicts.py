"""The author asks why, in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judge.writer import Score, write
from tests.makers.pieces import melody
from tests.makers.stage import eventually
from tests.scenario.test_copies import LOWER, UPPER, transposed

if TYPE_CHECKING:
    from tests.makers.stage import Stage


def test_the_author_asks_why_and_gets_words_and_a_picture(stage: Stage) -> None:
    """The window says what pulled where; the picture comes once into the direct messages, with its alt text."""
    stage.contest()
    stage.submit(stage.ada, melody(3, bars=8), "Tide.mid")
    dm = stage.ada.open_dm()
    note = stage.ada.wait_for_message(dm, "The AI judge gives")
    stage.ada.click(note, "why_score")
    view = stage.ada.wait_for_view(lambda view: "of 100" in str(view))
    for words in ("What pulled it", "Beside Bach's works", "Parallels", "*Key*: ", "Nearest works of Bach"):
        assert words in str(view)
    stage.close_all(stage.ada)
    stage.ada.click(note, "why_score")
    stage.ada.wait_for_view(lambda view: "of 100" in str(view))
    picture = stage.ada.wait_for_message(dm, lambda message: bool(message.get("files")))
    (file,) = picture["files"]
    assert ("image/png", "beside Bach's works" in picture["text"]) == (file["mimetype"], True)
    assert "measures beside the usual range of Bach's works" in str(file)
    assert 1 == sum(bool(message.get("files")) for message in stage.slack.all_messages(dm))


def test_the_organizers_see_a_copy_beside_its_original(stage: Stage) -> None:
    """A picture with alt text goes with the alarm."""
    stage.contest()
    dawn = write(Score("Dawn", (4, 4), 100, (UPPER, LOWER)))
    stage.submit(stage.ada, dawn, "Dawn.mid")
    stage.submit(stage.ben, transposed(dawn, 5), "Mine.mid")
    dm = stage.olive.open_dm()
    picture = stage.olive.wait_for_message(dm, lambda message: bool(message.get("files")))
    eventually(lambda: any("shares long passages" in each["text"] for each in stage.olive.messages(dm)), "the alarm")
    (file,) = picture["files"]
    assert "Mine by Ben" in str(file)
    assert "here 5 semitones higher" in str(file)
