"""``kantor vault``, as an operator types it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.makers.moving import settings_of, world_in

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

pytestmark = pytest.mark.processes
OLD, NEW = (base64.b64encode(bytes([n] * 32)).decode() for n in (1, 2))


def kantor(folder: Path, *arguments: str, **environment: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, arguments, env={"KANTOR_DATA": str(folder / "var"), **environment})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two passwords that the old key sealed."""
    with world_in(settings_of(tmp_path)) as world:
        world.contest()
    (tmp_path / "pool.csv").write_text(
        "account_id,user_name,password,sign_in_url\n1,a,pw-1,https://a.example\n2,b,pw-2,https://a.example\n",
        encoding="utf-8",
    )
    brought = kantor(
        tmp_path, "accounts", "import", "--contest", "bach-jam", str(tmp_path / "pool.csv"), KANTOR_SECRET_KEY=OLD
    )
    assert "2 accounts added" in brought.output
    return tmp_path


def test_from_one_key_to_the_next(home: Path) -> None:
    """Status names what is where, rotate moves it, and then the old key is not missed."""
    both = {"KANTOR_SECRET_KEY": NEW, "KANTOR_OPENING_KEYS": OLD}
    before = [line.split(maxsplit=2)[1:] for line in kantor(home, "vault", "status", **both).output.splitlines()]

    rotated = kantor(home, "vault", "rotate", **both)

    after = [
        line.split(maxsplit=2)[1:]
        for line in kantor(home, "vault", "status", KANTOR_SECRET_KEY=NEW).output.splitlines()
    ]
    assert [["0", "the present key"], ["2", "opens here"]] == before
    assert (0, "Sealed anew with the present key: 2.\n") == (rotated.exit_code, rotated.output)
    assert [["2", "the present key"]] == after


def test_without_the_old_key_it_says_what_is_missing(home: Path) -> None:
    """Nothing is changed, and the command fails."""
    status, rotated = (kantor(home, "vault", each, KANTOR_SECRET_KEY=NEW) for each in ("status", "rotate"))

    assert "NOT KNOWN HERE" in status.output
    assert 2 == rotated.exit_code
    assert "2 do not open with any key at hand: name the key that sealed them in KANTOR_OPENING_KEYS." in rotated.output
    assert [] == [key for key in (OLD, NEW) if key in status.output + rotated.output]


def test_a_key_from_a_file(home: Path) -> None:
    """A mounted secret is as good as the setting; both at once, or a file that is not there, are told."""
    (home / "key").write_text(OLD + "\n", encoding="utf-8")
    there, gone = str(home / "key"), str(home / "nowhere")

    opened = kantor(home, "vault", "status", KANTOR_SECRET_KEY_FILE=there)
    twice = kantor(home, "vault", "status", KANTOR_SECRET_KEY_FILE=there, KANTOR_SECRET_KEY=OLD)
    missing = kantor(home, "vault", "status", KANTOR_SECRET_KEY_FILE=gone)

    assert ["2", "the present key\n"] == opened.output.split(maxsplit=2)[1:]
    assert "set one of them" in twice.output
    assert f"cannot be read from {gone}" in missing.output.replace("\n", "")
    assert [2, 2, False] == [twice.exit_code, missing.exit_code, (home / "nowhere").exists()]
