"""The kantor command, as an operator types it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.sandbox.server import SandboxServer
from tests.makers.bundles import played
from tests.makers.moving import KEY, settings_of, world_in
from tests.makers.pieces import melody
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

pytestmark = pytest.mark.processes


def kantor(*arguments: str, **environment: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120", **environment})


def folder_of_three(folder: Path) -> Path:
    """Two compositions and one file that is none."""
    (folder / "sub").mkdir()
    (folder / "a.mid").write_bytes(melody(seed=1))
    (folder / "sub" / "b.midi").write_bytes(melody(seed=2, bars=8))
    (folder / "broken.mid").write_bytes(b"not a MIDI file")
    (folder / "notes.txt").write_text("left out", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_every_command_reckons_on_one_thread_unless_somebody_says_otherwise(
    given: dict[str, str], threads: str
) -> None:
    """Numpy reads it where it is loaded first, which is after the command has begun."""
    told = "import os, sys; from bot.cli import app; app(['jobs', '--help'], standalone_mode=False); "
    told += "sys.exit('numpy' in sys.modules or os.environ['OPENBLAS_NUM_THREADS'])"
    here = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"} | given
    ended = subprocess.run([sys.executable, "-c", told], env=here, capture_output=True, text=True, check=False)
    assert threads == ended.stderr.strip()


def test_help_names_every_command() -> None:
    """``kantor --help`` is where people begin."""
    shown = kantor("--help").output
    assert [] == [
        word
        for word in (
            "demo",
            "run",
            "worker",
            "jobs",
            "backup",
            "restore",
            "erasures",
            "doctor",
            "migrate",
            "judge",
            "accounts",
            "sandbox",
        )
        if word not in shown
    ]


def test_judge_prints_one_json_object_a_line_in_descending_order(tmp_path: Path) -> None:
    """Each has path, score, refusal; a refused one has no score and comes last."""
    result = kantor("judge", str(folder_of_three(tmp_path)), "--json", "-")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    scores = [row["score"] for row in rows]
    assert result.exit_code == 0
    assert [None, None, "not_midi"] == [row["refusal"] for row in rows]
    assert scores[2] is None
    assert 100 >= scores[0] >= scores[1] >= 0
    assert {"a.mid", "b.midi", "broken.mid"} == {row["path"].rpartition("/")[2] for row in rows}
    assert {"probability", "pitch_similarity", "key", "bars", "model_version", "weights_sha256"} <= rows[0].keys()


def test_a_bundle_and_whether_it_fits(tmp_path: Path) -> None:
    """Written by the bot's machine, reckoned again on any; what is none gets a sentence and an exit status."""
    given = {"KANTOR_DATA": str(tmp_path / "var"), "KANTOR_SECRET_KEY": KEY}
    home = settings_of(tmp_path)
    with world_in(home) as world:
        played(world)
    there = tmp_path / "results.zip"
    assert 0 == kantor("bundle", "bach-jam", str(there), **given).exit_code
    fits = kantor("verify", str(there))
    assert (0, True) == (fits.exit_code, "all of it fits" in fits.output), fits.output
    there.write_bytes(there.read_bytes().replace(b"winners", b"winnerz"))
    broken = kantor("verify", str(there))
    assert (1, True) == (broken.exit_code, "rules.json" in broken.output), broken.output
    assert 2 == kantor("verify", str(tmp_path / "nothing.zip")).exit_code
    assert 2 == kantor("bundle", "nothing", **given).exit_code
    audited = kantor("audit", "verify", "bach-jam", **given)
    assert (0, True) == (audited.exit_code, audited.output.startswith("yes  bach-jam: ")), audited.output


def test_judge_says_the_same_twice(tmp_path: Path) -> None:
    """Same bytes, same verdict, to the last digit."""
    folder = str(folder_of_three(tmp_path))
    assert kantor("judge", folder, "--json", "-").stdout == kantor("judge", folder, "--json", "-").stdout


