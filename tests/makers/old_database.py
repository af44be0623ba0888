"""A database as an earlier build left it, kept as SQL, so that each later build can prove that it goes on from there.

``python -m tests.makers.old_database FILE.sql`` plays two small contests with the build that it runs in, and writes what they left.
``old_database.sql`` was made so by the build of revision r0009 and stays as it is: a newer build would write a newer one.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.pump import OutboxPump
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.tasks import tasks
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.accounts.pools import PoolRow
from bot.usecases.boards.feedback import FeedbackPage
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import WindowFile
from bot.usecases.submissions.latefiles import Extend
from bot.worker import Worker
from migrations import run
from models.store import Store
from tests.makers.fakes import FakeClock, FakeInspector, MemoryFiles, MemoryObjects, RecordingPostman, SequenceIds
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, LOUNGE, OLIVE, World, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = Path(__file__).with_suffix(".sql")
FIRST, SECOND = "bach-jam", "autumn-jam"
"""Short names: the one has ended after its final, in the other one composes, and letters and jobs wait."""
LEFT = datetime(2026, 11, 22, 15, 10, tzinfo=UTC)
"""When nothing more had been written into it."""
_STEPS = 3_000
"""More than the whole play takes."""


@contextmanager
def going_on(database: Path) -> Iterator[World]:
    """What is kept, in a new file, brought to the present tables: a while after it was left."""
    url = loaded(database)
    run.upgrade(url)
    with world_on(url, FakeClock(LEFT), SequenceIds(0x1000)) as world:
        yield world


@contextmanager
def world_on(url: str, clock: FakeClock, ids: SequenceIds) -> Iterator[World]:
    """The use cases of this build on that database."""
    store = Store(url)
    try:
        yield World(store, clock, ids, workspace(), MemoryObjects(), MemoryFiles(), FakeInspector())
    finally:
        store.dispose()


def loaded(database: Path, kept: Path = KEPT) -> str:
    """Fill a new database file with what is kept; its address."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(kept.read_text(encoding="utf-8"))
    return f"sqlite:///{database}"


def deliver(world: World, postman: RecordingPostman) -> None:
    """Until no letter waits any more."""
    pump = OutboxPump(world.store, postman, world.clock, pace=0.0)
    for _ in range(_STEPS):
        with world.store.read() as work:
            if not work.outbox.waiting():
                return
        pump._step()
        world.clock.advance(seconds=1)
    raise AssertionError("there is no end of letters")


def work_off(world: World) -> None:
    """Until no job is due any more."""
    worker = Worker(world.store, world.clock, tasks(world))
    for _ in range(_STEPS):
        with world.store.read() as work:
            if work.jobs.due_in(world.clock.now()) != timedelta():
                return
        worker._step()
    raise AssertionError("there is no end of jobs")


def _turn(world: World) -> None:
    work_off(world)
    deliver(world, RecordingPostman())
    world.clock.advance(seconds=1)


def play(world: World) -> None:
    """All that there is to be kept, in an empty database."""
    world.directory.add(JACK, "Jack", CHANNEL, LOUNGE, is_admin=True)
    contest = world.contest(Phase.DRAFT, rounds=2, slug=FIRST)
    _opened_twice(world, contest)
    _edited(world, contest)
    pieces = _compositions(world, contest)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    _turn(world)
    _rounds(world, contest, pieces)
    _ended(world, contest)
    _second(world)


def _opened_twice(world: World, contest: str) -> None:
    """The first opening is taken back."""
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    world.undoing.undo(OLIVE, contest, Phase.OPEN)
    _turn(world)
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.onboarding.joined(ADA, CHANNEL)
    world.pools.import_pool(FIRST, [PoolRow("acc-1", "lab1", Secret("of a demo"), "https://lab.example/signin")])
    world.accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    world.accounts.give_back(ADA, contest, world.accounts.returning(ADA, CHANNEL).row_id)
    world.pools.import_pool(FIRST, [PoolRow("acc-1", "lab1", Secret("of a demo, too"), "https://lab.example/signin")])
    world.accounts.claim(ClaimAccount(BEN, contest, "V2", accepted_terms=True))
    _turn(world)


def _edited(world: World, contest: str) -> None:
    """The deadline is half an hour later, and two go on."""
    seen = world.editing.form(OLIVE, contest, Part.BASICS).seen
    later = {"deadline": datetime.fromisoformat("2026-11-20T15:30")}
    world.editing.apply(OLIVE, world.editing.prepare(EditContest(OLIVE, contest, Part.BASICS, later, seen)).edit_id)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.finalists = 2
    _turn(world)


