"""The stage that scenarios play on: the sandbox workspace, and the bot in it, in this process or in one of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bot.adapters.clock import SystemClock
from bot.rules.standings import Scores
from bot.sandbox.client import PATIENCE, Sandbox
from bot.sandbox.server import SandboxServer
from bot.settings import Settings, Transport
from bot.usecases.accounts.pools import COLUMNS
from bot.usecases.judging.invitations import NO_PRACTICE
from bot.wiring import Kantor, Workshop, build, database_url, import_pool
from models.store import Store
from tests.makers.databases import database_of_a_bot, with_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.ports import Inspector
    from bot.sandbox.client import Person

MANIFEST = Path(__file__).parents[2] / "manifest.json"
"""Scopes and events count, as they do on Slack."""
CHANNEL = "C0COMPOSERS"
NOON = "0 12 * * *"
HURRY = 0.0
"""The pace of the letters: this workspace has no rate limits. What the bot does among those is told of the pump, the postman and in tests/load."""
T = TypeVar("T")


@dataclass
class ShiftedClock:
    """The real clock, moved forward as a scenario asks."""

    shift: timedelta = timedelta()

    def now(self) -> datetime:
        """Now, and the shift."""
        return SystemClock().now() + self.shift

    def elapsed(self) -> timedelta:
        """As much as has passed, and the shift."""
        return SystemClock().elapsed() + self.shift


def eventually(look: Callable[[], T], what: str = "it", seconds: float = PATIENCE) -> T:
    """What ``look`` returns as soon as that is true; fails where it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.03)
    raise AssertionError(f"{what} did not come within {seconds:g} s")


