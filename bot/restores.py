"""``kantor restore``: what ``kantor backup`` wrote comes into an empty database and an empty place for files, all of it or nothing.

The archive is looked through as a whole before anything is written. Files come first, then all rows in one transaction.
"""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot import archives
from bot.adapters.objects import checked
from bot.backups import FILES, FORM, ROWS, TEST, WHAT, Carried, Head, side_by_side
from bot.errors import ConfigurationError, Refusal
from bot.ports import Binding
from bot.rules import storage
from bot.rules.secret import Secret
from bot.usecases.records.erasure import unknown
from bot.usecases.records.journal import listed, parsed
from bot.wiring import clock_of, database_explained, database_url, erasing, objects, open_vault, tickets_of
from migrations.run import Stage, building, is_known, stage
from models.carrying import Landing, StrangeRowsError
from models.engines import is_missing_file, remove_file, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from bot.archives import Member
    from bot.ports import ObjectStore
    from bot.settings import Settings
    from bot.usecases.records.journal import Erased
    from migrations.run import Building
    from models.erasure import Gone

MOST_ROWS = 200_000_000
"""Bytes of a member with rows: one row alone may be large."""


def restore(settings: Settings, path: Path, *, keep_files: bool = False, erasures: Path | None = None) -> Carried:
    """Bring back what is in an archive.

    Args:
        settings: Where to.
        path: The archive.
        keep_files: Files may be there already: those that are missing are brought back.
        erasures: A list of erasures that were done since, beside the one that is among the files.

    Raises:
        Refusal: The archive is damaged, or none of ours; the place is not empty.
        ConfigurationError: For settings that cannot be.
        Unavailable: The files cannot be written.
    """
    archives.check(path)
    head, more = _head(path), _listed_in(erasures) if erasures is not None else []
    url, kept = database_url(settings), objects(settings)
    with database_explained():
        _require_no_rows(url)
        there = frozenset(key for folder in storage.FOLDERS for key in kept.below(folder))
        _require_no_files(settings, there, keep_files=keep_files)
        with _nothing_by_halves(url, kept) as brought:
            size = _bring_files(path, kept, there, brought)
            entries = sorted([*listed(kept), *more], key=lambda entry: (entry.at, entry.token))
            with building(url) as tables:
                rows = _bring_rows(path, head, tables)
                gone = _settle(settings, head, tables, entries)
    if gone:
        with erasing(settings) as erasure:
            erasure.erase_files(
                [piece for each in gone for piece in each.pieces], [key for each in gone for key in each.files]
            )
    notes = tuple(_notes(settings, head, rows, len(gone)))
    return Carried(sum(rows.values()), len(brought), size, notes)


def _head(path: Path) -> Head:
    with archives.opened(path) as stream:
        first = next(archives.members(stream), None)
        try:
            head = Head.model_validate_json(first.read() if first is not None and first.name == archives.HEAD else b"")
        except ValidationError:
            raise Refusal("This is a tar file, and no backup of Kantor's: `kantor backup FILE` makes one.") from None
    if head.what != WHAT or head.form > FORM or not is_known(head.tables_of):
        raise Refusal(
            f"This backup was made by a newer Kantor, with tables of {head.tables_of}, which this one does not know: restore it with that "
            "version, or a later one."
        )
    return head


def _require_no_rows(url: str) -> None:
    if is_missing_file(url) or stage(url) is Stage.EMPTY:
        return
    with building(url) as tables:
        _require_empty(Landing(tables.connection), url)


def _require_empty(landing: Landing, url: str) -> None:
    filled = landing.filled()
    if filled is not None:
        raise Refusal(
            f"{shown(url)} is not empty (its table {filled} has rows), and stays as it is: name an empty database in "
            "KANTOR_DATABASE_URL, or another folder in KANTOR_DATA. A restore comes before the first `kantor run`."
        )


def _require_no_files(settings: Settings, there: Collection[str], *, keep_files: bool) -> None:
    if keep_files or all(storage.place_of(key) == storage.ERASURES for key in there):
        return
    place = settings.objects_url or settings.data_folder / "objects"
    raise Refusal(
        f"There are files in {place} already, and they stay as they are. Are they this Kantor's own (its database was lost, or moves, or a "
        "restore was broken off)? Then add --keep-files: it brings back what is missing. Otherwise name another place."
    )


@contextmanager
def _nothing_by_halves(url: str, kept: ObjectStore) -> Iterator[list[str]]:
    """Keys of the files that are brought are written down in it; where it fails they go again, and so does a new database file."""
    brought: list[str] = []
    is_new, whole = is_missing_file(url), False
    try:
        yield brought
        whole = True
    finally:
        if not whole:
            if is_new:
                remove_file(url)
            for key in brought:
                kept.delete(key)


