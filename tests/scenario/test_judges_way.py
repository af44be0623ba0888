"""A judge's way through the pieces: the form that leads on, drafts, skips, flags, recusals, pauses, practice; and whoever helps."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.rules.queue import AT_ONCE
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person

FINE = {"originality": "4", "balance": "3", "emotional": "5"}


def judging(stage: Stage, *, pieces: int = 3, practice: bool = False) -> None:
    """A contest in judging with so many pieces of Ada's, Ben's and Cleo's."""
    stage.contest(practice=practice)
    authors = (stage.ada, stage.ben, stage.cleo)
    for number in range(pieces):
        stage.submit(authors[number % 3], melody(number + 1), f"piece{number}.mid")
    stage.next_phase()


def alias_of(message: dict[str, Any]) -> str:
    """The piece's name in that message."""
    return str(message["text"]).split("*")[1]


def form(who: Person, words: str = "") -> dict[str, Any]:
    """The open rating form that says this."""
    return who.wait_for_view(lambda view: view["callback_id"] == "rate" and words in json.dumps(view["blocks"]))


def chosen(view: dict[str, Any]) -> dict[str, Any]:
    """What is filled in, by input."""
    elements = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return {
        element["action_id"]: (element.get("initial_option") or {}).get("value") or element.get("initial_value")
        for element in elements
    }


def methods(stage: Stage, since: int) -> list[str]:
    """What the bot asked of Slack's Web API for the views since then."""
    return [line["name"] for line in stage.slack.log(since) if str(line["name"]).startswith("views.")]


def mark(stage: Stage) -> int:
    """The number of the log's last line."""
    return int(stage.slack.log()[-1]["n"])


def test_one_form_follows_the_other(stage: Stage) -> None:
    """Rate opens the form, saving turns it into the next one without any call, empty, and at last says what waits.

    The taps are counted in a browser, in ``tests/e2e/test_judging_on_a_phone.py``.
    """
    judging(stage, pieces=AT_ONCE + 1)
    judy = stage.judy
    heard = [stage.invitation(judy, number) for number in range(1, AT_ONCE + 1)]
    judy.click(heard[0], "rate")
    opened = form(judy, alias_of(heard[0]))
    before = mark(stage)
    assert judy.submit(opened, FINE | {"comment": "Bold"})["response_action"] == "update"
    for last, message in pairwise(heard):
        following = titled(judy, f"Rate {alias_of(message)}")
        assert f"Saved: *{alias_of(last)}*" in json.dumps(following["blocks"])
        assert opened["id"] == following["id"]
        assert set(chosen(following).values()) == {None}
        state = [element for block in following["state"]["values"].values() for element in block.values()]
        assert not any(element.get("selected_option") or element.get("value") for element in state)
        assert judy.submit(following, FINE)["response_action"] == "update"
    thanks = judy.wait_for_view("Thank you")
    assert f"Next: *{alias_of(stage.invitation(judy, AT_ONCE + 1))}*" in json.dumps(thanks)
    assert [] == methods(stage, before)
    judy.close(thanks)
    eventually(lambda: changeable(judy) >= {each["ts"] for each in heard}, "the buttons that say so")


def titled(who: Person, title: str) -> dict[str, Any]:
    """The open window of that title."""
    return who.wait_for_view(lambda view: view["title"]["text"] == title)


def changeable(who: Person) -> set[str]:
    """The messages whose buttons say that their pieces have been rated."""
    return {message["ts"] for message in who.messages(who.open_dm()) if "Change rating" in json.dumps(message)}


def test_a_closed_window_loses_nothing(stage: Stage) -> None:
    """Choices and letters reach us while they are made; the next window has them, and says so; saving forgets them."""
    judging(stage, pieces=1)
    judy = stage.judy
    message = stage.invitation(judy, 1)
    judy.click(message, "rate")
    opened = form(judy)
    judy.click(opened, "originality", "5", {"comment": "The bass"})
    judy.click(opened, "comment", "The bass walks", {"originality": "5"})
    judy.close(opened)
    eventually(lambda: drafts(stage) == [("The bass walks", 5)], "the draft")
    judy.click(message, "rate")
    again = form(judy, "had begun")
    assert {"originality": "5", "comment": "The bass walks"} == {
        key: value for key, value in chosen(again).items() if value
    }
    assert judy.submit(again, FINE)["ok"]
    assert [] == drafts(stage)


def test_a_form_too_large_for_a_frame_follows_all_the_same(stage: Stage) -> None:
    """With a long comment begun in Cyrillic: Slack hangs up where such a form comes with its acknowledgement."""
    judging(stage, pieces=2)
    judy, begun = stage.judy, "Бас идёт " * 330
    first, second = (stage.invitation(judy, number) for number in (1, 2))
    judy.click(second, "rate")
    opened = form(judy, alias_of(second))
    judy.click(opened, "comment", begun, {"private_note": begun})
    judy.close(opened)
    eventually(lambda: drafts(stage) == [(begun.strip(), 0)], "the draft")
    judy.click(first, "rate")
    opened = form(judy, alias_of(first))
    assert judy.submit(opened, FINE)["response_action"] == "update"
    following = form(judy, alias_of(second))
    assert opened["id"] == following["id"]
    assert begun.strip() == chosen(following)["comment"]
    assert judy.submit(following, FINE)["ok"]


