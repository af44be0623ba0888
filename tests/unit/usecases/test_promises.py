"""Promises that one changed line would break unseen: who may ask, and what survives a power cut."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.objects import FolderObjects
from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from models.engines import writer_and_reader
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SQLITE_FULL = 2
"""What PRAGMA synchronous answers where each commit waits for the disk."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_only_organizers_read_who_asked_for_a_password(world: World) -> None:
    """Olive learns whose request it is; Ben does not, nor does Ada whose it is."""
    contest = world.contest()
    world.pool(1)
    world.accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    request = world.reissues.ask(ADA, contest).request_id
    for person in (ADA, BEN):
        with pytest.raises(Refusal, match="for the organizers"):
            world.reissues.asked_by(person, request)
    assert ADA == world.reissues.asked_by(OLIVE, request)


def test_only_organizers_prepare_a_change(world: World) -> None:
    """Ben sends in what Olive's window would send: refused, by the role; from Olive the same is taken."""
    contest = world.contest()
    seen = world.editing.form(OLIVE, contest, Part.BASICS).seen
    change = {"name": "Another name"}
    with pytest.raises(Refusal, match="for the organizers"):
        world.editing.prepare(EditContest(BEN, contest, Part.BASICS, change, seen))
    assert world.editing.prepare(EditContest(OLIVE, contest, Part.BASICS, change, seen)).edit_id


def test_each_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """The connection that writes is asked itself: what was promised to a person survives a power cut."""
    writer, reader = writer_and_reader(f"sqlite:///{tmp_path / 'kantor.db'}")
    with writer.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    writer.dispose()
    reader.dispose()
    assert SQLITE_FULL == answer


def test_a_file_is_on_the_disk_before_its_name_is(tmp_path: Path) -> None:
    """All bytes are synced while the name is not there yet, and then its folder; by the system's own call where nobody looks on."""
    seen: list[tuple[bool, int, bool]] = []
    target = tmp_path / "a" / "tide.mid"

    def look(descriptor: int) -> None:
        status = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(status.st_mode)
        seen.append((is_folder, 0 if is_folder else status.st_size, target.exists()))

    FolderObjects(tmp_path, look).put("a/tide.mid", b"tide")
    assert [(False, 4, False), (True, 0, True)] == seen
    assert os.fsync is FolderObjects(tmp_path).sync


def test_feedback_asks_slack_before_it_takes_the_only_writer(world: World) -> None:
    """While Slack thinks about Olive, others write."""
    contest = world.contest(Phase.FINISHED)
    meanwhile: list[bool] = []
    world.directory.during = lambda: meanwhile.append(_can_write(world))
    world.feedback.begin(OLIVE, CHANNEL)
    world.feedback.again(OLIVE, contest)
    world.feedback.decide(OLIVE, contest, 1, {})
    world.feedback.send(OLIVE, contest)
    assert meanwhile
    assert all(meanwhile)


def _can_write(world: World) -> bool:
    """Whether nobody holds the one connection that writes."""
    pool: Any = world.store._writer.pool
    return bool(pool.checkedout() == 0)
