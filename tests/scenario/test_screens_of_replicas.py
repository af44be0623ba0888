"""Home tabs and open windows with two ``kantor run`` on one PostgreSQL: whichever of them a person meets, they see what has happened."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.client import said
from bot.sandbox.server import SandboxServer
from tests.makers.pieces import melody
from tests.makers.postgres import postgres_database
from tests.makers.stage import CHANNEL, MANIFEST, BotProcess, Theatre, eventually, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sandbox.client import Person

pytestmark = pytest.mark.processes

SECONDS = 60.0
"""Of patience: four processes share two cores with whoever else works there."""


class Pair(Theatre):
    """A workspace with a worker and two bots."""

    def __post_init__(self) -> None:
        """Nothing runs yet."""
        super().__post_init__()
        self.behind = ExitStack()
        self.first, self.second = self._process("first", "run"), self._process("second", "run")
        self.worker = self._process("worker", "worker", "--jobs", "1")

    def _process(self, name: str, *command: str) -> BotProcess:
        return BotProcess(self.settings, self.folder / f"{name}.log", (sys.executable, "-m", "bot", *command))

    def begin(self, process: BotProcess, name: str) -> None:
        """Start it; it is there when it has said so."""
        log = self.folder / f"{name}.log"
        process.start()
        self.behind.callback(process.kill)
        words = ("event='running'", "event='working'")
        eventually(lambda: any(word in log.read_text(encoding="utf-8") for word in words), name, SECONDS)

    def hand_over(self) -> None:
        """The second one comes, and the first one goes, as in an upgrade: from now on everybody meets the second."""
        self.begin(self.second, "second")
        assert 0 == self.first.stop()

    def click_rate(self, who: Person) -> None:
        """The judge presses the button of their newest piece."""
        who.click(self.invitation(who), "rate")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with postgres_database(tables=False) as url, SandboxServer(manifest=MANIFEST) as server:
        pair = Pair(server, settings_for(server, tmp_path, KANTOR_DATABASE_URL=url), folder=tmp_path)
        with pair.behind:
            pair.behind.callback(pair.slack.close)
            pair.begin(pair.first, "first")
            pair.begin(pair.worker, "worker")
            pair.slack.wait_connected()
            yield pair


def test_what_one_opened_is_kept_up_by_the_other(pair: Pair) -> None:
    """The first bot opened Ada's Home tab, Judy's form and Olive's preview, and has gone: by the second one all three go on.

    The tab shows what happens from then on, the form is saved and leads to the next piece, the preview is confirmed.
    """
    pair.contest()
    for number, who in enumerate((pair.ada, pair.ben), start=1):
        pair.submit(who, melody(number))
    pair.next_phase()
    pair.ada.open_home()
    pair.ada.wait_for_home("Being judged", SECONDS)
    pair.click_rate(pair.judy)
    form = pair.judy.wait_for_view(lambda view: view["callback_id"] == "rate", SECONDS)
    pair.olive.command(CHANNEL, "/kantor phase next")
    preview = pair.olive.wait_for_view("What happens", SECONDS)
    pair.hand_over()

    answer = pair.judy.submit(form, {"originality": "5", "balance": "4", "emotional": "3", "comment": "Well made."})
    assert answer["ok"], answer
    following = pair.judy.wait_for_view("1 of 2", SECONDS)
    assert "rate" == following["callback_id"]
    assert "Well made." not in str(following)
    pair.close_all(pair.judy)
    pair.click_rate(pair.judy)
    pair.judy.wait_for_view(lambda view: "Well made." in str(view), SECONDS)

    pair.olive.click(preview, "finish_contest")
    pair.olive.wait_for_view("is now: ", SECONDS)
    pair.ada.wait_for_home(lambda view: "Being judged" not in said(view), SECONDS)


@pytest.mark.slow
def test_a_tab_follows_while_both_are_there(pair: Pair) -> None:
    """Slack gives each event to either of them: the tab shows each composition of Ada's all the same, and what she withdraws is gone."""
    pair.contest()
    pair.begin(pair.second, "second")
    pair.ada.open_home()
    place = pair.ada.open_dm()
    for number in range(1, 4):
        pair.ada.upload(place, f"Piece {number}.mid", melody(number))
        pair.ada.wait_for_home(f"({number} of 3)", SECONDS)
    pair.ada.wait_for_home(lambda view: 3 == said(view).count("AI judge: "), SECONDS)
