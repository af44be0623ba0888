"""One name in the log, from what Slack told the bot to the card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.makers.pieces import melody
from tests.makers.stage import Theatre, eventually

if TYPE_CHECKING:
    from pathlib import Path

STEPS = (
    "event='heard'",
    "event='an upload was dealt with'",
    "event='a job begins'",
    "event='a child has looked at a file'",
    "kind='card'",
)
"""In the order in which an upload takes them."""
DONE = "event='a job is done' job='check_submission'"


def test_an_upload_is_followed_from_the_event_to_the_card(tmp_path: Path) -> None:
    """Whoever looks for the event's id finds each step, across the processes; of what people wrote nothing is there."""
    with Theatre.opened(tmp_path) as theatre:
        theatre.contest()
        message = theatre.submit(theatre.ada, melody(1), "Secret tune.mid")
        theatre.submit(theatre.ben, melody(2), "Another.mid")
        eventually(lambda: len(re.findall(DONE, theatre.log())) >= 2, "two checks that are done")
        eventually(lambda: len(re.findall("kind='card'", theatre.log())) >= 2, "two cards")
        told = [
            line for line in theatre.slack.log() if line["kind"] == "delivery" and message["ts"] in str(line["args"])
        ]
        name = told[0]["args"]["payload"]["event_id"]
        lines = [line for line in theatre.log().splitlines() if f"cause='{name}'" in line]
        at = [next((number for number, line in enumerate(lines) if step in line), -1) for step in STEPS]
        assert sorted(at) == at
        assert at[0] == 0
        assert [1, 1] == [
            sum(all(words in line for words in both) for line in lines)
            for both in (
                ("event='a letter arrived'", "kind='card'"),
                ("event='a job is done'", "job='check_submission'"),
            )
        ]
        assert [] == [word for word in ("Secret", "tune", "Another.mid") if word in theatre.log()]
