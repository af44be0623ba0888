"""Check a folder of hostile MIDI files against its expected.csv: ``python -m tests.official.hostile FOLDER``.

The CSV has the columns file, outcome (score, refuse or either) and code (of the refusal; empty where any will do). Prints a table; exit
status 1 if a file is answered differently, with another exception than MidiRefusal, or not within two seconds.
"""

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from judge.midi import MidiRefusal, read

SECONDS_ALLOWED = 2.0


@dataclass(frozen=True)
class Answer:
    """What one file got: outcome "score" or "refuse", the code of a refusal, what to read, and how long it took."""

    file: str
    expected: str
    got: str
    said: str
    seconds: float
    right: bool


def answers(folder: Path) -> Iterator[Answer]:
    """Read each file that the folder's expected.csv names."""
    with (folder / "expected.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield _answer(folder / row["file"], row["outcome"], row["code"])


def _answer(path: Path, outcome: str, code: str) -> Answer:
    data = path.read_bytes()
    before = time.perf_counter()
    try:
        performance = read(data)
    except MidiRefusal as refusal:
        got, got_code, said = "refuse", str(refusal.code), refusal.sentence
    else:
        got, got_code, said = (
            "score",
            "",
            f"{len(performance.onset)} notes, {performance.bars} bars " + " ".join(performance.warnings),
        )
    seconds = time.perf_counter() - before
    right = (
        outcome in {"either", got} and (not code or got != "refuse" or got_code == code) and seconds < SECONDS_ALLOWED
    )
    return Answer(path.name, f"{outcome} {code}".strip(), f"{got} {got_code}".strip(), said, seconds, right)


def main(folder: Path) -> int:
    """Print the table; 0 if every file is answered as expected."""
    found = list(answers(folder))
    for answer in found:
        mark = "ok   " if answer.right else "WRONG"
        took = f"{answer.seconds * 1000:7.1f} ms"
        sys.stdout.write(f"{mark} {answer.file:36} {answer.expected:24} {answer.got:24} {took}  {answer.said}\n")
    wrong = sum(not answer.right for answer in found)
    sys.stdout.write(f"{wrong} of {len(found)} wrong\n")
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tests.official.hostile FOLDER (with an expected.csv)")
    sys.exit(main(Path(sys.argv[1])))
