"""Every object store keeps the same promises: the folder, and S3 (moto's server and SeaweedFS, both over a real socket)."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import timedelta
from functools import cache
from threading import Barrier, Thread
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from bot.adapters.buckets import S3Objects
from bot.adapters.objects import FolderObjects
from bot.attempts import Deadline, attempt
from bot.errors import AlreadyKept, ConfigurationError, Unavailable
from bot.rules import storage
from tests.makers.canned import Answer, canned, error
from tests.makers.seaweed import ACCESS_KEY, SECRET_KEY, seaweed
from tests.makers.trickle import trickle
from tests.makers.world import ADA, BEN, OLIVE, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from bot.ports import ObjectStore
    from tests.makers.canned import Asked

KEY = "submissions/0a1b/original.mid"
SEAWEED = pytest.param("seaweed", marks=pytest.mark.processes)
SEAWEED_VERSIONS = pytest.param("seaweed with versions", marks=pytest.mark.processes)


@pytest.fixture(scope="session")
def moto_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def seaweed_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as address:
        yield address


@pytest.fixture
def operators(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment that an operator would set, but for the address."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    return monkeypatch


@pytest.fixture(params=["moto", SEAWEED])
def aws(request: pytest.FixtureRequest, operators: pytest.MonkeyPatch) -> str:
    """Each S3 that there is, one after the other."""
    address: str = request.getfixturevalue(f"{request.param}_address")
    operators.setenv("AWS_ENDPOINT_URL", address)
    return address


@cache
def session() -> boto3.Session:
    """One for all: each reads S3's whole vocabulary anew, which takes half a second."""
    return boto3.Session(ACCESS_KEY, SECRET_KEY, region_name="eu-central-1")


def s3() -> S3Client:
    return session().client("s3")


def store(url: str, deadline: Deadline | None = None, *, tries: int = 3) -> S3Objects:
    return S3Objects(url, deadline, session=session(), tries=tries)


@cache
def bucket_of(address: str, *, versions: bool) -> str:
    """One for all tests on that server: of SeaweedFS each takes some volumes."""
    assert address
    return bucket(versions=versions)


def bucket(*, versions: bool = False) -> str:
    name = f"kantor-{uuid4().hex}"
    s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    if versions:
        s3().put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture(
    params=[
        "folder",
        "moto",
        "moto with prefix and versions",
        SEAWEED,
        SEAWEED_VERSIONS,
    ]
)
def objects(request: pytest.FixtureRequest, tmp_path: Path, operators: pytest.MonkeyPatch) -> ObjectStore:
    if request.param == "folder":
        return FolderObjects(tmp_path / "objects")
    server, *more = request.param.split()
    operators.setenv("AWS_ENDPOINT_URL", address := request.getfixturevalue(f"{server}_address"))
    if "prefix" not in more and server == "moto":
        return store(f"s3://{bucket()}")
    return store(f"s3://{bucket_of(address, versions='versions' in more)}/contests/{uuid4().hex}/")


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


def test_what_was_handed_in_is_never_replaced(objects: ObjectStore) -> None:
    """The same bytes a second time are no error; other ones are, and those that came first stay. Deleted, it can be handed in anew."""
    objects.keep(KEY, b"the first")
    objects.keep(KEY, b"the first")

    with pytest.raises(AlreadyKept, match="other bytes under submissions"):
        objects.keep(KEY, b"another")
    assert b"the first" == objects.get(KEY)
    objects.delete(KEY)
    objects.keep(KEY, b"another")
    assert b"another" == objects.get(KEY)


