"""A backup of any place comes back into any other: SQLite or PostgreSQL, a folder or S3."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from typer.testing import CliRunner

from bot import archives
from bot.backups import back_up
from bot.cli import app
from bot.errors import ConfigurationError, Refusal
from bot.restores import list_erasures, restore
from bot.rules import storage
from bot.usecases.records.journal import Journal
from bot.wiring import database_url, erasing, objects, store_at, vault
from migrations.run import downgrade, upgrade
from models.engines import is_postgres
from models.jobs import JobState
from models.outbox import OPEN, LetterState
from models.submissions import Submission, SubmissionState
from tests.makers.moving import KEY, files_in, keep_files, lived_in, place, rows_in, settings_of, store_of, world_in
from tests.makers.world import ADA, CHANNEL, OLIVE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from bot.settings import Settings
    from tests.makers.world import World

pytestmark = pytest.mark.processes

ENGINES = ("sqlite", "postgresql")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a place with a life behind it, on SQLite."""
    folder = tmp_path_factory.mktemp("first")
    lived_in(settings_of(folder))
    return folder


@pytest.fixture
def home(first_home: Path, tmp_path: Path) -> Settings:
    """A copy of it."""
    shutil.copytree(first_home, tmp_path / "home")
    return settings_of(tmp_path / "home")


