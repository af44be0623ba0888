"""The inspector: real child processes, and files that do their worst in them."""

from __future__ import annotations

import io
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import mido
import psutil
import pytest

from bot.adapters.children import CleanContext
from bot.adapters.inspector import ChildLimits, Findings, ProcessInspector, play_in_child, within
from bot.errors import InspectionFailed, Unavailable
from judge.melodies import MELODIES
from judge.refusals import MidiRefusal, RefusalCode
from judge.verdict import Verdict
from judge.writer import write
from tests.makers.pieces import melody
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.adapters.children import Turn


pytestmark = pytest.mark.processes

PATIENCE = 30.0
VERDICT_FIELDS = {"score": 61.8, "key": "G major"}


def found(data: bytes, title: str) -> Findings:
    """Stands for the judge, which has tests of its own: says what it was given, and by which process."""
    return Findings(None, data, f"{title} {os.getpid()}", b"")  # type: ignore[arg-type]  # no verdict is looked at here


def hang(data: bytes, title: str) -> Findings:
    if title == "hang":
        signal.pause()
    return found(data, title)


def die(data: bytes, title: str) -> Findings:
    if title == "die":
        os.abort()
    return found(data, title)


def devour(data: bytes, title: str) -> Findings:
    if title == "devour":
        bytearray(8 << 30)
    return found(data, title)


def litter(data: bytes, title: str) -> Findings:
    """Leaves much free memory below a little that is kept, which the C library does not give back by itself."""
    much = [bytes(700) for _ in range(100_000)]
    KEPT.append(bytes(700))
    del much
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return Findings(None, str(most).encode(), f"{title} {os.getpid()}", b"")  # type: ignore[arg-type]  # no verdict is looked at here


KEPT: list[bytes] = []


def refuse(data: bytes, title: str) -> Findings:
    raise MidiRefusal(RefusalCode.TOO_LONG, "Nine bars; eight are allowed.", {"bars": 9})


def confess(data: bytes, title: str) -> Findings:
    return found("\n".join(f"{name}={value}" for name, value in os.environ.items()).encode(), f"{os.nice(0)}")


def mute(data: bytes, sound_bank: Path | None) -> None:
    return None


def sing(data: bytes, sound_bank: Path | None) -> bytes:
    return b"la"


def die_singing(data: bytes, sound_bank: Path | None) -> bytes:
    os.abort()


@pytest.fixture
def inspector() -> Iterator[Callable[..., ProcessInspector]]:
    made: list[ProcessInspector] = []

    def make(examine: Callable[[bytes, str], Findings], **options: object) -> ProcessInspector:
        made.append(ProcessInspector(1, examine=examine, **{"play": sing, **options}))  # type: ignore[arg-type]  # tests pass what they mean
        return made[-1]

    yield make
    for one in made:
        one.close()


def scale() -> bytes:
    file, track, packed = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack(), io.BytesIO()
    file.tracks.append(track)
    for pitch in (60, 62, 64, 65, 67, 69, 71, 72):
        track.append(mido.Message("note_on", note=pitch, velocity=80, time=0))
        track.append(mido.Message("note_off", note=pitch, velocity=0, time=480))
    file.save(file=packed)
    return packed.getvalue()


def test_child_says_what_it_found(inspector: Callable[..., ProcessInspector]) -> None:
    """Picture, text and sound come back from another process."""
    inspection = inspector(found).inspect(b"data", "Piece")

    title, process = inspection.alt_text.split()
    assert (b"data", "Piece", b"la") == (inspection.picture, title, inspection.sound)
    assert str(os.getpid()) != process


@pytest.mark.parametrize(
    ("worst", "title", "reason"), [(hang, "hang", "more than 2 s"), (die, "die", "died"), (devour, "devour", "MiB")]
)
def test_worst_files(
    inspector: Callable[..., ProcessInspector], worst: Callable[[bytes, str], Findings], title: str, reason: str
) -> None:
    """A file that hangs, kills its process or wants all memory is InspectionFailed, and the next file is inspected."""
    one = inspector(worst, limits=ChildLimits(seconds=2.0))
    with pytest.raises(InspectionFailed, match=reason):
        one.inspect(b"bad", title)

    assert b"good" == one.inspect(b"good", "Piece").picture


