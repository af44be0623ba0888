"""Makes the bucket that Kantor keeps its files in, and the policy that lets Kantor use it: looks first, says what differs, and changes that alone."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.buckets import NOT_KNOWN, UNSET, code_of, place_of
from bot.errors import ConfigurationError
from bot.rules import buckets as rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.rules.buckets import Document, Place

MOST_VERSIONS = 5
"""So many versions of a policy IAM keeps."""
_NOTHING = UNSET | {"NoSuchBucket", "NoSuchEntity"}
"""What AWS says where nothing is set yet."""
_WHY = {
    "BucketAlreadyExists": "somebody else has a bucket of that name: choose another in KANTOR_OBJECTS_URL",
    "OperationAborted": "AWS is still busy with another change of that bucket: wait a minute",
    "AccessDenied": "these credentials may not do that: use an administrator's",
    "403": "the bucket belongs to another account, or these credentials may not see it: choose another name in KANTOR_OBJECTS_URL, or use an administrator's",
    "301": "the bucket is in another region: set AWS_DEFAULT_REGION to it",
    "InvalidClientTokenId": "AWS does not know these credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "SignatureDoesNotMatch": "the secret does not belong to the access key: set AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "these credentials have run out: get new ones",
    "NoCredentialsError": "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "NoRegionError": "there is no region: set AWS_DEFAULT_REGION",
    "InvalidBucketAclWithObjectOwnership": "the bucket has an ACL that lets others in: reset it to private first",
    "MalformedPolicyDocument": "IAM does not take the policy",
    "EndpointConnectionError": "AWS cannot be reached",
}


@dataclass(frozen=True)
class Step:
    """One thing about the bucket, or beside it."""

    name: str
    before: str
    after: str
    apply: Callable[[], object] | None
    """Makes it so; None where it is so, or cannot be."""


@dataclass(frozen=True)
class Found:
    """How a thing is, how it should be, and what makes it so; nothing where it is so."""

    before: str
    after: str
    apply: Callable[[], object] | None = None


@dataclass(frozen=True)
class Clients:
    """Whom to ask. Any: the documents that they take are plain values here."""

    s3: Any
    iam: Any
    sts: Any

    @classmethod
    def found(cls, session: boto3.Session | None = None) -> Clients:
        """As boto3 finds credentials, region and addresses; without a region, in S3's first one."""
        session = session or boto3.Session()
        region = session.region_name or "us-east-1"
        s3, iam, sts = (session.client(name, region_name=region) for name in ("s3", "iam", "sts"))
        return cls(s3, iam, sts)


