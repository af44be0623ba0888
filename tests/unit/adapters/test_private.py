"""What Kantor keeps on the machine is for its owner alone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.adapters.private import keep_private
from bot.demo.seed import MARK
from bot.demo.supervisor import WORKSPACE, prepare_folder
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from migrations.run import upgrade
from models.store import Store
from tests.makers.fakes import NOON

if TYPE_CHECKING:
    from pathlib import Path


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_database_and_what_stands_beside_it(tmp_path: Path) -> None:
    """Also one that an older Kantor left open to all, and its write-ahead log."""
    file = tmp_path / "new" / "kantor.db"
    before = os.umask(0o022)
    try:
        upgrade(f"sqlite:///{file}")
        file.chmod(0o644)
        store = Store(f"sqlite:///{file}")
        with store.write() as work:
            work.events.see("e", now=NOON)
        beside = sorted(file.parent.iterdir())
        modes = {path.name: _mode(path) for path in beside}
        store.dispose()
    finally:
        os.umask(before)
    assert {"kantor.db", "kantor.db-wal"} <= modes.keys()
    assert {0o600} == set(modes.values())
    assert 0o700 == _mode(file.parent)


def test_the_database_of_the_sandbox(tmp_path: Path) -> None:
    """The same, where it is new and where it was open."""
    before = os.umask(0o022)
    try:
        for file in (tmp_path / "new" / "sandbox.db", tmp_path / "old.db"):
            if file.name == "old.db":
                file.touch(mode=0o644)
            with SandboxServer(file):
                modes = {path.name: _mode(path) for path in file.parent.glob(f"{file.name}*")}
            assert {file.name: 0o600, f"{file.name}-wal": 0o600, f"{file.name}-shm": 0o600} == modes
    finally:
        os.umask(before)


def test_the_folder_of_the_demo(tmp_path: Path) -> None:
    """A new one, and one that was open: what the demo's people wrote is read by its owner alone."""
    (tmp_path / "old").mkdir(mode=0o755)
    (tmp_path / "old" / WORKSPACE).write_text("x")
    (tmp_path / "old" / WORKSPACE).chmod(0o644)
    (tmp_path / "old" / MARK).touch(mode=0o644)
    for name in ("old", "new"):
        prepare_folder(tmp_path / name, reset=False)
        assert 0o700 == _mode(tmp_path / name)
    assert 0o600 == _mode(tmp_path / "old" / WORKSPACE)


def test_a_data_folder_that_was_open(tmp_path: Path) -> None:
    """At the start all of it is closed, however deep, and nothing that it only points to."""
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    outside.chmod(0o644)
    data = tmp_path / "data"
    deep = data / "objects" / "a"
    deep.mkdir(parents=True)
    for path in (data / "secret.key", deep / "tide.mid"):
        path.write_text("x")
        path.chmod(0o644)
    (data / "link").symlink_to(outside)
    for folder in (deep, deep.parent, data):
        folder.chmod(0o755)
    keep_private(data)
    assert [0o700] * 3 == [_mode(folder) for folder in (data, deep.parent, deep)]
    assert [0o600] * 2 == [_mode(path) for path in (data / "secret.key", deep / "tide.mid")]
    assert 0o644 == _mode(outside)


def test_what_the_running_bot_starts_inherits_no_token() -> None:
    """A program that it starts has no setting in its environment that is a secret, and nobody may read its own memory (but root)."""
    code = (
        "import ctypes, subprocess; from bot.adapters.private import keep_to_ourselves; keep_to_ourselves()\n"
        "print('4711' in subprocess.check_output('env', text=True), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    secrets = [each for each in Settings.model_fields.values() if each.annotation is SecretStr]
    tokens = {str(each.alias): "4711" for each in secrets}
    assert {"SLACK_BOT_TOKEN", "KANTOR_DATABASE_URL"} < tokens.keys()
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **tokens}, capture_output=True, text=True, check=True
    )
    assert "False 0" == done.stdout.strip()