@pytest.mark.parametrize(
    "objects", ["folder", SEAWEED, SEAWEED_VERSIONS], indirect=True
)  # moto looks first, and writes then
def test_of_two_at_the_same_moment_one_is_kept(objects: ObjectStore) -> None:
    """Whoever hands in: one of them is told that it is kept, all others that it is not."""
    together, told = Barrier(6), list[Exception | None]()

    def hand_in(number: int) -> None:
        together.wait()
        told.append(attempt(lambda: objects.keep(KEY, bytes([number]) * 1000)))

    threads = [Thread(target=hand_in, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    refused = [each for each in told if each is not None]
    assert (6, 5, 1) == (len(told), len(refused), len(set(objects.get(KEY))))
    assert all(isinstance(each, AlreadyKept | Unavailable) for each in refused)


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


def test_clear(objects: ObjectStore) -> None:
    """All that is below the folder is gone, what is beside it is not, and a second time nothing happens."""
    for key in (KEY, "submissions/0a1b/deep/er.png", "submissions/0a1bc/original.mid"):
        objects.put(key, b"x")
    objects.clear("submissions/0a1b")
    objects.clear("submissions/0a1b")
    objects.clear("submissions/0a1bc/original.mid")

    assert ["submissions/0a1bc/original.mid"] == objects.below("submissions")


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
        lambda: objects.keep(key, b"x"),
        lambda: objects.get(key),
        lambda: objects.exists(key),
        lambda: objects.below(key),
        lambda: objects.delete(key),
        lambda: objects.clear(key),
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


def test_a_folder_that_has_no_links_keeps_all_the_same(tmp_path: Path) -> None:
    """Some shared folders cannot give a file two names."""

    def no_link(_: Path, __: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    objects = FolderObjects(tmp_path, second_name=no_link)
    objects.keep(KEY, b"the first")
    objects.keep(KEY, b"the first")

    with pytest.raises(AlreadyKept):
        objects.keep(KEY, b"another")
    assert b"the first" == objects.get(KEY)
    assert [tmp_path / KEY] == [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_is_cleared_of_what_was_never_whole(tmp_path: Path) -> None:
    """Where the power went in the middle, half of somebody's file lies there under a name of no object's."""
    FolderObjects(tmp_path).put(KEY, b"x")
    (tmp_path / KEY).with_name(".half").write_bytes(b"half of it")
    FolderObjects(tmp_path).clear("submissions/0a1b")

    assert [] == sorted(tmp_path.rglob("*"))


@pytest.mark.parametrize("erase", ["delete", "clear"])
def test_no_version_is_left(aws: str, erase: str) -> None:
    """Where the bucket keeps versions: each that there was goes, also of what somebody had deleted, with its mark; a neighbour's stay."""
    name = bucket(versions=True)
    objects, beside = store(f"s3://{name}/here"), store(f"s3://{name}/here too")
    for data in (b"first", b"second"):
        objects.put(KEY, data)
        beside.put(KEY, data)
        for folder in ("here", "here too"):
            s3().delete_object(Bucket=name, Key=f"{folder}/{KEY}")  # as Kantor did before
    if erase == "delete":
        objects.delete(KEY)
    else:
        objects.clear("submissions/0a1b")

    left = s3().list_object_versions(Bucket=name)
    assert ({f"here too/{KEY}"}, 2, 2) == (
        {each["Key"] for each in (*left["Versions"], *left["DeleteMarkers"])},
        len(left["Versions"]),
        len(left["DeleteMarkers"]),
    )


def test_an_erasure_leaves_no_version(aws: str, tmp_path: Path) -> None:
    """In a bucket with versions nothing of hers is left, drawn once or twice, and all of his is there."""
    name = bucket(versions=True)
    objects = store(f"s3://{name}/kantor")
    with small_world(tmp_path) as world:
        world.contest()
        checks, erasure = replace(world.verdicts, objects=objects), replace(world.erasure, objects=objects)
        hers, his = world.upload(ADA, "F1"), world.upload(BEN, "F2")
        assert hers is not None
        assert his is not None
        for piece in (hers, his):
            checks.check(piece.id)
            objects.put(storage.picture(piece.folder), b"drawn once more")
            s3().delete_object(Bucket=name, Key=f"kantor/{storage.sound(piece.folder)}")
        world.erasure.erase(OLIVE, ADA, "Ada")
        erasure.erase_files([hers.id], [])

    left = s3().list_object_versions(Bucket=name)
    keys = {each["Key"] for each in (*left["Versions"], *left["DeleteMarkers"])}
    assert {f"kantor/contests/{his.contest_id}/{his.id}/{his.id}"} == {key.rpartition("/")[0] for key in keys}
    assert b"bytes of F2" == objects.get(storage.original(his.folder))


def test_two_prefixes_share_a_bucket(aws: str) -> None:
    """What is kept below one prefix is not seen below another."""
    name = bucket()
    store(f"s3://{name}/one").put(KEY, b"x")

    assert (True, False) == (store(f"s3://{name}/one/").exists(KEY), store(f"s3://{name}/two").exists(KEY))


def questions(objects: ObjectStore) -> dict[str, Callable[[], object]]:
    """All that can be asked of a store, by name."""
    return {
        "put": lambda: objects.put(KEY, b"x"),
        "keep": lambda: objects.keep(KEY, b"x"),
        "get": lambda: objects.get(KEY),
        "exists": lambda: objects.exists(KEY),
        "below": lambda: objects.below("submissions"),
        "delete": lambda: objects.delete(KEY),
        "clear": lambda: objects.clear("submissions"),
    }


def told(objects: ObjectStore) -> dict[str, tuple[type[Exception] | None, str]]:
    """What each question raises, and its sentence."""
    failures = {name: attempt(question) for name, question in questions(objects).items()}
    return {name: (type(failure) if failure else None, str(failure or "")) for name, failure in failures.items()}


def test_bucket_that_does_not_exist(aws: str) -> None:
    """A bucket that nobody made is told to the operator; S3 gives no reason where it is asked for the head of an object only."""
    found = told(store("s3://no-such-bucket/x"))

    assert (None, "") == found.pop("exists")
    for kind, sentence in found.values():
        assert (ConfigurationError, True) == (kind, "'no-such-bucket' does not exist: make it" in sentence)


@pytest.mark.processes
def test_wrong_credentials(operators: pytest.MonkeyPatch, seaweed_address: str) -> None:
    """A key that S3 does not know, a wrong secret, or none at all: the operator reads which, and never the secret."""
    operators.setenv("AWS_ENDPOINT_URL", seaweed_address)
    name = bucket()
    for key, secret, words in (
        ("another-key", SECRET_KEY, "does not know the access key"),
        (ACCESS_KEY, "another-secret", "was asked with a wrong secret"),
    ):
        operators.setenv("AWS_ACCESS_KEY_ID", key)
        operators.setenv("AWS_SECRET_ACCESS_KEY", secret)
        found = told(S3Objects(f"s3://{name}"))
        assert "credentials may be wrong" in found.pop("exists")[1]
        for kind, sentence in found.values():
            assert (ConfigurationError, True, False) == (kind, words in sentence, secret in sentence)


def test_no_credentials(operators: pytest.MonkeyPatch) -> None:
    """The operator reads what to set."""
    operators.delenv("AWS_ACCESS_KEY_ID")
    operators.delenv("AWS_SECRET_ACCESS_KEY")
    operators.setenv("AWS_EC2_METADATA_DISABLED", "true")
    operators.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")

    assert {(ConfigurationError, True)} == {
        (kind, "set AWS_ACCESS_KEY_ID" in sentence) for kind, sentence in told(S3Objects("s3://kantor")).values()
    }


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (503, "SlowDown", Unavailable, "wants fewer requests"),
        (500, "InternalError", Unavailable, "a fault of its own"),
        (409, "ConditionalRequestConflict", Unavailable, "another was writing"),
        (403, "AccessDenied", ConfigurationError, "need the policy that kantor aws bootstrap shows"),
        (403, "RequestTimeTooSkewed", ConfigurationError, "turn on NTP"),
        (400, "ExpiredToken", ConfigurationError, "run out"),
        (400, "AuthorizationHeaderMalformed", ConfigurationError, "another region"),
        (400, "KMS.DisabledException", ConfigurationError, "KANTOR_OBJECTS_KMS_KEY"),
        (418, "Teapot", Unavailable, "Teapot"),
    ],
)
def test_each_fault_is_a_sentence(
    operators: pytest.MonkeyPatch, status: int, code: str, kind: type[Exception], words: str
) -> None:
    """What passes is Unavailable, so that it is tried again; what an operator has to mend says how. Words of S3's own are not passed on."""
    with canned(lambda _: error(status, code)) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)
        found = questions(store("s3://kantor", tries=1))
        del found["exists"]  # an answer without a body has no code
        for question in found.values():
            with pytest.raises(kind, match=words) as raised:
                question()
            assert "words of S3" not in str(raised.value)


def test_a_busy_store_is_asked_three_times(operators: pytest.MonkeyPatch) -> None:
    """Whoever waits notices nothing of a store that is busy for a moment."""
    answers = iter([error(503, "SlowDown"), error(503, "SlowDown"), Answer(200, b"MThd")])
    with canned(lambda _: next(answers)) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)

        assert b"MThd" == store("s3://kantor").get(KEY)