def drafts(stage: Stage) -> list[tuple[str, int]]:
    """The comment and the first score of each draft."""
    with stage.database.store.read() as work:
        contest = work.contests.newest_first()[0]
        pieces = work.submissions.accepted(contest.id)
        found = work.ratings.drafts.of_places([(piece.id, "U0JUDY", "preliminary") for piece in pieces])
        return [(draft.values["comment"], draft.values["scores"].get("originality", 0)) for draft in found.values()]


def test_skip_flag_and_recuse_from_the_pieces_menu(stage: Stage) -> None:
    """Two controls a message; a skip is told at once, a flag reaches Olive, who settles it; a recusal is shown in place of the button, and undone."""
    judging(stage)
    judy, olive = stage.judy, stage.olive
    first, second, third = (stage.invitation(judy, number) for number in (1, 2, 3))
    controls = [
        element["type"] for block in first["blocks"] if block["type"] == "actions" for element in block["elements"]
    ]
    assert ["button", "overflow"] == controls

    judy.click(first, "piece_menu", option(first, "skip"))
    assert alias_of(first) in judy.wait_for_ephemeral(judy.open_dm(), "is put off")["text"]

    judy.click(second, "piece_menu", option(second, "flag"))
    asked = judy.wait_for_view("Flag a piece")
    assert set(judy.submit(asked, {"reason": "x"})["errors"]) >= {"flag_kind"}
    assert judy.submit(asked, {"flag_kind": "copy", "reason": "It is Frère Jacques"})["ok"]
    judy.close(judy.wait_for_view("Thank you"))
    alarm = olive.wait_for_message(olive.open_dm(), "Frère Jacques")
    olive.command(CHANNEL, "/kantor flags")
    assert alias_of(second) in json.dumps(olive.wait_for_ephemeral(CHANNEL, "Flags"))
    olive.click(alarm, "settle_flag")
    assert olive.submit(
        olive.wait_for_view(lambda view: view["callback_id"] == "settle_flag"),
        {"comes_back": "yes", "reason": "Only four notes"},
    )["ok"]
    stage.close_all(olive)
    judy.wait_for_message(judy.open_dm(), "Only four notes")

    judy.click(third, "piece_menu", option(third, "recuse"))
    assert judy.submit(judy.wait_for_view("Recuse"), {"reason": "I helped to write it"})["ok"]
    judy.close(judy.wait_for_view("Thank you"))
    olive.wait_for_message(olive.open_dm(), "I helped to write it")
    stands = judy.wait_for_message(judy.open_dm(), "You recused from")
    assert (third["ts"], False) == (stands["ts"], '"rate"' in json.dumps(stands))
    judy.click(stands, "undo_mark")
    assert judy.wait_for_ephemeral(judy.open_dm(), "is yours to rate again")
    olive.wait_for_message(olive.open_dm(), "back, and rates it after all")
    judy.wait_for_message(
        judy.open_dm(), lambda message: message["ts"] == third["ts"] and "then rate it" in message["text"]
    )

    again = judy.wait_for_message(judy.open_dm(), "You skipped it before")
    assert alias_of(first) == alias_of(again)


def option(message: dict[str, Any], what: str) -> str:
    """The menu's choice of that kind."""
    menus = [
        element for block in message["blocks"] for element in block.get("elements", []) if element["type"] == "overflow"
    ]
    return str(next(each["value"] for each in menus[0]["options"] if each["value"].startswith(what)))


def test_the_list_pausing_and_leaving(stage: Stage) -> None:
    """`/kantor judge` lists, opens a form over the list, pauses and goes on; who leaves is told, and so are the organizers."""
    judging(stage)
    jack = stage.jack
    stage.invitation(jack, 2)
    jack.command(CHANNEL, "/kantor judge")
    listed = jack.wait_for_view("My pieces")
    assert json.dumps(listed).count("in your messages") == 3
    piece = next(
        block["accessory"]["value"]
        for block in listed["blocks"]
        if block.get("accessory", {}).get("action_id") == "rate"
    )
    jack.click(listed, "rate", piece)
    assert jack.submit(form(jack), FINE)["ok"]
    stage.close_all(jack)
    jack.command(jack.open_dm(), "/kantor judge pause")
    assert "2 pieces wait" in jack.wait_for_ephemeral(jack.open_dm(), "You pause")["text"]
    jack.command(CHANNEL, "/kantor judge")
    paused = jack.wait_for_view("You pause")
    assert "4.00 of 5" in json.dumps(paused)
    jack.click(paused, "judge_resume")
    going = jack.wait_for_view(lambda view: "You pause" not in json.dumps(view))
    jack.click(going, "judge_at_once", f"{contest_id(stage)}:1")
    # Nobody presses a button of a window that is being redrawn.
    redrawn = jack.wait_for_view(lambda view: view["hash"] != going["hash"])
    jack.click(redrawn, "how_to_judge")
    jack.close(jack.wait_for_view(lambda view: "How to judge" == view["title"]["text"]))
    jack.click(redrawn, "judge_leave")
    assert jack.submit(
        jack.wait_for_view(lambda view: view["callback_id"] == "leave_judging"), {"reason": "No more time"}
    )["ok"]
    stage.olive.wait_for_message(stage.olive.open_dm(), "judges no more")
    stage.close_all(jack)
    jack.command(CHANNEL, "/kantor judge")
    assert jack.wait_for_ephemeral(CHANNEL, "You are not a judge")


