"""``kantor doctor``: what it finds, and what it says to do; against a real sandbox over a real socket where it asks Slack."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot import doctor
from bot.adapters.buckets import BucketState
from bot.adapters.objects import FolderObjects
from bot.checkup import checkup
from bot.doctor import Check, Health, Remark, care, examine, ill, well
from bot.errors import ConfigurationError
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from bot.wiring import clock_of, open_store
from handlers.slack.manifest import MANIFEST, wanted_scopes
from migrations.run import downgrade, upgrade
from models.jobs import JobState
from tests.makers.fakes import MemoryObjects
from tests.makers.postgres import postgres_database

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def slack() -> Iterator[SandboxServer]:
    """A workspace whose app has the manifest's scopes."""
    with SandboxServer(manifest=MANIFEST) as server:
        yield server


def settings(folder: Path, slack: SandboxServer, **changes: object) -> Settings:
    """Of a bot in its own folder, beside that workspace."""
    given = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_api_url": slack.api_url,
        "data_folder": folder / "var",
    }
    return Settings(**{**given, **changes})  # type: ignore[arg-type]


def remarks(of: Settings) -> dict[str, Remark]:
    """What the doctor finds."""
    return dict(examine(checkup(of)))


def test_a_well_bot_is_told_so_and_left_as_it_is(tmp_path: Path, slack: SandboxServer) -> None:
    """Every part is looked at; nothing is made, not even the data folder."""
    found = remarks(settings(tmp_path, slack))
    assert {} == {name: each for name, each in found.items() if each.health is not Health.WELL}
    parts = {
        "tokens",
        "Slack",
        "Socket Mode",
        "scopes",
        "clock",
        "database",
        "jobs",
        "trail",
        "storage",
        "bucket",
        "key",
        "rights",
        "disk",
    }
    assert parts | {"AI judge", "letters", "sound"} == set(found)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "part", "words"),
    [
        (
            {"slack_bot_token": SecretStr("xoxb-wrong-4711")},
            "Slack",
            "SLACK_BOT_TOKEN opens nothing: Slack does not know it",
        ),
        ({"slack_app_token": SecretStr("xapp-wrong-4711")}, "Socket Mode", "SLACK_APP_TOKEN opens nothing"),
        ({"slack_app_token": SecretStr("xoxb-4711")}, "tokens", "Set SLACK_APP_TOKEN (it begins with xapp-)"),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "Slack", "Slack did not answer"),
        ({"database_url": SecretStr("mysql://me:pass4711@here/db")}, "database", "KANTOR_DATABASE_URL cannot be"),
        ({"objects_url": "ftp://4711"}, "storage", "KANTOR_OBJECTS_URL must be"),
        ({"secret_key": SecretStr("short4711")}, "key", "KANTOR_SECRET_KEY does not hold a key"),
        ({"sound_bank": "/nowhere.sf2"}, "sound", "set KANTOR_SOUND_BANK to an .sf2 file"),
        ({"sandbox_clock": Path("/nowhere")}, "clock", ""),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(
    tmp_path: Path, slack: SandboxServer, change: dict[str, object], part: str, words: str
) -> None:
    """And no secret is shown."""
    found = remarks(settings(tmp_path, slack, **change))
    assert Health.ILL is found[part].health
    assert words in found[part].sentence
    assert [] == [each.sentence for each in found.values() if "4711" in each.sentence]


def test_what_needs_another_part_waits_for_it(tmp_path: Path, slack: SandboxServer) -> None:
    """One thing to mend is told once."""
    found = remarks(settings(tmp_path, slack, slack_bot_token=SecretStr("")))
    assert ["tokens"] == [name for name, each in found.items() if each.health is Health.ILL]
    assert "not looked at before Slack is mended" == found["scopes"].sentence


def test_a_smaller_token_names_the_scopes_that_it_lacks(tmp_path: Path, slack: SandboxServer) -> None:
    """Of an app that was installed before the manifest grew."""
    old = json.loads(MANIFEST.read_text(encoding="utf-8"))
    old["oauth_config"]["scopes"]["bot"].remove("im:read")
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    with SandboxServer(manifest=tmp_path / "old.json") as server:
        found = remarks(settings(tmp_path, server))
    assert Health.ILL is found["scopes"].health
    assert "lacks im:read" in found["scopes"].sentence
    assert Health.CARE is doctor.scopes(wanted_scopes() | {"admin"}, wanted_scopes()).health


@pytest.mark.parametrize(
    ("apart", "health", "words"),
    [
        (timedelta(seconds=2), Health.WELL, ""),
        (timedelta(seconds=20), Health.CARE, "20 s ahead of Slack's"),
        (-timedelta(hours=1), Health.ILL, "3600 s behind Slack's"),
    ],
)
def test_a_clock_that_is_off(apart: timedelta, health: Health, words: str) -> None:
    """Deadlines are read from it."""
    found = doctor.clock(NOW, NOW + apart)
    assert health is found.health
    assert words in found.sentence


def test_older_and_newer_tables(tmp_path: Path, slack: SandboxServer) -> None:
    """The one is brought up at the next start; the other is refused, by everything that opens the database."""
    ours = settings(tmp_path, slack)
    url = f"sqlite:///{tmp_path / 'var' / 'kantor.db'}"
    upgrade(url)
    assert "is up to date" in remarks(ours)["database"].sentence
    downgrade(url, "-1")
    assert Health.CARE is remarks(ours)["database"].health
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    engine.dispose()
    assert "changed by a newer Kantor" in remarks(ours)["database"].sentence
    with pytest.raises(ConfigurationError, match="a newer Kantor has changed its tables"):
        open_store(ours)


