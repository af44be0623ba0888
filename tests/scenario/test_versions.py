"""New versions, windows for files, withdrawals: what authors do with what they have handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.submissions.views import MINE_TITLE
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from typing import Any


def words(messages: list[dict[str, Any]]) -> str:
    """All that was said."""
    return "\n".join(message["text"] for message in messages)


def opened_mine(stage: Stage, who: Any) -> dict[str, Any]:
    """Their list, once it has its facts."""
    stage.close_all(who)
    who.command(CHANNEL, "/kantor mine")
    view: dict[str, Any] = who.wait_for_view(
        lambda one: one["title"]["text"] == MINE_TITLE and "One moment" not in str(one)
    )
    return view


def test_a_file_in_the_thread_of_an_upload_is_its_next_version(stage: Stage) -> None:
    """Version 1 counts until version 2 is accepted; a refused version 3 leaves version 2 counting, and all of it is said."""
    stage.contest(submission_limit=1)
    first = stage.submit(stage.ada, melody(1), "Tide.mid")
    stage.ada.upload(CHANNEL, "tide-new.mid", melody(2), thread_ts=first["ts"])
    eventually(lambda: "version 2, and the one that counts" in words(stage.thread(CHANNEL, first["ts"])), "the card")
    said = words(stage.thread(CHANNEL, first["ts"]))
    assert "as version 2 of *Tide*. Version 1 counts until this one is accepted." in said
    stage.ada.upload(CHANNEL, "tide-long.mid", melody(3, bars=9), thread_ts=first["ts"])
    eventually(lambda: "Version 2 of *Tide* still counts." in words(stage.thread(CHANNEL, first["ts"])), "why not")
    shown = str(opened_mine(stage, stage.ada))
    assert "✅ version 2 counts" in shown
    assert "an earlier version" in shown


def test_a_composition_comes_and_goes_by_windows(stage: Stage) -> None:
    """Handed in by a window, replaced, renamed, withdrawn and brought back; the receipts come by direct message."""
    stage.contest()
    ada, dm = stage.ada, stage.ada.open_dm()
    ada.command(CHANNEL, "/kantor submit")
    form = ada.wait_for_view(lambda view: view.get("callback_id") == "submit")
    answer = ada.submit(form, {"file": [ada.attach(form, "file", "draft7.mid", melody(1))], "title": "Morning Tide"})
    assert answer["ok"], answer
    ada.wait_for_view("Thank you")
    assert "*Morning Tide*" in ada.wait_for_message(dm, "Got it")["text"]
    ada.wait_for_message(dm, "4 bars")

    seen = opened_mine(stage, ada)
    ada.click(seen, "replace_file")
    form = ada.wait_for_view(lambda view: view.get("callback_id") == "replace_file")
    assert ada.submit(form, {"file": [ada.attach(form, "file", "draft8.mid", melody(2))]})["ok"]
    ada.wait_for_message(dm, "This is version 2, and the one that counts now.")

    seen = opened_mine(stage, ada)
    ada.click(seen, "rename_piece")
    form = ada.wait_for_view(lambda view: view.get("callback_id") == "rename_piece")
    assert ada.submit(form, {"title": "Evening Tide"})["ok"]
    seen = ada.wait_for_view(lambda view: "*Evening Tide*" in str(view))
    stage.close_all(ada)

    seen = opened_mine(stage, ada)
    ada.click(seen, "withdraw")
    seen = ada.wait_for_view(lambda view: "withdrawn" in str(view))
    stage.olive.command(CHANNEL, "/kantor status")
    assert "0 accepted" in str(stage.olive.wait_for_ephemeral(CHANNEL, "0 accepted"))
    ada.click(seen, "let_count", "Let version 1 count")
    ada.wait_for_view("✅ version 1 counts")


def test_a_composition_comes_by_shortcuts(stage: Stage) -> None:
    """A message's "Hand this in" takes the author's own file from anywhere; "New submission" opens the window."""
    stage.contest()
    ada, ben, dm = stage.ada, stage.ben, stage.ada.open_dm()
    place = ada.open_dm(ben.id)
    words_only = ada.say(place, "listen to this")
    message = ada.upload(place, "tide.mid", melody(1))
    for who, where, sentence in ((ada, words_only, "no file in that message"), (ben, message, "somebody else's")):
        who.shortcut_on(where, place, "hand_this_in")
        who.wait_for_view(sentence)
        stage.close_all(who)
    ada.shortcut_on(message, place, "hand_this_in")
    form = ada.wait_for_view(lambda view: view.get("callback_id") == "submit")
    assert "tide.mid" in str(form["blocks"])
    assert ada.submit(form, {"title": "Morning Tide"})["ok"]
    ada.wait_for_view("Thank you")
    assert "*Morning Tide*" in ada.wait_for_message(dm, "Got it")["text"]
    stage.close_all(ada)
    ada.shortcut("new_submission")
    form = ada.wait_for_view(lambda view: view.get("callback_id") == "submit")
    assert "file_input" in str(form["blocks"])