def test_what_was_loaded_is_no_garbage_to_look_for(tmp_path: Path) -> None:
    """But what comes later is looked through, or a long batch would grow."""
    (tmp_path / "a.mid").write_bytes(melody(1))
    code = (
        "import gc; from pathlib import Path; from bot.cli import judge\n"
        f"judge([Path({str(tmp_path / 'a.mid')!r})])\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.endswith("True True\n")


def test_judge_writes_a_table_as_csv(tmp_path: Path) -> None:
    """A spreadsheet opens it: rank, path, score, refusal."""
    table = tmp_path / "table.csv"
    result = kantor("judge", str(folder_of_three(tmp_path)), "--csv", str(table))
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert ["1", "2", ""] == [row["rank"] for row in rows]
    assert rows[2]["refusal"] == "not_midi"
    assert "broken.mid" in result.stdout


def test_judge_explains_itself(tmp_path: Path) -> None:
    """Reasons, parallels, nearest works and the tones beside Bach's, below the table; refused files stay as they are."""
    shown = kantor("judge", str(folder_of_three(tmp_path)), "--explain").stdout
    assert "a.mid: " in shown
    assert 2 == shown.count("Parallel fifths: ")
    assert 2 == shown.count("Nearest works of Bach")
    assert 2 == shown.count("Bach's\nC ")
    assert "broken.mid was not judged" in shown


def test_only_an_explanation_looks_for_works(tmp_path: Path) -> None:
    """The score alone takes less time, and is the same."""
    folder = str(folder_of_three(tmp_path))
    plain, explained = (
        [json.loads(line) for line in kantor("judge", folder, "--json", "-", *more).stdout.splitlines()]
        for more in ((), ("--explain",))
    )
    assert [] == plain[0]["nearest_works"]
    assert [row["score"] for row in plain] == [row["score"] for row in explained]
    assert all(work["coverage"] > 0 for row in explained[:2] for work in row["nearest_works"])


def test_two_processes_judge_as_one_does(tmp_path: Path) -> None:
    """The same lines, to the last digit."""
    folder = str(folder_of_three(tmp_path))
    one = kantor("judge", folder, "--json", "-").stdout
    assert one == kantor("judge", folder, "--json", "-", "--jobs", "2").stdout


def test_names_are_printed_as_they_are(tmp_path: Path) -> None:
    """Brackets in a file's name are no markup."""
    (tmp_path / "[red]Dawn.mid").write_bytes(melody())
    assert "[red]Dawn.mid" in kantor("judge", str(tmp_path), "--explain").stdout


def test_judge_without_a_file_says_so() -> None:
    """A typing error is a sentence and exit status 2, no traceback."""
    result = kantor("judge", "nowhere.mid")
    assert result.exit_code == 2
    assert "There is no file nowhere.mid" in result.stderr


def test_migrate_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    """The second time there is nothing to do."""
    environment = {"KANTOR_DATA": str(tmp_path / "var")}
    assert kantor("migrate", **environment).exit_code == 0
    assert (tmp_path / "var" / "kantor.db").exists()
    assert kantor("migrate", **environment).exit_code == 0


def test_run_without_tokens_tells_what_to_set(tmp_path: Path) -> None:
    """The first thing that somebody meets who did not read the page."""
    result = kantor("run", KANTOR_DATA=str(tmp_path), SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN is not set" in result.stderr


def test_a_worker_on_sqlite_is_told_that_it_is_not_needed(tmp_path: Path) -> None:
    """There the bot does its jobs itself; the sentence says what workers are for."""
    result = kantor("worker", KANTOR_DATA=str(tmp_path), KANTOR_DATABASE_URL="", SLACK_BOT_TOKEN="xoxb-1")
    assert result.exit_code == 2
    assert "With SQLite 'kantor run' does all jobs itself" in result.stderr


def test_import_into_a_contest_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    """And the file's passwords are not shown."""
    file = tmp_path / "pool.csv"
    file.write_text("account_id,user_name,password,sign_in_url\n1,a,s3cret,https://a.example.com\n", encoding="utf-8")
    result = kantor("accounts", "import", str(file), "--contest", "nothing", KANTOR_DATA=str(tmp_path / "var"))
    assert result.exit_code == 2
    assert "nothing" in result.stderr
    assert "s3cret" not in result.output


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KANTOR_WORKER_THREADS", "0", "KANTOR_WORKER_THREADS"),
        ("KANTOR_DATABASE_URL", "foo", "sqlite:///"),
        ("KANTOR_LOG_LEVEL", "LOUD", "KANTOR_LOG_LEVEL"),
        ("KANTOR_OBJECTS_URL", "ftp://x", "s3://bucket/prefix"),
    ],
)
def test_a_wrong_setting_is_a_sentence(tmp_path: Path, name: str, value: str, words: str) -> None:
    """The operator reads which one, and what to write there."""
    with SandboxServer() as server:
        done = run_bot(server.api_url, tmp_path, **{name: value})
        assert 2 == done.wait(30)
    assert words in log_of(tmp_path)
    assert "Traceback" not in log_of(tmp_path)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://ada:s3cret@db/kantor", "postgresql://user:password@host"),
        ("sqlite://", "SQLite needs a file"),
        ("postgresql://ada:s3cret@db:many/kantor", "postgresql://user:password@host"),
        ("postgresql://ada:s3cret@db/kantor?thisis=none", "postgresql://user:password@host"),
        ("postgres://ada:s3cret@127.0.0.1:9/kantor", "Connection refused"),
    ],
)
def test_a_database_that_cannot_be_is_a_sentence_without_its_password(url: str, words: str) -> None:
    """For whoever types a command, too."""
    result = kantor("migrate", KANTOR_DATABASE_URL=url)
    assert 2 == result.exit_code
    assert words in result.stderr
    assert "s3cret" not in result.output


def test_a_wrong_token_is_a_sentence_and_not_shown(tmp_path: Path) -> None:
    """Slack's own word for it, and nothing of the token."""
    with SandboxServer() as server:
        done = run_bot(server.api_url, tmp_path, SLACK_BOT_TOKEN="xoxb-wrong-4711")
        assert 2 == done.wait(30)
    assert "invalid_auth" in log_of(tmp_path)
    assert "4711" not in log_of(tmp_path)


def test_a_start_while_slack_is_away_waits_for_it(tmp_path: Path) -> None:
    """A restart during an outage must not end the bot; it still stops when asked."""
    bot = run_bot("http://127.0.0.1:9/api/", tmp_path)
    eventually(lambda: b"slack_unreachable" in (tmp_path / "log").read_bytes(), "the first try")
    bot.terminate()
    assert 0 == bot.wait(15)
    assert "Traceback" not in log_of(tmp_path)


def run_bot(api_url: str, folder: Path, **changes: str) -> subprocess.Popen[bytes]:
    """``kantor run`` in a process of its own, which logs to ``folder / "log"``."""
    settings = {
        "SLACK_BOT_TOKEN": SandboxServer.bot_token,
        "SLACK_APP_TOKEN": SandboxServer.app_token,
        "SLACK_API_URL": api_url,
        "KANTOR_DATA": str(folder / "var"),
    }
    with (folder / "log").open("ab") as stream:
        command = (sys.executable, "-m", "bot", "run")
        return subprocess.Popen(command, env={**os.environ, **settings, **changes}, stdout=stream, stderr=stream)


def log_of(folder: Path) -> str:
    """All that ``run_bot`` wrote."""
    return (folder / "log").read_text(encoding="utf-8")
