"""Where the load plays: the sandbox and ``kantor run``, each a process of its own, on a folder of their own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import httpx
from slack_sdk import WebClient

from bot.sandbox.server import HOST, SandboxServer
from bot.usecases.judging.invitations import NO_PRACTICE
from bot.wiring import database_url
from tests.load import crowd
from tests.load.books import Books
from tests.load.engines import SQLITE
from tests.makers.stage import BotProcess, Stage, eventually, http_settings, request_url, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.bench.builds import Build
    from tests.load.books import Row
    from tests.load.engines import Engine

CLOCK = "clock"
"""The file of the sandbox's clock in the folder."""
AT_WORK = "working"
"""What a worker logs when it begins."""


def _pid(running: BotProcess) -> int:
    assert running.process is not None
    return running.process.pid


@dataclass(frozen=True)
class Workspace:
    """The address and the tokens of the sandbox, as ``SandboxServer`` has them."""

    base_url: str
    bot_token: str = SandboxServer.bot_token
    app_token: str = SandboxServer.app_token

    @property
    def api_url(self) -> str:
        """Base of the Web API."""
        return f"{self.base_url}/api/"


class Venue(Stage):
    """A stage with many people, all of whose sides are processes of their own."""

    bot: BotProcess
    workers: list[BotProcess]
    """``kantor worker``, on PostgreSQL; on SQLite the bot does the jobs itself."""
    crowd: list[str]
    books: Books
    """The bot's database."""

    @property
    def pid(self) -> int:
        """Of the bot."""
        return _pid(self.bot)

    @property
    def pids(self) -> list[int]:
        """Of the bot and its workers."""
        return [_pid(each) for each in (self.bot, *self.workers)]

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the bot's database answers."""
        return self.books.rows(question, *values)

    def number(self, question: str, *values: object) -> int:
        """The one number that the database answers."""
        return self.books.number(question, *values)

    def appoint(self, judges: Sequence[str]) -> None:
        """Make them judges: in the database, since a command that names 500 people does not fit into a message."""
        contest_id, added_at = self.rows("SELECT id, created_at FROM contest")[0]
        given = {"contest_id": contest_id, "role": "judge", "added_by": "U0OLIVE", "added_at": added_at}
        self.books.put("contest_role", [{**given, "user_id": judge} for judge in judges])

    def invite_as(self, one: str, others: Sequence[str]) -> None:
        """These judges have what ``one`` was sent: the same messages without their files, and in the outbox they stand as sent.

        The bot would take minutes to hand over the files of a thousand letters, and what is measured comes after that.
        """
        sent = "SELECT * FROM outbox WHERE recipient = ? AND key LIKE 'invite:%' AND edits IS NULL ORDER BY id"
        letters = self.books.dicts(sent, one)
        for letter in letters:
            del letter["id"]
        said = {message["ts"]: message for message in self.slack.all_messages(letters[0]["sent_channel"])}
        pairs = [(letter, said[letter["sent_ts"]]) for letter in letters]
        with ThreadPoolExecutor(8) as hands:
            copies = [copy for some in hands.map(partial(self._copies, pairs), others) for copy in some]
        self.books.put("outbox", copies)

    def _copies(self, pairs: Sequence[tuple[Row, Row]], judge: str) -> list[Row]:
        """The rows of that judge, whose messages are posted here."""
        client = WebClient(self.server.bot_token, base_url=self.server.api_url)
        there = client.conversations_open(users=judge)["channel"]["id"]
        copies = []
        for letter, said in pairs:
            answer = client.chat_postMessage(channel=there, text=said["text"], blocks=said["blocks"])
            own = {"key": letter["key"].replace(letter["recipient"], judge), "recipient": judge, "uploads": "[]"}
            copies.append(letter | own | {"sent_channel": there, "sent_ts": answer["ts"]})
        return copies

    def without_practice(self) -> None:
        """The judges get their pieces at once; in the database, whose revision may be another build's."""
        for contest, texts in self.rows("SELECT id, texts FROM contest"):
            known = json.loads(texts) if isinstance(texts, str) else texts
            changed = json.dumps({**known, "practice": NO_PRACTICE})
            self.books.change("UPDATE contest SET texts = ? WHERE id = ?", changed, contest)

    def posted(self, seconds: float = 300) -> None:
        """Wait until no job and no letter is left."""
        open_jobs = "SELECT count(*) FROM job WHERE state IN ('queued', 'running')"
        open_letters = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'claimed')"
        eventually(lambda: self.number(open_jobs) == 0 == self.number(open_letters), "an empty outbox", seconds)

    def mark(self) -> int:
        """The number of the wire log's last line."""
        lines = self.slack.log()
        return int(lines[-1]["n"]) if lines else 0


@contextmanager
def open_venue(
    folder: Path,
    people: int,
    *,
    limits: bool = False,
    bot: bool = True,
    build: Build | None = None,
    begin: float | None = None,
    http: bool = False,
    engine: Engine = SQLITE,
) -> Iterator[Venue]:
    """A workspace with ``people`` simulated people and the bot (of another ``build``) in it; all processes end with the block.

    It keeps its data in a new database of that ``engine``. With ``http`` Slack reaches it over signed HTTP. With ``begin`` (seconds since the epoch) both go by one clock, the sandbox's, which shows that moment at first.
    """
    names = crowd.ids(people)
    crowd.write_workspace(folder / "slack.db", names)
    transport = http_settings() if http else {}
    with (
        workspace(folder, limits=limits, request_url=request_url(transport)) as there,
        engine.database() as url,
    ):
        server = cast("SandboxServer", there)
        shared: dict[str, Any] = transport | ({} if begin is None else {"KANTOR_SANDBOX_CLOCK": folder / CLOCK})
        settings = settings_for(server, folder, KANTOR_LEASE_SECONDS=60.0, KANTOR_DATABASE_URL=url, **shared)
        venue = Venue(server, settings)
        venue.books = Books(database_url(settings))
        if begin is not None:
            venue.slack.advance(begin - venue.slack.advance(0))
        venue.crowd, log = names, folder / "run.log"
        venue.bot = BotProcess(settings, log)
        if build is not None:
            venue.bot = BotProcess(settings, log, build.command("run"), build.folder)
        command = (sys.executable, "-m", "bot", "worker")
        venue.workers = [BotProcess(settings, log, command) for _ in range(engine.workers)] if bot else []
        running = [venue.bot, *venue.workers] if bot else []
        try:
            for each in running:
                each.start()
            if bot:
                venue.slack.wait_connected()
                eventually(lambda: log.read_text(encoding="utf-8").count(AT_WORK) >= engine.workers, "the workers", 60)
            yield venue
        finally:
            for each in running:
                each.stop()
            venue.books.close()
            venue.slack.close()


@contextmanager
def workspace(folder: Path, *, limits: bool, request_url: str | None = None) -> Iterator[Workspace]:
    """The sandbox alone (of an app with that request URL), on the file ``slack.db`` of that folder, with its clock there."""
    with socket.socket() as finder:
        finder.bind((HOST, 0))
        port = finder.getsockname()[1]
    how = (str(folder / "slack.db"), str(port), "on" if limits else "off", str(folder / CLOCK))
    command = (sys.executable, "-m", "tests.load.slack", *how, *([request_url] if request_url else []))
    # Its complaints about cut sockets are no news here.
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        there = Workspace(f"http://{HOST}:{port}")
        eventually(lambda: _answers(there.base_url), "the sandbox")
        yield there
    finally:
        process.terminate()
        process.wait(60)  # a crowded machine takes its time


def _answers(base_url: str) -> bool:
    try:
        return httpx.get(f"{base_url}/", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
