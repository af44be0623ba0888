"""The file that ``kantor backup`` writes: a plain tar, which ``tar`` can list and unpack, with a SHA-256 of each of its members.

Its first member says what it is, its last one, ``manifest.sha256``, is what ``sha256sum -c`` takes. What is read was written by anybody:
here it is only ever looked at block by block, and nothing of it becomes the name of a file.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD, MANIFEST = "kantor-backup.json", "manifest.sha256"
MOST = 2_000_000_000
"""Bytes of one member: no file of ours comes near."""
MOST_LINE = 1_000
"""Bytes of a line of the manifest."""
_BLOCK = tarfile.BLOCKSIZE
_PIECE = 1_048_576


class Writer:
    """Writes members one after the other."""

    def __init__(self, stream: IO[bytes], sums: IO[bytes]) -> None:
        self._stream, self._sums = stream, sums
        self.members = self.bytes = 0

    def add(self, name: str, data: bytes) -> None:
        """A member. ValueError for a name of more than about 250 letters, or with others than ASCII has."""
        self._put(name, data)
        self._sums.write(_line(hashlib.sha256(data).hexdigest(), name))
        self.members, self.bytes = self.members + 1, self.bytes + len(data)

    def end(self) -> None:
        """The sums of all that is in it, and tar's end."""
        self._sums.seek(0)
        self._stream.write(_header(MANIFEST, os.fstat(self._sums.fileno()).st_size))
        size = 0
        while piece := self._sums.read(_PIECE):
            size += self._stream.write(piece)
        self._stream.write(bytes(-size % _BLOCK) + bytes(2 * _BLOCK))

    def _put(self, name: str, data: bytes) -> None:
        self._stream.write(_header(name, len(data)))
        self._stream.write(data)
        self._stream.write(bytes(-len(data) % _BLOCK))


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new archive, which is there when it is whole, for its owner's eyes alone. Raises Refusal where it cannot be written."""
    if path.exists():
        raise Refusal(f"{path} is there already, and stays as it is: name another file.")
    if not path.parent.is_dir():
        raise Refusal(f"There is no folder {path.parent}: make it, or name another one.")
    aside: str | None = None
    try:
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".kantor-backup-")  # it is made with the mode 600
        with os.fdopen(descriptor, "wb") as stream, tempfile.TemporaryFile() as sums:
            writer = Writer(stream, sums)
            yield writer
            writer.end()
            stream.flush()
            os.fsync(stream.fileno())
        os.link(aside, path)  # unlike a rename it never takes another file's place
    except FileExistsError:
        raise Refusal(f"{path} has come there meanwhile, and stays as it is: name another file.") from None
    except OSError as error:
        raise Refusal(f"{path} could not be written: {error.strerror}.") from None
    finally:
        if aside is not None:
            Path(aside).unlink(missing_ok=True)


@dataclass
class Member:
    """A file in the archive, to be read once and before the next one."""

    name: str
    size: int
    _stream: IO[bytes]
    _left: int

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, a part at a time. Raises Refusal where the archive ends before."""
        while self._left:
            piece = self._stream.read(min(self._left, _PIECE))
            if not piece:
                raise Refusal(_CUT)
            self._left -= len(piece)
            yield piece

    def read(self) -> bytes:
        """All of it."""
        return b"".join(self.pieces())


_CUT = "The backup ends in its middle: it was not copied whole. Copy it again from where it was made."
_TAR = "This is no backup of Kantor's: `kantor backup FILE` makes one."


def members(stream: IO[bytes]) -> Iterator[Member]:
    """What is in an archive, in order; whatever is not read of one is left out. Raises Refusal where it is no archive, or not whole."""
    first = True
    while True:
        block = stream.read(_BLOCK)
        if block == bytes(_BLOCK):
            return
        if len(block) < _BLOCK:
            raise Refusal(_TAR if first else _CUT)
        first = False
        member = _member(block, stream)
        yield member
        stream.seek(member._left + -member.size % _BLOCK, os.SEEK_CUR)  # noqa: SLF001 - of this module


def _member(block: bytes, stream: IO[bytes]) -> Member:
    try:
        found = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise Refusal(_TAR) from None
    if found.type != tarfile.REGTYPE or not 0 <= found.size <= MOST:
        raise Refusal(
            "In this file there is something that no backup of Kantor's has: it was changed, or made by others."
        )
    return Member(found.name, found.size, stream, found.size)


def check(path: Path) -> None:
    """Raises Refusal where a member has other bytes than its sum says, one is missing, or there is one more."""
    with opened(path) as stream, tempfile.TemporaryFile() as sums:
        manifest = False
        for member in members(stream):
            if manifest:
                raise Refusal(_more(member.name))
            if member.name == MANIFEST:
                manifest = True
                sums.seek(0)
                _compare(member, sums)
            else:
                sums.write(_line(_sum(member), member.name))
        if not manifest:
            raise Refusal(_CUT)


def _compare(manifest: Member, found: IO[bytes]) -> None:
    for said in _lines(manifest):
        line = found.readline()
        if said != line:
            name = (line or said)[66:].decode("ascii", "replace").strip() or "its list"
            raise Refusal(
                f"The backup is damaged: {name!r} has not the SHA-256 that was written down. Take another copy of it, or another backup."
            )
    if line := found.readline():
        raise Refusal(_more(line[66:].decode("ascii", "replace").strip()))


def _more(name: str) -> str:
    return f"The backup is damaged: {name!r} is not on its list. Take another copy of it, or another backup."


def _lines(member: Member) -> Iterator[bytes]:
    rest = b""
    for piece in member.pieces():
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(rest) > MOST_LINE:
            break
    if rest:
        yield rest


def _sum(member: Member) -> str:
    digest = hashlib.sha256()
    for piece in member.pieces():
        digest.update(piece)
    return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """To be read. Raises Refusal where it cannot be."""
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from None


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode("ascii")