def _bring_files(path: Path, kept: ObjectStore, there: Collection[str], brought: list[str]) -> int:
    """How many bytes."""

    def wanted() -> Iterator[tuple[str, bytes]]:
        for member in _members(path, FILES):
            key = _key(member)
            if key not in there:
                brought.append(key)  # before: whoever is interrupted in the middle takes it away again
                yield key, member.read()

    def put(file: tuple[str, bytes]) -> int:
        kept.put(*file)
        return len(file[1])

    return sum(side_by_side(put, wanted()))


def _key(member: Member) -> str:
    key = member.name.removeprefix(FILES)
    try:
        if storage.place_of(key) in storage.FOLDERS:
            return checked(key)
    except ValueError:
        pass
    raise Refusal(
        f"The backup has a file {member.name!r}, for which there is no place: it was changed, or made by others."
    )


def _bring_rows(path: Path, head: Head, tables: Building) -> dict[str, int]:
    """All rows, into the tables of their time, which are brought up to date then; how many of each table."""
    tables.to(head.tables_of)
    landing = Landing(tables.connection)
    _require_empty(landing, "the database")
    count = dict.fromkeys(head.tables, 0)
    try:
        for member in _members(path, ROWS):
            name = member.name.split("/")[1]
            rows = _rows(member)
            landing.put(name, head.tables.get(name, []), rows)
            count[name] += len(rows)
    except StrangeRowsError as error:
        raise Refusal(f"The backup cannot be restored: {error}.") from None
    tables.to_head()
    return count


def _rows(member: Member) -> list[list[Any]]:
    # Not splitlines: people's words may have other ends of lines in them.
    lines = member.read().split(b"\n")[:-1] if member.size <= MOST_ROWS else [b""]
    try:
        rows = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        rows = [None]
    if not all(isinstance(row, list) for row in rows):
        raise Refusal(f"The backup's {member.name!r} holds no rows: it was changed, or made by others.")
    return rows


def _settle(settings: Settings, head: Head, tables: Building, entries: list[Erased]) -> list[Gone]:
    """On the present tables; what is to go of the files, too."""
    landing = Landing(tables.connection)
    try:
        landing.settle(head.counters, clock_of(settings).now())
    except StrangeRowsError as error:
        raise Refusal(f"The backup cannot be restored: {error}.") from None
    with landing.work(tickets_of(database_url(settings))) as work:
        new = unknown(work, entries)
        if not new:
            return []
        if not _has_key(settings):
            raise ConfigurationError(
                f"{len(new)} people were erased since this backup was made, and who that was only the secret key can tell: put it back "
                f"into {settings.data_folder / 'secret.key'}, or set KANTOR_SECRET_KEY."
            )
        with erasing(settings) as erasure:
            return erasure.redo(work, new)


def _notes(settings: Settings, head: Head, rows: dict[str, int], erased: int) -> Iterator[str]:
    if erased:
        yield f"Erased again, as was done since the backup: {erased} people."
    if rows.get("account") and not _opens(settings, head):
        yield (
            "The passwords of accounts are sealed with a key that is not in the backup, and not here: copy the old secret.key into "
            f"{settings.data_folder}, or set KANTOR_SECRET_KEY, before you start the bot. Without that key nobody can read them."
        )


def _has_key(settings: Settings) -> bool:
    return (
        bool(settings.kms_key or settings.secret_key.get_secret_value() or settings.secret_key_file)
        or (settings.data_folder / "secret.key").exists()
    )


def _opens(settings: Settings, head: Head) -> bool:
    """Whether the key at hand is the one that the backup's passwords were sealed with."""
    if not _has_key(settings):
        return False  # to look would make one
    try:
        return open_vault(settings).unseal(base64.b64decode(head.sealed), Binding(head.id)) == Secret(TEST)
    except (ConfigurationError, binascii.Error):
        return False


def _members(path: Path, folder: str) -> Iterator[Member]:
    """Those of the archive that are of that kind."""
    with archives.opened(path) as stream:
        for member in archives.members(stream):
            if member.name.startswith(folder):
                yield member
            elif not member.name.startswith((ROWS, FILES)) and member.name not in {archives.HEAD, archives.MANIFEST}:
                raise Refusal(
                    f"The backup has a file {member.name!r}, for which there is no place: it was changed, or made by others."
                )


def _listed_in(file: Path) -> list[Erased]:
    try:
        return [parsed(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror}.") from None


def list_erasures(settings: Settings, file: Path) -> int:
    """Write the list of erasures into a new file; how many. Raises Refusal where that cannot be, Unavailable as the files may."""
    entries = listed(objects(settings))
    try:
        with file.open("x", encoding="utf-8") as lines:
            lines.writelines(f"{entry.model_dump_json()}\n" for entry in entries)
    except OSError as error:
        raise Refusal(f"{file} could not be written: {error.strerror}.") from None
    return len(entries)