def test_bytes_that_changed_on_the_way_are_noticed(operators: pytest.MonkeyPatch) -> None:
    """What is sent carries a checksum, and what comes is compared with the store's."""
    changed, done = Answer(200, b"MThd, and something else", {"x-amz-checksum-crc32": "AAAAAA=="}), Answer(200)
    with canned(lambda asked: changed if asked.method == "GET" else done) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)
        objects = store("s3://kantor")
        with pytest.raises(Unavailable, match="not what was stored"):
            objects.get(KEY)
        objects.put(KEY, b"MThd")

    assert "x-amz-checksum-crc32" in server.asked[-1].headers


@pytest.mark.parametrize("key", ["alias/files", ""])
def test_a_key_of_ones_own_is_named_with_each_object(operators: pytest.MonkeyPatch, key: str) -> None:
    """Without one nothing is said, so that the bucket's own word holds."""
    with canned(lambda _: Answer(200)) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)
        objects = S3Objects("s3://kantor", kms_key=key, session=session())
        objects.put(KEY, b"x")
        objects.keep(KEY, b"x")

    sse = "x-amz-server-side-encryption"
    said = [(each.headers.get(sse), each.headers.get(f"{sse}-aws-kms-key-id")) for each in server.asked]
    assert [("aws:kms", key) if key else (None, None)] * 2 == said


