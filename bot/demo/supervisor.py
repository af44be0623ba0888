"""Two children, ``sandbox`` and ``run``, and on PostgreSQL ``worker`` as a third: started, watched and stopped together."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from bot.adapters.private import keep_private
from bot.demo.postgres import own_server
from bot.demo.seed import MARK, seed, write_examples
from bot.errors import ConfigurationError
from bot.sandbox.shapes import APP_TOKEN, BOT_TOKEN
from bot.wiring import database_explained
from handlers.slack.manifest import MANIFEST
from migrations.run import Stage, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import FrameType

log = structlog.get_logger()

WORKSPACE = "sandbox.db"
"""The sandbox workspace's file in the demo's folder."""
START_SECONDS = 60.0
"""How long a child may take to be there; the first start of a cold machine compiles a lot of Python."""
STOP_SECONDS = 10.0
"""Within these both children have ended; a bot that has nothing in flight needs two or three."""
LAST_PART = 0.3
"""So much of that is left for the sandbox, which is asked then at the latest."""
MAX_RESTARTS = 5
HINT = "Choose another port with --port, or end the program that uses it."


@dataclass
class Child:
    """One supervised process: started again where it dies, up to ``MAX_RESTARTS`` times.

    Its standard input is a pipe of ours that says nothing and ends with us, so that no child outlives a supervisor that was killed.
    """

    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    restarts: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a session of its own, so that Ctrl-C reaches it through us alone."""
        command = (sys.executable, "-m", "bot.tethered", *self.arguments)
        self.process = subprocess.Popen(  # noqa: S603 - our own module, with our own arguments
            command,
            env={**os.environ, **self.environment},
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )

    def keep_alive(self) -> None:
        """Start it again where it has died. Raises ConfigurationError where that happened too often."""
        if self.process is None or self.process.poll() is None:
            return
        self.restarts += 1
        if self.restarts > MAX_RESTARTS:
            raise ConfigurationError(
                f"'kantor {self.arguments[0]}' stopped {self.restarts} times; its messages are above."
            )
        log.warning("child_restarted", child=self.arguments[0], exit_status=self.process.returncode)
        self.start()

    def ask_to_stop(self) -> None:
        """It ends when it has finished what it is at."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def has_stopped(self, until: float) -> bool:
        """Wait for its end, no longer than until that moment (of the monotonic clock); whether it has ended."""
        if self.process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        return self.process.poll() is not None

    def end(self, until: float) -> None:
        """Kill it where it has not ended by then."""
        if self.process is None:
            return
        if not self.has_stopped(until):
            self.process.kill()
            self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


def stop(bot: Child, sandbox: Child, seconds: float = STOP_SECONDS, workers: Sequence[Child] = ()) -> None:
    """Stop all within so many seconds. Most of them are the bot's: what it has begun it still says in the workspace."""
    until = time.monotonic() + seconds
    for child in (*workers, bot):
        child.ask_to_stop()
    for child in (*workers, bot):
        child.has_stopped(until - LAST_PART * seconds)
    sandbox.ask_to_stop()
    for child in (*workers, bot, sandbox):
        child.end(until)


def run_demo(port: int, data: Path, *, reset: bool, postgres: bool = False) -> None:
    """Start all, seed the contest where there is none yet, print the address, and wait for Ctrl-C.

    With ``postgres`` it is another demo, in a folder beside: on the database that KANTOR_DATABASE_URL names, or else on a server of its
    own. Raises ConfigurationError where the port is taken, a child does not come up, or there is no such server.
    """
    _require_free(port)
    if not postgres:
        prepare_folder(data, reset=reset)
        _play(port, data)
        return
    data, server = data.with_name(f"{data.name}-postgres"), data.with_name(f"{data.name}-server")
    named = os.environ.get("KANTOR_DATABASE_URL", "")
    if named and reset:
        _require_empty(named)
    prepare_folder(data, reset=reset)
    if named:
        _play(port, data, named)
        return
    if not any(data.iterdir()):
        shutil.rmtree(server, ignore_errors=True)
    # Beside the demo's folder, which is closed to others: PostgreSQL does not run as root, and takes another user then.
    with own_server(server) as url:
        _play(port, data, url)


def _require_empty(url: str) -> None:
    """A database that somebody has named may be anything: nothing in it is ever deleted. Raises ConfigurationError where it has our tables."""
    with database_explained():
        if stage(url) is not Stage.EMPTY:
            raise ConfigurationError(
                "--reset does not empty the database of KANTOR_DATABASE_URL, which may hold more than a demo: name a new one (createdb), or "
                "drop that one yourself (dropdb, createdb) and start again."
            )


