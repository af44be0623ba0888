"""Keeps files in S3, or what speaks like it, where ``KANTOR_OBJECTS_URL`` says so. A module of its own: boto3 takes 25 MB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.objects import checked
from bot.attempts import Deadline
from bot.errors import ConfigurationError, StoreFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

    _Failure = BotoCoreError | ClientError | TimeoutError

_S3_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<prefix>.*?))?/?")

SECONDS = 120.0
"""For a whole call: an export with all sounds is large."""

_FAILURES = (BotoCoreError, ClientError, TimeoutError)
_MISSING = {"404", "NoSuchKey", "NotFound"}


class S3Objects:
    """Objects in an S3 bucket, below a prefix. Credentials, region and ``AWS_ENDPOINT_URL`` are read as boto3 always does.

    Args:
        url: ``s3://bucket/prefix``. Raises ConfigurationError for anything else.
        deadline: For each whole call: boto3 limits only the wait for each part of an answer.
    """

    def __init__(self, url: str, deadline: Deadline | None = None) -> None:
        match = _S3_URL.fullmatch(url)
        if match is None:
            message = f"KANTOR_OBJECTS_URL is {url!r}: write s3://bucket/prefix, or leave it empty for the data folder."
            raise ConfigurationError(message)
        self._bucket = match["bucket"]
        self._prefix = f"{match['prefix']}/" if match["prefix"] else ""
        self._deadline = deadline or Deadline(SECONDS)
        retries: Any = {"mode": "standard", "max_attempts": 3}
        self._client: S3Client = boto3.client("s3", config=Config(connect_timeout=5, read_timeout=30, retries=retries))

    def put(self, key: str, data: bytes) -> None:
        """Store ``data``; S3 shows an object only when it is whole."""
        try:
            self._deadline.keep(lambda: self._client.put_object(Bucket=self._bucket, Key=self._name(key), Body=data))
        except _FAILURES as error:
            self._explain(error, key)

    def get(self, key: str) -> bytes:
        """The bytes stored under ``key``. Raises KeyError where there are none."""
        try:
            return self._deadline.keep(lambda: self._read(key))
        except _FAILURES as error:
            self._explain(error, key)

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""
        try:
            self._deadline.keep(lambda: self._client.head_object(Bucket=self._bucket, Key=self._name(key)))
        except _FAILURES as error:
            if _code(error) in _MISSING:
                return False
            self._explain(error, key)
        return True

    def below(self, folder: str) -> list[str]:
        """The keys of all objects below a folder, sorted; S3 tells a thousand at a time."""
        start = f"{self._name(folder)}/"
        try:
            found = self._deadline.keep(lambda: list(self._listed(start)))
        except _FAILURES as error:
            self._explain(error, folder)
        return sorted(key.removeprefix(self._prefix) for key in found)

    def delete(self, key: str) -> None:
        """Delete the object; S3 says nothing where there is none. In a bucket with versions the old ones stay until S3 drops them."""
        try:
            self._deadline.keep(lambda: self._client.delete_object(Bucket=self._bucket, Key=self._name(key)))
        except _FAILURES as error:
            self._explain(error, key)

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=self._name(key))["Body"].read()

    def _listed(self, start: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
        return (each["Key"] for page in pages for each in page.get("Contents", ()))

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)

    def _explain(self, error: _Failure, key: str) -> NoReturn:
        code = _code(error)
        if code in _MISSING:
            raise KeyError(key) from None
        if code == "NoSuchBucket":
            message = (
                f"KANTOR_OBJECTS_URL names the bucket {self._bucket!r}, which does not exist: make it, or name another."
            )
            raise ConfigurationError(message) from error
        message = f"the object store failed on {key} ({code})"
        raise StoreFailed(message) from error


def _code(error: _Failure) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
