"""``kantor rejudge``, as an operator types it: real files, the real judge, a database that an older model has judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.adapters.objects import FolderObjects
from bot.cli import app
from judge.assess import model_info
from migrations.run import upgrade
from models.store import Store
from tests.makers.fakes import (
    FakeClock,
    FakeInspector,
    MemoryFiles,
    SequenceIds,
)
from tests.makers.pieces import melody
from tests.makers.world import ADA, BEN, World, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typer.testing import Result

pytestmark = pytest.mark.processes


def rejudge(folder: Path, *arguments: str) -> Result:
    """Run the command in this process, on the data of that folder."""
    environment = {"COLUMNS": "140", "KANTOR_DATA": str(folder)}
    return CliRunner().invoke(app, ("rejudge", *arguments), env=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder with two pieces that judge-test has judged: 72.5 each."""
    url = f"sqlite:///{tmp_path / 'kantor.db'}"
    upgrade(url)
    store = Store(url)
    objects = FolderObjects(tmp_path / "objects")
    world = World(store, FakeClock(), SequenceIds(), workspace(), objects, MemoryFiles(), FakeInspector())  # type: ignore[arg-type]  # the folder in the place of the memory
    world.contest()
    for seed, who in enumerate((ADA, BEN), 1):
        world.files.uploaded[f"F{seed}"] = melody(seed, bars=8)
        piece = world.upload(who, f"F{seed}", f"Piece{seed}.mid")
        assert piece is not None
        world.verdicts.check(piece.id)
    yield tmp_path
    store.dispose()


def counted(folder: Path) -> list[tuple[str, bool]]:
    """Each verdict's model, and whether it counts."""
    store = Store(f"sqlite:///{folder / 'kantor.db'}")
    with store.read() as work:
        contest = work.contests.by_slug("bach-jam")
        assert contest is not None
        pieces = work.submissions.accepted(contest.id)
        found = [
            (each.model_version, each.superseded_at is None) for p in pieces for each in work.verdicts.history(p.id)
        ]
    store.dispose()
    return found


def test_shown_first_applied_when_asked_and_never_twice(folder: Path) -> None:
    """Without --apply nothing changes where nobody can be asked; with it all does; then the model is the same."""
    version = model_info().version
    shown = rejudge(folder, "bach-jam")
    assert 0 == shown.exit_code, shown.output
    assert "72.5" in shown.stdout
    assert "#bach-jam-ada-Piece1" in shown.stdout
    assert "2 of 2 scores would change" in shown.stdout
    assert "Nothing was changed" in shown.stdout
    assert [("judge-test", True)] * 2 == counted(folder)
    applied = rejudge(folder, "bach-jam", "--apply")
    assert f"2 verdicts are {version}'s now, 2 with another score. The old ones are kept." in applied.stdout
    assert [("judge-test", False), (version, True)] * 2 == counted(folder)
    assert "nothing would change" in rejudge(folder, "bach-jam", "--apply").stdout
    assert 4 == len(counted(folder))


def test_an_unknown_contest_is_a_sentence(folder: Path) -> None:
    """And exit status 2."""
    result = rejudge(folder, "nothing")
    assert (2, True) == (result.exit_code, "There is no contest nothing" in result.stderr)
