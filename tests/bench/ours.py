"""Our side of the bench, in a process of its own: ``python -m tests.bench.ours many FOLDER COUNT`` or ``batch FOLDER COUNT``.

Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from itertools import islice
from pathlib import Path

from bot.judge_command import BATCH, Pile, json_lines, judge_files, ranked
from judge.assess import assess

WARM = 1_000
"""Files after which a batch has all that it will ever need in memory."""


def megabytes() -> float:
    """The most memory that this process has had: not getrusage's, which begins with that of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def now_megabytes() -> float:
    """The memory that it has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1024**2


def many(folder: Path, count: int) -> dict[str, float]:
    """Files a second of one core's time, from bytes on disk to the verdict, once warm, over ``count`` files (what else the machine does is left out).

    In batches, as ``kantor judge FOLDER`` makes them, and one after the other.
    """
    files = sorted(folder.glob("*.mid"))
    asked = [files[number % len(files)] for number in range(count)]
    list(judge_files(asked[:BATCH]))
    began = time.process_time()
    for _ in judge_files(asked):
        pass
    together = time.process_time() - began
    began = time.process_time()
    for file in asked:
        assess(file.read_bytes())
    alone = time.process_time() - began
    return {"files_a_second": count / together, "alone_a_second": count / alone, "megabytes": megabytes()}


def batch(folder: Path, count: int) -> dict[str, float]:
    """What ``kantor judge FOLDER --json -`` does with that many files, and what its memory does between the first thousand and the end."""
    files = sorted(folder.glob("*.mid"))
    asked = [files[number % len(files)] for number in range(count)]
    began = time.perf_counter()
    with Pile(whole=True) as pile:
        judged = judge_files(asked)
        rows = [pile.put(each) for each in islice(judged, WARM)]
        before = now_megabytes()
        rows += map(pile.put, judged)
        grown = now_megabytes() - before
        lines = sum(1 for _ in json_lines(ranked(rows), pile))
    seconds = time.perf_counter() - began
    return {"lines": lines, "grown_megabytes": grown, "megabytes": megabytes(), "files_a_second": count / seconds}


def main(arguments: list[str]) -> None:
    """Measure."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core
    kind, folder, count = arguments
    found = {"many": many, "batch": batch}[kind](Path(folder), int(count))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