class Bootstrap:
    """Plans, and applies step by step.

    Args:
        clients: Of an administrator.
        url: ``KANTOR_OBJECTS_URL``. Raises ConfigurationError where it names no bucket.
        kms_key: Of the bucket's default encryption; empty: S3's own keys.
        vault_key: ARN of the key that wraps the key of passwords; empty: none does.
        policy_name: Of the IAM policy for Kantor; empty: none is made.
    """

    def __init__(
        self, clients: Clients, url: str, *, kms_key: str = "", policy_name: str = "", vault_key: str = ""
    ) -> None:
        self._s3, self._iam, self._sts = clients.s3, clients.iam, clients.sts
        bucket, prefix = place_of(url)
        self._policy_name = policy_name
        self.place = self._located(rules.Place(bucket, prefix, kms_key=kms_key, vault_key=vault_key))

    @property
    def policy(self) -> Document:
        """What Kantor's own credentials need."""
        return rules.bot_policy(self.place)

    def plan(self) -> list[Step]:
        """All steps, in the order in which they are applied; changes nothing. Raises ConfigurationError with AWS's reason."""
        looks = {
            "bucket": self._bucket,
            "public access": self._public_access,
            "ownership": self._ownership,
            "encryption": self._encryption,
            "versions": self._versions,
            "lifecycle": self._lifecycle,
            "transport": self._transport,
        }
        if self._policy_name:
            looks[f"policy {self._policy_name}"] = self._managed_policy
        with explained("look at what is there"):
            return [_step(name, look) for name, look in looks.items()]

    def apply(self, steps: Sequence[Step], watch: Callable[[Step], None] = lambda _: None) -> None:
        """Make them so, one after the other. Raises ConfigurationError at the first that fails, with what was done and what is left."""
        for number, step in enumerate(steps):
            with explained(_unfinished(steps, number)):
                if step.apply is not None:
                    step.apply()
            watch(step)

    def _located(self, place: Place) -> Place:
        """With account and partition: of the caller, who is to own the bucket."""
        region = self._s3.meta.region_name
        with explained("ask who you are"):
            try:
                caller = self._sts.get_caller_identity()
            except ClientError:
                if self._is_aws:
                    raise
                return replace(place, region=region)  # another store that speaks S3, and nothing else
        return replace(place, region=region, account=caller["Account"], partition=caller["Arn"].split(":")[1])

    @property
    def _is_aws(self) -> bool:
        return ".amazonaws.com" in self._s3.meta.endpoint_url

    @property
    def _ours(self) -> dict[str, Any]:
        """Of each call: the bucket of that name, and only where it belongs to the caller's account."""
        owner = {"ExpectedBucketOwner": self.place.account} if self.place.account and self._is_aws else {}
        return {"Bucket": self.place.bucket, **owner}

    def _bucket(self) -> Found:
        here = f"{self.place.bucket} in {self.place.region}"
        try:
            region = self._s3.head_bucket(**self._ours).get("BucketRegion", self.place.region)
        except ClientError as error:
            if code_of(error) in {"404", "NoSuchBucket"}:
                return Found("none", here, self._create)
            raise
        if region != self.place.region:
            raise ConfigurationError(f"The bucket {self.place.bucket} is in {region}: set AWS_DEFAULT_REGION={region}.")
        return Found(here, here)

    def _create(self) -> None:
        """In the first of all regions S3 refuses to be told its name."""
        there: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": self.place.region}}
        own = {"Bucket": self.place.bucket, "ObjectOwnership": "BucketOwnerEnforced"}
        self._s3.create_bucket(**own, **({} if self.place.region == "us-east-1" else there))
        self._s3.get_waiter("bucket_exists").wait(**self._ours)

    def _public_access(self) -> Found:
        found = _set(lambda: self._s3.get_public_access_block(**self._ours)["PublicAccessBlockConfiguration"])
        if found == rules.NOTHING_PUBLIC:
            return Found("blocked", "blocked")
        put, wanted = self._s3.put_public_access_block, rules.NOTHING_PUBLIC
        apply = partial(put, **self._ours, PublicAccessBlockConfiguration=wanted)
        return Found("blocked in part" if found and any(found.values()) else "not blocked", "blocked", apply)

    def _ownership(self) -> Found:
        wanted = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        found = _set(lambda: self._s3.get_bucket_ownership_controls(**self._ours)["OwnershipControls"])
        before = found["Rules"][0]["ObjectOwnership"] if found else "not set"
        put = self._s3.put_bucket_ownership_controls
        after = "BucketOwnerEnforced (no ACLs)"
        return (
            Found(after, after)
            if found == wanted
            else Found(before, after, partial(put, **self._ours, OwnershipControls=wanted))
        )

    def _encryption(self) -> Found:
        found = _set(lambda: self._s3.get_bucket_encryption(**self._ours)["ServerSideEncryptionConfiguration"])
        wanted = rules.encryption(self.place)
        before, after = _cipher(found["Rules"][0] if found else {}), _cipher(wanted)
        # A bucket that has a key of its own is not given S3's in its place.
        if before == after or (before.startswith("aws:kms") and not self.place.kms_key):
            return Found(before, before)
        put = self._s3.put_bucket_encryption
        return Found(before, after, partial(put, **self._ours, ServerSideEncryptionConfiguration={"Rules": [wanted]}))

    def _versions(self) -> Found:
        before = _set(lambda: self._s3.get_bucket_versioning(**self._ours).get("Status")) or "not kept"
        if before == "Enabled":
            return Found("kept", "kept")
        put = self._s3.put_bucket_versioning
        return Found(before, "kept", partial(put, **self._ours, VersioningConfiguration={"Status": "Enabled"}))

    def _lifecycle(self) -> Found:
        found = _set(lambda: self._s3.get_bucket_lifecycle_configuration(**self._ours)["Rules"]) or []
        wanted, own = rules.lifecycle(self.place), [rule for rule in found if rule.get("ID") in rules.RULES]
        others = [rule for rule in found if rule not in own]
        after = (
            f"older versions go after {rules.VERSIONS_KEPT} days, broken uploads after {rules.UPLOADS_KEPT}, "
            f"exports after {rules.EXPORTS_KEPT}{_beside(others)}"
        )
        if _in_order(own) == _in_order(wanted):
            return Found(after, after)
        put = self._s3.put_bucket_lifecycle_configuration
        before = ("other rules of Kantor's" if own else "no rules of Kantor's") + _beside(others)
        return Found(before, after, partial(put, **self._ours, LifecycleConfiguration={"Rules": [*others, *wanted]}))

    def _transport(self) -> Found:
        if self._s3.meta.endpoint_url.startswith("http:"):  # it would lock out whoever asked for it
            said = "AWS_ENDPOINT_URL is without TLS, so it cannot be demanded"
            return Found(said, said)
        policy = _set(lambda: json.loads(self._s3.get_bucket_policy(**self._ours)["Policy"])) or {
            "Version": "2012-10-17"
        }
        wanted, statements = rules.tls_only(self.place), policy.get("Statement", [])
        others = [each for each in statements if each.get("Sid") != rules.TLS_ONLY]
        after = "TLS alone" + _beside(others)
        if wanted in statements:
            return Found(after, after)
        document = json.dumps({**policy, "Statement": [*others, wanted]})
        put = self._s3.put_bucket_policy
        return Found("also without TLS" + _beside(others), after, partial(put, **self._ours, Policy=document))

    def _managed_policy(self) -> Found:
        arn = f"arn:{self.place.partition}:iam::{self.place.account}:policy/{self._policy_name}"
        document, after = json.dumps(self.policy), "what Kantor's own credentials need"
        version = _set(lambda: self._iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"])
        if version is None:
            create = partial(self._iam.create_policy, PolicyName=self._policy_name, PolicyDocument=document)
            return Found("none", after, create)
        found = self._iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        if found == self.policy:
            return Found(after, after)
        return Found("something else", after, partial(self._renew, arn, document))

    def _renew(self, arn: str, document: str) -> None:
        """A new version, in the place of the oldest where there are too many."""
        kept = self._iam.list_policy_versions(PolicyArn=arn)["Versions"]
        old = sorted((each for each in kept if not each["IsDefaultVersion"]), key=lambda each: str(each["CreateDate"]))
        if len(kept) >= MOST_VERSIONS:
            self._iam.delete_policy_version(PolicyArn=arn, VersionId=old[0]["VersionId"])
        self._iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)


