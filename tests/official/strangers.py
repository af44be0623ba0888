"""Check files that other programs exported against their expected.csv: ``python -m tests.official.strangers FOLDER [TABLE]``.

The CSV has the columns file, tune, outcome (accepted or refused), bars, pickup_beats ("1", or "0 or 1"), meter and key (empty where any
will do). A table of faults that people reported has the column "what a person should get" instead: such a file must be taken, unless
the words allow a refusal (", or", "; or") as well. Prints a table with the score of each, and the spread of the scores of one tune; exit status 1 if a file is read otherwise.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

from judge.assess import assess_performance
from judge.midi import Performance, read
from judge.refusals import MidiRefusal
from judge.words import meter_words

WISH = "what a person should get"
COMPARED = ("outcome", "tune", "bars", "meter", "key", "pickup_beats")


def _rows(table: Path) -> list[dict[str, str]]:
    """The table's rows, each with all columns that are compared; of a wish, only the outcome is."""
    with table.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [dict.fromkeys(COMPARED, "") | {"outcome": _wished(row.get(WISH, ""))} | row for row in rows]


def _wished(words: str) -> str:
    return "accepted or refused" if ", or" in words or "; or" in words else "accepted"


def _pickup(performance: Performance) -> str:
    return f"{performance.bar_starts[1]:g}" if performance.pickup else "0"


def _differences(row: dict[str, str], performance: Performance, key: str) -> list[str]:
    found = {
        "bars": str(performance.bars),
        "meter": meter_words(performance),
        "key": key,
        "pickup_beats": _pickup(performance),
    }
    return [
        f"{name} {got} for {row[name]}"
        for name, got in found.items()
        if row[name] and got not in row[name].split(" or ")
    ]


def main(folder: Path, table: Path) -> int:
    """Print the table; 0 if every file is read as expected."""
    wrong, scores = 0, defaultdict[str, list[float]](list)
    rows = _rows(table)
    for row in rows:
        try:
            performance = read((folder / row["file"]).read_bytes())
        except MidiRefusal as refused:
            outcome, said, differences = "refused", refused.sentence, list[str]()
        else:
            verdict = assess_performance(performance)
            scores[row["tune"] or "all"].append(verdict.score)
            outcome, said = "accepted", f"{verdict.score:.1f} {' '.join(verdict.warnings)}"
            differences = _differences(row, performance, verdict.key)
        if outcome not in row["outcome"].split(" or "):
            differences.append(f"{outcome} for {row['outcome']}")
        wrong += bool(differences)
        sys.stdout.write(f"{'WRONG' if differences else 'ok   '} {row['file']:34} {'; '.join(differences) or said}\n")
    for tune, found in scores.items():
        sys.stdout.write(f"{tune}: scores {min(found):.1f} to {max(found):.1f} in {len(found)} files\n")
    sys.stdout.write(f"{wrong} of {len(rows)} wrong\n")
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit("Usage: python -m tests.official.strangers FOLDER [TABLE] (FOLDER/expected.csv where none is named)")
    here = Path(sys.argv[1])
    sys.exit(main(here, Path(sys.argv[2]) if len(sys.argv) > 2 else here / "expected.csv"))
