"""Where the load plays: the sandbox and ``kantor run``, each a process of its own, on a folder of their own."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import httpx
from slack_sdk import WebClient

from bot.sandbox.server import HOST, SandboxServer
from bot.usecases.judging.invitations import NO_PRACTICE
from tests.load import crowd
from tests.makers.stage import BotProcess, Stage, eventually, http_settings, request_url, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.bench.builds import Build

Row: TypeAlias = "dict[str, Any]"


CLOCK = "clock"
"""The file of the sandbox's clock in the folder."""


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
    """A stage with many people, both of whose sides are processes of their own."""

    bot: BotProcess
    crowd: list[str]

    @property
    def pid(self) -> int:
        """Of the bot."""
        assert self.bot.process is not None
        return self.bot.process.pid

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the bot's database answers."""
        file = self.settings.data_folder / "kantor.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(question, values).fetchall()

    def number(self, question: str, *values: object) -> int:
        """The one number that the database answers."""
        return int(self.rows(question, *values)[0][0])

    def appoint(self, judges: Sequence[str]) -> None:
        """Make them judges: in the database, since a command that names 500 people does not fit into a message."""
        contest_id, added_at = self.rows("SELECT id, created_at FROM contest")[0]
        rows = [(contest_id, judge, "judge", "U0OLIVE", added_at) for judge in judges]
        self._write(
            "INSERT INTO contest_role (contest_id, user_id, role, added_by, added_at) VALUES (?, ?, ?, ?, ?)", rows
        )

    def invite_as(self, one: str, others: Sequence[str]) -> None:
        """These judges have what ``one`` was sent: the same messages without their files, and in the outbox they stand as sent.

        The bot would take minutes to hand over the files of a thousand letters, and what is measured comes after that.
        """
        sent = "SELECT * FROM outbox WHERE recipient = ? AND key LIKE 'invite:%' AND edits IS NULL ORDER BY id"
        with closing(self._database()) as connection:
            connection.row_factory = sqlite3.Row
            letters = [dict(row) | {"id": None} for row in connection.execute(sent, (one,))]
        said = {message["ts"]: message for message in self.slack.all_messages(letters[0]["sent_channel"])}
        pairs = [(letter, said[letter["sent_ts"]]) for letter in letters]
        with ThreadPoolExecutor(8) as hands:
            copies = [copy for some in hands.map(partial(self._copies, pairs), others) for copy in some]
        places = ", ".join(f":{name}" for name in letters[0])
        self._write(f"INSERT INTO outbox ({', '.join(letters[0])}) VALUES ({places})", copies)

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
        self._write("UPDATE contest SET texts = json_set(texts, '$.practice', ?)", [(NO_PRACTICE,)])

    def _write(self, order: str, rows: Sequence[tuple[object, ...] | Row]) -> None:
        with closing(self._database()) as connection, connection:
            connection.executemany(order, rows)

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.settings.data_folder / "kantor.db", timeout=10)

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
) -> Iterator[Venue]:
    """A workspace with ``people`` simulated people and the bot (of another ``build``) in it; both processes end with the block.

    With ``http`` Slack reaches it over signed HTTP. With ``begin`` (seconds since the epoch) both go by one clock, the sandbox's, which shows that moment at first.
    """
    names = crowd.ids(people)
    crowd.write_workspace(folder / "slack.db", names)
    transport = http_settings() if http else {}
    with workspace(folder, limits=limits, request_url=request_url(transport)) as there:
        server = cast("SandboxServer", there)
        shared: dict[str, Any] = transport | ({} if begin is None else {"KANTOR_SANDBOX_CLOCK": folder / CLOCK})
        venue = Venue(server, settings_for(server, folder, KANTOR_LEASE_SECONDS=60.0, **shared))
        if begin is not None:
            venue.slack.advance(begin - venue.slack.advance(0))
        venue.crowd, venue.bot = names, BotProcess(venue.settings, folder / "run.log")
        if build is not None:
            venue.bot = BotProcess(venue.settings, folder / "run.log", build.command("run"), build.folder)
        try:
            if bot:
                venue.bot.start()
                venue.slack.wait_connected()
            yield venue
        finally:
            if bot:
                venue.bot.stop()
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
