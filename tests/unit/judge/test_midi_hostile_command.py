"""The command that checks a folder of hostile files."""

import csv
import subprocess
import sys
from pathlib import Path

from tests.makers.midi_files import tune

CHECK = [sys.executable, "-m", "tests.official.hostile"]


def folder(path: Path, *rows: tuple[str, str, str, bytes]) -> Path:
    with (path / "expected.csv").open("w", newline="", encoding="utf-8") as lines:
        table = csv.writer(lines)
        table.writerow(("file", "bytes", "outcome", "code", "note"))
        for name, outcome, code, data in rows:
            table.writerow((name, len(data), outcome, code, ""))
            (path / name).write_bytes(data)
    return path


def test_a_folder_that_is_answered_as_expected_passes(tmp_path: Path) -> None:
    """Score, refusal with code, and a row where both will do."""
    place = folder(
        tmp_path,
        ("a.mid", "score", "", tune()),
        ("b.mid", "refuse", "too_long", tune(36)),
        ("c.mid", "either", "", b""),
    )
    done = subprocess.run([*CHECK, str(place)], capture_output=True, text=True, check=False)
    assert (0, "0 of 3 wrong") == (done.returncode, done.stdout.splitlines()[-1])


def test_a_wrong_code_and_a_wrong_outcome_fail(tmp_path: Path) -> None:
    """Each difference is marked, and the exit status is 1."""
    place = folder(tmp_path, ("a.mid", "refuse", "", tune()), ("b.mid", "refuse", "damaged", tune(36)))
    done = subprocess.run([*CHECK, str(place)], capture_output=True, text=True, check=False)
    assert (1, "2 of 2 wrong") == (done.returncode, done.stdout.splitlines()[-1])
    assert 2 == done.stdout.count("WRONG")