def _play(port: int, data: Path, database_url: str = "") -> None:
    base_url = f"http://127.0.0.1:{port}"
    sandbox = Child(("sandbox", "--port", str(port), "--data", str(data / WORKSPACE), "--manifest", str(MANIFEST)))
    bot = Child(("run",), {**bot_environment(base_url, data), "KANTOR_DATABASE_URL": database_url})
    workers = [Child(("worker",), bot.environment)] if database_url else []
    stopping = Stopping()
    try:
        with stopping:
            sandbox.start()
            bot.start()  # while it begins, which takes longer, the workspace does
            wait_for(base_url, sandbox, lambda _: True, "The sandbox workspace")
            wait_for(base_url, bot, lambda state: bool(state["bot"]["connected"]), "The bot")
            for worker in workers:
                worker.start()
            seed(base_url, data)
            _welcome(base_url, write_examples(data / "examples"))
            while True:
                time.sleep(0.5)
                for child in (sandbox, bot, *workers):
                    child.keep_alive()
    except Stopping.Asked:
        sys.stdout.write("\nStopping. The next start goes on from here; --reset starts anew.\n")
    finally:
        stop(bot, sandbox, workers=workers)


def prepare_folder(data: Path, *, reset: bool) -> None:
    """An empty folder for a new demo, or the folder of an earlier one as it was left.

    A demo whose first start was interrupted begins anew. Raises ConfigurationError where ``data`` holds something that is no demo's:
    nothing of that is ever deleted.
    """
    ours = (data / WORKSPACE).exists() or (data / MARK).exists()
    if data.exists() and any(data.iterdir()) and not ours:
        raise ConfigurationError(
            f"{data} holds something that is no demo of Kantor's. Choose another folder with --data."
        )
    if ours and (reset or not (data / MARK).exists()):
        shutil.rmtree(data)
    keep_private(data)


def bot_environment(base_url: str, data: Path) -> dict[str, str]:
    """The settings with which ``kantor run`` joins the sandbox at ``base_url``."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{base_url}/api/",
        "KANTOR_DATA": str(data),
        "KANTOR_DATABASE_URL": "",
        "KANTOR_OBJECTS_URL": "",
        "KANTOR_METRICS_ADDRESS": "",
        "KANTOR_TRANSPORT": "socket",
        "KANTOR_LOG_LEVEL": os.environ.get("KANTOR_LOG_LEVEL", "WARNING"),
    }


class Stopping:
    """While entered, Ctrl-C, SIGTERM and a closed terminal raise ``Stopping.Asked`` once; later ones are ignored, so that cleaning up is never cut short."""

    class Asked(BaseException):
        """Somebody asked us to stop."""

    def __init__(self) -> None:
        self._asked = False

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            raise Stopping.Asked

    def __enter__(self) -> None:
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGTERM, self._ask)
        if hasattr(signal, "SIGHUP"):  # a closed terminal; Windows has none
            signal.signal(signal.SIGHUP, self._ask)

    def __exit__(self, *exception: object) -> None:
        """The handlers stay: the children are still to be stopped."""


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ConfigurationError(f"Port {port} is taken. {HINT}") from None


def wait_for(base_url: str, child: Child, ready: Callable[[dict[str, Any]], bool], who: str) -> None:
    """Wait until the workspace's state is as wished. Raises ConfigurationError where the child ends before, or never is ready."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.process is not None and child.process.poll() is not None:
            raise ConfigurationError(f"{who} did not start; its messages are above.")
        try:
            if ready(httpx.get(f"{base_url}/sandbox/state", params={"as": "U0OLIVE"}, timeout=2).json()):
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise ConfigurationError(f"{who} was not ready within {START_SECONDS:.0f} seconds.")


def _welcome(base_url: str, examples: Path) -> None:
    sys.stdout.write(
        f"\n  Kantor's demo contest is open:  {base_url}\n\n"
        "  You are Olive, the organizer. Switch to Ada, Ben or Cleo to compose, to Judy or Jack to judge.\n"
        f"  Two people side by side: {base_url}/side   What goes over the wire: {base_url}/wire\n"
        f"  MIDI files to upload: {examples}/\n"
        "  Ctrl-C stops; the next start goes on from there.\n\n"
    )
    sys.stdout.flush()
