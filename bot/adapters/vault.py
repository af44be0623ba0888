"""Seals passwords for the database: AES-GCM with 256 bits; row, contest and person are associated data.

What is sealed is a version, the name of the key (8 bytes that say nothing of it), the nonce, then ciphertext and tag. Version 1 had no
name, and bound to the row alone: it is still opened.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigurationError
from bot.rules.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.ports import Binding

KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 8
ROW_ALONE, VERSION = b"\x01", b"\x02"
"""First bytes of what is sealed, so that another way of sealing can come later."""

_HOW = "32 random bytes in base64 (python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')"


class _Key:
    """One key: its cipher, its name, and what it marks with."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            message = f"The secret key has {len(key)} bytes. It must be {_HOW}."
            raise ConfigurationError(message)
        self.cipher = AESGCM(key)
        self.name = hmac.digest(key, b"kantor name of the key", "sha256")[:NAME_BYTES]
        self.marking = hmac.digest(key, b"kantor marks", "sha256")  # a key of its own: one is for one purpose

    def mark(self, text: str) -> str:
        return hmac.digest(self.marking, text.encode(), "sha256").hex()


class AesGcmVault:
    """Seals with one key, and opens with some more.

    Args:
        key: 32 bytes.
        others: Keys that open what they sealed, and seal nothing.
    """

    def __init__(self, key: bytes, others: Sequence[bytes] = ()) -> None:
        self._key = _Key(key)
        self._keys = {each.name: each for each in (self._key, *map(_Key, others))}

    @classmethod
    def from_settings(
        cls, key_base64: str, key_file: Path, *, given: Path | None = None, opening: str = ""
    ) -> AesGcmVault:
        """The vault with the key that the setting gives, or the file ``given``; where neither is set with the one in ``key_file``.

        That one is made, once and for its owner alone, where it is missing. Raises ConfigurationError where there is no good key.
        """
        if key_base64 and given:
            raise ConfigurationError("Both KANTOR_SECRET_KEY and KANTOR_SECRET_KEY_FILE name a key: set one of them.")
        others = [_decoded(each, "KANTOR_OPENING_KEYS") for each in opening.split(",") if each.strip()]
        if key_base64:
            return cls(_decoded(key_base64, "KANTOR_SECRET_KEY"), others)
        if given is None and not key_file.exists():
            _make_key(key_file)
        return cls(_read(given or key_file), others)

    @staticmethod
    def keys_of(key_base64: str, key_file: Path, *, given: Path | None = None, opening: str = "") -> list[bytes]:
        """All keys that these name, as ``from_settings`` reads them; nothing is made."""
        found = [_decoded(each, "KANTOR_OPENING_KEYS") for each in opening.split(",") if each.strip()]
        if key_base64:
            found.append(_decoded(key_base64, "KANTOR_SECRET_KEY"))
        file = given or key_file
        return [*found, _read(file)] if given or file.exists() else found

    def prepare(self) -> None:
        """Nothing: the key is here."""

    def seal(self, secret: Secret, binding: Binding) -> bytes:
        """The sealed form of ``secret``, for that binding only: version, name of the key, nonce, ciphertext and tag."""
        head, nonce = VERSION + self._key.name, os.urandom(NONCE_BYTES)
        return (
            head + nonce + self._key.cipher.encrypt(nonce, secret.reveal_text().encode(), head + _associated(binding))
        )

    def unseal(self, sealed: bytes, binding: Binding) -> Secret:
        """The secret again. Raises ConfigurationError where the key or the binding does not fit."""
        head = sealed[: 1 if sealed[:1] == ROW_ALONE else 1 + NAME_BYTES]
        nonce, ciphertext = sealed[len(head) : len(head) + NONCE_BYTES], sealed[len(head) + NONCE_BYTES :]
        if head[:1] not in {ROW_ALONE, VERSION} or not ciphertext:
            message = "A sealed password was written by another version of Kantor: use that version."
            raise ConfigurationError(message)
        associated = binding.row_id.encode() if head == ROW_ALONE else head + _associated(binding)
        # The first way did not write down which key it was.
        keys = (
            self._keys.values() if head == ROW_ALONE else [key for name, key in self._keys.items() if name == head[1:]]
        )
        for key in keys:
            with contextlib.suppress(InvalidTag):
                return Secret(key.cipher.decrypt(nonce, ciphertext, associated).decode())
        message = "The secret key does not open a sealed password. Set KANTOR_SECRET_KEY to the key that sealed it."
        raise ConfigurationError(message)

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the keys that open here, the present one's first."""
        return tuple(name.hex() for name in self._keys)

    def key_of(self, sealed: bytes) -> str:
        """The name of the key that sealed it; empty where that is not written down."""
        return sealed[1 : 1 + NAME_BYTES].hex() if sealed.startswith(VERSION) else ""

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is sealed in today's way, by this key."""
        return sealed.startswith(VERSION + self._key.name)

    def mark(self, text: str) -> str:
        """HMAC-SHA256 of the text by the present key, in hexadecimal digits."""
        return self._key.mark(text)

    def marks(self, text: str) -> tuple[str, ...]:
        """That by each of the keys, in the order of ``keys``."""
        return tuple(key.mark(text) for key in self._keys.values())


def _associated(binding: Binding) -> bytes:
    # As JSON: no two bindings are the same bytes, whatever is in an id, and nobody is not a person called so.
    return json.dumps([binding.row_id, binding.contest_id, binding.person]).encode()


def _decoded(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        message = f"{place} does not hold a key. It must be {_HOW}."
        raise ConfigurationError(message) from None


def _read(path: Path) -> bytes:
    try:
        return _decoded(path.read_text(encoding="ascii", errors="replace"), str(path))
    except OSError as error:
        raise ConfigurationError(f"The secret key cannot be read from {path}: {error.strerror}.") from None


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".")  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces: of two processes that start together, both use the first one's key.
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink(missing_ok=True)
