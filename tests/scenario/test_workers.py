"""On PostgreSQL the bot works no jobs: workers do, as processes of their own, and any of them may be killed."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.makers.pieces import melody
from tests.makers.postgres import postgres_database
from tests.makers.stage import CHANNEL, BotProcess, Theatre, eventually, settings_for, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.processes

STOPS_WITHIN = 10


class Works(Theatre):
    """A workspace, the bot on PostgreSQL, and as many workers as a scenario starts."""

    def worker(self) -> BotProcess:
        """One more; it is there when it has said so."""
        said = self.log().count("working")
        worker = BotProcess(
            self.settings, self.folder / "run.log", (sys.executable, "-m", "bot", "worker", "--jobs", "1")
        )
        worker.start()
        self.behind.callback(worker.kill)
        eventually(lambda: self.log().count("working") > said, "the worker")
        return worker

    def __post_init__(self) -> None:
        """Nothing runs yet."""
        super().__post_init__()
        self.behind = ExitStack()

    def cards(self, ts: str) -> int:
        """How many are below an upload."""
        return sum("🎼" in message["text"] for message in self.thread(CHANNEL, ts))


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    with postgres_database(tables=False) as url, workspace() as (server, transport):
        works = Works(server, settings_for(server, tmp_path, KANTOR_DATABASE_URL=url, **transport), folder=tmp_path)
        with works.behind:
            works.behind.callback(works.slack.close)
            works.restart()
            works.behind.callback(works.bot.kill)
            works.contest()
            yield works


def test_the_bot_leaves_jobs_to_workers(works: Works) -> None:
    """It says so at its start; a composition waits until somebody is there, and then gets its card."""
    eventually(lambda: "by 'kantor worker'" in works.log(), "the word at the start")
    message = works.ada.upload(CHANNEL, "dawn.mid", melody(1))
    eventually(lambda: works.thread(CHANNEL, message["ts"]), "the receipt")
    assert 0 == works.cards(message["ts"])
    worker = works.worker()
    eventually(lambda: works.cards(message["ts"]), "the card")
    assert worker.process is not None
    worker.process.send_signal(signal.SIGTERM)
    assert 0 == worker.process.wait(STOPS_WITHIN)


def test_a_worker_killed_in_the_middle_is_made_good_by_another(works: Works) -> None:
    """Between download and verdict: one card, one verdict, whoever makes them."""
    first = works.worker()
    message = works.ada.upload(CHANNEL, "dawn.mid", melody(1))
    works.slack.wait_for_log(lambda entry: entry["kind"] == "download")
    first.kill()
    works.worker()
    works.submit(works.ben, melody(9), "later.mid")
    eventually(lambda: works.cards(message["ts"]), "the card")
    works.submit(works.cleo, melody(8), "last.mid")
    assert 1 == works.cards(message["ts"])