@dataclass
class Stage:
    """A workspace with the bot in it.

    Attributes:
        server: The sandbox workspace.
        settings: The bot's settings, which point at it.
        kantor: The bot, where it runs in this process.
    """

    server: SandboxServer
    settings: Settings
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    kantor: Kantor | None = None

    def __post_init__(self) -> None:
        """Give the demo people their names."""
        self.slack = Sandbox(self.server.base_url)
        names = ("olive", "ada", "ben", "cleo", "judy", "jack", "gus")
        self.olive, self.ada, self.ben, self.cleo, self.judy, self.jack, self.gus = map(self.slack.person, names)

    @classmethod
    @contextmanager
    def raised(cls, folder: Path, inspector: Inspector, *, http: bool | None = None, **changes: str) -> Iterator[Stage]:
        """A new workspace with the bot running in this process.

        ``http``: whether Slack reaches it so (None: as ``on_http`` says); ``changes`` are settings.
        """
        with database_of_a_bot() as url, workspace(http=http) as (server, transport):
            given = {"KANTOR_DATABASE_URL": url, **transport, **changes}
            stage = cls(server, _furnished(settings_for(server, folder, **given)))
            stage.kantor = build(stage.settings, stage.clock, inspector, pace=HURRY)
            stage.kantor.start()
            stage.slack.wait_connected()
            try:
                with stage.working(inspector) if url else nullcontext():
                    yield stage
            finally:
                stage.slack.close()
                stage.kantor.stop()

    @contextmanager
    def working(self, inspector: Inspector) -> Iterator[None]:
        """``kantor worker``, in this process, whether the bot is there or not."""
        stopping = threading.Event()
        workshop = Workshop.built(self.settings, clock=self.clock, inspector=inspector)
        thread = threading.Thread(target=workshop.run, args=(stopping,))
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()

    @property
    def database(self) -> Kantor:
        """The running bot, for a look at what it stored."""
        assert self.kantor is not None
        return self.kantor

    def contest(self, phase: str = "open", *, practice: bool = False, fair: bool = False, **changes: Any) -> None:
        """Olive opens a contest with Judy and Jack as judges, who need no practice, and moves it on to ``phase``; places go by plain means."""
        channel = changes.get("channel_id", CHANNEL)
        answer = self.new_contest(**changes)
        assert answer["ok"], answer
        self.close_all(self.olive)
        if not practice:
            self.without_practice()
        if not fair:
            self.with_text("scores", Scores.MEAN)
        self.olive.command(channel, "/kantor judges add @judy @jack")
        self.olive.wait_for_ephemeral(channel, "judge")
        for step in ("open", "judging", "finished"):
            if phase == "draft":
                break
            self.next_phase(channel)
            if step == phase:
                break

    def without_practice(self) -> None:
        """The judges of the newest contest get their pieces at once."""
        self.with_text("practice", NO_PRACTICE)

    def with_text(self, name: str, text: str) -> None:
        """A setting of the newest contest, such as plain means, which can be reckoned in one's head."""
        store = Store(database_url(self.settings))
        try:
            with store.write() as work:
                contest = work.contests.newest_first()[0]
                contest.texts = {**contest.texts, name: text}
        finally:
            store.dispose()

    def new_contest(self, **changes: Any) -> dict[str, Any]:
        """Olive fills in the modal of a new contest, with these changes; what submitting it answered."""
        self.olive.command(CHANNEL, "/kantor contest new")
        close = self.clock.now() + timedelta(days=2)
        values = {
            "name": "Spring Jam",
            "slug": "spring-jam",
            "time_zone": "Europe/Berlin",
            "channel_id": CHANNEL,
            "deadline_date": close.strftime("%Y-%m-%d"),
            "deadline_time": "18:00",
            "submission_limit": 3,
            "board_cron": NOON,
        }
        return self.fill_in(self.olive, "new_contest", values | changes)

    def next_phase(self, channel: str = CHANNEL) -> None:
        """Olive confirms the next phase."""
        self.olive.command(channel, "/kantor phase next")
        preview = self.olive.wait_for_view(lambda view: "What happens" in str(view["blocks"]))
        if preview.get("submit"):
            answer = self.olive.submit(preview, {})
            assert answer["ok"], answer
        else:  # the end has a button of its own
            self.olive.click(preview, "finish_contest")
        self.olive.wait_for_view("is now: ")
        self.close_all(self.olive)

    def fill_in(self, who: Person, callback_id: str, values: dict[str, Any]) -> dict[str, Any]:
        """``who`` submits the modal that is being opened; what that answered."""
        return who.submit(who.wait_for_view(lambda view: callback_id == view["callback_id"]), values)

    def invitation(self, who: Person, number: int = 1) -> dict[str, Any]:
        """The message that sent a judge the piece of that number, rated or not; those that are put aside are not counted."""
        dm = who.open_dm()

        def sent() -> dict[str, Any]:
            found = [message for message in self.slack.all_messages(dm) if '"piece_menu"' in json.dumps(message)]
            return found[number - 1] if len(found) >= number else {}

        return eventually(sent, f"piece {number} of {who.id}")

    def close_all(self, who: Person) -> None:
        """``who`` closes every open modal."""
        for view in who.views():
            who.close(view)

    def pool(self, folder: Path, passwords: list[str]) -> None:
        """Import one account for each password."""
        rows = [f"{number},lab-{number},{word},https://a.example.com" for number, word in enumerate(passwords)]
        file = folder / "pool.csv"
        file.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
        import_pool(self.settings, "spring-jam", file)

    def come_back(self, inspector: Inspector) -> None:
        """The bot, which was stopped, is started again, on the same data."""
        self.kantor = build(self.settings, self.clock, inspector, pace=HURRY)
        self.kantor.start()
        self.slack.wait_connected()

    def slack_gives_up(self, *messages: dict[str, Any]) -> None:
        """Slack has told the bot of these messages at once, after a minute and after five more, each time in vain."""
        for attempt, pause in ((1, 60), (2, 300), (3, 0)):
            eventually(partial(self._vain, messages, attempt), f"retry {attempt}")
            self.slack.advance(pause)

    def told(self, message: dict[str, Any]) -> bool:
        """Whether the bot has heard of a message; where it was away twice, and is there again, it is told of it once more."""
        tries = self._tries(message)
        if any(line["state"] == "acked" for line in tries):
            return True
        last = tries[-1] if tries else None
        if last is not None and last["state"] != "open":
            self.slack.wait_connected()
            self.slack.advance({1: 60, 2: 300}.get(last["args"]["retry_attempt"], 0))
            eventually(lambda: len(self._tries(message)) > len(tries), "the next try")
        return False

    def _tries(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        deliveries = (line for line in self.slack.log() if line["kind"] == "delivery")
        return [line for line in deliveries if line["args"]["payload"].get("event", {}).get("ts") == message["ts"]]

    def _vain(self, messages: Sequence[dict[str, Any]], attempt: int) -> bool:
        """Whether each of the messages has been told that often, and nobody has said that it was heard."""
        told = [line for line in self.slack.log() if line["kind"] == "delivery" and line["name"] == "message"]
        tries = [
            (line["args"]["payload"]["event"].get("ts"), line["state"])
            for line in told
            if line["args"]["retry_attempt"] == attempt
        ]
        if any(state == "open" for _, state in tries):
            self.slack.advance(3)
        ended = {ts for ts, state in tries if state not in {"open", "acked"}}
        return {message["ts"] for message in messages} <= ended

    def submit(
        self, who: Person, data: bytes, name: str = "piece.mid", channel: str = CHANNEL, *, away: bool = False
    ) -> dict[str, Any]:
        """``who`` uploads a file; returns Slack's message once its card or its refusal has come.

        ``away``: the bot may not be connected in this moment; Slack's minutes until it tells of the message again go by at once.
        """
        message = who.upload(channel, name, data)
        if away:
            eventually(partial(self.told, message), "the news of the upload")
        eventually(lambda: self.answered(channel, message["ts"]), "a card or a refusal")
        return message

    def thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """What the bot wrote below a message."""
        below = (message for message in self.slack.all_messages(channel) if message.get("thread_ts") == ts)
        return [message for message in below if message["ts"] != ts and message["user"] == "U0KANTOR"]

    def answered(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """The card or refusal below an upload, where it has come."""
        return [message for message in self.thread(channel, ts) if "Got it" not in message["text"]]


def on_http() -> bool:
    """Whether scenarios that do not say how Slack reaches the bot play over signed HTTP (``make check-http``), and not over Socket Mode."""
    return os.environ.get("KANTOR_TEST_TRANSPORT", "socket") == "http"


@contextmanager
def workspace(*, http: bool | None = None) -> Iterator[tuple[SandboxServer, dict[str, str]]]:
    """A new one, with the settings by which a bot is reached in it."""
    settings = http_settings() if (on_http() if http is None else http) else {}
    with SandboxServer(manifest=MANIFEST, request_url=request_url(settings)) as server:
        yield server, settings


def http_settings() -> dict[str, str]:
    """Of a bot that Slack reaches over HTTP, at an address that is free."""
    return {
        "KANTOR_TRANSPORT": "http",
        "SLACK_SIGNING_SECRET": SandboxServer.signing_secret,
        "KANTOR_HTTP_ADDRESS": f"127.0.0.1:{free_port()}",
    }


def request_url(settings: Mapping[str, str]) -> str | None:
    """Where a workspace reaches the bot with these settings; None over Socket Mode."""
    return f"http://{settings['KANTOR_HTTP_ADDRESS']}/slack/events" if settings else None


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])


