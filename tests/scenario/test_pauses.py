"""A bot that stood still for longer than a lease (a laptop that slept) goes on without doubling what another has done since."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.wiring import database_url
from models.engines import is_postgres
from tests.makers.databases import looked_at
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, BotProcess, Theatre, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def put_to_sleep(stage: Theatre) -> bool:
    """Stop the bot's process where it stands; False, and it goes on, where it stood in the middle of a transaction."""
    assert stage.bot.process is not None
    stage.bot.process.send_signal(signal.SIGSTOP)
    if is_held(database_url(stage.settings)):
        stage.bot.process.send_signal(signal.SIGCONT)
        return False
    return True


def is_held(url: str) -> bool:
    """Whether somebody is in the middle of a transaction, who keeps others from something."""
    if is_postgres(url):
        with looked_at(url) as connection:
            held = "SELECT count(*) FROM pg_locks WHERE mode <> 'AccessShareLock' AND locktype = 'transactionid' AND pid <> pg_backend_pid()"
            return bool(connection.scalar(text(held)))
    try:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)) as database:
            database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    return False


def below(stage: Theatre, ts: str, sign: str) -> int:
    """How many of our messages below an upload have that sign."""
    return sum(sign in message["text"] for message in stage.thread(CHANNEL, ts))


@contextmanager
def another(theatre: Theatre, folder: Path) -> Iterator[None]:
    """A second bot on the same data."""
    other = BotProcess(theatre.settings, folder / "other.log")
    other.start()
    try:
        yield
        assert 0 == other.stop()
    finally:
        other.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "match", "sign", "word"),
    [
        ("files.getUploadURLExternal", "", "🎼", "another has taken the letter up"),
        ("chat.postMessage", "Got it", "Got it", "a letter went out twice, and one is taken back"),
    ],
    ids=["before a share", "in the middle of a post"],
)
def test_a_sleeper_doubles_nothing(  # noqa: PLR0917 - a table
    theatre: Theatre, tmp_path: Path, method: str, match: str, sign: str, word: str
) -> None:
    """One bot falls asleep over a letter; another takes it up and sends it; the first one wakes. One letter, not two."""
    theatre.slack.fault(method=method, mode="hold_before", times=1, match=match)
    ts = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))["ts"]
    held = theatre.slack.wait_for_log(lambda entry: entry["name"] == method and entry["state"] == "held")
    eventually(lambda: put_to_sleep(theatre), "a moment between two transactions")
    with another(theatre, tmp_path):
        eventually(lambda: below(theatre, ts, sign) == 1, "the letter from the other bot")
        theatre.slack.release()
        # Before it wakes: it would give up an answer that comes more than half a minute late.
        theatre.slack.wait_for_log(lambda entry: entry["n"] == held["n"] and entry["state"] == "done")
        assert theatre.bot.process is not None
        theatre.bot.process.send_signal(signal.SIGCONT)
        # Of two that have posted it is the one who comes second with its commit.
        logs = (theatre.folder / "run.log", tmp_path / "other.log")
        eventually(lambda: any(word in log.read_text(encoding="utf-8") for log in logs), "the word of one of them")
        theatre.submit(theatre.ben, melody(9), "later.mid")

    assert 1 == below(theatre, ts, sign)
