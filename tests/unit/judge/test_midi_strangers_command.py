"""The command that checks a folder of other programs' files."""

import csv
import subprocess
import sys
from pathlib import Path

from tests.makers.midi_files import tune

CHECK = [sys.executable, "-m", "tests.official.strangers"]
WISH = "what a person should get"


def marks(place: Path, *rows: dict[str, str]) -> list[str]:
    """How a good file and one that is too long (a.mid, b.mid) are marked under a table, and the exit status."""
    (place / "a.mid").write_bytes(tune())
    (place / "b.mid").write_bytes(tune(40))
    table = place / "asked.csv"
    with table.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    done = subprocess.run([*CHECK, str(place), str(table)], capture_output=True, text=True, check=False)
    found = [line.split(".mid")[0].split() for line in done.stdout.splitlines() if ".mid" in line]
    return [*(" ".join(words) for words in found), str(done.returncode)]


def test_facts_are_compared(tmp_path: Path) -> None:
    """An empty field asks for nothing, "0 or 1" for either."""
    fine = {"file": "a.mid", "outcome": "accepted", "bars": "8", "pickup_beats": "0 or 1", "meter": "4/4"}
    long = {"file": "b.mid", "outcome": "refused", "bars": "", "pickup_beats": "", "meter": "4/4"}
    assert ["ok a", "ok b", "0"] == marks(tmp_path, fine, long)
    assert ["WRONG a", "WRONG b", "1"] == marks(tmp_path, {**fine, "bars": "7"}, {**long, "outcome": "accepted"})


def test_a_wish_in_words_asks_for_a_file_to_be_taken(tmp_path: Path) -> None:
    """Unless it allows a refusal, too."""
    rows = ({"file": "a.mid", WISH: "8 bars"}, {"file": "b.mid", WISH: "taken, or: cut it"})
    assert ["ok a", "ok b", "0"] == marks(tmp_path, *rows)
    assert ["WRONG b", "1"] == marks(tmp_path, {"file": "b.mid", WISH: "taken"})
