"""Where a rehearsal plays: a sandbox Slack and the bot, each a real process, on a folder and by a clock of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.adapters.private import keep_private
from bot.demo.supervisor import Child, bot_environment, stop, wait_for
from bot.errors import ConfigurationError
from bot.sandbox.client import PATIENCE, Sandbox, SandboxError
from handlers.slack.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.sandbox.client import Person

Json = dict[str, Any]
CHANNEL = "C0REHEARSAL"
OLIVE, OSCAR = "U0OLIVE", "U0OSCAR"
BOT = "U0KANTOR"
LOOK = 0.2
"""Real seconds from one look to the next."""
SETTLES = 3.0
"""Real seconds in which an old connection ends after days have passed at once."""
AWAY = 90.0
"""Seconds, by everybody's clock, until a killed bot is started again."""


@dataclass
class Place:
    """The workspace and its bot.

    Attributes:
        folder: What both keep.
        slack: The sandbox's client.
        bot: The bot's process.
        composers, judges: User ids.
        patience: Real seconds after which what has not come counts as never coming.
    """

    folder: Path
    slack: Sandbox
    bot: Child
    composers: list[str]
    judges: list[str]
    patience: float = PATIENCE
    _people: dict[str, Person] = field(default_factory=dict)

    def person(self, user_id: str) -> Person:
        """Somebody of the workspace."""
        if user_id not in self._people:
            self._people[user_id] = self.slack.person(user_id)
        return self._people[user_id]

    def now(self) -> float:
        """What everybody's clock shows: seconds since the epoch."""
        return self.slack.advance(0)

    def eventually(self, look: Callable[[], Any], what: str) -> Any:
        """What ``look`` returns as soon as that is true. Raises AssertionError where it never is."""
        until = time.monotonic() + self.patience
        while not (found := look()):
            if time.monotonic() > until:
                raise AssertionError(f"{what} did not come within {self.patience:g} seconds")
            time.sleep(LOOK)
        return found

    def kill(self) -> None:
        """SIGKILL for the bot's process: nothing is cleaned up."""
        assert self.bot.process is not None
        self.bot.process.kill()
        self.bot.process.wait()
        if self.bot.process.stdin is not None:
            self.bot.process.stdin.close()

    def start_again(self) -> None:
        """A minute and a half later somebody starts the bot, and it connects."""
        self.slack.advance(AWAY)
        self.bot.start()
        self.slack.wait_connected(self.patience)

    def let_pass(self, seconds: float) -> None:
        """Move everybody's clock on, and wait until the bot has a new connection: Slack renews them every few hours."""
        self.slack.advance(seconds)
        time.sleep(SETTLES)
        self.slack.wait_connected(self.patience)

    def command(self, *words: str) -> tuple[bool, str]:
        """``kantor`` with these words on the rehearsal's data, as a process: whether it ended well, and what it said."""
        asked = subprocess.run(  # noqa: S603 - our own module, with our own arguments
            (sys.executable, "-m", "bot", *words),
            env={**os.environ, **self.bot.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.returncode == 0, (asked.stdout + asked.stderr).strip()

    def below(self, channel: str = CHANNEL) -> dict[str, list[Json]]:
        """What the bot wrote below each message of a channel, by the message's time."""
        found: dict[str, list[Json]] = {}
        for message in self.slack.all_messages(channel):
            above = message.get("thread_ts")
            if message["user"] == BOT and above and above != message["ts"]:
                found.setdefault(above, []).append(message)
        return found

    def close_all(self, who: Person) -> None:
        """They close each window; one that the bot closes at that moment is as good."""
        for view in reversed(who.views()):
            try:
                who.close(view)
            except SandboxError as error:
                if error.error != "not_found":
                    raise


@contextmanager
def opened(folder: Path, composers: int, judges: int, patience: float) -> Iterator[Place]:
    """A new workspace with so many people and the bot in it. Raises ConfigurationError where one does not start, or the folder is not empty."""
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(
            f"{folder} is not empty. Name a new folder with --keep: a rehearsal begins from nothing."
        )
    keep_private(folder)
    crowd, panel = [f"U0C{at:03}" for at in range(1, composers + 1)], [f"U0J{at:03}" for at in range(1, judges + 1)]
    seed = folder / "people.json"
    seed.write_text(json.dumps(_people(crowd, panel)), encoding="utf-8")
    port, clock = _free_port(), folder / "clock"
    base_url = f"http://127.0.0.1:{port}"
    where = (
        "--data",
        str(folder / "slack.db"),
        "--manifest",
        str(MANIFEST),
        "--seed",
        str(seed),
        "--clock",
        str(clock),
    )
    quiet = {"KANTOR_LOG_LEVEL": os.environ.get("KANTOR_LOG_LEVEL", "CRITICAL")}
    sandbox = Child(("sandbox", "--port", str(port), *where), quiet)
    bot = Child(("run",), bot_environment(base_url, folder / "bot") | _settings(clock) | quiet)
    try:
        sandbox.start()
        wait_for(base_url, sandbox, lambda _: True, "The sandbox workspace")
        bot.start()
        wait_for(base_url, bot, lambda state: bool(state["bot"]["connected"]), "The bot")
        with Sandbox(base_url) as slack:
            yield Place(folder, slack, bot, crowd, panel, patience)
    finally:
        stop(bot, sandbox)


def _settings(clock: Path) -> dict[str, str]:
    """Nothing of the real bot's is touched, even where it has its settings in this folder."""
    names = ("KANTOR_SECRET_KEY", "KANTOR_OBJECTS_PUBLIC_URL", "KANTOR_OBJECTS_KMS_KEY", "SLACK_SIGNING_SECRET")
    return dict.fromkeys(names, "") | {
        "KANTOR_ORGANIZERS": f"{OLIVE},{OSCAR}",
        "KANTOR_SANDBOX_CLOCK": str(clock),
        "KANTOR_RETENTION_DAYS": "0",
    }


def _people(composers: list[str], judges: list[str]) -> Json:
    people: list[Json] = [
        {"handle": "olive", "name": "Olive Organizer", "id": OLIVE, "admin": True},
        {"handle": "oscar", "name": "Oscar Organizer", "id": OSCAR, "admin": True},
        *({"handle": f"composer{at}", "name": f"Composer {at}", "id": one} for at, one in enumerate(composers, 1)),
        *({"handle": f"judge{at}", "name": f"Judge {at}", "id": one} for at, one in enumerate(judges, 1)),
    ]
    return {"people": people, "channels": [{"name": "rehearsal", "id": CHANNEL}]}


def _free_port() -> int:
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])
