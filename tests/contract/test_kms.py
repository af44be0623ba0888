"""The vault whose key KMS keeps: what is asked, in which order, how often; and what comes of it where KMS says no.

moto binds to the encryption context as KMS does, but asks nobody's rights, keeps no order and never fails: for these there is botocore's own model.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from moto import mock_aws

from bot.adapters.kms import KmsVault
from bot.adapters.objects import FolderObjects
from bot.adapters.vault import AesGcmVault
from bot.errors import ConfigurationError, KeysFailed
from bot.ports import Binding
from bot.rules.buckets import Place, bot_policy
from bot.rules.secret import Secret
from bot.rules.storage import vault_key
from tests.makers.seaweed import ACCESS_KEY, SECRET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGION = "eu-central-1"
ARN = f"arn:aws:kms:{REGION}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CONTEXT = {"application": "kantor", "purpose": "vault"}
DATA_KEY, WRAPPED = bytes(range(32)), b"wrapped-by-kms"
BOUND = Binding("row-1", "contest-1", "U1")
MAKE = {"KeyId": ARN, "KeySpec": "AES_256", "EncryptionContext": CONTEXT}
OPEN = {"KeyId": ARN, "CiphertextBlob": WRAPPED, "EncryptionContext": CONTEXT}


def client() -> Any:
    """Of KMS, with credentials that open nothing."""
    return boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=REGION).client("kms")


@contextmanager
def played(kms: Any, *answers: tuple[str, dict[str, Any], dict[str, Any] | str]) -> Iterator[None]:
    """KMS expects these requests in this order and no other; a text in place of an answer is the code of a refusal."""
    with Stubber(kms) as script:
        for method, asked, answer in answers:
            if isinstance(answer, str):
                script.add_client_error(method, answer, expected_params=asked)
            else:
                script.add_response(method, answer, asked)
        yield
        script.assert_no_pending_responses()


def made() -> tuple[str, dict[str, Any], dict[str, Any] | str]:
    """The first start."""
    return "generate_data_key", MAKE, {"Plaintext": DATA_KEY, "CiphertextBlob": WRAPPED, "KeyId": ARN}


def opened() -> tuple[str, dict[str, Any], dict[str, Any] | str]:
    """Each later one."""
    return "decrypt", OPEN, {"Plaintext": DATA_KEY, "KeyId": ARN, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}


def test_the_first_start_makes_a_key_and_the_next_ones_open_it(tmp_path: Path) -> None:
    """One request each, with the context; what is kept is the wrapped key alone, and both starts seal alike."""
    kms, objects = client(), FolderObjects(tmp_path)
    first, second = (KmsVault(kms, ARN, objects) for _ in range(2))
    with played(kms, made(), opened()):
        for vault in (first, first, second, second):
            vault.prepare()

    assert WRAPPED == objects.get(vault_key())
    assert Secret("pw") == second.unseal(first.seal(Secret("pw"), BOUND), BOUND)
    assert first.keys == second.keys == AesGcmVault(DATA_KEY).keys
    assert [] == [path.name for path in tmp_path.rglob("*") if path.is_file() and DATA_KEY in path.read_bytes()]


def test_moto_makes_and_opens_and_minds_the_context(tmp_path: Path) -> None:
    """Against something that wraps for real: without our context the kept key does not open."""
    with mock_aws():
        kms = client()
        arn, objects = kms.create_key()["KeyMetadata"]["Arn"], FolderObjects(tmp_path)
        first, second = (KmsVault(kms, arn, objects) for _ in range(2))
        first.prepare()
        second.prepare()
        assert Secret("pw") == second.unseal(first.seal(Secret("pw"), BOUND), BOUND)
        for context in ({}, {**CONTEXT, "purpose": "else"}):
            with pytest.raises(kms.exceptions.InvalidCiphertextException):
                kms.decrypt(KeyId=arn, CiphertextBlob=objects.get(vault_key()), EncryptionContext=context)


class Slower(FolderObjects):
    """Another process keeps its key between our look and ours."""

    def exists(self, key: str) -> bool:
        there = super().exists(key)
        if not there:
            self.keep(key, WRAPPED)
        return there


def test_of_two_that_start_at_once_both_use_the_first_ones_key(tmp_path: Path) -> None:
    """The second one throws its own away and opens what is there."""
    kms = client()
    vault = KmsVault(kms, ARN, Slower(tmp_path))
    own = {"Plaintext": bytes(32), "CiphertextBlob": b"wrapped-too-late", "KeyId": ARN}
    with played(kms, ("generate_data_key", MAKE, own), opened()):
        vault.prepare()

    assert AesGcmVault(DATA_KEY).keys == vault.keys


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("AccessDeniedException", ConfigurationError, "the policy that kantor aws bootstrap shows"),
        ("DisabledException", ConfigurationError, "enable it"),
        ("KMSInvalidStateException", ConfigurationError, "about to be deleted"),
        ("NotFoundException", ConfigurationError, "set KANTOR_KMS_KEY"),
        ("InvalidCiphertextException", ConfigurationError, "set KANTOR_KMS_KEY"),
        ("IncorrectKeyException", ConfigurationError, "set KANTOR_KMS_KEY"),
        ("ExpiredTokenException", ConfigurationError, "run out"),
        ("ThrottlingException", KeysFailed, "KMS does not answer"),
        ("KMSInternalException", KeysFailed, "KMS does not answer"),
        ("KeyUnavailableException", KeysFailed, "KMS does not answer"),
    ],
)
def test_a_refusal_is_a_sentence_and_the_next_try_asks_again(
    code: str, kind: type[Exception], said: str, tmp_path: Path
) -> None:
    """Whoever has to mend something reads what; nothing is kept of a failure, and no new key takes the place of the old one."""
    kms, objects = client(), FolderObjects(tmp_path)
    objects.keep(vault_key(), WRAPPED)
    vault = KmsVault(kms, ARN, objects)
    with played(kms, ("decrypt", OPEN, code), opened()):
        with pytest.raises(kind, match=said):
            vault.prepare()
        with pytest.raises(KeysFailed):
            vault.seal(Secret("pw"), BOUND)
        vault.prepare()

    assert WRAPPED == objects.get(vault_key())
    assert AesGcmVault(DATA_KEY).keys == vault.keys


def test_what_cannot_be_reached_may_pass(tmp_path: Path) -> None:
    """No answer at all is no wrong setting."""

    class Away:
        def generate_data_key(self, **_asked: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://kms.invalid")

    with pytest.raises(KeysFailed, match="EndpointConnectionError"):
        KmsVault(Away(), ARN, FolderObjects(tmp_path)).prepare()


def test_what_an_earlier_key_sealed_still_opens(tmp_path: Path) -> None:
    """From a key of the settings to KMS: the old one beside it."""
    kms, old = client(), bytes(32)
    vault = KmsVault(kms, ARN, FolderObjects(tmp_path), [old])
    with played(kms, made()):
        vault.prepare()

    sealed = AesGcmVault(old).seal(Secret("pw"), BOUND)
    assert Secret("pw") == vault.unseal(sealed, BOUND)
    assert not vault.is_current(sealed)


@pytest.mark.parametrize(
    "key", ["alias/kantor", f"arn:aws:kms:{REGION}:123456789012:alias/kantor", "1234abcd", "x" + ARN]
)
def test_what_is_no_arn_of_a_key_is_refused(key: str, tmp_path: Path) -> None:
    """Before anybody is asked."""
    with pytest.raises(ConfigurationError, match="must be the ARN of a key"):
        KmsVault.at(key, FolderObjects(tmp_path))


def test_the_policy_lets_kantor_do_these_two_things_with_its_context_alone() -> None:
    """What the requests above need, and no more; without a key nothing of it."""
    place = Place("kantor-files", "prod/", vault_key=ARN)
    (own,) = [each for each in bot_policy(place)["Statement"] if "kms" in str(each)]

    assert {"kms:Decrypt", "kms:GenerateDataKey"} == set(own["Action"])
    assert ARN == own["Resource"]
    assert {"StringEquals": {f"kms:EncryptionContext:{name}": word for name, word in CONTEXT.items()}} == own[
        "Condition"
    ]
    assert "kms" not in str(bot_policy(Place("kantor-files", "prod/")))
