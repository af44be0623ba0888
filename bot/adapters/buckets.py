"""Keeps files in S3, or what speaks like it, where ``KANTOR_OBJECTS_URL`` says so. A module of its own: boto3 takes 25 MB."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.objects import checked
from bot.attempts import Deadline
from bot.errors import AlreadyKept, ConfigurationError, StoreFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

    _Failure = BotoCoreError | ClientError | TimeoutError

_S3_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<prefix>.*?))?/?")

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/?")

SECONDS = 120.0
"""For a whole call: an export with all sounds is large."""
AT_ONCE = 1000
"""So many versions S3 deletes in one call."""

_FAILURES = (BotoCoreError, ClientError, TimeoutError)
_MISSING = {"404", "NoSuchKey", "NotFound"}
_TAKEN = {"PreconditionFailed", "412"}
NOT_KNOWN = {"NotImplemented", "MethodNotAllowed", "501"}
"""What stores say that speak a part of S3 only."""
UNSET = {
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
    "NoSuchLifecycleConfiguration",
    "NoSuchBucketPolicy",
}
"""What S3 says where something about a bucket was never set."""
_SETTINGS = {
    "NoSuchBucket": "does not exist: make it (kantor aws bootstrap), or name another in KANTOR_OBJECTS_URL",
    "InvalidAccessKeyId": "does not know the access key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another way that boto3 knows",
    "SignatureDoesNotMatch": "was asked with a wrong secret: set AWS_SECRET_ACCESS_KEY to the one that belongs to the access key",
    "ExpiredToken": "was asked with credentials that have run out: give Kantor new ones, or a role, whose credentials renew themselves",
    "NoCredentialsError": "was not asked, as there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role",
    "AccessDenied": "does not let Kantor do that: its credentials need the policy that kantor aws bootstrap shows",
    "403": "does not let Kantor in: its credentials may be wrong, or lack the policy that kantor aws bootstrap shows",
    "301": "is in another region: set AWS_DEFAULT_REGION to the bucket's",
    "AllAccessDisabled": "is closed by AWS itself: ask the account's owner",
    "PermanentRedirect": "is in another region: set AWS_DEFAULT_REGION to the bucket's",
    "AuthorizationHeaderMalformed": "is in another region: set AWS_DEFAULT_REGION to the bucket's",
    "RequestTimeTooSkewed": "finds our clock more than 15 minutes wrong: turn on NTP (timedatectl set-ntp true)",
    "KMS.NotFoundException": "finds no such key: set KANTOR_OBJECTS_KMS_KEY to one of the bucket's region",
    "KMS.DisabledException": "cannot use the key, which is disabled: enable it, or name another in KANTOR_OBJECTS_KMS_KEY",
}
"""What an operator has to mend, by S3's code: how the sentence about the bucket goes on."""
_PASSING = {
    "SlowDown": "S3 wants fewer requests for a while",
    "503": "S3 is too busy for a while",
    "ServiceUnavailable": "S3 is too busy for a while",
    "InternalError": "S3 has a fault of its own",
    "ConditionalRequestConflict": "another was writing the same object in that moment",
    "TimeoutError": "S3 did not answer in time",
    "ConnectTimeoutError": "S3 did not answer in time",
    "ReadTimeoutError": "S3 did not answer in time",
    "EndpointConnectionError": "S3 cannot be reached",
    "FlexibleChecksumError": "what S3 sent is not what was stored",
}


@dataclass(frozen=True)
class BucketState:
    """How a bucket is; None where its store does not know such a thing."""

    versions: bool | None
    encryption: bool | None
    nothing_public: bool | None