def _unfinished(steps: Sequence[Step], number: int) -> str:
    """What could not be done, for whoever reads that it stopped there."""
    done = ", ".join(step.name for step in steps[:number]) or "nothing"
    left = ", ".join(step.name for step in steps[number:])
    return f"make the {steps[number].name} so (done: {done}; not done: {left}; mend it, and run the same command again)"


def _step(name: str, look: Callable[[], Found]) -> Step:
    try:
        found = look()
    except ClientError as error:
        if code_of(error) in NOT_KNOWN:
            return Step(name, "not known to this store", "as it is", None)
        raise
    return Step(name, found.before, found.after, found.apply)


def _set(ask: Callable[[], Any]) -> Any:
    """What AWS answers; None where nothing is set."""
    try:
        return ask()
    except ClientError as error:
        if code_of(error) in _NOTHING:
            return None
        raise


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Raises ConfigurationError with a sentence in the place of boto3's errors; ``what`` is what could not be done."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = code_of(error)
        which = f" on {error.operation_name}" if isinstance(error, ClientError) else ""
        raise ConfigurationError(f"I could not {what}: {_WHY.get(code, 'AWS refused it')} ({code}{which}).") from error


def _cipher(rule: Any) -> str:
    """In words."""
    by = rule.get("ApplyServerSideEncryptionByDefault")
    return f"{by['SSEAlgorithm']} {by.get('KMSMasterKeyID', '')}".strip() if by else "none of its own"


def _beside(others: list[Any]) -> str:
    return f", and {len(others)} of others" if others else ""


def _in_order(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda rule: str(rule["ID"]))
