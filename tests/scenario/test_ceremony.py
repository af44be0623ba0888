"""A whole ceremony in the workspace: confirmed, rehearsed, revealed; the bot is killed in the middle, and two present at the same time."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, Theatre, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person

SCORES = ("originality", "balance", "emotional")
STEPS = (
    "Welcome to the awards",
    "Second place of the AI judge",
    "First place of the AI judge",
    "Second place*",
    "First place*",
)


def judged(stage: Stage) -> None:
    """Two compositions, which Judy has rated with 5 and 2."""
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.submit(stage.ben, melody(2), "dusk.mid")
    stage.next_phase()
    for number, score in ((1, 5), (2, 2)):
        stage.judy.click(stage.invitation(stage.judy, number), "rate")
        answer = stage.fill_in(stage.judy, "rate", dict.fromkeys(SCORES, str(score)))
        assert answer["ok"], answer
        stage.close_all(stage.judy)


def confirmed(stage: Stage) -> str:
    """Olive confirms the results alone, and Cleo presents; the SHA-256 that the channel reads."""
    stage.olive.command(CHANNEL, "/kantor ceremony")
    answer = stage.fill_in(stage.olive, "confirm_results", {"presenter": "U0CLEO", "reason": "Nobody else is awake"})
    assert answer["ok"], answer
    stage.close_all(stage.olive)
    said = stage.ada.wait_for_message(CHANNEL, "The file of the results has this SHA-256")["text"]
    return str(said.partition("this SHA-256: `")[2][:64])


def panel(who: Person, *, rehearsal: bool = False) -> dict[str, Any]:
    """The panel as it is now, with a button to go on."""
    word = "A rehearsal" if rehearsal else "For real"

    def live(message: dict[str, Any]) -> bool:
        text = json.dumps(message.get("blocks", []))
        return word in text and ("ceremony_next" in text or "ceremony_finish" in text)

    return who.wait_for_message(who.open_dm(), live)


def value(message: dict[str, Any]) -> str:
    """What the button carries: the ceremony and the turn."""
    buttons = [each for block in message["blocks"] for each in block.get("elements", []) if "action_id" in each]
    return str(next(each["value"] for each in buttons if each["action_id"] in {"ceremony_next", "ceremony_finish"}))


def press(who: Person, *, rehearsal: bool = False) -> None:
    """The next step, and until the panel has moved on."""
    now = panel(who, rehearsal=rehearsal)
    who.click(now, "ceremony_next")
    eventually(lambda: value(panel(who, rehearsal=rehearsal)) != value(now), "the panel's next turn")


def at_the_end(who: Person, *, rehearsal: bool = False) -> bool:
    return "ceremony_finish" in json.dumps(panel(who, rehearsal=rehearsal)["blocks"])


def seen(stage: Stage, channel: str = CHANNEL) -> Counter[str]:
    """How often each step stands in the channel."""
    texts = [message["text"] for message in stage.slack.all_messages(channel)]
    return Counter(step for step in STEPS for text in texts if step in text)


def test_a_ceremony_goes_on_where_it_was_when_the_bot_is_killed(theatre: Theatre) -> None:
    """Killed right after a click, and once more with the letter on its way: each step is seen once, with its music, and the file has the hash."""
    judged(theatre)
    posted = confirmed(theatre)
    press(theatre.cleo)
    for _ in range(2):
        now = panel(theatre.cleo)
        with suppress(httpx.HTTPError):
            theatre.cleo.click(now, "ceremony_next")
        theatre.bot.kill()
        theatre.restart()
        if value(panel(theatre.cleo)) == value(now):  # it was not heard: the presenter presses once more
            press(theatre.cleo)
    while not at_the_end(theatre.cleo):
        press(theatre.cleo)
    eventually(lambda: set(STEPS) == set(seen(theatre)), "all steps")
    theatre.cleo.click(panel(theatre.cleo), "ceremony_finish")
    theatre.ada.wait_for_message(CHANNEL, "Final leaderboard")
    theatre.ada.wait_for_message(theatre.ada.open_dm(), "Your certificate of")
    assert dict.fromkeys(STEPS, 1) == seen(theatre)
    first = next(each for each in theatre.slack.all_messages(CHANNEL) if "First place*" in each["text"])
    assert ["mp3", "png"] == sorted(file["name"].rpartition(".")[2] for file in first["files"])
    file = theatre.ada.wait_for_message(CHANNEL, "as they were fixed on")["files"][0]
    answer = httpx.get(file["url_private_download"], headers={"Authorization": f"Bearer {theatre.server.bot_token}"})
    assert sha256(answer.content).hexdigest() == posted


def test_two_presenters_and_a_rehearsal_that_nobody_else_sees(stage: Stage) -> None:
    """Of two clicks on the same step one counts, and the other gets a sentence; a rehearsal stays in its private channel."""
    stage.contest()
    judged(stage)
    confirmed(stage)
    panel(stage.cleo)
    secret = stage.slack.create_channel("rehearsal", ["U0OLIVE", "U0CLEO"], private=True)
    stage.olive.invite(secret, "U0KANTOR")
    stage.olive.command(CHANNEL, "/kantor ceremony")
    stage.olive.click(stage.olive.wait_for_view("The results stand"), "rehearse")
    answer = stage.fill_in(stage.olive, "rehearse", {"channel_id": secret})
    assert answer["ok"], answer
    while not at_the_end(stage.cleo, rehearsal=True):
        press(stage.cleo, rehearsal=True)
    eventually(lambda: set(STEPS) == set(seen(stage, secret)), "all steps of the rehearsal")
    stage.cleo.click(panel(stage.cleo, rehearsal=True), "ceremony_finish")
    assert Counter() == seen(stage)
    stage.close_all(stage.olive)
    stage.olive.command(CHANNEL, "/kantor ceremony")
    stage.olive.click(stage.olive.wait_for_view("The results stand"), "help_present")
    now = {who.id: panel(who) for who in (stage.cleo, stage.olive)}
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: who.click(now[who.id], "ceremony_next"), (stage.cleo, stage.olive)))
    stage.ada.wait_for_message(CHANNEL, "Welcome to the awards")

    def told() -> bool:
        lines = [line for who in (stage.cleo, stage.olive) for line in who.ephemerals(who.open_dm())]
        return any("Somebody was quicker" in line["text"] for line in lines)

    eventually(told, "the sentence for the second one")
    assert Counter({STEPS[0]: 1}) == seen(stage)
