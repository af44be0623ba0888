"""Opens strangers' MIDI files in child processes, so that a file that hangs, crashes or wants all memory harms only its child."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import sysconfig
import threading
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from pickle import PicklingError
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.adapters.children import CleanContext, landlock_version, shut_in
from bot.adapters.heap import give_back
from bot.errors import InspectionFailed, Unavailable
from bot.ports import Assessment, Inspection, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from multiprocessing.context import SpawnContext

    from judge.verdict import NearestWork, Verdict

P = ParamSpec("P")
T = TypeVar("T")

HEAVY = (
    "judge.assess",
    "judge.copycheck",
    "judge.render",
    "judge.chart",
    "judge.sidebyside",
    "judge.starters",
    "judge.synth",
    "judge.rolling",
)
"""What the children load before they are shut in: Python writes down then what it compiled, and can no more afterwards."""
RESTING = 1.0
"""Seconds without a task after which a child gives back what it does not need."""
SPARE = 5.0
"""Seconds that pebble has for ending a child that is too slow, before the child does so itself."""

SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime"),
    *("/dev/null", "/dev/urandom", "/proc/cpuinfo", "/sys/devices/system/cpu"),
)
"""What of the system Python and the libraries of the judge read."""


@dataclass(frozen=True)
class ChildLimits:
    """What a child process may take."""

    seconds: float = 40.0
    """For one task, its first imports included: 2 s on a free machine, 16 s were seen on a crowded one."""
    memory: int = 2 * 1024**3
    """Bytes of address space: onnxruntime and numpy reserve far more than they use."""
    tasks: int = 200
    """After so many a child is replaced, so that a slow leak never grows."""


@dataclass(frozen=True)
class Findings:
    """What a child says of a file, before its sound."""

    verdict: Verdict
    picture: bytes
    alt_text: str
    fingerprint: bytes
    chart: Picture | None = None


class _Closed(Unavailable):
    """We are stopping: the file has done nothing, and is looked at again after the next start."""


class ProcessInspector:
    """Implements ``bot.ports.Inspector``; safe to share between threads.

    Verdict and sound are two tasks: where the synthesizer dies on a file, the file still gets its verdict, and no sound.

    Args:
        workers: How many children work side by side.
        sound_bank: Path of an .sf2 file; empty for the one that pretty_midi installs.
        limits: For each child.
        examine: What finds verdict and picture, in the child. Tests put something dangerous here.
        play: What renders sound, in the child.
    """

    def __init__(
        self,
        workers: int,
        sound_bank: str = "",
        limits: ChildLimits | None = None,
        *,
        examine: Callable[[bytes, str], Findings] | None = None,
        play: Callable[[bytes, Path | None], bytes | None] | None = None,
    ) -> None:
        import structlog  # noqa: PLC0415 - children load this module, too, and log nothing: 0.04 s and 6 MB less for each

        self._log = structlog.get_logger()
        self._workers = workers
        self._sound_bank = Path(sound_bank).absolute() if sound_bank else None
        self._limits = limits or ChildLimits()
        self._examine = examine or examine_in_child
        self._play = play or play_in_child
        given = tuple({function.__module__ for function in (examine, play) if function is not None})
        self._modules = given or HEAVY
        self._making = threading.Lock()
        self._pool: ProcessPool | None = None
        self._waited_for: set[Future[Any]] = set()
        self._tried: Future[Any] | None = None

    def inspect(self, data: bytes, title: str) -> Inspection:
        """Check, assess, draw and render. Raises judge.midi.MidiRefusal; InspectionFailed where the child died or took too long."""
        found = self._in_child(self._examine, data, title)
        sound = self._sound(data)
        return Inspection(found.verdict, found.picture, found.alt_text, sound, found.fingerprint, found.chart)

    def compare(self, data: bytes, others: Mapping[str, bytes]) -> tuple[NearestWork, ...]:
        """Find the passages that a file shares with others, by their fingerprints. Raises as ``inspect``."""
        return self._in_child(compare_in_child, data, dict(others))

    def starters(self, data: bytes) -> tuple[NearestWork, ...]:
        """Find the starter melodies that a file is built on. Raises as ``inspect``."""
        return self._in_child(starters_in_child, data)

    def assess(self, data: bytes) -> Assessment:
        """Judge a file that was judged before, by the present model. Raises as ``inspect``."""
        return self._in_child(assess_in_child, data)

    def align(self, data: bytes, other: bytes | None, shared: NearestWork, names: tuple[str, str]) -> Picture:
        """Draw a file above the one that it shares a passage with, or alone where that is Bach's. Raises as ``inspect``."""
        return self._in_child(align_in_child, data, other, shared, names)

    def has_loaded(self) -> bool:
        """Whether a child has judged with the model that comes with us; the first one who asks has one try. Raises what that raised, once."""
        if self._tried is None:
            self._tried = self._schedule(load_in_child)
        if not self._tried.done() or self._tried.cancelled():
            return False
        if self._tried.exception() is not None:
            failed, self._tried = self._tried, None
            failed.result()
        return True

    def close(self) -> None:
        """End the children now; what they were doing raises Unavailable where it is waited for. Not to be used afterwards."""
        with self._making:
            pool, self._pool = self._pool, None
            self._tried = self._tried or Future()  # who asks from now on starts no child
            futures = list(self._waited_for)
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble says nothing of what it returns
            for future in futures:
                future.cancel()  # a stopped pool leaves whoever waits for a task waiting
            pool.join(timeout=1)

    def _sound(self, data: bytes) -> bytes | None:
        try:
            return self._in_child(self._play, data, self._sound_bank)
        except _Closed:
            raise
        except Unavailable as error:
            self._log.warning("sound is tried again", reason=str(error))
        # Once may be the machine's fault (somebody ended the child); twice is the file's.
        try:
            return self._in_child(self._play, data, self._sound_bank)
        except _Closed:
            raise
        except Unavailable as error:
            self._log.warning("no sound for a composition", reason=str(error))
            return None

    def _in_child(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future = self._schedule(function, *args, **kwargs)
        try:
            return future.result()
        except FutureTimeoutError:
            message = f"opening the file took more than {self._limits.seconds:g} s"
        except ProcessExpired as error:
            message = f"the process that opened the file died (exit code {error.exitcode})"
        except PicklingError:
            # A panic in Rust code is an exception that cannot leave its process.
            message = "the process that opened the file failed, and cannot say how"
        except MemoryError:
            message = f"opening the file took more than {self._limits.memory >> 20} MiB"
        except (CancelledError, BrokenProcessPool):
            raise _Closed("the inspector was closed") from None
        finally:
            with self._making:
                self._waited_for.discard(future)
        raise InspectionFailed(message)

    def _schedule(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with self._making:
            seconds = self._limits.seconds
            timed = (function, seconds + SPARE, *args)
            future: Future[T] = self._running().schedule(at_work, args=timed, kwargs=kwargs, timeout=seconds)
            self._waited_for.add(future)
            return future

    def _running(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            if not landlock_version():
                self._log.warning("children can read our files", reason="this machine's kernel has no Landlock")
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=self._limits.tasks,
                # A fork would copy the locks of our threads in whatever state they are.
                context=_context(),
                initializer=limit_child,
                initargs=[self._limits.memory, self._modules, self._sound_bank],
            )
        return self._pool


def _context() -> SpawnContext:
    return CleanContext() if os.name == "posix" else multiprocessing.get_context("spawn")


def within(function: Callable[P, T], seconds: float, /, *args: P.args, **kwargs: P.kwargs) -> T:
    """In the child: do it, and die where that takes longer.

    pebble ends a child that is too slow, but measures by the machine's clock: set back by an hour, that would come an hour late.
    """
    if not hasattr(signal, "setitimer"):  # Windows
        return function(*args, **kwargs)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def at_work(function: Callable[P, T], seconds: float, /, *args: P.args, **kwargs: P.kwargs) -> T:
    """In the child: as ``within``; a moment after the last task the memory that it is done with goes back to the machine.

    After each task that would be 8 % of its time: what is given back has to be asked for again.
    """
    if not hasattr(signal, "setitimer"):  # Windows
        return function(*args, **kwargs)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        return within(function, seconds, *args, **kwargs)
    finally:
        signal.signal(signal.SIGALRM, lambda *_: give_back())
        signal.setitimer(signal.ITIMER_REAL, RESTING)


def limit_child(memory: int, modules: tuple[str, ...], sound_bank: Path | None) -> None:
    """Runs first in each child: little memory, low priority, an end without ado, and nothing to read but Python, the judge and the sound bank.

    The bot's tokens, key and database belong to the same user of the machine, so that no file's mode keeps them from a child.
    """
    # Native code would put off a handler of Python's for as long as it runs.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":  # elsewhere the limit is refused or has no effect
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if hasattr(os, "nice"):
        os.nice(5)
    for name in modules:
        importlib.import_module(name)
    os.chdir("/")
    shut_in([*readable(modules), *([sound_bank] if sound_bank else [])])


def readable(modules: tuple[str, ...]) -> Iterator[Path]:
    """The folders and files of Python, of what is installed for it, of these modules' packages, and a little of the system."""
    yield from map(Path, SYSTEM)
    # Not all of sys.prefix and sys.path: in a checkout these are the folders of .env, and of the data of a first try.
    installed = sysconfig.get_paths()
    yield from (Path(installed[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (Path(sys.base_exec_prefix, name) for name in ("lib", "lib64"))
    yield from (Path(folder) for folder in sys.path if Path(folder).name in {"site-packages", "dist-packages"})
    for top in {name.partition(".")[0] for name in (*modules, "bot", "judge")}:
        yield from map(Path, getattr(importlib.import_module(top), "__path__", ()))


def load_in_child() -> str:
    """The version of the model, once it is loaded. Raises BrokenWeightsError."""
    from judge.assess import model_info  # noqa: PLC0415 - in the child alone

    return model_info().version


def examine_in_child(data: bytes, title: str) -> Findings:
    """Verdict and picture. Raises MidiRefusal."""
    # In the child alone: the parent never loads onnxruntime, and so starts fast and stays small.
    from judge.assess import assess_performance  # noqa: PLC0415 - see above
    from judge.copycheck import keep  # noqa: PLC0415 - see above
    from judge.midi import read  # noqa: PLC0415 - see above
    from judge.render import describe, piano_roll_png  # noqa: PLC0415 - see above

    performance = read(data)
    verdict = assess_performance(performance, works=True)
    picture = piano_roll_png(performance, title=title)
    return Findings(verdict, picture, describe(performance), keep(performance), _chart(verdict))


def assess_in_child(data: bytes) -> Assessment:
    """The verdict with its picture. Raises MidiRefusal."""
    from judge.assess import assess  # noqa: PLC0415 - see above

    verdict = assess(data, works=True)
    return Assessment(verdict, _chart(verdict))


def align_in_child(data: bytes, other: bytes | None, shared: NearestWork, names: tuple[str, str]) -> Picture:
    """Two pieces and what they share; without the other one, a piece and a work of Bach's. Raises MidiRefusal."""
    from judge.midi import read  # noqa: PLC0415 - see above
    from judge.sidebyside import beside_bach, two_pieces  # noqa: PLC0415 - see above

    here = read(data)
    drawn = beside_bach(here, shared, names) if other is None else two_pieces(here, read(other), shared, names)
    return Picture(drawn.png, drawn.alt_text)


def _chart(verdict: Verdict) -> Picture:
    from judge.chart import described, measures_png  # noqa: PLC0415 - see above

    png = measures_png(verdict.measures, score=verdict.score)
    return Picture(png, described(verdict.measures, score=verdict.score))


def compare_in_child(data: bytes, others: dict[str, bytes]) -> tuple[NearestWork, ...]:
    """What a file shares with the pieces of these fingerprints. Raises MidiRefusal."""
    from judge.copycheck import index_of, nearest, shipped_index  # noqa: PLC0415 - as above
    from judge.midi import read  # noqa: PLC0415 - as above

    return nearest(read(data), index_of(others, shipped_index().weight))


def starters_in_child(data: bytes) -> tuple[NearestWork, ...]:
    """The starter melodies in it, by their titles. Raises MidiRefusal."""
    from judge.midi import read  # noqa: PLC0415 - as above
    from judge.starters import starters_in  # noqa: PLC0415 - as above

    return starters_in(read(data))


def play_in_child(data: bytes, sound_bank: Path | None) -> bytes | None:
    """The piece as mp3, or None where this machine cannot play it. Raises MidiRefusal."""
    from judge.midi import read  # noqa: PLC0415 - as above
    from judge.synth import SoundUnavailable, mp3  # noqa: PLC0415 - as above

    try:
        return mp3(data, read(data), sound_bank=sound_bank)
    except SoundUnavailable:
        return None
