"""A short contest from its first command to its final board, for checks that look at everything that went over the wire."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.adapters.inspector import ProcessInspector
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.client import Person

SCORES = {"originality": "4", "balance": "3", "emotional": "5", "comment": "A fine walk.", "private_note": "Long?"}


@contextmanager
def played() -> Iterator[Stage]:
    """The stage after a whole contest: all that Kantor says and shows has been said and shown once."""
    with tempfile.TemporaryDirectory() as folder:
        inspector = ProcessInspector(workers=1, sound_bank="")
        try:
            with Stage.raised(Path(folder), inspector) as stage:
                _play(stage, Path(folder))
                yield stage
        finally:
            inspector.close()


def _play(stage: Stage, folder: Path) -> None:
    _before(stage)
    stage.contest(phase="open")
    stage.pool(folder, ["pw-of-a-demo"])
    _accounts(stage)
    _compositions(stage)
    stage.next_phase()
    _ask_everything(stage)
    _judging(stage)
    stage.next_phase()
    stage.ada.wait_for_message(CHANNEL, "Final leaderboard")
    _surfaces(stage)


def _before(stage: Stage) -> None:
    """Help, a form with mistakes, and what is not allowed."""
    stage.ada.command(CHANNEL, "/kantor help")
    stage.ada.wait_for_ephemeral(CHANNEL, "Kantor")
    stage.ada.command(CHANNEL, "/kantor phase next")
    assert not stage.new_contest(slug="No Slug!")["ok"]
    stage.close_all(stage.olive)


def _accounts(stage: Stage) -> None:
    """Ada takes the only account, asks again, and Ben finds none left."""
    dm = stage.ada.open_dm()
    stage.ada.say(dm, "may I have an account, please?")
    asked = stage.ada.wait_for_message(dm, lambda message: "open_account" in json.dumps(message))
    stage.ada.click(asked, "open_account")
    assert stage.fill_in(stage.ada, "claim_account", {"accepted_terms": ["accepted"]})["ok"]
    stage.ada.wait_for_view("account")
    stage.close_all(stage.ada)
    stage.ada.command(CHANNEL, "/kantor account")
    stage.ada.wait_for_view("already")
    stage.close_all(stage.ada)
    stage.ben.command(CHANNEL, "/kantor account")
    stage.fill_in(stage.ben, "wait_for_account", {})
    stage.olive.wait_for_message(stage.olive.open_dm(), "no account left")
    stage.close_all(stage.ben)


def _compositions(stage: Stage) -> None:
    """Three pieces, one of them by direct message, and one file that is none."""
    for seed, who in enumerate((stage.ada, stage.ben), 1):
        stage.submit(who, melody(seed), f"piece{seed}.mid")
    stage.submit(stage.cleo, melody(3), "piece3.mid", channel=stage.cleo.open_dm())
    stage.submit(stage.ben, b"\x89PNG\r\n\x1a\n" + bytes(60), "picture.mid")
    stage.olive.command(CHANNEL, "/kantor status")
    stage.olive.wait_for_ephemeral(CHANNEL, "Spring Jam")


def _judging(stage: Stage) -> None:
    """Judy rates all three pieces, and changes her mind about the first; Ada looks at the board."""
    dm, seen = stage.judy.open_dm(), set[str]()
    for _ in range(3):
        invitation = _invitation(stage.judy, dm, seen)
        _rate(stage, stage.judy, invitation, SCORES)
    changed = stage.judy.wait_for_message(
        dm, lambda message: message["ts"] == invitation["ts"] and "Change rating" in json.dumps(message), 30
    )
    _rate(stage, stage.judy, changed, SCORES | {"comment": "Heard again."})
    stage.ada.command(CHANNEL, "/kantor board")
    stage.ada.wait_for_ephemeral(CHANNEL, "Leaderboard")


def _invitation(who: Person, dm: str, seen: set[str]) -> dict[str, Any]:
    found = who.wait_for_message(
        dm,
        lambda message: message["ts"] not in seen and '"action_id": "rate"' in json.dumps(message.get("blocks", "")),
        30,
    )
    seen.add(found["ts"])
    return found


def _rate(stage: Stage, who: Person, invitation: dict[str, Any], values: dict[str, str]) -> None:
    who.click(invitation, "rate")
    answer = stage.fill_in(who, "rate", values)
    assert answer["ok"], answer
    stage.close_all(who)


COMMANDS = {
    "olive": (
        *(
            "contest edit",
            "judges",
            "organizers",
            "accounts",
            "accounts import",
            "late",
            "flags",
            "find piece",
            "status",
        ),
        *("extend @ada", "rate for @judy", "nudge", "announce Hello", "feedback", "audit", "erase @gus", "board"),
    ),
    "ada": ("mine", "place", "rules", "starter", "find piece", "account", "status", "no such thing"),
    "judy": ("judge", "mine", "board"),
}


def _ask_everything(stage: Stage) -> None:
    """Whatever the slash command can ask for without changing anything, by those who may: each is answered."""
    for name, asked in COMMANDS.items():
        who: Person = getattr(stage, name)
        for words in asked:
            before = len(who.ephemerals(CHANNEL))
            who.command(CHANNEL, f"/kantor {words}")
            eventually(lambda: who.views() or len(who.ephemerals(CHANNEL)) > before, what=words)  # noqa: B023 - asked at once
            eventually(lambda: "One moment" not in json.dumps(who.views()), what=words)  # noqa: B023 - asked at once
            stage.close_all(who)


def _surfaces(stage: Stage) -> None:
    """Everyone's home, and the board after the end."""
    for who in (stage.olive, stage.ada, stage.judy, stage.gus):
        who.open_home()
        who.wait_for_home(lambda _: True)
    stage.olive.command(CHANNEL, "/kantor board")
    stage.olive.wait_for_ephemeral(CHANNEL, "of 100")
