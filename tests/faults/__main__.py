"""The faults that a deployment meets: ``make faults`` (``ARGS="--only a,b"`` picks some, ``--smoke`` is a quick look). See docs/reliability.md."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tests.faults import disks, kills, machines, postgres, slack, stores
from tests.faults.place import POSTGRES, SQLITE
from tests.faults.table import Line, markdown, say, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = Path(__file__).parents[2] / "docs" / "reliability.md"
BOTH = (SQLITE, POSTGRES)


class Scenario(Protocol):
    """Injects one fault or some, and says what came of each."""

    def __call__(self, folder: Path, database: str, *, few: int) -> Iterator[Line]:
        """With ``few`` so many times, or kinds, only."""


SCENARIOS: dict[str, tuple[Scenario, tuple[str, ...]]] = {
    "uploads": (kills.uploads, BOTH),
    "ratings": (kills.ratings, BOTH),
    "boards": (kills.boards, BOTH),
    "phases": (kills.phases, BOTH),
    "events": (slack.events, BOTH),
    "outages": (slack.outages, BOTH),
    "servers": (postgres.servers, (POSTGRES,)),
    "failover": (postgres.failover, (POSTGRES,)),
    "full": (disks.full, BOTH),
    "read-only": (disks.read_only, BOTH),
    "reader": (disks.reader, (SQLITE,)),
    "s3": (stores.s3, BOTH),
    "clocks": (machines.clocks, BOTH),
    "files": (machines.files, BOTH),
    "memory": (machines.memory, BOTH),
}
SMOKE = ("uploads",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Inject them one after the other; 1 where a promise was broken."""
    asked = _asked(arguments)
    lines, command = [], shlex.join(["python", "-m", "tests.faults", *(arguments or sys.argv[1:])])
    for name in asked.only:
        for line in _outcomes(name, asked.database, asked.few):
            lines.append(line)
            if asked.write:
                write(asked.write, [line], command)
    sys.stdout.write("\n".join(["", *markdown(lines), ""]) + "\n")
    failures = [f"{line.fault}, {line.database}: {one}" for line in lines for one in line.failures]
    for failure in failures:
        say(f"BROKEN: {failure}")
    say("A promise was broken." if failures else "Nothing was lost, nothing was doubled.")
    return int(bool(failures))


def _outcomes(name: str, databases: Sequence[str], few: int) -> Iterator[Line]:
    scenario, where = SCENARIOS[name]
    for database in databases:
        if database in where:
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="kantor-faults-", ignore_cleanup_errors=True) as folder:
                yield from scenario(Path(folder), database, few=few)
            say(f"{name} on {database}: {time.monotonic() - began:.0f} s")


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(SCENARIOS), help=f"some of {', '.join(SCENARIOS)}")
    parser.add_argument("--database", type=_databases, default=BOTH, help="sqlite, postgresql or both")
    parser.add_argument("--few", type=int, default=0, help="so many steps, or kinds, of each only")
    parser.add_argument(
        "--write", type=Path, nargs="?", const=TABLE, help=f"put the lines into {TABLE.name}, or that file"
    )
    parser.add_argument("--smoke", action="store_true", help="a quick look: a few kills on SQLite")
    asked = parser.parse_args(arguments)
    if asked.smoke:
        asked.only, asked.database, asked.few = list(SMOKE), (SQLITE,), 2
    return asked


def _names(text: str) -> list[str]:
    names = text.split(",")
    if not set(names) <= SCENARIOS.keys():
        raise argparse.ArgumentTypeError(f"choose from {', '.join(SCENARIOS)}")
    return names


def _databases(text: str) -> tuple[str, ...]:
    found = {"sqlite": (SQLITE,), "postgresql": (POSTGRES,), "both": BOTH}.get(text)
    if found is None:
        raise argparse.ArgumentTypeError("choose from sqlite, postgresql, both")
    return found


if __name__ == "__main__":
    sys.exit(main())