def listens(address: str) -> bool:
    """Whether somebody does."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def settings_for(server: SandboxServer, folder: Path, **changes: Any) -> Settings:
    """Settings of a bot that joins that workspace and keeps its data in ``folder``."""
    values: dict[str, Any] = {
        "SLACK_BOT_TOKEN": server.bot_token,
        "SLACK_APP_TOKEN": server.app_token,
        "SLACK_API_URL": server.api_url,
        "KANTOR_DATA": folder / "var",
        "KANTOR_LEASE_SECONDS": 2.0,
        "KANTOR_ORGANIZERS": "U0JACK",
        "KANTOR_LOG_LEVEL": "WARNING",
        "KANTOR_METRICS_ADDRESS": "",
    }
    return Settings.model_validate(values | changes)


def _furnished(settings: Settings) -> Settings:
    """The same; its database has the tables and nothing in them, as after a start that nobody came to see."""
    settings.data_folder.mkdir()
    if not settings.database_url.get_secret_value():
        with_tables(settings.data_folder / "kantor.db")
    return settings


class Running(Protocol):
    """What ``BotProcess`` needs of a process, as ``subprocess.Popen`` has it."""

    @property
    def pid(self) -> int:
        """Its id."""

    def poll(self) -> int | None:
        """None as long as it runs."""

    def send_signal(self, sig: int, /) -> None:
        """A signal."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended."""


