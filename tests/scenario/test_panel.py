"""Who hears what, and who should not: the windows of organizers and judges, through Slack's wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL

if TYPE_CHECKING:
    from bot.sandbox.client import Person
    from tests.makers.stage import Stage

FINE = {"originality": "4", "balance": "3", "emotional": "5"}


def share_out(stage: Stage, each: str, **more: str) -> None:
    """Olive says how many judges hear each composition, in the window of the settings."""
    olive = stage.olive
    olive.command(CHANNEL, "/kantor contest edit")
    menu = olive.wait_for_view(lambda view: "judging:" in json.dumps(view["blocks"]))
    olive.click(menu, "edit_part", next(value for value in values(menu) if value.startswith("judging:")))
    part = olive.wait_for_view(lambda view: view["callback_id"] == "edit_contest")
    assert olive.submit(part, {"listens": each, **more})["response_action"] == "push"
    shown = olive.wait_for_view(lambda view: view["callback_id"] == "apply_edit")
    assert "heard by" in json.dumps(shown["blocks"])
    assert olive.submit(shown, {})["ok"]
    stage.close_all(olive)


def values(view: dict[str, object]) -> list[str]:
    """What the buttons of a window carry."""
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return [block["accessory"].get("value", "") for block in blocks if "accessory" in block]


def hear(who: Person, stage: Stage, pieces: int) -> None:
    """The judge rates so many, whatever they are, one form after the other."""
    who.click(stage.invitation(who, 1), "rate")
    form = who.wait_for_view(lambda view: view["callback_id"] == "rate")
    for left in range(pieces - 1, -1, -1):
        assert who.submit(form, FINE)["ok"]
        form = who.wait_for_view("Thank you" if not left else (lambda view: view["callback_id"] == "rate"))
    who.close(form)


def test_pieces_are_shared_out_and_a_conflict_is_declared_in_advance(stage: Stage) -> None:
    """Olive looks at the panel before and after; Judy hears nothing of Ada's; the round closes early for a reason only."""
    stage.contest(rounds="2")
    olive, judy = stage.olive, stage.judy
    share_out(stage, "1")
    judy.command(judy.open_dm(), "/kantor conflicts")
    window = judy.wait_for_view(lambda view: view["callback_id"] == "declare_conflict")
    assert "people" in judy.submit(window, {"people": [], "conflict": "team"})["errors"]
    assert judy.submit(window, {"people": ["U0ADA"], "conflict": "team"})["ok"]
    stage.close_all(judy)
    olive.wait_for_message(olive.open_dm(), "hears nothing by <@U0ADA>")
    for number, author in enumerate((stage.ada, stage.ben, stage.cleo, stage.ben)):
        stage.submit(author, melody(number + 1), f"piece{number}.mid")
    stage.next_phase()

    olive.command(CHANNEL, "/kantor panel")
    panel = olive.wait_for_view("What each judge has to do")
    said = json.dumps(panel["blocks"])
    assert "shared out evenly and by lot" in said
    assert "Coverage" in said
    stage.close_all(olive)
    with stage.database.store.read() as work:
        contest = work.contests.newest_first()[0]
        authors, pairs = work.submissions.authors(contest.id), work.panels.pairs(contest.id)
    assert sorted(authors) == sorted(piece for _, piece in pairs)
    assert "U0ADA" not in {authors[piece] for judge, piece in pairs if judge == "U0JUDY"}

    hear(judy, stage, sum(judge == "U0JUDY" for judge, _ in pairs))
    olive.command(CHANNEL, "/kantor phase next")
    window = olive.wait_for_view(lambda view: view["callback_id"] == "advance_phase")
    errors = olive.submit(window, {"reason": "x"})["errors"]
    assert "/kantor panel" in errors["reason"]
    assert olive.submit(window, {"reason": "The others fell ill"})["ok"]
    olive.wait_for_message(CHANNEL, "The final of")


def test_further_listens_come_by_themselves(stage: Stage) -> None:
    """Both judges hear their share, and then more where it is close, of what the other one heard; they are thanked when all is placed."""
    stage.contest(rounds="2")
    olive, judy, jack = stage.olive, stage.judy, stage.jack
    share_out(stage, "1", further="2", finalists="2")
    for number, author in enumerate((stage.ada, stage.ben, stage.cleo, stage.ben)):
        stage.submit(author, melody(number + 1), f"piece{number}.mid")
    stage.next_phase()
    for judge in (judy, jack):
        hear(judge, stage, 2)
    assert not any("That was the last one" in message["text"] for message in stage.slack.all_messages(judy.open_dm()))
    for judge in (judy, jack):
        judge.click(stage.invitation(judge, 3), "rate")
        form = judge.wait_for_view(lambda view: view["callback_id"] == "rate")
        assert "2 of 3 rated" in json.dumps(form["blocks"])
        assert judge.submit(form, FINE)["ok"]
        judge.wait_for_message(judge.open_dm(), "you have rated 3 of 3")
        stage.close_all(judge)
    olive.command(CHANNEL, "/kantor panel")
    assert "*2 of 2 further listens* are placed" in json.dumps(
        olive.wait_for_view("What each judge has to do")["blocks"]
    )
    stage.close_all(olive)
    olive.command(CHANNEL, "/kantor coverage")
    assert "6 of 6 ratings" in json.dumps(olive.wait_for_view("have 6 of 6")["blocks"])
