"""A rehearsal from its first command to its report."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from bot.rehearsal import report
from bot.rehearsal.evening import Evening, prove
from bot.rehearsal.organizing import LISTENS, MANY, Organizer
from bot.rehearsal.panel import Panel
from bot.rehearsal.place import opened
from bot.rehearsal.uploading import Composers
from bot.sandbox.client import PATIENCE, NoSuchFieldError, SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.rehearsal.place import Place
    from bot.rehearsal.record import Record

REPORT = "rehearsal-report.md"
SMALL = (8, 3)
"""Entries and judges of a small rehearsal."""
FEWEST = (6, 2)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="kantor-rehearsal-") as name:
        yield Path(name)


def rehearse(
    record: Record,
    out: Path,
    keep: Path | None = None,
    patience: float = PATIENCE,
    meddle: Callable[[Place, Path], None] = lambda _place, _file: None,
) -> bool:
    """Play, and write the report to ``out``; whether all was well.

    ``keep`` is the folder for the data (else one that is deleted), ``patience`` how many seconds something may take to come, and ``meddle``
    gets the place and the bundle before they are checked. Raises ConfigurationError where it cannot begin.
    """
    began = datetime.now(UTC)
    with _folder(keep) as folder, opened(folder, record.entries, record.judges, patience) as place:
        try:
            _play(place, record, meddle)
        except (AssertionError, SandboxError, NoSuchFieldError, httpx.HTTPError, KeyError, StopIteration) as error:
            done = record.steps[-1][0] if record.steps else "the beginning"
            record.must("The event went on to its end", kept=False, found=f"it stopped after: {done}. {error}"[:600])
    out.write_text(report.written(record, f"{began:%d %B %Y, %H:%M} UTC"), encoding="utf-8")
    return record.well


def _play(place: Place, record: Record, meddle: Callable[[Place, Path], None]) -> None:
    composers, organizer, evening = Composers(place, record), Organizer(place, record), Evening(place, record)
    each = LISTENS if record.entries > MANY else record.judges
    ratings = (record.entries - 2) * each
    panel = Panel(place, record, half_way=max(1, ratings // record.judges // 2), crash_at=max(2, ratings // 3))
    organizer.open_contest()
    panel.skip_practice()
    composers.hand_in()
    composers.hand_in_through_a_crash()
    composers.look_back()
    composers.withdraw()
    organizer.pass_the_deadline()
    composers.come_late()
    organizer.begin_judging()
    panel.judge()
    panel.look_back()
    organizer.read_comments()
    evening.confirm()
    evening.reveal()
    evening.look_back()
    file = evening.fetch_bundle()
    meddle(place, file)
    prove(place, record, file)
    record.must("The event went on to its end", kept=True)