def settled(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The same, but for how what is not done yet is taken up again."""
    fresh = {"state": "pending", "attempts": None, "lease_until": None}
    return rows | {"outbox": [row | fresh if row["state"] in OPEN else row for row in rows["outbox"]]}


@pytest.mark.parametrize("source", ENGINES)
def test_all_of_it_comes_back_in_either_database(source: str, tmp_path: Path) -> None:
    """Each value of each row is the same, read as the bot reads it, and each byte of each file; and so it is after the way back."""
    (target,) = {*ENGINES} - {source}
    with (
        place(tmp_path / "home", source) as home,
        place(tmp_path / "away", target) as away,
        place(tmp_path / "back", source) as back,
    ):
        lived_in(home)
        rows, files = rows_in(home), files_in(home)
        carried = back_up(home, tmp_path / "home.tar")
        brought = restore(away, tmp_path / "home.tar")
        assert settled(rows) == settled(rows_in(away))
        assert files == files_in(away)
        assert (carried.rows, carried.files, carried.size) == (brought.rows, brought.files, brought.size)
        back_up(away, tmp_path / "away.tar")
        restore(back, tmp_path / "away.tar")
        assert settled(rows) == settled(rows_in(back))
        assert files == files_in(back)
    waiting = {row["state"] for row in rows["outbox"]} | {row["state"] for row in rows["job"]}
    assert {LetterState.PENDING, JobState.QUEUED} <= waiting
    assert [] == [name for name, found in rows.items() if not found and name not in EMPTY]


EMPTY = {"board_slot", "account_look", "account_request", "account_wait", "rating_draft"}
"""Tables in which that life leaves nothing."""


@pytest.mark.parametrize("engine", ENGINES)
def test_what_waited_is_done_afterwards(engine: str, home: Settings, tmp_path: Path) -> None:
    """Jobs that wait, or were in somebody's hands, are there for the next worker; a letter is looked for in Slack before it goes out again."""
    store = store_of(home)
    with store.write() as work:
        job = work.jobs.claim(NOON + timedelta(days=30), timedelta(minutes=1))
        assert job is not None
        work.outbox.add("fresh", ADA, {"kind": "rules"}, now=NOON)
    store.dispose()
    back_up(home, tmp_path / "home.tar")
    with place(tmp_path / "away", engine) as away:
        restore(away, tmp_path / "home.tar")
        store = store_at(database_url(away))
        with store.write() as work:
            letter = work.outbox.by_key("fresh")
            if is_postgres(database_url(away)):
                assert job.id in {each.id for each in work.jobs.lost()}
                assert all(work.jobs.reissue(each, NOON) for each in work.jobs.lost())
                assert [] == [*work.jobs.lost()]
            else:
                again = [work.jobs.claim(NOON + timedelta(days=3650), timedelta(minutes=1)) for _ in range(9)]
                assert job.id in {each.id for each in again if each is not None}
        store.dispose()
        assert letter is not None
        assert (LetterState.PENDING, 1) == (letter.state, letter.attempts)


@pytest.mark.parametrize("source", ENGINES)
@pytest.mark.parametrize("target", ENGINES)
def test_no_letter_gets_the_number_of_an_earlier_one(source: str, target: str, tmp_path: Path) -> None:
    """Numbers are the order of letters: they go on after the last one that was ever given, though its row is gone."""
    with place(tmp_path / "home", source) as home, place(tmp_path / "away", target) as away:
        upgrade(database_url(home))
        numbers = [a_letter(home, key) for key in ("one", "two")]
        gone(home, "two")
        back_up(home, tmp_path / "home.tar")
        restore(away, tmp_path / "home.tar")
        assert [1, 2, 3] == [*numbers, a_letter(away, "three")]


def a_letter(settings: Settings, key: str) -> int:
    """A new letter; its number."""
    store = store_of(settings)
    with store.write() as work:
        work.outbox.add(key, ADA, {"kind": "rules"}, now=NOON)
        row = work.outbox.by_key(key)
        assert row is not None
    store.dispose()
    return row.id


def gone(settings: Settings, key: str) -> None:
    """That letter's row is taken out."""
    store = store_of(settings)
    with store.write() as work:
        work.outbox._session.delete(work.outbox.by_key(key))
    store.dispose()


def test_from_older_tables(home: Settings, tmp_path: Path) -> None:
    """A backup of an earlier build's tables is brought up to date by the restore: the way back after an upgrade, and forwards again."""
    downgrade(database_url(home), "r0018")
    upgrade(database_url(home))  # it knows where its files are, as of then
    rows = rows_in(home)
    downgrade(database_url(home), "r0015")
    back_up(home, tmp_path / "old.tar")
    for engine in ENGINES:
        with place(tmp_path / engine, engine) as away:
            upgrade(database_url(away))  # somebody made the present tables already
            restore(away, tmp_path / "old.tar")
            assert unchained(settled(rows)) == unchained(settled(rows_in(away)))


def unchained(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The same, but for the salts of older entries, which are drawn anew with each upgrade, and what follows from them."""
    kept = [row for row in rows["audit"] if row["action"] != "audit.chained"]
    anew = dict.fromkeys(("salt", "digest", "link"))
    return rows | {"audit": [row | anew for row in kept]}


def test_files_go_into_a_bucket_and_out_of_it(home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder to S3, and from there into another folder."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://{host}:{port}"),
        ("AWS_ACCESS_KEY_ID", "made-up"),
        ("AWS_SECRET_ACCESS_KEY", "made-up"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="kantor-files")
    away = settings_of(tmp_path / "away", KANTOR_OBJECTS_URL="s3://kantor-files/contests/2026")
    back_up(home, tmp_path / "home.tar")
    restore(away, tmp_path / "home.tar")
    assert files_in(home) == files_in(away)
    assert not (tmp_path / "away" / "var" / "objects").exists()
    back_up(away, tmp_path / "away.tar")
    restore(settings_of(tmp_path / "back"), tmp_path / "away.tar")
    assert files_in(home) == files_in(settings_of(tmp_path / "back"))
    with pytest.raises(Refusal, match=r"files in s3://kantor-files/contests/2026 already"):
        restore(
            settings_of(tmp_path / "new", KANTOR_OBJECTS_URL="s3://kantor-files/contests/2026"), tmp_path / "away.tar"
        )
    server.stop()


def test_as_an_operator_types_it(home: Settings, tmp_path: Path) -> None:
    """Each command says what it did, and what to mind; what cannot be is a sentence and exit status 2."""
    place = {"KANTOR_DATA": str(home.data_folder), "KANTOR_SECRET_KEY": KEY}
    saved = kantor("backup", str(tmp_path / "home.tar"), **place)
    assert (0, 2) == (saved.exit_code, saved.output.count("\n"))
    assert f"{sum(map(len, rows_in(home).values())):,} rows" in saved.output
    assert "The secret key that opens passwords is not in it" in saved.output
    again = kantor("restore", str(tmp_path / "home.tar"), **place)
    assert (2, 1) == (again.exit_code, again.output.count("\n"))
    away = kantor("restore", str(tmp_path / "home.tar"), **place | {"KANTOR_DATA": str(tmp_path / "away")})
    assert (0, "Restored: ") == (away.exit_code, away.output[:10])
    listed = kantor("erasures", str(tmp_path / "list.jsonl"), **place)
    assert (0, "Erasures: 0.\n") == (listed.exit_code, listed.output)


def kantor(*arguments: str, **environment: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120", **environment})


def test_while_the_bot_writes(tmp_path: Path) -> None:
    """Each composition of the backup has its file, and each file its composition, whatever comes meanwhile."""
    home = settings_of(tmp_path / "home")
    with world_in(home) as world:
        contest, ending, kept = world.contest(), threading.Event(), objects(home)
        begun = threading.Event()

        def compose() -> None:
            number = 0
            while not ending.is_set() and number < 5000:
                number += 1
                piece = Submission(
                    id=f"{number:032x}", root_id=f"{number:032x}", version=1, in_final=False, contest_id=contest, user_id=ADA,
                    slack_file_id=f"F{number}", channel_id=CHANNEL, message_ts=f"{number}.0", in_dm=False, filename="a.mid",
                    title="A", name=f"#{number}", alias=f"a{number}", number=number, size=1, state=SubmissionState.ACCEPTED,
                    received_at=NOON, uploaded_at=NOON, folder=storage.folder(contest, f"{1:032x}", f"{number:032x}"),
                )  # fmt: skip
                kept.put(storage.original(piece.folder), b"%d" % number)
                with world.store.write() as work:
                    work.submissions.add(piece)
                if number == 20:
                    begun.set()

        thread = threading.Thread(target=compose)
        thread.start()
        assert begun.wait(60)
        back_up(home, tmp_path / "home.tar")
        ending.set()
        thread.join()
    with place(tmp_path / "away", "sqlite") as away:
        restore(away, tmp_path / "home.tar")
        folders = [row["folder"] for row in rows_in(away)["submission"]]
        assert 20 <= len(folders)
        assert {storage.original(folder) for folder in folders} == set(files_in(away))


def test_other_programs_can_read_and_check_it(home: Settings, tmp_path: Path) -> None:
    """It is a tar with a list that ``sha256sum -c`` takes; nobody but its owner may read it, and no secret key is in it."""
    path = tmp_path / "home.tar"
    back_up(home, path)
    assert 0o600 == path.stat().st_mode & 0o777
    with tarfile.open(path) as archive:
        found = {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]
    lines = found.pop("manifest.sha256").decode().splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in found.items()} == sums
    assert b"AAECAwQF" not in path.read_bytes()
    assert [path] == [each for each in tmp_path.iterdir() if each.is_file()]


def changed(path: Path, change: Callable[[list[tuple[str, bytes]]], object]) -> Path:
    """Another archive with other members, and a list that fits them."""
    with tarfile.open(path) as archive:
        members = [(each.name, archive.extractfile(each).read()) for each in archive]  # type: ignore[union-attr]
    members = members[:-1]
    change(members)
    other = path.with_name("other.tar")
    other.unlink(missing_ok=True)
    with archives.written(other) as writer:
        for name, data in members:
            writer.add(name, data)
    return other


def with_head(members: list[tuple[str, bytes]], **changes: object) -> None:
    """The archive says something else of itself."""
    members[0] = (members[0][0], json.dumps(json.loads(members[0][1]) | changes).encode())


def with_rows(members: list[tuple[str, bytes]], table: str, rows: bytes) -> None:
    """Other rows of that table."""
    at = next(at for at, (name, _) in enumerate(members) if name.startswith(f"rows/{table}/"))
    members[at] = (members[at][0], rows)


WRONG: dict[str, tuple[Callable[[list[tuple[str, bytes]]], object], str]] = {
    "newer tables": (lambda members: with_head(members, tables_of="r9999"), "newer Kantor"),
    "newer form": (lambda members: with_head(members, form=2), "newer Kantor"),
    "no head": (lambda members: members.pop(0), "no backup of Kantor's"),
    "a way out": (lambda members: members.append(("objects/submissions/../../etc/passwd", b"x")), "no place"),
    "a hidden file": (lambda members: members.append(("objects/submissions/.ssh", b"x")), "no place"),
    "another folder": (lambda members: members.append(("objects/elsewhere/a", b"x")), "no place"),
    "a stranger": (lambda members: members.append(("etc/passwd", b"x")), "no place"),
    "an unknown table": (lambda members: members.append(("rows/sqlite_master/000001.jsonl", b"[1]\n")), "sqlite_master"),
    "the marks of migrations": (lambda members: members.append(("rows/alembic_version/1.jsonl", b'["x"]\n')), "alembic_version"),
    "no rows": (lambda members: with_rows(members, "person", b"{}\n"), "no rows"),
    "deep rows": (lambda members: with_rows(members, "person", b"[" * 100_000 + b"\n"), "no rows"),
    "a short row": (lambda members: with_rows(members, "person", b'["U0ADA"]\n'), "another kind"),
    "a wrong moment": (lambda members: with_rows(members, "presence", b'[1, "yesterday"]\n'), "another kind"),
    "twice the same": (lambda members: members.append(next(each for each in members if "rows/person/" in each[0])), "contradict"),
    "an orphan": (lambda members: with_rows(members, "contest", b""), "refer"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_strange_archive_changes_nothing(wrong: str, home: Settings, tmp_path: Path) -> None:
    """It is refused with a sentence that says what is wrong, and the empty place is as empty as before."""
    back_up(home, tmp_path / "home.tar")
    change, words = WRONG[wrong]
    other = changed(tmp_path / "home.tar", change)
    away = settings_of(tmp_path / "away")
    with pytest.raises(Refusal, match=words):
        restore(away, other)
    assert [] == [each for each in (tmp_path / "away").rglob("*") if each.is_file()]


@pytest.mark.parametrize("wrong", [name for name in WRONG if name in {"a short row", "twice the same", "an orphan"}])
def test_a_strange_archive_leaves_no_table_on_postgresql(wrong: str, home: Settings, tmp_path: Path) -> None:
    """As above; the database has not even tables."""
    back_up(home, tmp_path / "home.tar")
    other = changed(tmp_path / "home.tar", WRONG[wrong][0])
    with place(tmp_path / "away", "postgresql") as away:
        with pytest.raises(Refusal, match=WRONG[wrong][1] if wrong != "an orphan" else "contradict"):
            restore(away, other)
        assert {} == files_in(away)
        restore(away, tmp_path / "home.tar")
        assert settled(rows_in(home)) == settled(rows_in(away))


def cut(data: bytes) -> bytes:
    """A copy that stopped half way."""
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    """One bit of one file is another one."""
    at = data.index(b"bytes of F")
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def linked(data: bytes) -> bytes:
    """Its first member is a link."""
    info = tarfile.TarInfo("kantor-backup.json")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info.tobuf(tarfile.USTAR_FORMAT) + data


def huge(data: bytes) -> bytes:
    """Its first member says that it is larger than any disk."""
    info = tarfile.TarInfo("kantor-backup.json")
    info.size = 8_000_000_000
    return info.tobuf(tarfile.USTAR_FORMAT) + data


def more(data: bytes) -> bytes:
    """Behind its list there is another file."""
    stream = io.BytesIO(data)
    end = data.rindex(b"manifest.sha256", 0, len(data))
    del stream
    info = tarfile.TarInfo("objects/boards/a.png")
    info.size = 0
    at = end - end % 512
    size = int(data[at + 124 : at + 135], 8)
    after = at + 512 + size + -size % 512
    return data[:after] + info.tobuf(tarfile.USTAR_FORMAT) + bytes(1024)


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut in its middle": (cut, "not copied whole"),
    "without its end": (lambda data: data[:-1024], "not copied whole"),
    "a bit": (flipped, "damaged"),
    "empty": (lambda _: b"", "no backup"),
    "a picture": (lambda _: b"\x89PNG" * 1000, "no backup"),
    "a link": (linked, "changed, or made by others"),
    "huge": (huge, "changed, or made by others"),
    "one more": (more, "not on its list"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_archive_changes_nothing(damage: str, home: Settings, tmp_path: Path) -> None:
    """It is found before anything is written, and said."""
    path, (spoil, words) = tmp_path / "home.tar", DAMAGED[damage]
    back_up(home, path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Refusal, match=words):
        restore(settings_of(tmp_path / "away"), path)
    assert [] == [each for each in (tmp_path / "away").rglob("*") if each.is_file()]


def test_a_place_that_is_not_empty_stays_as_it_is(home: Settings, tmp_path: Path) -> None:
    """Neither rows nor files are ever written over, nor an archive by a new one."""
    path = tmp_path / "home.tar"
    back_up(home, path)
    rows, files, data = rows_in(home), files_in(home), path.read_bytes()
    with pytest.raises(Refusal, match="is not empty"):
        restore(home, path)
    with pytest.raises(Refusal, match="--keep-files"):
        restore(settings_of(tmp_path / "home", KANTOR_DATABASE_URL=f"sqlite:///{tmp_path}/new.db"), path)
    with pytest.raises(Refusal, match="is there already"):
        back_up(home, path)
    assert (rows, files, data) == (rows_in(home), files_in(home), path.read_bytes())
    assert not (tmp_path / "new.db").exists()


def test_the_database_alone_moves_to_postgresql(home: Settings, tmp_path: Path) -> None:
    """Files that are there already stay, and those that are missing come back."""
    back_up(home, tmp_path / "home.tar")
    rows, files = rows_in(home), files_in(home)
    lost = next(key for key in files if key.endswith("original.mid"))
    objects(home).delete(lost)
    objects(home).put("boards/later.png", b"came since")
    with place(tmp_path / "home", "postgresql") as moved:
        brought = restore(moved, tmp_path / "home.tar", keep_files=True)
        assert settled(rows) == settled(rows_in(moved))
        assert files | {"boards/later.png": b"came since"} == files_in(moved)
    assert 1 == brought.files


def test_a_restore_that_fails_half_way_takes_its_files_away(home: Settings, tmp_path: Path) -> None:
    """The rows are wrong, which shows when all files are there; those of others stay."""
    back_up(home, tmp_path / "home.tar")
    other = changed(tmp_path / "home.tar", WRONG["twice the same"][0])
    away = settings_of(tmp_path / "away")
    objects(away).put("boards/mine.png", b"mine")
    with pytest.raises(Refusal, match="contradict"):
        restore(away, other, keep_files=True)
    assert {"boards/mine.png": b"mine"} == files_in(away)


def test_nothing_to_back_up(tmp_path: Path) -> None:
    """A place that nobody has used is no backup, and a wrong name is no file."""
    empty = settings_of(tmp_path / "home")
    with pytest.raises(Refusal, match="no tables yet"):
        back_up(empty, tmp_path / "a.tar")
    upgrade(database_url(empty))
    with pytest.raises(Refusal, match="no folder"):
        back_up(empty, tmp_path / "nowhere" / "a.tar")
    assert not (tmp_path / "a.tar").exists()
    with pytest.raises(Refusal, match="cannot be read: No such file"):
        restore(empty, tmp_path / "a.tar")


@pytest.mark.parametrize("engine", ENGINES)
def test_who_was_erased_since_is_erased_again(engine: str, tmp_path: Path) -> None:
    """The list among the files knows it, and the one that was taken out; after the restore nothing of hers is in any table or file."""
    home = settings_of(tmp_path / "home")
    with world_in(home) as world:
        lived(world)
        keep_files(world, home)
        back_up(home, tmp_path / "home.tar")
        erase(world, home)
    erase_files(home)
    assert 1 == list_erasures(home, tmp_path / "list.jsonl")
    assert [] == [word for word in HERS if word in (tmp_path / "list.jsonl").read_text(encoding="utf-8")]
    with place(tmp_path / "away", engine) as away:
        brought = restore(away, tmp_path / "home.tar", erasures=tmp_path / "list.jsonl")
        assert ["Erased again, as was done since the backup: 1 people."] == [*brought.notes]
        rows = repr(rows_in(away))
        assert [] == [word for word in HERS if word in rows]
        assert rows_in(home)["submission"] == rows_in(away)["submission"]
        assert {"person.erased"} <= {row["action"] for row in rows_in(away)["audit"]}
        assert {name for name in files_in(home) if "erasures" not in name} == set(files_in(away))
        erase_files(away)
        assert files_in(home) == files_in(away)
        back_up(away, tmp_path / "away.tar")
    with place(tmp_path / "third", engine) as third:
        assert () == restore(third, tmp_path / "away.tar").notes


HERS = (ADA, "Morning Tide", "MorningTide", "bytes of F1", "A comment of Ada")


def lived(world: World) -> None:
    """Ada hands in, and so does Ben."""
    world.contest()
    world.accepted(ADA, "F1", "Morning Tide.mid")
    world.accepted("U0BEN", "F2", "Evening.mid")


def erase(world: World, settings: Settings) -> None:
    """Ada is erased, with the real key and the real place for files."""
    erasure = replace(world.erasure, journal=Journal(objects(settings), vault(settings)))
    erasure.erase(OLIVE, ADA, "Ada")


def erase_files(settings: Settings) -> None:
    """The jobs of an erasure are done, by the use case as the bot has it."""
    with erasing(settings) as erasure:
        for row in rows_in(settings)["job"]:
            if row["name"] == "erase_files":
                erasure.erase_files(**row["args"])


def test_without_the_key_an_erasure_is_not_forgotten(home: Settings, tmp_path: Path) -> None:
    """Only the key tells who it was: with another one, or none, nothing is restored, and the sentence says which is needed."""
    back_up(home, tmp_path / "home.tar")
    later = settings_of(tmp_path / "later")
    with world_in(later) as world:
        lived(world)
        erase(world, later)
    erase_files(later)
    list_erasures(later, tmp_path / "list.jsonl")
    for key in ("", "A" * 43 + "="):
        away = settings_of(tmp_path / "away", KANTOR_SECRET_KEY=key)
        with pytest.raises(ConfigurationError, match="KANTOR_SECRET_KEY"):
            restore(away, tmp_path / "home.tar", erasures=tmp_path / "list.jsonl")
        assert [] == [each for each in (tmp_path / "away").rglob("*") if each.is_file()]


def test_sealed_passwords_need_their_key(home: Settings, tmp_path: Path) -> None:
    """What was sealed stays sealed, with or without the key; the sentence says what to do, and no new key is made."""
    back_up(home, tmp_path / "home.tar")
    (note,) = restore(settings_of(tmp_path / "away", KANTOR_SECRET_KEY=""), tmp_path / "home.tar").notes
    assert "copy the old secret.key" in note
    assert not (tmp_path / "away" / "var" / "secret.key").exists()
    assert () == restore(settings_of(tmp_path / "third"), tmp_path / "home.tar").notes
