"""Bots that start at once: forked from a process that has loaded the program, and does nothing else. To load it is most of what a start costs.

What runs is ``kantor run`` and ``kantor worker`` as ever, each in a process of its own; nothing is alive in the program before its command begins.
``python -m tests.faults.forks`` reads orders as lines of JSON, and answers each with the id of the process that it has begun.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.makers.stage import BotProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.settings import Settings

LOADED = ("bot.cli", "bot.wiring", "bot.adapters.tickets", "bot.adapters.buckets", "bot.web.lookout")
"""What a bot loads, wherever its files and its database are."""
_END_WITH_PARENT = 1
"""Of prctl: no bot outlives the driver, however that ends."""


class Forked:
    """A process that is nobody's child here: it is watched by a descriptor, as Linux has them."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def __del__(self) -> None:
        os.close(self._descriptor)

    def poll(self) -> int | None:
        """None as long as it runs."""
        return 0 if select.select([self._descriptor], [], [], 0)[0] else None

    def send_signal(self, number: int) -> None:
        """Nothing happens where it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._descriptor, number)

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired where it goes on."""
        if not select.select([self._descriptor], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return 0


class ForkedBot(BotProcess):
    """``kantor run`` or ``kantor worker``, begun by the process that has loaded it."""

    def __init__(
        self, loaded: subprocess.Popen[bytes], kind: str, settings: Settings, log: Path, extra: Mapping[str, str]
    ) -> None:
        super().__init__(settings, log, extra=extra)
        self._loaded, self._kind = loaded, kind

    def start(self) -> None:
        """Start it; it connects by itself."""
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        order = {"environment": self._environment, "log": str(self._log), "command": self._kind}
        self._loaded.stdin.write(json.dumps(order).encode() + b"\n")
        self._loaded.stdin.flush()
        self.process = Forked(int(self._loaded.stdout.readline()))


@contextmanager
def loaded() -> Iterator[subprocess.Popen[bytes]]:
    """The process that has loaded the program; it ends with the block."""
    command = (sys.executable, "-m", "tests.faults.forks")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def _begin(order: dict[str, Any]) -> None:
    """In the fork: become that bot, and do not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    with Path(os.devnull).open("rb") as nothing, Path(order["log"]).open("ab") as log:
        for ours, standard in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(ours.fileno(), standard)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["kantor", order["command"]]
    from bot.cli import app  # noqa: PLC0415 - loaded long since

    app(prog_name="kantor")


def main() -> None:
    """Until there are no more orders."""
    for module in LOADED:
        import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has ended is gone at once
    for line in sys.stdin.buffer:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _begin(order)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
