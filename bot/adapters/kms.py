"""The vault whose key AWS KMS keeps, where ``KANTOR_KMS_KEY`` names one. A module of its own: boto3 takes 25 MB."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.buckets import code_of
from bot.adapters.vault import AesGcmVault
from bot.errors import AlreadyKept, ConfigurationError, KeysFailed
from bot.rules import storage
from bot.rules.buckets import VAULT_CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.ports import Binding, ObjectStore
    from bot.rules.secret import Secret

_ARN = re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+")
_SETTINGS = {
    "AccessDeniedException": "does not let Kantor use the key: its credentials need the policy that kantor aws bootstrap shows",
    "NotFoundException": "knows no such key: set KANTOR_KMS_KEY to the one that Kantor began with",
    "DisabledException": "has the key, but it is disabled: enable it",
    "KMSInvalidStateException": "has the key, but it is about to be deleted, or has no material: cancel that",
    "InvalidCiphertextException": "did not wrap our data key with this key: set KANTOR_KMS_KEY to the one that Kantor began with",
    "IncorrectKeyException": "did not wrap our data key with this key: set KANTOR_KMS_KEY to the one that Kantor began with",
    "UnrecognizedClientException": "does not know the access key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another way that boto3 knows",
    "ExpiredTokenException": "was asked with credentials that have run out: give Kantor new ones, or a role, whose credentials renew themselves",
    "NoCredentialsError": "was not asked, as there are no credentials: give the machine a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
}
"""What an operator has to mend, by AWS's code: how the sentence about KMS goes on."""


class KmsVault:
    """Seals as AesGcmVault does, with a data key that KMS has wrapped and only KMS unwraps: once, in ``prepare``.

    The wrapped key lies among the files, written once; whoever starts first makes it. Its encryption context is ``VAULT_CONTEXT``.

    Args:
        client: Of boto3, for KMS.
        key: ARN of the KMS key.
        objects: Where the wrapped data key is kept.
        others: Keys that open what they sealed, and seal nothing; 32 bytes each.
    """

    def __init__(self, client: Any, key: str, objects: ObjectStore, others: Sequence[bytes] = ()) -> None:
        self._client, self._key, self._objects, self._others = client, key, objects, others
        self._vault: AesGcmVault | None = None
        self._alone = threading.Lock()

    @classmethod
    def at(cls, key: str, objects: ObjectStore, others: Sequence[bytes] = ()) -> KmsVault:
        """With credentials and ``AWS_ENDPOINT_URL`` as boto3 finds them, in the key's own region. Raises ConfigurationError for what is no ARN of a key."""
        named = _ARN.fullmatch(key)
        if named is None:
            raise ConfigurationError(
                "KANTOR_KMS_KEY must be the ARN of a key, such as arn:aws:kms:eu-central-1:123456789012:key/1234abcd-… (no alias: a "
                "policy cannot name one)."
            )
        config = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
        return cls(boto3.client("kms", region_name=named["region"], config=config), key, objects, others)

    def prepare(self) -> None:
        """Fetch the data key, the first time; afterwards nobody is asked. Raises ConfigurationError, Unavailable."""
        with self._alone:
            if self._vault is None:
                self._vault = AesGcmVault(self._data_key(), self._others)

    def seal(self, secret: Secret, binding: Binding) -> bytes:
        """As AesGcmVault; like all below raises Unavailable before ``prepare`` has been."""
        return self._ready.seal(secret, binding)

    def unseal(self, sealed: bytes, binding: Binding) -> Secret:
        """As AesGcmVault."""
        return self._ready.unseal(sealed, binding)

    def is_current(self, sealed: bytes) -> bool:
        """As AesGcmVault."""
        return self._ready.is_current(sealed)

    @property
    def keys(self) -> tuple[str, ...]:
        """As AesGcmVault."""
        return self._ready.keys

    def key_of(self, sealed: bytes) -> str:
        """As AesGcmVault."""
        return self._ready.key_of(sealed)

    def mark(self, text: str) -> str:
        """As AesGcmVault, by the data key."""
        return self._ready.mark(text)

    def marks(self, text: str) -> tuple[str, ...]:
        """As AesGcmVault."""
        return self._ready.marks(text)

    @property
    def _ready(self) -> AesGcmVault:
        if self._vault is None:
            raise KeysFailed("the key of passwords has not been fetched from KMS yet")
        return self._vault

    def _data_key(self) -> bytes:
        if self._objects.exists(storage.vault_key()):
            return self._unwrapped()
        with _explained():
            made = self._client.generate_data_key(KeyId=self._key, KeySpec="AES_256", EncryptionContext=VAULT_CONTEXT)
        try:
            self._objects.keep(storage.vault_key(), made["CiphertextBlob"])
        except AlreadyKept:  # another process was first: theirs is the one
            return self._unwrapped()
        return bytes(made["Plaintext"])

    def _unwrapped(self) -> bytes:
        wrapped = self._objects.get(storage.vault_key())
        with _explained():
            opened = self._client.decrypt(KeyId=self._key, CiphertextBlob=wrapped, EncryptionContext=VAULT_CONTEXT)
        return bytes(opened["Plaintext"])


@contextmanager
def _explained() -> Iterator[None]:
    """Raises ConfigurationError for what an operator has to mend, KeysFailed for what may pass, in the place of boto3's errors."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = code_of(error)
        if code in _SETTINGS:
            raise ConfigurationError(f"KMS {_SETTINGS[code]} ({code}).") from error
        raise KeysFailed(f"KMS does not answer: {code}") from error
