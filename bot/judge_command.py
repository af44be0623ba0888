"""What ``kantor judge`` does: files in, a ranked table, CSV or JSON lines out."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Self

from bot.errors import Refusal
from bot.rules.numbers import decimal, spelled
from judge.assess import assess_performances
from judge.midi import MidiRefusal, Performance, read
from judge.refusals import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from judge.verdict import Verdict

BATCH = 32
"""Files that are judged at once: more would hardly be quicker."""
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
        """0-100, whole, so that it is rounded once, where it is shown; None where it was refused."""
        return None if self.verdict is None else self.verdict.score

    def as_dict(self) -> dict[str, Any]:
        """``path``, ``score``, ``refusal``, ``sentence`` and the verdict's fields."""
        facts = {} if self.verdict is None else self.verdict.as_dict()
        return {"path": str(self.path), "score": None, "refusal": self.refusal, "sentence": self.sentence, **facts}


def midi_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and all MIDI files of the folders named. Raises Refusal where there are none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(item for item in path.rglob("*") if item.suffix.lower() in SUFFIXES and item.is_file()))
        elif path.exists():
            found.append(path)
        else:
            raise Refusal(f"There is no file {path}. Name MIDI files, or folders that hold some.")
    if not found:
        raise Refusal("There is no MIDI file (.mid, .midi) there.")
    return found


def judge_batch(paths: Sequence[Path], *, works: bool = False) -> list[Judged]:
    """Assess some files at once, on request with Bach's nearest works; what cannot be judged is answered with its refusal."""
    heard = [_heard(path) for path in paths]
    verdicts = iter(assess_performances([each for each in heard if not isinstance(each, Judged)], works=works))
    return [
        each if isinstance(each, Judged) else Judged(path, next(verdicts))
        for path, each in zip(paths, heard, strict=True)
    ]


def _heard(path: Path) -> Performance | Judged:
    try:
        with path.open("rb") as stream:
            return read(stream.read(STANDARD.max_bytes + 1))  # enough to see that a file is too large
    except MidiRefusal as refusal:
        return Judged(path, None, refusal.code.value, refusal.sentence)
    except OSError as error:
        return Judged(path, None, "unreadable", f"The file could not be read: {error.strerror}.")


def judge_files(files: Sequence[Path], *, works: bool = False, jobs: int = 1) -> Iterator[Judged]:
    """Assess files in their order, by that many processes side by side; the verdicts are the same however many."""
    judge = partial(judge_batch, works=works)
    size = max(1, min(BATCH, len(files) // (4 * jobs))) if jobs > 1 else BATCH
    batches = [files[begin : begin + size] for begin in range(0, len(files), size)]
    if jobs == 1 or len(files) == 1:
        yield from chain.from_iterable(map(judge, batches))
        return
    import multiprocessing  # noqa: PLC0415 - one file need not wait for it
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - as above

    # Each child starts anew: a copy of this process would share what onnxruntime holds open.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=context) as pool:
        yield from chain.from_iterable(pool.map(judge, batches))


def watched(judged: Iterable[Judged], total: int) -> Iterable[Judged]:
    """The same, with a progress bar on the way where a person looks at the terminal."""
    if total == 1 or not sys.stderr.isatty():
        return judged
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that one file need not wait for
    from rich.progress import track  # noqa: PLC0415 - as above

    return track(judged, "Listening", total, console=Console(stderr=True), transient=True)


@dataclass(frozen=True, slots=True)
class Row:
    """What the table tells of a file; `at` is where the rest of it lies in its `Pile`."""

    path: str
    name: str
    score: float | None
    refusal: str | None
    sentence: str | None
    key: str = ""
    meter: str = ""
    bars: int | str = ""
    model_version: str = ""
    at: int = 0


class Pile:
    """Verdicts put aside in a file: ten thousand of them take no more memory than one.

    Args:
        whole: whether they will be asked for; without that only the table's rows are kept.
    """

    def __init__(self, *, whole: bool) -> None:
        self._file: IO[bytes] | None = _temporary() if whole else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, judged: Judged) -> Row:
        """Put the whole of it aside; the row that stands for it."""
        at = 0
        if self._file is not None:
            at = self._file.tell()
            self._file.write(json.dumps(judged.as_dict(), ensure_ascii=False).encode() + b"\n")
        plain = (str(judged.path), judged.path.name, judged.score, judged.refusal, judged.sentence)
        verdict = judged.verdict
        if verdict is None:
            return Row(*plain, at=at)
        return Row(*plain, verdict.key, verdict.meter, verdict.bars, verdict.model_version, at)

    def line(self, row: Row) -> str:
        """What was put aside, as one line of JSON with its line end."""
        if self._file is None:
            raise ValueError("this pile keeps rows only")
        self._file.seek(row.at)
        return self._file.readline().decode()


def _temporary() -> IO[bytes]:
    from tempfile import TemporaryFile  # noqa: PLC0415 - the table alone need not wait for it

    return TemporaryFile()  # closed where the pile is left


def ranked(rows: Iterable[Row]) -> list[Row]:
    """Highest score first; refused files at the end, by name."""
    return sorted(rows, key=lambda row: (row.score is None, -(row.score or 0.0), row.path))


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """The table as CSV (columns: ``CSV_COLUMNS``)."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(CSV_COLUMNS)
        for rank, row in enumerate(rows, 1):
            place, score = ("", None) if row.score is None else (rank, float(decimal(row.score)))
            facts = (row.refusal, row.sentence, row.key, row.meter, row.bars, row.model_version)
            writer.writerow((place, row.path, score, *facts))


def json_lines(rows: Iterable[Row], pile: Pile) -> Iterator[str]:
    """One JSON object a line, in the table's order: ``path``, ``score`` or null, ``refusal``, ``sentence``, the verdict's fields."""
    return map(pile.line, rows)


def print_table(rows: Sequence[Row]) -> None:
    """The table on the terminal."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that --json need not wait for
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table("", "Score", "Composition", "Key", "Meter", "Bars", title="How much like Bach?", title_justify="left")
    scored = [(row, row.score) for row in rows if row.score is not None]
    for rank, (row, score) in enumerate(scored, 1):
        table.add_row(str(rank), spelled(score, 1), escape(row.name), row.key, row.meter, str(row.bars))
    console = Console()
    if table.row_count:
        console.print(table)
    for row in (row for row in rows if row.score is None):
        name, sentence = escape(row.name), escape(row.sentence or "")
        console.print(f"[bold]{name}[/bold] was not judged ({row.refusal}). {sentence}", highlight=False)


def print_explanations(rows: Iterable[Row], pile: Pile) -> None:
    """What made each score, in the table's order."""
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.markup import escape  # noqa: PLC0415 - as above

    from judge.explain import explanation  # noqa: PLC0415 - only where it is asked for
    from judge.verdict import from_dict  # noqa: PLC0415 - as above

    console = Console()
    for row in rows:
        if row.score is not None:
            console.print(f"\n[bold]{escape(row.name)}[/bold]: {spelled(row.score, 1)} of 100", highlight=False)
            console.print(explanation(from_dict(json.loads(pile.line(row)))), highlight=False, markup=False)
