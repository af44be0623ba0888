"""What ``kantor judge`` does: files in, a ranked table, CSV or JSON lines out."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal
from judge.assess import assess
from judge.midi import MidiRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from judge.assess import Verdict

SUFFIXES = frozenset({".mid", ".midi", ".smf"})
CSV_COLUMNS = ("rank", "path", "score", "refusal", "sentence", "key", "meter", "bars", "model_version")


@dataclass(frozen=True)
class Judged:
    """A file with its verdict, or with the refusal it met."""

    path: Path
    verdict: Verdict | None
    refusal: str | None = None
    """Code, such as ``too_long``."""
    sentence: str | None = None

    @property
    def score(self) -> float | None:
        """0-100, rounded to two decimals; None where it was refused."""
        return None if self.verdict is None else round(self.verdict.score, 2)

    def as_dict(self) -> dict[str, Any]:
        """``path``, ``score``, ``refusal``, ``sentence`` and the verdict's fields."""
        facts = {} if self.verdict is None else self.verdict.as_dict()
        return {"path": str(self.path), "score": None, "refusal": self.refusal, "sentence": self.sentence, **facts}


def midi_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and all MIDI files of the folders named. Raises Refusal where there are none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(item for item in path.rglob("*") if item.suffix.lower() in SUFFIXES))
        elif path.exists():
            found.append(path)
        else:
            raise Refusal(f"There is no file {path}. Name MIDI files, or folders that hold some.")
    if not found:
        raise Refusal("There is no MIDI file (.mid, .midi) there.")
    return found


def judge_file(path: Path) -> Judged:
    """Assess one file; what cannot be judged is answered with its refusal."""
    try:
        return Judged(path, assess(path.read_bytes()))
    except MidiRefusal as refusal:
        return Judged(path, None, refusal.code.value, refusal.sentence)
    except OSError as error:
        return Judged(path, None, "unreadable", f"The file could not be read: {error.strerror}.")


def ranked(judged: Iterable[Judged]) -> list[Judged]:
    """Highest score first; refused files at the end, by name."""
    return sorted(judged, key=lambda row: (row.score is None, -(row.score or 0.0), str(row.path)))


def write_csv(rows: list[Judged], path: Path) -> None:
    """The table as CSV (columns: ``CSV_COLUMNS``)."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, CSV_COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for rank, row in enumerate(rows, 1):
            place = rank if row.verdict is not None else ""
            writer.writerow({**row.as_dict(), "rank": place, "score": row.score})


def json_lines(rows: list[Judged]) -> str:
    """One JSON object a line, in the table's order."""
    return "".join(json.dumps(row.as_dict(), ensure_ascii=False) + "\n" for row in rows)


def print_table(rows: list[Judged]) -> None:
    """The table on the terminal."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that --json need not wait for
    from rich.table import Table  # noqa: PLC0415

    table = Table("", "Score", "Composition", "Key", "Meter", "Bars", title="How much like Bach?", title_justify="left")
    for rank, row in enumerate((row for row in rows if row.verdict is not None), 1):
        verdict = row.verdict
        if verdict is not None:
            place = (str(rank), f"{verdict.score:.1f}", row.path.name)
            table.add_row(*place, verdict.key, verdict.meter, str(verdict.bars))
    console = Console()
    if table.row_count:
        console.print(table)
    for row in (row for row in rows if row.verdict is None):
        console.print(f"[bold]{row.path.name}[/bold] was not judged ({row.refusal}). {row.sentence}", highlight=False)
