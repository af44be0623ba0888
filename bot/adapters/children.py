"""Child processes that know nothing of ours: begun with a clean environment, and taken at their plain word alone.

And Landlock, by which Linux lets a process shut itself out of the machine's files, its network and its other processes. It needs no
rights and cannot be undone, by native code neither. The numbers are those of linux/landlock.h; every architecture has the same.
"""

from __future__ import annotations

import ctypes
import io
import math
import os
import pickle
import subprocess
import sys
import time
from dataclasses import is_dataclass
from enum import Enum
from multiprocessing import reduction, spawn, util
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess, set_spawning_popen
from multiprocessing.popen_spawn_posix import Popen
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, ClassVar

from pebble.common.types import RemoteException
from pebble.pool.process import TaskProblem, TaskResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.process import BaseProcess
    from pathlib import Path


KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TZ")
"""All that a child gets of our environment: what Python needs to begin."""
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One thread for arithmetic: native libraries read this when they are loaded."""


class CleanProcess(SpawnProcess):
    """A process that begins without our environment."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Popen:  # noqa: N802 - multiprocessing's
        return _Beginning(process_obj)


class CleanContext(SpawnContext):
    """Spawns children without our environment and descriptors; what they send home calls nothing here."""

    Process: ClassVar = CleanProcess

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802 - multiprocessing's
        """A pipe of one direction. Raises NotImplementedError for one of two."""
        if duplex:
            raise NotImplementedError
        reader, writer = os.pipe()
        return Answers(reader, writable=False), Connection(writer, readable=False)

    def RLock(self) -> Turn:  # type: ignore[override]  # noqa: N802 - multiprocessing's
        """Whose turn it is at a pipe."""
        return Turn(os.memfd_create("turn") if hasattr(os, "memfd_create") else os.dup(TemporaryFile().fileno()))


class Turn:
    """A lock between processes, by a file without a name, which the kernel lets go where its holder dies.

    multiprocessing's own are semaphores with names, and a process that looks after them: 12 MB, for as long as the bot runs. Of one
    process only one thread may take it.
    """

    def __init__(self, file: int) -> None:
        self._file, self._depth = file, 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _another, (reduction.DupFd(self._file),)

    def __del__(self) -> None:
        os.close(self._file)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Whether we have it: whoever has it already has it once more."""
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while not self._depth and not self._taken():
            if not block or time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        self._depth += 1
        return True

    def release(self) -> None:
        """As often as it was taken."""
        import fcntl  # noqa: PLC0415 - not on Windows

        self._depth -= 1
        if not self._depth:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _taken(self) -> bool:
        import fcntl  # noqa: PLC0415 - not on Windows

        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _another(descriptor: Any) -> Turn:
    return Turn(descriptor.detach())


class _Beginning(Popen):
    """As multiprocessing's own, but for the environment, which that hands on whole."""

    _fds: list[int]

    def _launch(self, process_obj: BaseProcess) -> None:
        packed = self._packed(process_obj)
        tracker = os.open(os.devnull, os.O_WRONLY)  # there is nothing to be looked after: see ``Turn``
        ended, ending = os.pipe()
        reading, writing = os.pipe()
        try:
            command = spawn.get_command_line(tracker_fd=tracker, pipe_handle=reading)
            environment = {name: os.environ[name] for name in KEPT if name in os.environ} | SINGLE
            passed = (*self._fds, tracker, reading, ending)
            self._child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, pass_fds=passed)  # noqa: S603 - ours
            self.pid = self._child.pid
            self.sentinel = ended
            with open(writing, "wb", closefd=False) as pipe:
                pipe.write(packed)
        finally:
            self.finalizer = util.Finalize(self, _close, (ended, writing))
            _close(reading, ending, tracker)

    def _packed(self, process_obj: BaseProcess) -> bytes:
        packed = io.BytesIO()
        set_spawning_popen(self)
        try:
            # Not the program that we are: a child runs functions of modules alone, and would load all of it again.
            prepared = spawn.get_preparation_data(process_obj.name)
            reduction.dump({name: each for name, each in prepared.items() if "init_main" not in name}, packed)
            reduction.dump(process_obj, packed)
        finally:
            set_spawning_popen(None)
        return packed.getvalue()

    def poll(self, flag: int = os.WNOHANG) -> int | None:
        if self.returncode is None:
            self.returncode = self._child.poll() if flag == os.WNOHANG else self._child.wait()
        return self.returncode


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