class S3Objects:
    """Objects in an S3 bucket, below a prefix. Credentials, region and ``AWS_ENDPOINT_URL`` are read as boto3 always does.

    Args:
        url: ``s3://bucket/prefix``. Raises ConfigurationError for anything else.
        deadline: For each whole call: boto3 limits only the wait for each part of an answer.
        public_url: Where people's browsers reach the store; empty: they do not. Raises ConfigurationError for what is no such address.
        kms_key: The KMS key that encrypts what is stored; empty: as the bucket does by itself.
        session: What boto3 has found of credentials and settings; None: it looks now.
        tries: How often a store is asked that is busy, or does not answer.
    """

    def __init__(  # noqa: PLR0913 - as operators set it
        self,
        url: str,
        deadline: Deadline | None = None,
        *,
        public_url: str = "",
        kms_key: str = "",
        session: boto3.Session | None = None,
        tries: int = 3,
    ) -> None:
        self._bucket, self._prefix = place_of(url)
        # Without a key nothing is said of it: a word of ours would take the place of a stronger one of the bucket's.
        by_key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key, "BucketKeyEnabled": True}
        self._sealed: Any = by_key if kms_key else {}
        self._deadline = deadline or Deadline(SECONDS)
        retries: Any = {"mode": "standard", "max_attempts": tries}
        session = session or boto3.Session()
        config = Config(connect_timeout=5, read_timeout=30, retries=retries)
        self._client: S3Client = session.client("s3", config=config)
        self._signer: S3Client | None = None
        if public_url:
            if not _ADDRESS.fullmatch(public_url):
                message = (
                    f"KANTOR_OBJECTS_PUBLIC_URL is {public_url!r}: write an address such as https://files.example.org"
                )
                raise ConfigurationError(message)
            # Left to itself boto3 signs links in some regions in a way that knows no KMS, and that newer regions refuse.
            signing = Config(signature_version="s3v4")
            self._signer = session.client("s3", endpoint_url=public_url.rstrip("/"), config=signing)

    def put(self, key: str, data: bytes) -> None:
        """Store ``data``; S3 shows an object only when it is whole."""
        name = self._name(key)
        with self._explained(key):
            self._deadline.keep(
                lambda: self._client.put_object(Bucket=self._bucket, Key=name, Body=data, **self._sealed)
            )

    def keep(self, key: str, data: bytes) -> None:
        """Store ``data`` where there is nothing yet. Raises AlreadyKept where there is something else."""
        name = self._name(key)

        def create() -> bool:
            with _expected(_TAKEN):
                self._client.put_object(Bucket=self._bucket, Key=name, Body=data, IfNoneMatch="*", **self._sealed)
                return True
            return False

        with self._explained(key):
            is_new = self._deadline.keep(create)
        with suppress(KeyError):  # erased in this very moment
            if not is_new and self.get(key) != data:
                raise AlreadyKept(f"there are other bytes under {key}: they stay as they are")

    def get(self, key: str) -> bytes:
        """The bytes stored under ``key``. Raises KeyError where there are none."""
        name = self._name(key)
        with self._explained(key):
            return self._deadline.keep(lambda: self._read(name))

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""
        name = self._name(key)
        try:
            with self._explained(key):
                self._deadline.keep(lambda: self._client.head_object(Bucket=self._bucket, Key=name))
        except KeyError:
            return False
        return True

    def below(self, folder: str) -> list[str]:
        """The keys of all objects below a folder, sorted; S3 tells a thousand at a time."""
        start = f"{self._name(folder)}/"
        with self._explained(folder):
            found = self._deadline.keep(lambda: [each["Key"] for each in self._listed(start)])
        return sorted(key.removeprefix(self._prefix) for key in found)

    def delete(self, key: str) -> None:
        """Delete the object, all its older versions, and the marks where it was deleted before."""
        name = self._name(key)
        with self._explained(key):
            self._deadline.keep(lambda: self._wipe(name, lambda found: found == name))

    def clear(self, folder: str) -> None:
        """Delete all that is below a folder in the same way."""
        start = f"{self._name(folder)}/"
        with self._explained(folder):
            self._deadline.keep(lambda: self._wipe(start, lambda _: True))

    def link(self, key: str, filename: str, lifetime: timedelta) -> str | None:
        """Signed here, with the credentials that we have: where those of a role end earlier, so does the link."""
        if self._signer is None:
            return None
        asked = {
            "Bucket": self._bucket,
            "Key": self._name(key),
            "ResponseContentDisposition": _attachment(filename),
            "ResponseCacheControl": "no-store",
        }
        with self._explained(key):
            seconds = int(lifetime.total_seconds())
            return self._signer.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)

    def state(self) -> BucketState:
        """How the bucket is, for ``kantor doctor``. Raises as all others do."""
        s3, name = self._client, self._bucket
        looks: tuple[Callable[[], bool], ...] = (
            lambda: s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled",
            lambda: bool(s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]),
            lambda: all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values()),
        )
        return BucketState(*(self._looked(look) for look in looks))

    def _looked(self, look: Callable[[], bool]) -> bool | None:
        with self._explained("the bucket's settings"):
            try:
                return self._deadline.keep(look)
            except ClientError as error:
                if code_of(error) in {*UNSET, *NOT_KNOWN}:
                    return None if code_of(error) in NOT_KNOWN else False
                raise

    def _read(self, name: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()

    def _wipe(self, start: str, is_meant: Callable[[str], bool]) -> None:
        versions = [each for each in self._versions(start) if is_meant(each["Key"])]
        for first in range(0, len(versions), AT_ONCE):
            self._delete_versions(versions[first : first + AT_ONCE])

    def _delete_versions(self, versions: Sequence[ObjectIdentifierTypeDef]) -> None:
        """S3 answers 200 also where it has deleted none of them, and says so inside."""
        answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": versions, "Quiet": True})
        for refused in answer.get("Errors", ()):
            raise ClientError({"Error": {"Code": refused.get("Code", "")}}, "DeleteObjects")

    def _versions(self, start: str) -> list[ObjectIdentifierTypeDef]:
        """What there is, or was, by the beginning of its name. A store without versions names what there is."""
        with _expected(NOT_KNOWN):
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=start)
            kinds = chain.from_iterable((*page.get("Versions", ()), *page.get("DeleteMarkers", ())) for page in pages)
            return [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in kinds]
        return [{"Key": each["Key"]} for each in self._listed(start)]

    def _listed(self, start: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
        return (each for page in pages for each in page.get("Contents", ()))

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        """Raises our own errors, with a sentence, in the place of boto3's."""
        try:
            yield
        except _FAILURES as error:
            self._explain(error, key)

    def _explain(self, error: _Failure, key: str) -> NoReturn:
        code = code_of(error)
        if code in _MISSING:
            raise KeyError(key) from None
        if code in _SETTINGS:
            raise ConfigurationError(
                f"The bucket {self._bucket!r} {_SETTINGS[code]}. (S3 says {code} about {key}.)"
            ) from error
        why = f": {_PASSING[code]}" if code in _PASSING else ""
        raise StoreFailed(f"the object store failed on {key} ({code}){why}") from error


def place_of(url: str) -> tuple[str, str]:
    """The bucket, and what stands before all keys: with a slash at its end, or empty. Raises ConfigurationError."""
    match = _S3_URL.fullmatch(url)
    if match is None:
        message = f"KANTOR_OBJECTS_URL is {url!r}: write s3://bucket/prefix, or leave it empty for the data folder."
        raise ConfigurationError(message)
    return match["bucket"], f"{match['prefix']}/" if match["prefix"] else ""


def _attachment(filename: str) -> str:
    """That a browser saves it under that name: once for old ones, once with all letters (RFC 6266, RFC 8187)."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


@contextmanager
def _expected(codes: set[str]) -> Iterator[None]:
    """Goes on behind the block where S3 answered one of these."""
    try:
        yield
    except ClientError as error:
        if code_of(error) not in codes:
            raise


def code_of(error: _Failure) -> str:
    """What S3 calls it, or boto3."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
