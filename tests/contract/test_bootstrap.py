"""``kantor aws bootstrap``: what it sends, and in which order; and that a second run changes nothing.

moto forgives much, so the requests are held against botocore's own model of AWS (its Stubber), one by one.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws
from typer.testing import CliRunner

from bot.adapters.bootstrap import Bootstrap, Clients
from bot.cli import app
from bot.errors import ConfigurationError
from bot.rules.buckets import Place, bot_policy, lifecycle, tls_only
from tests.makers.seaweed import ACCESS_KEY, SECRET_KEY, seaweed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from botocore.client import BaseClient


ACCOUNT, URL, BUCKET = "123456789012", "s3://kantor-files/prod", "kantor-files"
OURS = {"Bucket": BUCKET, "ExpectedBucketOwner": ACCOUNT}
PUBLIC = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
DONE = {"ResponseMetadata": {"HTTPStatusCode": 200}}
LOOKS = (
    ("get_public_access_block", "NoSuchBucket"),
    ("get_bucket_ownership_controls", "NoSuchBucket"),
    ("get_bucket_encryption", "NoSuchBucket"),
    ("get_bucket_versioning", "NoSuchBucket"),
    ("get_bucket_lifecycle_configuration", "NoSuchBucket"),
    ("get_bucket_policy", "NoSuchBucket"),
)


class Script:
    """AWS, which expects these requests in this order, and no other one."""

    def __init__(self, region: str, partition: str = "aws") -> None:
        session = boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=region)
        self.clients = Clients.found(session)
        self.s3, self.iam, self.sts = (Stubber(each) for each in (self.clients.s3, self.clients.iam, self.clients.sts))
        caller = {
            "Account": ACCOUNT,
            "Arn": f"arn:{partition}:iam::{ACCOUNT}:user/olive",
            "UserId": "AIDA0000000000000000",
        }
        self.sts.add_response("get_caller_identity", caller, {})

    def there_is_nothing(self) -> None:
        self.s3.add_client_error("head_bucket", "404", http_status_code=404, expected_params=OURS)
        for method, code in LOOKS:
            self.s3.add_client_error(method, code, expected_params=OURS)

    @contextmanager
    def played(self) -> Iterator[None]:
        with self.s3, self.iam, self.sts:
            yield
            for each in (self.s3, self.iam, self.sts):
                each.assert_no_pending_responses()


def applied(bootstrap: Bootstrap) -> list[str]:
    """The names of the steps, as they were done."""
    done: list[str] = []
    bootstrap.apply([step for step in bootstrap.plan() if step.apply is not None], lambda step: done.append(step.name))
    return done


@pytest.mark.parametrize(
    ("region", "partition", "place"),
    [
        ("us-east-1", "aws", {}),  # where S3 refuses to be told its name
        ("eu-central-1", "aws", {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}),
        ("cn-north-1", "aws-cn", {"CreateBucketConfiguration": {"LocationConstraint": "cn-north-1"}}),
    ],
)
def test_a_new_bucket_takes_these_requests_in_this_order(region: str, partition: str, place: dict[str, Any]) -> None:
    """The bucket, then what closes it, then the rest; each but the first one names the account that must own it."""
    script = Script(region, partition)
    script.there_is_nothing()
    there = Place(BUCKET, "prod/", partition, region, ACCOUNT)
    assert f"arn:{partition}:s3:::kantor-files" == there.arn
    sealed = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    own = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [tls_only(there)]})
    for method, parameters in (
        ("create_bucket", {"Bucket": BUCKET, "ObjectOwnership": "BucketOwnerEnforced", **place}),
        ("head_bucket", OURS),
        ("put_public_access_block", {**OURS, "PublicAccessBlockConfiguration": PUBLIC}),
        ("put_bucket_ownership_controls", {**OURS, "OwnershipControls": own}),
        ("put_bucket_encryption", {**OURS, "ServerSideEncryptionConfiguration": sealed}),
        ("put_bucket_versioning", {**OURS, "VersioningConfiguration": {"Status": "Enabled"}}),
        ("put_bucket_lifecycle_configuration", {**OURS, "LifecycleConfiguration": {"Rules": lifecycle(there)}}),
        ("put_bucket_policy", {**OURS, "Policy": policy}),
    ):
        script.s3.add_response(method, DONE, parameters)
    arn, missing = f"arn:{partition}:iam::{ACCOUNT}:policy/kantor", "NoSuchEntity"
    script.iam.add_client_error("get_policy", missing, expected_params={"PolicyArn": arn})
    document = json.dumps(bot_policy(there))
    script.iam.add_response("create_policy", {}, {"PolicyName": "kantor", "PolicyDocument": document})

    with script.played():
        done = applied(Bootstrap(script.clients, URL, policy_name="kantor"))

    assert [
        "bucket",
        "public access",
        "ownership",
        "encryption",
        "versions",
        "lifecycle",
        "transport",
        "policy kantor",
    ] == done


def test_what_others_have_set_stays() -> None:
    """Their rules and statements are sent again beside ours, and a key of the bucket's own is not taken from it."""
    script, there = Script("eu-central-1"), Place(BUCKET, "prod/", region="eu-central-1", account=ACCOUNT)
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 1}}
    old = {**lifecycle(there)[0], "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    statement = {"Sid": "Theirs", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": there.arn}
    key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/theirs"}
    found: dict[str, dict[str, Any]] = {
        "head_bucket": {"BucketRegion": "eu-central-1"},
        "get_public_access_block": {"PublicAccessBlockConfiguration": PUBLIC},
        "get_bucket_ownership_controls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        "get_bucket_encryption": {
            "ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": key}]}
        },
        "get_bucket_versioning": {"Status": "Enabled"},
        "get_bucket_lifecycle_configuration": {"Rules": [old, rule]},
        "get_bucket_policy": {"Policy": json.dumps({"Version": "2008-10-17", "Statement": [statement]})},
    }
    for method, answer in found.items():
        script.s3.add_response(method, answer, OURS)
    rules = {"Rules": [rule, *lifecycle(there)]}
    script.s3.add_response("put_bucket_lifecycle_configuration", {}, {**OURS, "LifecycleConfiguration": rules})
    policy = json.dumps({"Version": "2008-10-17", "Statement": [statement, tls_only(there)]})
    script.s3.add_response("put_bucket_policy", {}, {**OURS, "Policy": policy})

    with script.played():
        assert ["lifecycle", "transport"] == applied(Bootstrap(script.clients, URL))