def contest_id(stage: Stage) -> str:
    """Of the newest contest."""
    with stage.database.store.read() as work:
        return work.contests.newest_first()[0].id


def test_the_practice_pieces_come_first_and_are_skipped_with_one_tap(stage: Stage) -> None:
    """Judy tries the form before the judging begins, Jack begins without once it has; both get real pieces then."""
    stage.contest(practice=True)
    judy, jack = stage.judy, stage.jack
    letter = judy.wait_for_message(judy.open_dm(), "What you give here counts nowhere")
    assert "Hear each piece twice" in json.dumps(judy.wait_for_message(judy.open_dm(), "made you a judge"))
    files = [file["name"] for message in stage.slack.all_messages(judy.open_dm()) for file in message.get("files", [])]
    assert {"practice-maman.png", "practice-detour.png"} <= set(files)
    judy.click(letter, "practise")
    view = judy.wait_for_view(lambda view: view["callback_id"] == "practise")
    assert judy.submit(view, FINE)["ok"]
    view = judy.wait_for_view(lambda view: "detour" in view.get("private_metadata", ""))
    assert judy.submit(view, FINE)["ok"]
    judy.close(judy.wait_for_view("A Detour in the Dark*: you *4"))
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.next_phase()
    stage.invitation(judy, 1)
    waits = jack.wait_for_message(jack.open_dm(), "Try the form by the practice above first")
    assert not any("then rate it" in message["text"] for message in stage.slack.all_messages(jack.open_dm()))
    jack.click(waits, "skip_practice")
    stage.invitation(jack, 1)
    with stage.database.store.read() as work:
        assert [] == list(work.ratings.of_contest(contest_id(stage)))


def test_own_ratings_are_compared_and_changed(stage: Stage) -> None:
    """Judy looks at what she gave, changes one there, and is back at the list, which has another order."""
    judging(stage, pieces=2)
    judy = stage.judy
    judy.click(stage.invitation(judy), "rate")
    assert judy.submit(form(judy, "0 of 2"), FINE)["ok"]
    assert judy.submit(form(judy, "1 of 2"), dict.fromkeys(FINE, "2"))["ok"]
    judy.wait_for_view("Thank you")
    stage.close_all(judy)
    judy.command(judy.open_dm(), "/kantor judge ratings")
    listed = judy.wait_for_view("the highest first")
    first, second = (block for block in listed["blocks"] if "accessory" in block)
    assert "*4.00*" in json.dumps(first)
    judy.click(listed, "rate_again", second["accessory"]["value"])
    assert set(chosen(form(judy)).values()) == {"2", None}
    assert judy.submit(form(judy), dict.fromkeys(FINE, "5"))["ok"]
    changed = judy.wait_for_view("Saved")
    assert "*5.00*" in json.dumps(next(block for block in changed["blocks"] if "accessory" in block))


def test_rating_on_behalf(stage: Stage) -> None:
    """Olive writes down what Judy tells her on the phone; Judy reads it at once, and changes it; others may not."""
    judging(stage, pieces=1)
    judy, olive = stage.judy, stage.olive
    alias = alias_of(stage.invitation(judy))
    stage.ada.command(CHANNEL, "/kantor rate for @judy")
    stage.ada.wait_for_view("for the organizers")
    stage.close_all(stage.ada)
    olive.command(CHANNEL, "/kantor rate for @judy")
    choice = olive.wait_for_view(lambda view: view["callback_id"] == "rate_for")
    element = next(block["element"] for block in choice["blocks"] if block.get("block_id") == "piece")
    assert olive.submit(choice, {"piece": element["options"][0]["value"]})["ok"]
    scores = olive.wait_for_view(lambda view: view["callback_id"] == "rate_for_scores")
    assert "reason" in olive.submit(scores, FINE | {"reason": "x"})["errors"]
    assert olive.submit(scores, FINE | {"reason": "Her phone is broken"})["ok"]
    told = judy.wait_for_message(judy.open_dm(), "Her phone is broken")
    assert alias in told["text"]
    assert "4 - Now we're rocking" in told["text"]
    judy.click(told, "rate")
    mine = form(judy)
    assert "4" == chosen(mine)["originality"]
    assert judy.submit(mine, FINE | {"balance": "1"})["ok"]
    with stage.database.store.read() as work:
        (rating,) = work.ratings.of_contest(contest_id(stage))
        noted = [row.action for row in work.audit.of_contest(rating.contest_id)]
    assert (None, 1) == (rating.entered_by, rating.scores["balance"])
    assert ["rating.entered", "rating.changed"] == [action for action in noted if action.startswith("rating")]
