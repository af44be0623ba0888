"""Check a folder of hostile MIDI files against its expected.csv: ``python -m tests.official.hostile FOLDER``.

The CSV has the columns file, outcome (score, refuse or either) and code (of the refusal; empty where any will do). Prints a table; exit
status 1 if a file is answered differently, with another exception than MidiRefusal, or not within two seconds, or if all of it takes
more than 300 MB. The answer is the whole verdict, with Bach's nearest works.
"""

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from judge.assess import assess, model_info
from judge.midi import MidiRefusal

SECONDS_ALLOWED = 2.0
MEGABYTES_ALLOWED = 300


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
        verdict = assess(data, works=True)
    except MidiRefusal as refusal:
        got, got_code, said = "refuse", str(refusal.code), refusal.sentence
    else:
        got, got_code, said = (
            "score",
            "",
            f"{verdict.score:.1f}: {verdict.notes} notes, {verdict.bars} bars " + " ".join(verdict.warnings),
        )
    seconds = time.perf_counter() - before
    right = (
        outcome in {"either", got} and (not code or got != "refuse" or got_code == code) and seconds < SECONDS_ALLOWED
    )
    return Answer(path.name, f"{outcome} {code}".strip(), f"{got} {got_code}".strip(), said, seconds, right)


def main(folder: Path) -> int:
    """Print the table; 0 if every file is answered as expected."""
    model_info()  # loads the model, which is no file's fault
    found = list(answers(folder))
    for answer in found:
        mark = "ok   " if answer.right else "WRONG"
        took = f"{answer.seconds * 1000:7.1f} ms"
        sys.stdout.write(f"{mark} {answer.file:36} {answer.expected:24} {answer.got:24} {took}  {answer.said}\n")
    wrong = sum(not answer.right for answer in found)
    memory = _most_memory()
    slowest = max(found, key=lambda answer: answer.seconds)
    sys.stdout.write(f"slowest: {slowest.file}, {slowest.seconds * 1000:.0f} ms; most memory: {memory:.0f} MB\n")
    sys.stdout.write(f"{wrong} of {len(found)} wrong\n")
    return int(wrong > 0 or memory > MEGABYTES_ALLOWED)


def _most_memory() -> float:
    """MB of this process so far; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    # Not ru_maxrss: a child inherits that of the process that started it.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tests.official.hostile FOLDER (with an expected.csv)")
    sys.exit(main(Path(sys.argv[1])))