class BotProcess:
    """``kantor run`` in a process of its own, that a scenario may kill; ``command`` and ``folder``: of another build.

    ``extra`` are more environment variables.
    """

    def __init__(
        self,
        settings: Settings,
        log: Path,
        command: Sequence[str] = (sys.executable, "-m", "bot", "run"),
        folder: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self._environment = {
            **os.environ,
            **(extra or {}),
            "SLACK_BOT_TOKEN": settings.slack_bot_token.get_secret_value(),
            "SLACK_APP_TOKEN": settings.slack_app_token.get_secret_value(),
            "SLACK_API_URL": settings.slack_api_url,
            "KANTOR_DATA": str(settings.data_folder),
            "KANTOR_DATABASE_URL": settings.database_url.get_secret_value(),
            "KANTOR_LEASE_SECONDS": str(settings.lease_seconds),
            "KANTOR_ORGANIZERS": settings.organizers,
            "KANTOR_LOG_LEVEL": "DEBUG",
            "KANTOR_METRICS_ADDRESS": settings.metrics_address,
            "KANTOR_TRANSPORT": settings.transport,
            "SLACK_SIGNING_SECRET": settings.slack_signing_secret.get_secret_value(),
            "KANTOR_HTTP_ADDRESS": settings.http_address,
        }
        if settings.sandbox_clock is not None:
            self._environment["KANTOR_SANDBOX_CLOCK"] = str(settings.sandbox_clock)
        self._log, self._command, self._folder = log, command, folder
        self.process: Running | None = None

    def start(self) -> None:
        """Start it; it connects by itself."""
        with self._log.open("ab") as stream:
            self.process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._folder, stdout=stream, stderr=stream
            )

    def kill(self) -> None:
        """SIGKILL: no clean-up of any kind."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@dataclass
class Theatre(Stage):
    """A stage whose bot is a process of its own.

    Attributes:
        folder: Where the bot keeps its data, and what it logs (``run.log``).
        bot: Its process.
        hands: The process that does its jobs: the same, or on PostgreSQL ``kantor worker``.
    """

    folder: Path = Path()

    def __post_init__(self) -> None:
        """Set up the process; nothing runs yet."""
        super().__post_init__()
        self.bot = self.hands = BotProcess(self.settings, self.folder / "run.log")

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, **changes: Any) -> Iterator[Theatre]:
        """A new workspace with ``kantor run`` (its settings changed) beside it; what it logged must hold no token, and it must end well."""
        with database_of_a_bot() as url, workspace() as (server, transport):
            given = {"KANTOR_DATABASE_URL": url, **transport, **changes}
            settings = _furnished(settings_for(server, folder, **given))
            theatre = cls(server, settings, folder=folder)
            try:
                theatre.restart()
                with theatre.beside() if url else nullcontext():
                    yield theatre
                theatre.slack.release()
                assert theatre.bot.stop() == 0
            finally:
                theatre.bot.kill()  # where something went wrong no bot is left behind, not even one that sleeps
                theatre.slack.close()
            secrets = (server.bot_token, server.app_token, server.signing_secret)
            assert [] == [secret for secret in secrets if secret in theatre.log()]

    @contextmanager
    def beside(self) -> Iterator[None]:
        """``kantor worker`` in another process, which goes on when the bot is killed."""
        self.hands = BotProcess(self.settings, self.folder / "run.log", (sys.executable, "-m", "bot", "worker"))
        self.hands.start()
        try:
            yield
            assert self.hands.stop() == 0
        finally:
            self.hands.kill()

    def restart(self) -> None:
        """Start the bot again, and wait until it has connected."""
        self.bot.start()
        if (
            self.settings.transport is Transport.HTTP
        ):  # which the workspace does not ask again, once it has had an answer
            eventually(lambda: listens(self.settings.http_address), "the bot's address", 60)
        self.slack.wait_connected()

    def log(self) -> str:
        """All that the bot has logged."""
        return (self.folder / "run.log").read_text(encoding="utf-8")


def utc(text: str) -> datetime:
    """An ISO time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
