"""What a machine does to the bot: its clock is set, its memory is all; and files that hang or want all memory."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.faults.book import Count, Page
from tests.faults.deeds import piece
from tests.faults.meanwhile import Fault, suffer
from tests.faults.other_bot import COMMAND, EATS, HANGS
from tests.faults.place import begin, open_place
from tests.faults.table import Line, say, without_reference
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.faults.place import Place

HOUR = 3600
OTHERS = {"run": (*COMMAND, "run"), "worker": (*COMMAND, "worker")}
CGROUP = Path("/sys/fs/cgroup/memory")
ALARM = "could not be checked"
ROOM = 16 << 20
"""Bytes of new memory before the kernel ends somebody."""
AHEAD, BEHIND = (f"the machine's clock is an hour {where}, and set right again" for where in ("ahead", "behind"))
HANGING, EATING = "a file that hangs its child", "a file that wants all memory of its child"
NO_MEMORY = "out of memory for 15 s: Linux kills the worker, or a child of it"


def clocks(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Somebody sets the machine's clock while people upload and rate, and back again. Slack's clock, and the database's, go on."""
    wrong = folder / "wrong"
    wrong.write_text("0", encoding="ascii")

    @contextmanager
    def set_by(seconds: int) -> Iterator[None]:
        wrong.write_text(str(seconds), encoding="ascii")
        yield
        time.sleep(5)
        wrong.write_text("0", encoding="ascii")

    told = "nothing: nobody notices"
    faults = (
        Fault(AHEAD, lambda _: set_by(HOUR), 2, told),
        Fault(BEHIND, lambda _: set_by(-HOUR), 2, told),
    )
    with open_place(folder, database, extra={"FAULTS_CLOCK": str(wrong)}, commands=OTHERS) as place:
        place.is_moved_on = False  # what is wrong by an hour is seen, and set right, in real time
        yield from suffer(place, database, faults[:few] if few else faults)


def files(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """A file that hangs, and one that wants all memory: given up after some tries, and its author and the organizers are told."""
    with open_place(folder, database, extra={"FAULTS_FILES": "yes"}, commands=OTHERS) as place:
        begin(place)
        page, began = Page.opened(place), place.now()
        bad = {
            title: str(author.upload(CHANNEL, f"{title}.mid", melody(at, title=title))["ts"])
            for at, (author, title) in enumerate(((place.ada, HANGS), (place.ben, EATS)))
        }
        good = [
            str(place.slack.person(who).upload(CHANNEL, f"{who}.mid", piece(at))["ts"])
            for at, who in enumerate(place.crowd[:3])
        ]
        place.settle(*bad.values(), *good)
        found, took = page.count(), place.now() - began
        lost = tuple(one for one in found.lost if one != "a job failed for good")
        for name, title in ((HANGING, HANGS), (EATING, EATS)):
            line = Line(name, database)
            line.add(Count(lost, found.doubled), took)
            _judge_bad_file(place, line, title, bad[title], good)
            say(f"  {name}, {database}: {took:.1f} s {found}")
            yield line


def _judge_bad_file(place: Place, line: Line, title: str, bad: str, good: Sequence[str]) -> None:
    """Hold against the promises what became of it, and of the others'."""
    states = dict(place.rows("SELECT message_ts, state FROM submission"))
    line.must(states.get(bad) == "failed", "the file is given up")
    line.must(all(states.get(ts) == "accepted" for ts in good), "others' files get their cards")
    told = [message["text"] for message in place.thread(CHANNEL, bad) if "Got it" not in message["text"]]
    line.must(told, "its author is told")
    line.hear(f"its author: _{without_reference(told[0])[:300] if told else ''} ..._")
    news = [message["text"] for message in place.slack.all_messages(place.olive.open_dm())]
    alarms = [words for words in news if title in words and ALARM in words.lower()]
    line.must(alarms, "organizers are told")
    line.hear(f"organizers: _{without_reference(alarms[-1])[:300] if alarms else ''} ..._")


def memory(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """The kernel ends whoever does the jobs, or a child of theirs, because their group may take no more memory."""
    group = CGROUP / f"kantor-faults-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        yield Line(NO_MEMORY, database, why_not=f"no group of processes can be limited: {error.strerror}")
        return
    killed: list[int] = []

    @contextmanager
    def tight(place: Place) -> Iterator[None]:
        (group / "memory.limit_in_bytes").write_text(str(ROOM), encoding="ascii")
        assert place.hands.process is not None
        root = psutil.Process(place.hands.process.pid)
        _move(group, [root.pid, *(child.pid for child in root.children(recursive=True))])
        yield
        time.sleep(15)
        killed.append(_kills(group))
        (group / "memory.limit_in_bytes").write_text("-1", encoding="ascii")
        place.start()

    try:
        with open_place(folder, database) as place:
            for line in suffer(place, database, [Fault(NO_MEMORY, tight, 2, waits=3)]):
                line.hear(f"nothing: cards come later ({sum(killed)} processes were killed)")
                line.must(sum(killed), "somebody was killed")
                yield line
    finally:
        with suppress(OSError):
            _move(CGROUP, [int(pid) for pid in (group / "cgroup.procs").read_text(encoding="ascii").split()])
        with suppress(OSError):
            group.rmdir()


def _move(group: Path, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            (group / "cgroup.procs").write_text(str(pid), encoding="ascii")


def _kills(group: Path) -> int:
    """How many the kernel has ended in this group, since it was made."""
    lines = (group / "memory.oom_control").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