@pytest.mark.processes
def test_a_bucket_that_encrypts_does_so_with_what_we_store(operators: pytest.MonkeyPatch, seaweed_address: str) -> None:
    """And gives it back in the clear."""
    operators.setenv("AWS_ENDPOINT_URL", seaweed_address)
    name = bucket()
    s3().put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    objects = store(f"s3://{name}")
    objects.keep(KEY, b"MThd")

    assert ("AES256", b"MThd") == (s3().head_object(Bucket=name, Key=KEY)["ServerSideEncryption"], objects.get(KEY))


def linked(url: str, operators: pytest.MonkeyPatch, key: str = KEY, filename: str = "take.zip") -> str:
    """A link to that object, by the address at which it is served."""
    operators.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # the bot's own way to the store is another one
    public = S3Objects(f"s3://{url.rpartition('/')[2]}", public_url=url.rpartition("/")[0], session=session())
    found = public.link(key, filename, timedelta(minutes=10))
    assert found is not None
    return found


@pytest.mark.processes
def test_a_link_gives_the_file_under_its_name(operators: pytest.MonkeyPatch, seaweed_address: str) -> None:
    """To a browser without any credentials, as something to save, and kept by no cache between; with another key in it, to nobody."""
    operators.setenv("AWS_ENDPOINT_URL", seaweed_address)
    name = bucket()
    for key in (KEY, f"{KEY}.bak"):
        store(f"s3://{name}").put(key, key.encode())
    url = linked(f"{seaweed_address}/{name}", operators, filename='Zoë\'s "jam".zip')
    given, other = httpx.get(url), httpx.get(url.replace("original.mid", "original.mid.bak"))

    assert (200, KEY.encode(), "no-store") == (given.status_code, given.content, given.headers["Cache-Control"])
    said = given.headers["Content-Disposition"]
    assert "attachment; filename=\"Zo__s _jam_.zip\"; filename*=UTF-8''Zo%C3%AB%27s%20%22jam%22.zip" == said
    assert 403 == other.status_code


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1"])
def test_a_link_is_signed_for_ten_minutes_in_the_way_that_each_region_takes(
    operators: pytest.MonkeyPatch, region: str
) -> None:
    """With the newer signature; the old one, which boto3 takes by itself in some regions, knows no KMS."""
    operators.setenv("AWS_DEFAULT_REGION", region)
    there = boto3.Session(ACCESS_KEY, SECRET_KEY)
    objects = S3Objects("s3://kantor/here", public_url="https://files.example:8443/", session=there)
    url = httpx.URL(objects.link(KEY, "take.zip", timedelta(minutes=10)) or "")

    assert ("files.example:8443", f"/kantor/here/{KEY}") == (url.netloc.decode(), url.path)
    assert ("AWS4-HMAC-SHA256", "600", f"/{region}/s3/") == (
        url.params["X-Amz-Algorithm"],
        url.params["X-Amz-Expires"],
        url.params["X-Amz-Credential"][-len(f"/{region}/s3/aws4_request") : -len("aws4_request")],
    )