def test_the_sixth_version_of_a_policy_takes_the_place_of_the_oldest() -> None:
    """IAM keeps five, and the one that counts is never deleted."""
    script, arn = Script("us-east-1"), f"arn:aws:iam::{ACCOUNT}:policy/kantor-of-our-bot"
    script.there_is_nothing()
    at = [
        {"VersionId": f"v{number}", "IsDefaultVersion": number == 1, "CreateDate": f"2026-11-0{number}"}
        for number in range(1, 6)
    ]
    document = json.dumps(bot_policy(Place(BUCKET, "prod/", account=ACCOUNT)))
    script.iam.add_response("get_policy", {"Policy": {"DefaultVersionId": "v1"}}, {"PolicyArn": arn})
    old = {"PolicyVersion": {"Document": "{}"}}
    script.iam.add_response("get_policy_version", old, {"PolicyArn": arn, "VersionId": "v1"})
    script.iam.add_response("list_policy_versions", {"Versions": at}, {"PolicyArn": arn})
    script.iam.add_response("delete_policy_version", {}, {"PolicyArn": arn, "VersionId": "v2"})
    new = {"PolicyArn": arn, "PolicyDocument": document, "SetAsDefault": True}
    script.iam.add_response("create_policy_version", {}, new)

    with script.played():
        bootstrap = Bootstrap(script.clients, URL, policy_name="kantor-of-our-bot")
        bootstrap.apply(bootstrap.plan()[-1:])


def test_a_failure_says_what_was_done_and_what_to_run() -> None:
    """The steps before it stay done, those behind it are named, and so is what AWS refused."""
    script = Script("us-east-1")
    script.there_is_nothing()
    script.s3.add_response("create_bucket", {})
    script.s3.add_response("head_bucket", DONE)
    script.s3.add_response("put_public_access_block", {})
    script.s3.add_client_error("put_bucket_ownership_controls", "AccessDenied", "words of AWS's")

    with script.played(), pytest.raises(ConfigurationError) as raised:
        applied(Bootstrap(script.clients, URL))
    assert str(raised.value) == (
        "I could not make the ownership so (done: bucket, public access; not done: ownership, encryption, versions, lifecycle, transport; "
        "mend it, and run the same command again): these credentials may not do that: use an administrator's "
        "(AccessDenied on PutBucketOwnershipControls)."
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("403", "belongs to another account, or these credentials may not see it"),
        ("ExpiredToken", "have run out"),
        ("Teapot", "AWS refused it .Teapot on HeadBucket."),
    ],
)
def test_what_cannot_be_looked_at_is_told(code: str, words: str) -> None:
    """And nothing is changed."""
    script = Script("us-east-1")
    script.s3.add_client_error("head_bucket", code)

    with script.played(), pytest.raises(ConfigurationError, match=words):
        Bootstrap(script.clients, URL).plan()