def test_open_doors(tmp_path: Path, slack: SandboxServer) -> None:
    """A key that others may read is named, with the command that closes it."""
    ours = settings(tmp_path, slack)
    (tmp_path / "var").mkdir(mode=0o700)
    (tmp_path / "var" / "secret.key").write_text("x")
    (tmp_path / "var" / "secret.key").chmod(0o644)
    found = remarks(ours)
    assert Health.ILL is found["rights"].health
    assert f"chmod go-rwx {tmp_path / 'var' / 'secret.key'}" in found["rights"].sentence
    assert "does not hold a key" in found["key"].sentence


def test_the_trial_object_is_gone_again(tmp_path: Path) -> None:
    """Written, read and deleted."""
    objects = FolderObjects(tmp_path)
    assert Health.WELL is doctor.storage(objects, "here", made=True).health
    assert [] == objects.below("doctor")


def test_a_store_that_writes_over_what_is_there_is_told() -> None:
    """Some speak S3 and forget what they were asked not to do."""

    class Forgetful(MemoryObjects):
        def keep(self, key: str, data: bytes) -> None:
            self.put(key, data)

    found = doctor.storage(Forgetful(), "s3://here", made=True)
    assert (Health.ILL, True) == (found.health, "writes over what is there" in found.sentence)


@pytest.mark.parametrize(
    ("state", "health", "words"),
    [
        (None, Health.WELL, "in the data folder"),
        (BucketState(versions=True, encryption=True, nothing_public=True), Health.WELL, "open to nobody else"),
        (BucketState(versions=True, encryption=True, nothing_public=None), Health.WELL, "what this store knows"),
        (BucketState(versions=False, encryption=True, nothing_public=None), Health.CARE, "It keeps no versions"),
        (BucketState(versions=True, encryption=False, nothing_public=False), Health.CARE, "come in; it does not say"),
    ],
)
def test_how_the_bucket_is(state: BucketState | None, health: Health, words: str) -> None:
    """What should be changed is named, with the command that does."""
    found = doctor.bucket(state)
    assert (health, True) == (found.health, words in found.sentence)
    assert (health is Health.CARE) == ("kantor aws bootstrap" in found.sentence)


def test_no_sound_bank_but_a_text(tmp_path: Path) -> None:
    """Something else at the path is said before the first card comes without sound."""
    (tmp_path / "bank.sf2").write_text("no sounds in here")
    assert "is no SoundFont" in doctor.sound(str(tmp_path / "bank.sf2")).sentence


def test_the_end_says_how_much_there_is_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each part, markup of ours only; and whatever a look raises is no traceback."""

    def breaks() -> Remark:
        raise RuntimeError("xoxb-4711")

    checks = (Check("a", lambda: well("[red]fine")), Check("b", lambda: care("hm")), Check("c", breaks))
    assert not doctor.show(examine(checks))
    shown = capsys.readouterr().out
    assert "ok    a: [red]fine" in shown
    assert "mend  c: This could not be looked at (RuntimeError)." in shown
    assert "To mend: 1." in shown
    assert "4711" not in shown
    assert doctor.show(examine(checks[:2]))
    assert Health.ILL is ill("").health


@pytest.mark.parametrize(("entries", "said"), [(1, "1 entry stands outside"), (3, "3 entries stand outside")])
def test_what_an_old_bot_wrote_past_the_chain_is_named(entries: int, said: str) -> None:
    """With what to do."""
    found = doctor.trail(entries)
    assert (Health.ILL, True, True) == (found.health, said in found.sentence, "kantor audit verify" in found.sentence)
    assert Health.WELL is doctor.trail(0).health


def test_jobs_that_failed_or_that_nobody_does_are_named(tmp_path: Path, slack: SandboxServer) -> None:
    """With the command that helps; on PostgreSQL also that no worker is there."""
    of = settings(tmp_path, slack)
    store = open_store(of)
    with store.write() as work:
        work.jobs.enqueue("1", "export", "export:1", {}, NOW)
        job = work.jobs.get("1")
        assert job is not None
        job.state = JobState.FAILED
    store.dispose()
    found = remarks(of)["jobs"]
    assert (Health.CARE, True) == (found.health, "kantor jobs" in found.sentence)

    with postgres_database(tables=False) as url:
        of = settings(tmp_path, slack, database_url=SecretStr(url))
        store = open_store(of)
        with store.write() as work:
            work.jobs.enqueue("1", "export", "export:1", {}, clock_of(of).now() - timedelta(hours=1))
        store.dispose()
        found = remarks(of)["jobs"]
    assert (Health.ILL, True) == (found.health, "kantor worker" in found.sentence)


def test_over_http_the_signing_secret_is_asked_for_and_no_app_level_token(tmp_path: Path, slack: SandboxServer) -> None:
    """Nobody is sent for a token that is not needed."""
    found = remarks(settings(tmp_path, slack, transport="http", slack_app_token=SecretStr("")))
    assert (Health.WELL, Health.ILL) == (found["tokens"].health, found["request URL"].health)
    assert "SLACK_SIGNING_SECRET is not set" in found["request URL"].sentence
    found = remarks(settings(tmp_path, slack, transport="http", slack_signing_secret=SecretStr("c0ffee")))
    assert Health.WELL is found["request URL"].health
    assert "c0ffee" not in found["request URL"].sentence
