"""People are asked for help, reminded, and answer, through Slack's wire."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person
    from tests.makers.stage import Stage


def in_days(stage: Stage, days: int) -> str:
    """A day, as a window has it."""
    return (stage.clock.now() + timedelta(days=days)).strftime("%Y-%m-%d")


def buttons(message: dict[str, Any]) -> list[str]:
    """What can be pressed in it."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def read(who: Person, ts: str) -> dict[str, Any]:
    """The person's direct message as it is now."""
    return next(each for each in who.messages(who.open_dm()) if each["ts"] == ts)


def says(who: Person, ts: str, words: str) -> bool:
    """Whether that direct message has these words now."""
    return words in json.dumps(read(who, ts))


def reminders(stage: Stage, hours: int) -> int:
    """How many have been written once so many hours have passed, one after the other."""
    for _ in range(hours):
        stage.clock.shift += timedelta(hours=1)
        stage.database.services.duty_reminders.send_due()
    with stage.database.store.read() as work:
        return len([each for each in work.outbox.of_kinds("duty_reminder") if each.edits is None])


def test_judges_are_asked_and_reminded_and_one_says_yes(stage: Stage) -> None:
    """Ben is reminded after two days and agrees, Ada declines and says why; Olive reads both, and sees them in the list."""
    stage.contest(deadline_date=in_days(stage, 10))
    olive, ada, ben = stage.olive, stage.ada, stage.ben
    olive.command(CHANNEL, "/kantor judges ask @ben @ada")
    form = olive.wait_for_view(lambda view: view["callback_id"] == "ask_duty")
    filled = {"duty": "judge", "day_date": in_days(stage, 14), "day_time": "18:00", "words": "We need *your* ears"}
    assert "day_date" in olive.submit(form, filled | {"day_date": in_days(stage, 9)})["errors"]
    assert olive.submit(form, filled)["ok"]
    olive.wait_for_view("Ask for help")
    stage.close_all(olive)
    asked = {
        who.id: who.wait_for_message(who.open_dm(), "asks whether you would judge *Spring Jam*") for who in (ada, ben)
    }
    said = json.dumps(asked[ben.id], ensure_ascii=False)
    assert [] == [
        part
        for part in ("What it takes", "when compositions close, until", "UTC)", "your\u2217 ears")
        if part not in said
    ]
    assert ["accept_duty", "decline_duty"] == buttons(asked[ben.id])

    assert [0, 2] == [reminders(stage, hours) for hours in (47, 26)]  # by daylight, wherever they are
    reminder = ben.wait_for_message(ben.open_dm(), "still hopes for your answer")
    assert ben.click(reminder, "accept_duty")["ok"]
    ben.wait_for_ephemeral(ben.open_dm(), "You will judge *Spring Jam*")
    ben.wait_for_message(ben.open_dm(), "made you a judge of *Spring Jam*")
    for old, said_now in ((asked[ben.id], "You have agreed to judge"), (reminder, "You have answered")):
        eventually(partial(says, ben, old["ts"], said_now), "the letter as it stands")
    assert ["decline_duty"] == buttons(read(ben, asked[ben.id]["ts"]))
    olive.wait_for_message(olive.open_dm(), "<@U0BEN> will judge *Spring Jam*")

    ada.click(asked[ada.id], "decline_duty")
    window = ada.wait_for_view(lambda view: view["callback_id"] == "decline_duty")
    assert ada.submit(window, {"reason": "I take part myself"})["ok"]
    olive.wait_for_message(olive.open_dm(), "<@U0ADA> will not judge *Spring Jam*: “I take part myself”")
    stage.close_all(ada)
    olive.command(CHANNEL, "/kantor judges")
    listed = json.dumps(olive.wait_for_ephemeral(CHANNEL, "Spring Jam: 1 organizer, 3 judges"), ensure_ascii=False)
    assert "everybody has answered" in listed
    assert "<@U0ADA> will not judge: “I take part myself”" in listed
    ben.command(CHANNEL, "/kantor judges")
    assert "Asked for help" not in json.dumps(ben.wait_for_ephemeral(CHANNEL, "3 judges"))


def test_a_speaker_is_asked_and_it_is_taken_back(stage: Stage) -> None:
    """Cleo agrees to speak; plans change, and Olive's button tells her; the old message has no button any more."""
    stage.contest()
    olive, cleo = stage.olive, stage.cleo
    olive.command(CHANNEL, "/kantor judges ask @cleo")
    form = olive.wait_for_view(lambda view: view["callback_id"] == "ask_duty")
    assert olive.submit(form, {"duty": "speaker"})["ok"]
    stage.close_all(olive)
    asked = cleo.wait_for_message(cleo.open_dm(), "whether you would speak at the awards ceremony")
    assert cleo.click(asked, "accept_duty")["ok"]
    olive.wait_for_message(olive.open_dm(), "<@U0CLEO> will speak at the awards ceremony")
    olive.command(CHANNEL, "/kantor judges")
    listed = olive.wait_for_ephemeral(CHANNEL, lambda message: "withdraw_duty" in json.dumps(message))
    assert olive.click(listed, "withdraw_duty")["ok"]
    cleo.wait_for_message(cleo.open_dm(), "A change of plans")
    eventually(lambda: [] == buttons(read(cleo, asked["ts"])), "the letter without buttons")