@pytest.mark.parametrize(
    "address", ["files.example", "ftp://files.example", "https://", "https://files.example/bucket"]
)
def test_an_address_for_links_that_is_none(address: str) -> None:
    """The operator reads what to write."""
    with pytest.raises(ConfigurationError, match="write an address such as https"):
        S3Objects("s3://kantor", public_url=address, session=session())


def test_without_an_address_there_are_no_links(tmp_path: Path) -> None:
    """Nor are there to a folder: files go the way they always did."""
    for objects in (store("s3://kantor"), FolderObjects(tmp_path)):
        assert None is objects.link(KEY, "take.zip", timedelta(minutes=10))


def versions_told(number: int) -> Answer:
    """What S3 says where there are so many."""
    rows = (f"<Version><Key>{KEY}</Key><VersionId>{each}</VersionId></Version>" for each in range(number))
    return Answer(200, f"<ListVersionsResult>{''.join(rows)}</ListVersionsResult>".encode())


def test_versions_go_a_thousand_at_once(operators: pytest.MonkeyPatch) -> None:
    """S3 takes no more in one call."""
    done = Answer(200, b"<DeleteResult/>")
    with canned(lambda asked: done if asked.method == "POST" else versions_told(2001)) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)
        store("s3://kantor").delete(KEY)

    assert ["GET", "POST", "POST", "POST"] == [asked.method for asked in server.asked]
    assert [1000, 1000, 1] == [asked.body.count(b"<Key>") for asked in server.asked[1:]]


def test_a_version_that_may_not_be_deleted_is_told(operators: pytest.MonkeyPatch) -> None:
    """S3 says so in an answer that looks well: an erasure that erased nothing would be told as done."""
    refused = Answer(
        200, f"<DeleteResult><Error><Key>{KEY}</Key><Code>AccessDenied</Code></Error></DeleteResult>".encode()
    )
    with canned(lambda asked: refused if asked.method == "POST" else versions_told(1)) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)
        with pytest.raises(ConfigurationError, match="need the policy"):
            store("s3://kantor").delete(KEY)


def test_a_store_without_versions_deletes_what_there_is(operators: pytest.MonkeyPatch) -> None:
    """Not each store that speaks S3 knows them."""

    def answer(asked: Asked) -> Answer:
        if "versions" in asked.path:
            return error(501, "NotImplemented")
        if asked.method == "POST":
            return Answer(200, b"<DeleteResult/>")
        return Answer(200, f"<ListBucketResult><Contents><Key>{KEY}</Key></Contents></ListBucketResult>".encode())

    with canned(answer) as server:
        operators.setenv("AWS_ENDPOINT_URL", server.address)
        store("s3://kantor").delete(KEY)

    assert (True, False) == (KEY.encode() in server.asked[-1].body, b"VersionId" in server.asked[-1].body)


def test_s3_that_does_not_answer(operators: pytest.MonkeyPatch) -> None:
    """A server that is not there is Unavailable, whatever is asked."""
    operators.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    for kind, sentence in told(store("s3://kantor", tries=1)).values():
        assert (True, True) == (kind is not None and issubclass(kind, Unavailable), "cannot be reached" in sentence)


@pytest.mark.parametrize("url", ["s3://", "s3:///prefix", "https://bucket", "s3://UPPER/x", "bucket"])
def test_address_that_is_none(url: str) -> None:
    """An address that names no bucket is told to the operator, with what to write."""
    with pytest.raises(ConfigurationError, match="s3://bucket/prefix"):
        store(url)


@pytest.mark.parametrize("in_head", [True, False])
def test_a_store_that_answers_a_byte_now_and_then_is_given_up(operators: pytest.MonkeyPatch, *, in_head: bool) -> None:
    """Each byte comes in time, and the whole does not: whoever asked is free again, and tries later."""
    with trickle(in_head=in_head) as address:
        operators.setenv("AWS_ENDPOINT_URL", address)
        objects = store("s3://bucket", Deadline(0.3))
        calls: list[Callable[[], object]] = [
            lambda: objects.get(KEY),
            lambda: objects.put(KEY, b"x"),
            lambda: objects.below("submissions"),
        ]
        # The answer to the other two is its head alone.
        calls += [lambda: objects.exists(KEY), lambda: objects.delete(KEY)] if in_head else []
        for call in calls:
            with pytest.raises(Unavailable, match="did not answer in time"):
                call()
