"""One SQLite file with everything: documents by kind, and the bytes of files. Written through at each change."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.shapes import encoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sandbox.shapes import Json

_TABLES = """
CREATE TABLE IF NOT EXISTS documents (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS bytes (id TEXT PRIMARY KEY, body BLOB NOT NULL);
"""


@dataclass(frozen=True)
class Snapshot:
    """The rows of both tables."""

    documents: list[tuple[str, str, str]]
    bytes: list[tuple[str, bytes]]


class Store:
    """Documents in memory, copied to SQLite at each `put`; with `path=None` the copy is in memory too."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            _keep_private(path)
        # Opened by the thread that makes the server, used by the server's own thread alone afterwards.
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        # No fsync at each commit: a killed process loses nothing, only a power cut could, and this is a demo's memory.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA secure_delete=ON")  # a window that is closed may have shown a password
        self._db.executescript(_TABLES)

    def load(self, kind: str) -> dict[str, Json]:
        """Give all documents of one kind, in the order in which they were first put."""
        rows = self._db.execute("SELECT id, body FROM documents WHERE kind = ? ORDER BY rowid", (kind,))
        return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, body: Json) -> None:
        """Write one document, new or changed."""
        self._db.execute(
            "INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
            (kind, key, encoded(body)),
        )

    def drop(self, kind: str, key: str) -> None:
        """Forget one document."""
        self._db.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key))

    def put_bytes(self, key: str, body: bytes) -> None:
        """Keep a file's bytes."""
        self._db.execute("INSERT OR REPLACE INTO bytes VALUES (?, ?)", (key, body))

    def get_bytes(self, key: str) -> bytes | None:
        """Give a file's bytes, or None where none were uploaded."""
        row = self._db.execute("SELECT body FROM bytes WHERE id = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def drop_bytes(self, key: str) -> None:
        """Forget a file's bytes."""
        self._db.execute("DELETE FROM bytes WHERE id = ?", (key,))

    def readdress(self, base_url: str) -> None:
        """Let all addresses of an earlier start (on another port) point to this one."""
        row = self._db.execute("SELECT body FROM documents WHERE kind = 'setting' AND id = 'address'").fetchone()
        if row is not None:
            before = json.loads(row[0])["base_url"]
            # With the character that follows, so that one port is never the beginning of another.
            self._db.execute("UPDATE documents SET body = replace(body, ?, ?)", (f"{before}/", f"{base_url}/"))
        self.put("setting", "address", {"base_url": base_url})

    def copy(self) -> Snapshot:
        """Copy everything."""
        documents = self._db.execute("SELECT kind, id, body FROM documents ORDER BY rowid").fetchall()
        return Snapshot(documents, self._db.execute("SELECT id, body FROM bytes").fetchall())

    def restore(self, snapshot: Snapshot) -> None:
        """Put everything back as it was."""
        self.clear()
        self._db.executemany("INSERT INTO documents VALUES (?, ?, ?)", snapshot.documents)
        self._db.executemany("INSERT INTO bytes VALUES (?, ?)", snapshot.bytes)

    def clear(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM documents")
        self._db.execute("DELETE FROM bytes")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _keep_private(path: Path) -> None:
    """For its owner alone, before anything stands in it; what SQLite makes beside it takes over the file's mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    for beside in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError, PermissionError):  # permission: it is another user's, who lets us write
            os.chmod(f"{path}{beside}", 0o600)  # noqa: PTH101 - a suffix behind the whole name


class Collection:
    """The documents of one kind: read from memory, written through to the store."""

    def __init__(self, store: Store, kind: str) -> None:
        self._store = store
        self._kind = kind
        self._documents = store.load(kind)

    def __iter__(self) -> Iterator[Json]:
        return iter(list(self._documents.values()))

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, key: str) -> Json | None:
        """Give one document, or None."""
        return self._documents.get(key)

    def put(self, key: str, body: Json) -> Json:
        """Keep a document and give it back."""
        self._documents[key] = body
        self._store.put(self._kind, key, body)
        return body

    def drop(self, key: str) -> None:
        """Forget a document, if it is there."""
        if self._documents.pop(key, None) is not None:
            self._store.drop(self._kind, key)


class Counters:
    """Deterministic ids: F0000001, V0000001 ... go on after a restart."""

    def __init__(self, store: Store) -> None:
        self._counts = Collection(store, "counter")

    def next(self, name: str) -> int:
        """Count one up, beginning with 1."""
        before = self._counts.get(name) or {"n": 0}
        return int(self._counts.put(name, {"n": before["n"] + 1})["n"])

    def id(self, prefix: str) -> str:
        """Give the next id with this prefix, such as F0000001."""
        return f"{prefix}{self.next(prefix):07d}"

    def raise_to(self, name: str, least: int) -> int:
        """Count up, to `least` at the least: what message times need, which never repeat or run backwards."""
        before = self._counts.get(name) or {"n": 0}
        return int(self._counts.put(name, {"n": max(before["n"] + 1, least)})["n"])
