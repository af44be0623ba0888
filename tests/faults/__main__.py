"""The faults that a deployment meets: ``make faults`` (``ARGS="--only a,b"`` picks some, ``--smoke`` is a quick look). See docs/reliability.md."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tests.faults import disks, kills, machines, postgres, slack, stores
from tests.faults.table import BEGIN, BOTH, END, POSTGRES, SQLITE, Line, rows_of, say, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = Path(__file__).parents[2] / "docs" / "reliability.md"
SIDE_BY_SIDE = 2
"""Most of a scenario is waiting."""


class Scenario(Protocol):
    """Injects one fault or some, and says what came of each."""

    def __call__(self, folder: Path, database: str, *, few: int) -> Iterator[Line]:
        """With ``few`` so many steps, or kinds, only."""


class Part(NamedTuple):
    """What can be run alone."""

    scenario: Scenario
    faults: tuple[str, ...]
    """As its lines are called: one for each of the two databases, whatever it says."""


PARTS = {
    "uploads": Part(kills.uploads, kills.NAMES[:1]),
    "ratings": Part(kills.ratings, kills.NAMES[1:2]),
    "boards": Part(kills.boards, kills.NAMES[2:3]),
    "phases": Part(kills.phases, kills.NAMES[3:]),
    "events": Part(slack.events, tuple(fault.name for fault in slack.EVENTS)),
    "outages": Part(slack.outages, tuple(fault.name for fault in slack.OUTAGES)),
    "servers": Part(postgres.servers, (postgres.RESTARTED, postgres.CRASHED, postgres.CROWDED)),
    "failover": Part(postgres.failover, (postgres.FAILOVER,)),
    "full": Part(disks.full, (disks.FULL,)),
    "servers-full": Part(disks.servers_full, (disks.SERVERS,)),
    "read-only": Part(disks.read_only, (disks.READ_ONLY,)),
    "reader": Part(disks.reader, (disks.READER,)),
    "s3": Part(stores.s3, (stores.AWAY, stores.BUSY, stores.SLOW)),
    "clocks": Part(machines.clocks, (machines.AHEAD, machines.BEHIND)),
    "files": Part(machines.files, (machines.HANGING, machines.EATING)),
    "memory": Part(machines.memory, (machines.NO_MEMORY,)),
}
FAULTS = tuple(fault for part in PARTS.values() for fault in part.faults)
"""In the order of the table."""
SMOKE = ("uploads",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Inject them, each part on each database in a process of its own; 1 where a promise was broken."""
    asked = _asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # all that was begun ends with its block
    began = time.monotonic()
    units = [(name, database) for name in asked.only for database in asked.database]
    with tempfile.TemporaryDirectory(prefix="kantor-faults-") as folder:
        file = asked.write or Path(folder) / "table.md"
        if asked.write is None:
            file.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
        if len(units) == 1:
            failed = _alone(*units[0], few=asked.few, file=file)
        else:
            failed = _side_by_side(units, asked.side_by_side, few=asked.few, file=file)
        if asked.write is None:
            sys.stdout.write("\n".join(["", *rows_of(file.read_text(encoding="utf-8")).values(), ""]))
    say("A promise was broken." if failed else "Nothing was lost, nothing was doubled.")
    say(f"{time.monotonic() - began:.0f} s in all")
    return int(failed)


def _side_by_side(units: Sequence[tuple[str, str]], lanes: int, *, few: int, file: Path) -> bool:
    """Each part on each database in a process of its own, so many at once; whether something was broken."""
    processes: list[subprocess.Popen[bytes]] = []

    def beside(unit: tuple[str, str]) -> bool:
        command = [sys.executable, "-m", "tests.faults", "--only", unit[0], "--database", unit[1].lower()]
        process = subprocess.Popen([*command, "--few", str(few), "--write", str(file)])
        processes.append(process)
        return process.wait() != 0

    executor = ThreadPoolExecutor(lanes)
    try:
        return any(list(executor.map(beside, units)))
    finally:  # where we are asked to end, so are they
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def _alone(name: str, database: str, *, few: int, file: Path) -> bool:
    """One part in this process; whether something was broken."""
    failures, began = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kantor-faults-", ignore_cleanup_errors=True) as folder:
        for line in PARTS[name].scenario(Path(folder), database, few=few):
            write(file, [line], FAULTS)
            failures += [f"{line.fault}, {line.database}: {one}" for one in line.failures]
    for failure in failures:
        say(f"BROKEN: {failure}")
    say(f"{name} on {database}: {time.monotonic() - began:.0f} s")
    return bool(failures)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--database", type=_databases, default=BOTH, help="sqlite, postgresql or both")
    parser.add_argument("--few", type=int, default=0, help="so many steps, or kinds, of each only")
    parser.add_argument(
        "--side-by-side", type=int, default=SIDE_BY_SIDE, help=f"so many parts at once ({SIDE_BY_SIDE} by default)"
    )
    parser.add_argument(
        "--write", type=Path, nargs="?", const=TABLE, help=f"put the rows into {TABLE.name}, or that file"
    )
    parser.add_argument("--smoke", action="store_true", help="a quick look: a few kills on SQLite")
    asked = parser.parse_args(arguments)
    if asked.smoke:
        asked.only, asked.database, asked.few = list(SMOKE), (SQLITE,), 2
    return asked


def _names(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= PARTS.keys():
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return names


def _databases(text: str) -> tuple[str, ...]:
    found = {"sqlite": (SQLITE,), "postgresql": (POSTGRES,), "both": BOTH}.get(text)
    if found is None:
        raise argparse.ArgumentTypeError("choose from sqlite, postgresql, both")
    return found


if __name__ == "__main__":
    sys.exit(main())