class Answers(Connection):
    """Our end of the pipe by which children answer.

    A pickle can call whatever it names, and a file that got hold of its child writes what it likes: so an answer names plain results
    and errors, or it is an error itself.
    """

    def recv(self) -> Any:
        """The next answer; None, which pebble takes no notice of, for what cannot be one (its task ends by its time limit)."""
        reader = _PlainReader(io.BytesIO(self.recv_bytes()))
        try:
            answer = reader.load()
        except Exception as error:  # noqa: BLE001 - anything at all can stand in it
            _warn("an answer that cannot be read", reason=repr(error))
            return None
        if reader.refused and isinstance(answer, TaskResult):
            _warn("an answer that names more than results", names=reader.refused)
            return TaskProblem(answer.task, pickle.PicklingError("more than results"))
        return None if reader.refused else answer


def _warn(event: str, **facts: object) -> None:
    import structlog  # noqa: PLC0415 - children load this module, too, and log nothing: 0.04 s and 6 MB less for each

    structlog.get_logger().warning(event, **facts)


def _reduced(answers: Answers) -> tuple[Any, ...]:
    descriptor = reduction.DupFd(answers.fileno())
    return _rebuilt, (descriptor,)


def _rebuilt(descriptor: Any) -> Connection:
    return Connection(descriptor.detach(), writable=False)


reduction.register(Answers, _reduced)  # in a child it is a connection like others: it reads what we send


class _PlainReader(pickle._Unpickler):  # noqa: SLF001 - see below
    """The one that is written in Python: of the other's steps none can be looked at."""

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {**pickle._Unpickler.dispatch}  # noqa: SLF001 - it has no public name
    stack: list[Any]

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.refused: list[str] = []

    def load_build(self) -> None:
        """Attributes are set of what was made here, never of a class or a member of an Enum: those are everybody's."""
        target = self.stack[-2]
        if isinstance(target, type | Enum) or not _is_plain(type(target)):
            raise pickle.UnpicklingError("changes what is not its own")
        super().load_build()  # type: ignore[misc]  # typeshed does not tell of it

    dispatch[pickle.BUILD[0]] = load_build

    def find_class(self, module_name: str, global_name: str) -> Any:
        if global_name == "RemoteException.rebuild_exception" and module_name == RemoteException.__module__:
            return RemoteException.rebuild_exception
        if (module_name, global_name) == ("builtins", "getattr"):
            return self._member
        if module_name in _OF_PYTHON or module_name.partition(".")[0] in _OURS:
            found = super().find_class(module_name, global_name)
            if isinstance(found, type) and found.__module__ == module_name and _is_plain(found):
                return found
        self.refused.append(f"{module_name}.{global_name}")
        return _Stranger

    def _member(self, kind: object, name: str) -> object:
        """In the place of getattr, by which Python 3.11.2 (Debian 12 has it) writes down a member of an Enum; later ones write its value."""
        if isinstance(kind, type) and issubclass(kind, Enum) and name in kind.__members__:
            return kind[name]
        self.refused.append("builtins.getattr")
        return _Stranger()


_OURS = frozenset({"bot", "judge", "pebble"})
_OF_PYTHON = frozenset({"builtins", "_pickle", "pickle"})


def _is_plain(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, Enum | Exception)


class _Stranger:
    """Stands for what an answer may not name, so that the rest of it can be read: whose answer it was."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __setstate__(self, state: object) -> None: ...


_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""What can be done with files, by the version of Landlock that began to know it."""
_NETWORK = {4: 0b11}
"""To listen on TCP, and to connect."""
_PROCESSES = {6: 0b11}
"""To reach abstract sockets, and to send signals."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("processes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """Which Landlock this machine's kernel has; 0 for none."""
    return max(0, _call(_CREATE, None, 0, _VERSION)) if sys.platform == "linux" else 0


def shut_in(readable: Iterable[Path]) -> bool:
    """From now on this thread reads these files and folders, and writes, runs, asks and signals nothing else; so do threads that it starts.

    What is open stays open. False, and nothing has changed, where the kernel has no Landlock. Raises OSError where it has and it fails.
    """
    known = landlock_version()
    if not known:
        return False
    handled = _Ruleset(*(_sum(rights, known) for rights in (_FILES, _NETWORK, _PROCESSES)))
    ruleset = _checked(_call(_CREATE, ctypes.byref(handled), ctypes.sizeof(handled), 0))
    try:
        for path in readable:
            _let_read(ruleset, path)
        _checked(ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(_call(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def _let_read(ruleset: int, path: Path) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not there, or not for us
        return
    try:
        beneath = _Beneath(_READ_FILE | (_READ_DIR if path.is_dir() else 0), opened)
        _checked(_call(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0))
    finally:
        os.close(opened)


def _sum(rights: dict[int, int], known: int) -> int:
    return sum(right for since, right in rights.items() if since <= known)


def _call(number: int, *arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
