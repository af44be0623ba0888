"""What a backup and a restore take: ``python -m tests.bench.backups`` (``--pieces 1000``, ``--postgres``: into a PostgreSQL of its own).

A database with so many compositions, eight ratings each, and files as large as Kantor makes them is filled first. Then ``kantor
backup`` and ``kantor restore`` run as processes of their own: what counts is the seconds of the clock, and the most memory that each had.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import select
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.demo.postgres import own_server
from bot.wiring import database_url, objects
from tests.bench.growth import EACH, fill
from tests.makers.moving import KEY, settings_of, world_in
from tests.makers.world import CHANNEL, OLIVE

SIZES = {
    "original.mid": 4_000,
    "picture.png": 25_000,
    "sound.mp3": 480_000,
    "fingerprint.json": 12_000,
    "verdict-0123456789ab.png": 60_000,
}
"""Bytes of what a composition of half a minute leaves."""


def lived_in(folder: Path, pieces: int) -> None:
    """A place with so many compositions."""
    settings, noise = settings_of(folder), random.Random(1)
    with world_in(settings) as world:
        made = world.contest()
        judges = [f"U0JUDGE{number}" for number in range(EACH)]
        for judge in judges:
            world.directory.add(judge, judge.title(), CHANNEL)
        world.contests.add_judges(OLIVE, CHANNEL, judges)
        fill(world, made, pieces, judges)
        with world.store.read() as work:
            folders = [piece.folder for piece in work.submissions.accepted(made)]
    kept = objects(settings)
    for folder_of in folders:
        for name, size in SIZES.items():
            kept.put(f"{folder_of}/{name}", noise.randbytes(size))


def measured(folder: Path, url: str, *words: str) -> tuple[float, float, float, str]:
    """The command's seconds by the clock, its processor seconds, the most memory in MB, and what it said."""
    environment = os.environ | {
        "KANTOR_DATA": str(folder / "var"),
        "KANTOR_SECRET_KEY": KEY,
        "KANTOR_DATABASE_URL": url,
    }
    began, most = time.monotonic(), 0
    child = subprocess.Popen((sys.executable, "-m", "bot", *words), env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    while not select.select([child.stdout], [], [], 0.02)[0]:
        most = max(most, _high_water(child.pid))
    said = child.stdout.readline().strip()
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, words
    return time.monotonic() - began, used.ru_utime + used.ru_stime, most / 1000, said


def _high_water(pid: int) -> int:
    """In kB. Not ``ru_maxrss``: that has in it what we had ourselves when the child was made."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def main() -> None:
    """Fill, back up, restore, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=1000)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    report = Console(highlight=False, soft_wrap=True).print
    report(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        lived_in(folder / "home", asked.pieces)
        url = stack.enter_context(own_server(folder / "server", temporary=True)) if asked.postgres else ""
        for words, place, where in (
            (("backup", str(folder / "home.tar")), folder / "home", database_url(settings_of(folder / "home"))),
            (("restore", str(folder / "home.tar")), folder / "away", url),
        ):
            clock, busy, memory, said = measured(place, where, *words)
            report(f"{words[0]:<8} {clock:7.1f} s  ({busy:.1f} s of processor time)  {memory:5.0f} MB  {said}")


if __name__ == "__main__":
    main()
