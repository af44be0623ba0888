"""What ``kantor judge`` does: files in, a ranked table, CSV or JSON lines out."""

from __future__ import annotations

import csv
import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal
from judge.assess import assess
from judge.midi import MidiRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from judge.verdict import Verdict

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


def judge_file(path: Path, *, works: bool = False) -> Judged:
    """Assess one file, on request with Bach's nearest works; what cannot be judged is answered with its refusal."""
    try:
        return Judged(path, assess(path.read_bytes(), works=works))
    except MidiRefusal as refusal:
        return Judged(path, None, refusal.code.value, refusal.sentence)
    except OSError as error:
        return Judged(path, None, "unreadable", f"The file could not be read: {error.strerror}.")


def judge_files(files: Sequence[Path], *, works: bool = False, jobs: int = 1) -> Iterator[Judged]:
    """Assess files in their order, by that many processes side by side; the verdicts are the same however many."""
    judge = partial(judge_file, works=works)
    if jobs == 1 or len(files) == 1:
        yield from map(judge, files)
        return
    # Each child starts anew: a copy of this process would share what onnxruntime holds open.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=context) as pool:
        yield from pool.map(judge, files, chunksize=max(1, min(50, len(files) // (4 * jobs))))


def watched(judged: Iterable[Judged], total: int) -> list[Judged]:
    """All of them, with a progress bar on the way where a person looks at the terminal."""
    if total == 1 or not sys.stderr.isatty():
        return list(judged)
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that one file need not wait for
    from rich.progress import track  # noqa: PLC0415 - as above

    return list(track(judged, "Listening", total, console=Console(stderr=True), transient=True))


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
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table("", "Score", "Composition", "Key", "Meter", "Bars", title="How much like Bach?", title_justify="left")
    for rank, row in enumerate((row for row in rows if row.verdict is not None), 1):
        verdict = row.verdict
        if verdict is not None:
            place = (str(rank), f"{verdict.score:.1f}", escape(row.path.name))
            table.add_row(*place, verdict.key, verdict.meter, str(verdict.bars))
    console = Console()
    if table.row_count:
        console.print(table)
    for row in (row for row in rows if row.verdict is None):
        name, sentence = escape(row.path.name), escape(row.sentence or "")
        console.print(f"[bold]{name}[/bold] was not judged ({row.refusal}). {sentence}", highlight=False)


def print_explanations(rows: list[Judged]) -> None:
    """What made each score, in the table's order."""
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.markup import escape  # noqa: PLC0415 - as above

    from judge.explain import explanation  # noqa: PLC0415 - only where it is asked for

    console = Console()
    for row in rows:
        if row.verdict is not None:
            console.print(f"\n[bold]{escape(row.path.name)}[/bold]: {row.verdict.score:.1f} of 100", highlight=False)
            console.print(explanation(row.verdict), highlight=False, markup=False)