def test_neighbour_is_unharmed() -> None:
    """While one file kills its process, the one beside it is inspected."""
    one, pictures = ProcessInspector(2, examine=die, play=sing), list[bytes]()
    thread = threading.Thread(target=lambda: pictures.extend(one.inspect(b"good", "Piece").picture for _ in range(3)))
    thread.start()
    for _ in range(2):
        with pytest.raises(Unavailable):
            one.inspect(b"bad", "die")
    thread.join()
    one.close()

    assert [b"good"] * 3 == pictures


def test_refusal_comes_back_whole(inspector: Callable[..., ProcessInspector]) -> None:
    """A refusal crosses the border between the processes with its code, its sentence and its facts."""
    with pytest.raises(MidiRefusal) as caught:
        inspector(refuse).inspect(b"", "Piece")

    refusal = caught.value
    assert (RefusalCode.TOO_LONG, "Nine bars; eight are allowed.", {"bars": 9}) == (
        refusal.code,
        refusal.sentence,
        refusal.facts,
    )


def test_a_child_that_rests_gives_back_its_memory(inspector: Callable[..., ProcessInspector]) -> None:
    """What a composition took is not kept until the next one comes."""
    inspection = inspector(litter).inspect(b"", "Piece")
    at_work, child = int(inspection.picture), psutil.Process(int(inspection.alt_text.split()[1]))
    deadline = time.monotonic() + PATIENCE
    while child.memory_info().rss > at_work - (50 << 20) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert child.memory_info().rss < at_work - (50 << 20)


@pytest.mark.parametrize("play", [mute, die_singing])
def test_no_sound(
    inspector: Callable[..., ProcessInspector], play: Callable[[bytes, Path | None], bytes | None]
) -> None:
    """Where there is no sound, or the synthesizer dies, the rest still comes back."""
    inspection = inspector(found, play=play).inspect(b"data", "Piece")

    assert (b"data", None) == (inspection.picture, inspection.sound)


def test_child_gives_way(inspector: Callable[..., ProcessInspector]) -> None:
    """The child has one thread for arithmetic, and gives way to others."""
    inspection = inspector(confess).inspect(b"", "Piece")

    assert b"OMP_NUM_THREADS=1" in inspection.picture
    assert int(inspection.alt_text.split()[0]) >= min(19, os.nice(0) + 5)


def test_close_ends_the_children(inspector: Callable[..., ProcessInspector]) -> None:
    """After closing, also in the middle of a file that hangs, no child is left, and whoever waited is told."""
    one, failures = inspector(hang), list[Exception]()
    process = int(one.inspect(b"", "Piece").alt_text.split()[1])

    def wait() -> None:
        with pytest.raises(Unavailable) as caught:
            one.inspect(b"", "hang")
        failures.append(caught.value)

    thread = threading.Thread(target=wait)
    thread.start()
    while psutil.Process(process).status() != psutil.STATUS_SLEEPING:
        threading.Event().wait(0.01)
    begun = time.monotonic()
    one.close()
    thread.join(5)

    assert time.monotonic() - begun < 2.0
    assert (1, False) == (len(failures), psutil.pid_exists(process))


def test_real_sound() -> None:
    """The synthesizer makes an mp3 of a scale; a sound bank that is not there gives none, and no error."""
    sound = play_in_child(scale(), None)

    assert sound is not None
    assert b"\xff" == sound[:1]
    assert None is play_in_child(scale(), __import__("pathlib").Path("/nowhere.sf2"))


def test_real_judge() -> None:
    """A scale gets a verdict, a picture and a sound from a child with its limits on; what is no MIDI file is refused."""
    one = ProcessInspector(1)
    try:
        inspection = one.inspect(scale(), "Scale")
        with pytest.raises(MidiRefusal):
            one.inspect(b"no MIDI at all", "Noise")
    finally:
        one.close()

    assert isinstance(inspection.verdict, Verdict)
    assert (b"\x89PNG", True) == (inspection.picture[:4], bool(inspection.sound))
    assert inspection.chart is not None
    assert (b"\x89PNG", True) == (inspection.chart.png[:4], "beside the usual range" in inspection.chart.alt_text)


