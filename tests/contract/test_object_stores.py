"""Every object store keeps the same promises: the folder, and S3 (moto's server, over a real socket)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from bot.adapters.buckets import S3Objects
from bot.adapters.objects import FolderObjects
from bot.attempts import Deadline
from bot.errors import ConfigurationError, Unavailable
from tests.makers.trickle import trickle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.ports import ObjectStore

KEY = "submissions/0a1b/original.mid"


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment that an operator would set."""
    for name, value in (
        ("AWS_ENDPOINT_URL", s3_address),
        ("AWS_ACCESS_KEY_ID", "made-up"),
        ("AWS_SECRET_ACCESS_KEY", "made-up"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
    ):
        monkeypatch.setenv(name, value)
    return s3_address


def bucket() -> str:
    name = f"kantor-{uuid4().hex}"
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return name


@pytest.fixture(params=["folder", "s3", "s3 with prefix"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "folder":
        return FolderObjects(tmp_path / "objects")
    request.getfixturevalue("aws")
    return S3Objects(f"s3://{bucket()}" + ("/contests/2026/" if request.param == "s3 with prefix" else ""))


@pytest.mark.parametrize("data", [b"MThd\x00\xff", b"", bytes(range(256)) * 4096], ids=["few", "none", "a megabyte"])
def test_bytes_come_back(objects: ObjectStore, data: bytes) -> None:
    """What was put is what is got, to the byte."""
    objects.put(KEY, data)

    assert data == objects.get(KEY)


def test_put_replaces(objects: ObjectStore) -> None:
    """A second put of the same key replaces the object whole."""
    objects.put(KEY, b"a long first version")
    objects.put(KEY, b"second")

    assert b"second" == objects.get(KEY)


def test_exists(objects: ObjectStore) -> None:
    """An object exists once it was put; its folder and its neighbours do not."""
    before = objects.exists(KEY)
    objects.put(KEY, b"x")

    assert (False, True, False, False) == (
        before,
        objects.exists(KEY),
        objects.exists("submissions/0a1b"),
        objects.exists(f"{KEY}.bak"),
    )


def test_what_is_below_a_folder(objects: ObjectStore) -> None:
    """All of it, at whatever depth, and nothing of a neighbour whose name begins alike."""
    kept = ["submissions/0a1b/original.mid", "submissions/0a1b/deep/er.png", "submissions/0a1bc/original.mid"]
    for key in kept:
        objects.put(key, b"x")

    assert ([kept[1], kept[0]], []) == (objects.below("submissions/0a1b"), objects.below("submissions/none"))


def test_delete(objects: ObjectStore) -> None:
    """What was deleted is gone, its neighbour is not, and it can be put anew."""
    objects.put(KEY, b"x")
    objects.put(f"{KEY}.bak", b"y")
    objects.delete(KEY)
    objects.delete(KEY)

    with pytest.raises(KeyError):
        objects.get(KEY)
    assert [f"{KEY}.bak"] == objects.below("submissions/0a1b")
    objects.put(KEY, b"z")
    assert b"z" == objects.get(KEY)


@pytest.mark.parametrize("key", [KEY, "submissions", f"{KEY}/below"])
def test_delete_what_is_not_there(objects: ObjectStore, key: str) -> None:
    """Nothing happens, also where a folder or another object is in its way."""
    if key != KEY:
        objects.put(KEY, b"x")
    objects.delete(key)
    assert (key != KEY) == objects.exists(KEY)


@pytest.mark.parametrize("key", [KEY, "submissions", f"{KEY}/below"])
def test_missing_object(objects: ObjectStore, key: str) -> None:
    """A key without an object is a KeyError, also where a folder or another object is in its way."""
    if key != KEY:
        objects.put(KEY, b"x")

    with pytest.raises(KeyError):
        objects.get(key)


@pytest.mark.parametrize(
    "key", ["../escape", "a/../../escape", "/etc/passwd", "", "a//b", ".hidden", "a/./b", "a\\b", "a\n", "a\x00b"]
)
def test_keys_cannot_leave(objects: ObjectStore, key: str) -> None:
    """A key that could lead out of the store is refused by every question, before anything is touched."""
    for question in (
        lambda: objects.put(key, b"x"),
        lambda: objects.get(key),
        lambda: objects.exists(key),
        lambda: objects.below(key),
        lambda: objects.delete(key),
    ):
        with pytest.raises(ValueError, match="not a key"):
            question()


def test_folder_leaves_no_scraps(tmp_path: Path) -> None:
    """After a put there is the object and nothing beside it; after its delete nothing."""
    FolderObjects(tmp_path).put("a/b.mid", b"x")

    assert [tmp_path / "a", tmp_path / "a" / "b.mid"] == sorted(tmp_path.rglob("*"))
    FolderObjects(tmp_path).delete("a/b.mid")

    assert [] == sorted(tmp_path.rglob("*"))


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A disk that fails is Unavailable: the work is tried again."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Unavailable, match="cannot write"):
        FolderObjects(tmp_path / "file").put("a.mid", b"x")


def test_two_prefixes_share_a_bucket(aws: str) -> None:
    """What is kept below one prefix is not seen below another."""
    name = bucket()
    S3Objects(f"s3://{name}/one").put(KEY, b"x")

    assert (True, False) == (S3Objects(f"s3://{name}/one/").exists(KEY), S3Objects(f"s3://{name}/two").exists(KEY))


def test_bucket_that_does_not_exist(aws: str) -> None:
    """A bucket that nobody made is told to the operator."""
    with pytest.raises(ConfigurationError, match="no-such-bucket"):
        S3Objects("s3://no-such-bucket/x").put(KEY, b"x")


def test_s3_that_does_not_answer(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is not there is Unavailable, whatever is asked."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    objects = S3Objects("s3://kantor")

    for question in (
        lambda: objects.put(KEY, b"x"),
        lambda: objects.get(KEY),
        lambda: objects.exists(KEY),
        lambda: objects.below("submissions"),
        lambda: objects.delete(KEY),
    ):
        with pytest.raises(Unavailable, match="object store failed"):
            question()


@pytest.mark.parametrize("url", ["s3://", "s3:///prefix", "https://bucket", "s3://UPPER/x", "bucket"])
def test_address_that_is_none(url: str) -> None:
    """An address that names no bucket is told to the operator, with what to write."""
    with pytest.raises(ConfigurationError, match="s3://bucket/prefix"):
        S3Objects(url)


@pytest.mark.parametrize("in_head", [True, False])
def test_a_store_that_answers_a_byte_now_and_then_is_given_up(
    aws: str, monkeypatch: pytest.MonkeyPatch, *, in_head: bool
) -> None:
    """Each byte comes in time, and the whole does not: whoever asked is free again, and tries later."""
    with trickle(in_head=in_head) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        objects = S3Objects("s3://bucket", Deadline(0.3))
        calls: list[Callable[[], object]] = [
            lambda: objects.get(KEY),
            lambda: objects.put(KEY, b"x"),
            lambda: objects.below("submissions"),
        ]
        # The answer to the other two is its head alone.
        calls += [lambda: objects.exists(KEY), lambda: objects.delete(KEY)] if in_head else []
        for call in calls:
            with pytest.raises(Unavailable, match="TimeoutError"):
                call()