def test_a_bucket_in_another_region_is_told() -> None:
    """With the region to set."""
    script = Script("us-east-1")
    script.s3.add_response("head_bucket", {"BucketRegion": "eu-west-1"})

    with script.played(), pytest.raises(ConfigurationError, match="AWS_DEFAULT_REGION=eu-west-1"):
        Bootstrap(script.clients, URL).plan()


@pytest.mark.parametrize(
    ("key", "resource", "alias"),
    [
        ("11-22", "arn:aws-cn:kms:cn-north-1:1:key/11-22", None),
        ("arn:aws-cn:kms:cn-north-1:2:key/33", "arn:aws-cn:kms:cn-north-1:2:key/33", None),
        ("alias/files", "arn:aws-cn:kms:cn-north-1:1:key/*", "alias/files"),
        ("arn:aws-cn:kms:cn-north-1:1:alias/files", "arn:aws-cn:kms:cn-north-1:1:key/*", "alias/files"),
    ],
)
def test_the_policy_of_a_key_names_that_key(key: str, resource: str, alias: str | None) -> None:
    """By its ARN or by its alias, and through S3 alone."""
    *others, use = bot_policy(Place(BUCKET, "", "aws-cn", "cn-north-1", "1", key))["Statement"]

    assert (resource, "s3.cn-north-1.amazonaws.com.cn") == (
        use["Resource"],
        use["Condition"]["StringEquals"]["kms:ViaService"],
    )
    assert alias == use["Condition"].get("ForAnyValue:StringEquals", {}).get("kms:ResourceAliases")
    assert ["arn:aws-cn:s3:::kantor-files/*"] == [
        each["Resource"] for each in others if each["Sid"] == "KantorKeepsFiles"
    ]


def asked_of(client: BaseClient) -> list[str]:
    """The operations that this client is asked for, from now on."""
    asked: list[str] = []
    client.meta.events.register("before-call", lambda model, **_: asked.append(model.name))
    return asked


@mock_aws
@pytest.mark.parametrize("url", [URL, "s3://kantor-files"])
def test_a_second_run_changes_nothing(url: str) -> None:
    """All that the first one has set is found by the second one, which only looks."""
    clients = Clients.found(boto3.Session(ACCESS_KEY, SECRET_KEY, region_name="eu-central-1"))
    assert 8 == len(applied(Bootstrap(clients, url, kms_key="alias/files", policy_name="kantor")))
    asked = [asked_of(each) for each in (clients.s3, clients.iam)]
    again = Bootstrap(clients, url, kms_key="alias/files", policy_name="kantor").plan()

    assert [] == [step.name for step in again if step.apply is not None]
    assert [] == [name for names in asked for name in names if not name.startswith(("Get", "Head"))]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as address:
        yield address


@pytest.mark.processes
def test_a_real_store_gets_what_it_knows(address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SeaweedFS: a plan first, then what it knows of; a second run changes nothing; the doctor is content then, and was not before."""
    for name, value in (
        ("AWS_ENDPOINT_URL", address),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("KANTOR_OBJECTS_URL", URL),
        ("KANTOR_DATA", str(tmp_path)),
    ):
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    planned = run(app, ["aws", "bootstrap"])
    assert (0, True, True) == (
        planned.exit_code,
        "kantor-files in eu-central-1" in planned.stdout,
        "add --yes" in planned.stdout,
    )
    assert "does not exist" in run(app, ["doctor"]).stdout

    boto3.Session().client("s3").create_bucket(Bucket=BUCKET)
    assert "bucket: It does not say that it encrypts; it keeps no versions" in run(app, ["doctor"]).stdout

    first, second = run(app, ["aws", "bootstrap", "--yes"]), run(app, ["aws", "bootstrap", "--yes"])
    assert (0, 0) == (first.exit_code, second.exit_code)
    assert ("done: versions" in first.stdout, "not known to this store" in first.stdout) == (True, True)
    assert "All is as it should be: nothing was changed." in second.stdout
    assert '"arn:aws:s3:::kantor-files/prod/*"' in second.stdout
    said = run(app, ["doctor"]).stdout
    assert ("takes, gives, keeps and deletes" in said, "all is well with what this store knows" in said) == (True, True)


def test_without_a_bucket_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files in the data folder need nothing of AWS: the operator reads what to set."""
    monkeypatch.setenv("KANTOR_DATA", str(tmp_path))
    done = CliRunner().invoke(app, ["aws", "bootstrap"])

    assert (2, True) == (done.exit_code, "KANTOR_OBJECTS_URL" in done.stderr)