def test_real_pictures_of_what_is_shared() -> None:
    """A child assesses again as it did at first, and draws a piece above its copy, and above a line of Bach's bars."""
    one, piece = ProcessInspector(1), melody(3, bars=8)
    try:
        first, again = one.inspect(piece, ""), one.assess(piece)
        (shared,) = one.compare(piece, {"#jam-ada-Dawn": first.fingerprint})
        tunes = [[each.work for each in one.starters(data)] for data in (piece, write(MELODIES[0].score))]
        both = one.align(piece, piece, shared, ("#jam-ben-Mine", "#jam-ada-Dawn"))
        bach = one.align(piece, None, first.verdict.nearest_works[0], ("#jam-ben-Mine", "Bach"))
        with pytest.raises(MidiRefusal):
            one.assess(b"no MIDI at all")
    finally:
        one.close()

    assert (first.verdict, first.chart) == (again.verdict, again.chart)
    assert [[], ["Ode to Joy"]] == tunes
    assert both.alt_text.startswith("Two piano rolls")
    assert bach.alt_text.startswith("Piano roll of #jam-ben-Mine")
    assert [b"\x89PNG"] * 2 == [each.png[:4] for each in (both, bach)]


def test_the_bot_itself_never_loads_the_model() -> None:
    """What a child hands back is read without onnxruntime: the parent starts fast and stays small."""
    code = (
        "import sys; from bot.adapters.inspector import ProcessInspector; from tests.makers.pieces import melody\n"
        "if __name__ == '__main__':\n"
        "    one = ProcessInspector(1); found = one.inspect(melody(1), ''); one.close()\n"
        "    print(found.verdict.bars, 'onnxruntime' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "4 False" == done.stdout.strip()


def test_there_is_no_process_but_the_children() -> None:
    """One that looks after names of semaphores took 12 MB, for as long as the bot ran."""
    one = ProcessInspector(2, examine=found, play=sing)
    before = set(psutil.Process().children(recursive=True))
    try:
        one.inspect(b"good", "Piece")
        assert 2 == len(set(psutil.Process().children(recursive=True)) - before)
    finally:
        one.close()


def held(turn: Turn, has: str) -> None:
    """In another process: takes it, says so, and dies with it."""
    assert turn.acquire(timeout=PATIENCE)
    Path(has).touch()
    time.sleep(PATIENCE)


def test_a_turn_is_one_process_alone_and_ends_with_it(tmp_path: Path) -> None:
    """While another has it we get none; where it is killed, we do. Whoever has it may take it again."""
    turn, has = CleanContext().RLock(), tmp_path / "has"
    other = CleanContext().Process(target=held, args=(turn, str(has)))
    other.start()
    eventually(has.exists, "the other one")
    assert not turn.acquire(block=False)
    assert not turn.acquire(timeout=0.01)
    other.kill()
    other.join()
    assert turn.acquire(timeout=PATIENCE)
    assert turn.acquire(block=False)
    turn.release()
    turn.release()


def test_a_child_that_is_too_slow_ends_by_itself() -> None:
    """Whatever is done to the machine's clock meanwhile, by which pebble measures: the child's alarm counts the time that passes."""
    child = multiprocessing.get_context("spawn").Process(target=within, args=(signal.pause, 0.1))
    child.start()
    child.join(PATIENCE)
    assert -signal.SIGALRM == child.exitcode


def test_a_child_in_time_goes_on() -> None:
    """Its alarm is put off when it is done."""
    assert (3, (0.0, 0.0)) == (within(len, 60.0, "abc"), signal.getitimer(signal.ITIMER_REAL))


PROGRAM = """
from pathlib import Path
from bot.adapters.inspector import ProcessInspector
from tests.makers.pieces import melody

if __name__ == "__main__":
    inspector = ProcessInspector(1)
    print(inspector.assess(melody(1)).verdict.bars)
    inspector.close()
else:
    Path(__file__).with_name("loaded").touch()
"""


def test_a_child_does_not_load_the_program_that_began_it(tmp_path: Path) -> None:
    """It would be all of ``kantor`` again: 0.1 s, and memory."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    here = {"PYTHONPATH": os.fspath(Path.cwd()), "PATH": os.environ["PATH"]}
    done = subprocess.run((sys.executable, str(program)), capture_output=True, text=True, check=False, env=here)
    assert "4" == done.stdout.strip(), done.stderr
    assert not (tmp_path / "loaded").exists()


def test_a_child_loads_nothing_that_only_its_parent_needs() -> None:
    """Logs and the command line: a twelfth of its begin, and 6 MB."""
    code = "import sys, bot.adapters.inspector; print({'structlog', 'typer', 'sqlalchemy', 'slack_sdk'} & set(sys.modules))"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert "set()" == done.stdout.strip()
