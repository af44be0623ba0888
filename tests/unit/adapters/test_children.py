"""A stranger's file that has taken over its child process finds nothing there that is worth having."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from pebble.pool.process import TaskProblem, TaskResult

from bot.adapters.children import CleanContext
from bot.adapters.inspector import Findings, ProcessInspector
from bot.adapters.private import keep_private
from bot.errors import InspectionFailed
from judge.refusals import RefusalCode
from judge.verdict import Verdict
from tests.makers.thief import DEEDS

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[3]
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-4711-hunter",
    "SLACK_APP_TOKEN": "xapp-4711-hunter",
    "AWS_SECRET_ACCESS_KEY": "aws-hunter",
}
OF_THE_FILE = "xoxb-0815-written"


def rob(folder: Path, *arguments: str) -> tuple[dict[str, bool], list[str]]:
    """Which secrets a thief found, and what else it could do."""
    (folder / ".env").write_text(f"KANTOR_ORGANIZERS=U1\nNOTE={OF_THE_FILE}\n", encoding="ascii")
    (folder / "var").mkdir(mode=0o700)
    (folder / "var" / "kantor.db").write_text("database-hunter", encoding="ascii")
    environment = {**os.environ, **TOKENS, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "tests.makers.thief", *arguments)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    key = (folder / "var" / "secret.key").read_text(encoding="ascii").strip()
    secrets = {**TOKENS, ".env": OF_THE_FILE, "key": key, "database": "database-hunter"}
    loot, _, deeds = done.stdout.rpartition(DEEDS)
    return {name: secret.encode() in loot for name, secret in secrets.items()}, deeds.decode().split()


def test_a_child_finds_no_secret_and_can_do_nothing(tmp_path: Path) -> None:
    """Neither tokens nor key nor database, of whichever process or file; it writes, runs, reaches and signals nothing."""
    found, deeds = rob(tmp_path)
    assert ({}, []) == ({name: there for name, there in found.items() if there}, deeds)


def test_the_same_thief_finds_all_of_it_outside(tmp_path: Path) -> None:
    """So the one above looks in the right places."""
    found, deeds = rob(tmp_path, "free")
    assert set() == {name for name, there in found.items() if not there}
    assert ["listed", "wrote", "ran", "connected", "signalled", "looked"] == deeds


class Parcel:
    """An answer that has its reader make a file, by a function of these names."""

    def __init__(self, kind: str, path: str) -> None:
        self.ways = {
            "io": (open, (path, "w")),
            "builtins": (eval, (f"open({path!r}, 'w')",)),
            "ours": (keep_private, (Path(path),)),
        }
        self.kind = kind

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.ways[self.kind]


def send_home(data: bytes, title: str) -> Findings:
    if title != "Piece":
        return Findings(None, Parcel(title, data.decode()), "", b"")  # type: ignore[arg-type]  # that is the point
    return Findings(None, data, title, b"")  # type: ignore[arg-type]  # no verdict is looked at here


@pytest.mark.parametrize(
    ("name", "attribute"), [("judge.verdict\nVerdict", "score"), ("bot.adapters.inspector\nFindings", "__init__")]
)
def test_an_answer_changes_no_class(name: str, attribute: str) -> None:
    """Nor a member of an Enum: a pickle that sets their attributes is no answer."""
    reader, writer = CleanContext().Pipe(duplex=False)
    before = vars(Verdict).get("score"), vars(Findings)["__init__"]
    state = pickle.dumps((None, {attribute: 100.0}), 2)[2:-1]
    writer.send_bytes(b"\x80\x02c" + name.encode() + b"\n" + state + b"b.")
    member = b"\x80\x02cjudge.refusals\nRefusalCode\n" + pickle.dumps("too_long", 2)[2:-1] + b"\x85R"
    writer.send_bytes(member + pickle.dumps({"_value_": "mine"}, 2)[2:-1] + b"b.")
    writer.send(TaskResult(1, Findings(None, b"good", "", b"")))  # type: ignore[arg-type]  # no verdict is looked at here
    assert [None, None, b"good"] == [reader.recv(), reader.recv(), reader.recv().result.picture]
    assert before == (vars(Verdict).get("score"), vars(Findings)["__init__"])
    assert "too_long" == RefusalCode.TOO_LONG.value
    reader.close()
    writer.close()


class Attribute:
    """What Python 3.11.2 makes of a member of an Enum, and what else could be had by it."""

    def __init__(self, owner: object, name: str) -> None:
        self.owner, self.name = owner, name

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return getattr, (self.owner, self.name)


def test_a_member_of_an_enum_may_be_written_as_an_attribute_and_nothing_else() -> None:
    """As the Python of Debian 12 writes it; what is no member, or of no Enum, is no result."""
    reader, writer = CleanContext().Pipe(duplex=False)
    for owner, name in (
        (RefusalCode, "TOO_LONG"),
        (RefusalCode, "__members__"),
        (RefusalCode, "mro"),
        (Findings, "__init__"),
    ):
        writer.send(TaskResult(1, Attribute(owner, name)))
    first, *others = [reader.recv() for _ in range(4)]
    assert RefusalCode.TOO_LONG is first.result
    assert [TaskProblem] * 3 == [type(each) for each in others]
    reader.close()
    writer.close()


def sing(_data: bytes, _sound_bank: Path | None) -> bytes:
    return b"la"


@pytest.mark.parametrize("kind", ["io", "builtins", "ours"])
def test_an_answer_has_the_bot_do_nothing(tmp_path: Path, kind: str) -> None:
    """What a child sends home is read as a result, and never run: no file is made, and the next composition gets its answer."""
    trace = tmp_path / "trace"
    inspector = ProcessInspector(1, examine=send_home, play=sing)
    try:
        with pytest.raises(InspectionFailed, match="cannot say how"):
            inspector.inspect(str(trace).encode(), kind)
        assert b"good" == inspector.inspect(b"good", "Piece").picture
    finally:
        inspector.close()
    assert not trace.exists()