def _compositions(world: World, contest: str) -> list[str]:
    """Four that count, one corrected, one with a second version; one failed, one was late, one copied another and is withdrawn."""
    names = ("Tide", "Walk", "Rain", "Frost")
    pieces = [_piece(world, (ADA, BEN, CLEO)[n % 3], f"F{n}", f"{name}.mid") for n, name in enumerate(names)]
    file = WindowFile("F10", "right.mid", "", "", 300, world.clock.now())
    world.files.uploaded["F10"] = b"bytes of F10"
    world.corrections.correct(Correct(OLIVE, pieces[0], file, "Wrong file attached"))
    second = world.upload(BEN, "F11", "new.mid", thread_ts=world.piece(pieces[1]).message_ts)
    assert second is not None
    failing = world.upload(CLEO, "F12", "Broken.mid")
    assert failing is not None
    world.verdicts.give_up(failing.id, "job 1")
    world.inspector.shared[b"bytes of F13"] = b"bytes of F3"
    world.compositions.withdraw(CLEO, _piece(world, CLEO, "F13", "Copied.mid"))
    _turn(world)
    with world.store.read() as work:
        counting = {piece.root_id: piece.id for piece in work.submissions.accepted(contest)}
    world.clock.advance(hours=3)
    late = world.upload(ADA, "F15", "Late.mid")
    assert late is not None
    _turn(world)
    world.late_files.decide(OLIVE, late.id, accept=False, reason="The list is long.")
    until = datetime.fromisoformat("2026-11-20T20:00")
    world.extensions.extend(Extend(OLIVE, contest, CLEO, until, "The train stood still."))
    return [counting[piece] for piece in pieces]


def _piece(world: World, author: str, file_id: str, name: str) -> str:
    piece = world.upload(author, file_id, name)
    assert piece is not None
    world.inspector.score(f"bytes of {file_id}".encode(), 50 + len(name))
    _turn(world)
    return piece.id


def _rounds(world: World, contest: str, pieces: list[str]) -> None:
    """Both are reminded; Judy flags one that she rates in the end, Jack skips one; two go on, and change places in the final."""
    nudge = world.nudges.preview(OLIVE, CHANNEL)
    world.nudges.send(OLIVE, contest, nudge.nudge_id, judges=True)
    world.marks.flag(JUDY, pieces[3], "copy", "I know it.")
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    world.marks.settle(OLIVE, flag.mark_id, "It is their own.", comes_back=True)
    _turn(world)
    for judge in (JUDY, JACK):
        for piece, score in zip(pieces[:3], (5, 4, 3), strict=True):
            world.rate(judge, piece, score, score, score, comment=f"A comment of {judge}.")
            _turn(world)
    world.rate(JUDY, pieces[3], 2, 2, 2)
    world.marks.skip(JACK, pieces[3])
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.undoing.undo(OLIVE, contest, Phase.FINAL)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    _turn(world)
    for judge in (JUDY, JACK):
        for piece, score in zip(pieces[:2], (3, 5), strict=True):
            world.rate(judge, piece, score, score, score)
    _turn(world)


def _ended(world: World, contest: str) -> None:
    """The final board is told, the feedback is out, and the organizers know that it will be erased."""
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    _turn(world)
    page = world.feedback.begin(OLIVE, CHANNEL)
    assert isinstance(page, FeedbackPage)
    world.feedback.decide(OLIVE, contest, page.page, {each.rating_id: True for each in page.comments})
    world.feedback.send(OLIVE, contest)
    _turn(world)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.retention_days = 8
    world.clock.advance(days=2)
    world.erasure.keep_times()
    _turn(world)


def _second(world: World) -> None:
    """A newer contest in another channel: a file that came late, letters and a job wait."""
    closes = world.later(hours=7).replace(tzinfo=None)
    contest = world.contest(name="Autumn Jam", slug=SECOND, channel_id=LOUNGE, deadline=closes)
    world.contests.add_judges(OLIVE, LOUNGE, [JUDY])
    first = world.upload(ADA, "F20", "Leaves.mid", channel_id=LOUNGE)
    assert first is not None
    world.upload(CLEO, "F21", "Belated.mid", channel_id=LOUNGE, at=world.later(hours=8))
    _turn(world)
    world.upload(BEN, "F22", "Wind.mid", channel_id=LOUNGE)
    assert contest == world.piece(first.id).contest_id


def _dumped(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join((*connection.iterdump(), ""))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "kantor.db"
        run.upgrade(f"sqlite:///{made}")
        with world_on(f"sqlite:///{made}", FakeClock(), SequenceIds()) as played:
            play(played)
        Path(sys.argv[1]).write_text(_dumped(made), encoding="utf-8")
