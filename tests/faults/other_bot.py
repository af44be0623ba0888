"""``kantor run`` and ``kantor worker`` with a clock or an inspector of ours, handed in by constructor: ``python -m tests.faults.other_bot run|worker``.

``FAULTS_CLOCK`` names a file with the seconds by which somebody has set this machine's clock; with ``FAULTS_FILES`` compositions with
certain titles hang, or want all memory.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.inspector import Findings, ProcessInspector, examine_in_child

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Clock

HANGS, EATS = "A piece that hangs", "A piece that eats memory"
COMMAND = (sys.executable, "-m", "tests.faults.other_bot")


@dataclass(frozen=True)
class WrongClock:
    """The clock of all, as a machine shows it whose clock somebody sets. How much time has passed is not touched by that."""

    right: Clock
    file: Path

    def now(self) -> datetime:
        """What the machine shows."""
        return self.right.now() + timedelta(seconds=float(self.file.read_text(encoding="ascii")))

    def elapsed(self) -> timedelta:
        """As the right one."""
        return self.right.elapsed()


def examine(data: bytes, title: str) -> Findings:
    """In the child: as ever, but for two titles."""
    if HANGS.encode() in data:
        time.sleep(3600)
    if EATS.encode() in data:
        eaten = [bytearray(1 << 24) for _ in range(1 << 10)]  # 16 GiB of address space
        assert eaten
    return examine_in_child(data, title)


def main(kind: str) -> None:
    """Until SIGTERM."""
    from bot.logs import configure_logs  # noqa: PLC0415 - the children load this module, too
    from bot.settings import Settings  # noqa: PLC0415 - as above
    from bot.wiring import Workshop, build, clock_of  # noqa: PLC0415 - as above

    settings, stopping = Settings(), threading.Event()
    configure_logs(settings.log_level)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    wrong, files = os.environ.get("FAULTS_CLOCK"), os.environ.get("FAULTS_FILES")
    clock = WrongClock(clock_of(settings), Path(wrong)) if wrong else clock_of(settings)
    inspector = ProcessInspector(settings.worker_threads, examine=examine if files else None)
    if kind == "worker":
        Workshop.built(settings, 0, clock, inspector).run(stopping)
    else:
        kantor = build(settings, clock, inspector)
        kantor.start()
        stopping.wait()
        kantor.stop()
    inspector.close()


if __name__ == "__main__":
    from tests.faults import other_bot

    other_bot.main(sys.argv[1])
