"""``kantor backup``: the database and the files as one archive (``bot.archives``), while the bot runs; ``bot.restores`` brings them back.

In the archive, in this order: ``kantor-backup.json`` (what it is), ``rows/<table>/<number>.jsonl`` (each line the values of a row), and
``objects/<key>``. The key that seals passwords is not in it; what it sealed stays sealed.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from bot import archives
from bot.adapters.clock import UuidIds
from bot.errors import Refusal
from bot.ports import Binding
from bot.rules import storage
from bot.rules.numbers import decimal
from bot.rules.secret import Secret
from bot.wiring import clock_of, database_explained, database_url, objects, open_vault
from migrations.run import Stage, stage
from models.carrying import snapshot
from models.engines import is_postgres, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.archives import Writer
    from bot.ports import ObjectStore
    from bot.settings import Settings
    from models.carrying import Snapshot

Given = TypeVar("Given")
Done = TypeVar("Done")

FORM = 1
"""Of what is in the archive: another one is told apart by it."""
WHAT = "a backup of Kantor"
TEST = "kantor"
"""Sealed in each backup, so that a restore can tell whether the key at hand is the one."""
ROWS, FILES = "rows/", "objects/"
HANDS = 8
"""Files that are fetched, or brought, at the same time: each waits for S3's answer, or for a disk."""
_AT_ONCE = 1_000_000
"""Letters of rows in one member, about: so much is held in memory."""


class Head(BaseModel):
    """What an archive says of itself."""

    what: str
    form: int
    id: str
    made_at: str
    database: str
    """``sqlite`` or ``postgresql``: for people."""
    tables_of: str
    """The revision of its tables."""
    tables: dict[str, list[str]]
    """Their columns, in the order of the rows' values; each table after those that its rows refer to."""
    counters: dict[str, int]
    sealed: str
    """A word, sealed with the key of the passwords, in base64."""


@dataclass(frozen=True)
class Carried:
    """What was taken into an archive, or out of it."""

    rows: int
    files: int
    size: int
    """Of the files, in bytes."""
    notes: tuple[str, ...] = ()
    """What else there is to know, or to do."""

    @property
    def in_words(self) -> str:
        """How much it is."""
        return f"{self.rows:,} rows, {self.files:,} files of {decimal(self.size / 1e6, 1)} MB"


def back_up(settings: Settings, path: Path) -> Carried:
    """Write the archive, and look through it once more. The bot may run meanwhile.

    Raises Refusal where there is nothing, or it cannot be written; ConfigurationError for settings that cannot be; Unavailable where
    the files cannot be read.
    """
    url, kept = database_url(settings), objects(settings)
    with database_explained():
        found = stage(url)
        if found in {Stage.EMPTY, Stage.NEWER}:
            why = (
                "has no tables yet" if found is Stage.EMPTY else "was changed by a newer Kantor: back up with that one"
            )
            raise Refusal(f"There is nothing to back up: {shown(url)} {why}.")
        with archives.written(path) as archive:
            with snapshot(url) as moment:
                head = _head(moment, url, settings)
                archive.add(archives.HEAD, head.model_dump_json().encode())
                rows = sum(_put_rows(archive, name, moment) for name in head.tables)
                pieces, enclosed = moment.pieces(), moment.enclosed()
            # After it: each file was there before the first row that speaks of it.
            files, size = _put_files(archive, kept, pieces, enclosed)
    archives.check(path)
    return Carried(rows, files, size)


def _head(moment: Snapshot, url: str, settings: Settings) -> Head:
    name = UuidIds().new()
    return Head(
        what=WHAT,
        form=FORM,
        id=name,
        made_at=clock_of(settings).now().isoformat(),
        database="postgresql" if is_postgres(url) else "sqlite",
        tables_of=moment.revision,
        tables=moment.tables,
        counters=moment.counters(),
        sealed=base64.b64encode(open_vault(settings).seal(Secret(TEST), Binding(name))).decode(),
    )


def _put_rows(archive: Writer, name: str, moment: Snapshot) -> int:
    """One table's; how many."""
    count, letters, lines = 0, 0, list[str]()
    number = 1
    for row in moment.rows(name):
        line = json.dumps(row, ensure_ascii=False)
        lines.append(line)
        count, letters = count + 1, letters + len(line)
        if letters >= _AT_ONCE:
            archive.add(_rows_name(name, number), _jsonl(lines))
            letters, lines, number = 0, [], number + 1
    if lines:
        archive.add(_rows_name(name, number), _jsonl(lines))
    return count


def _rows_name(table: str, number: int) -> str:
    return f"{ROWS}{table}/{number:06d}.jsonl"


def _jsonl(lines: Sequence[str]) -> bytes:
    # What is no letter in UTF-8 (half of a surrogate pair) no database of ours has either.
    return "".join(f"{line}\n" for line in lines).encode()


def _put_files(archive: Writer, kept: ObjectStore, pieces: frozenset[str], enclosed: frozenset[str]) -> tuple[int, int]:
    """Those of the snapshot; how many, and how large."""
    files, before = 0, archive.bytes
    keys = (key for folder in storage.FOLDERS for key in kept.below(folder) if _is_of(key, pieces, enclosed))
    for key, data in side_by_side(lambda key: (key, _read(kept, key)), keys):
        if data is not None:
            archive.add(f"{FILES}{key}", data)
            files += 1
    return files, archive.bytes - before


def _is_of(key: str, pieces: frozenset[str], enclosed: frozenset[str]) -> bool:
    """An export that was sent is Slack's, and a composition that came after the snapshot is in the next backup."""
    owner = storage.submission_of(key)
    is_passing = storage.place_of(key) == storage.EXPORTS and key not in enclosed
    return not is_passing and (owner is None or owner in pieces)


def _read(kept: ObjectStore, key: str) -> bytes | None:
    try:
        return kept.get(key)
    except KeyError:
        return None  # it was erased while we were at it


def side_by_side(do: Callable[[Given], Done], given: Iterable[Given]) -> Iterator[Done]:
    """What comes of each, in their order; several at the same time, and no more than these are held."""
    with ThreadPoolExecutor(HANDS) as pool:
        waiting = deque[Future[Done]]()
        for each in given:
            waiting.append(pool.submit(do, each))
            if len(waiting) == HANDS:
                yield waiting.popleft().result()
        for last in waiting:
            yield last.result()
