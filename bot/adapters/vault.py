"""Seals passwords for the database: AES-GCM with 256 bits, and the row's id as associated data."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigurationError
from bot.rules.secret import Secret

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"\x01"
"""First byte of what is sealed, so that another way of sealing can come later."""

_HOW = "32 random bytes in base64 (python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')"


class AesGcmVault:
    """Seals with one key.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            message = f"The secret key has {len(key)} bytes. It must be {_HOW}."
            raise ConfigurationError(message)
        self._cipher = AESGCM(key)
        self._marking = hmac.digest(key, b"kantor marks", "sha256")  # a key of its own: one is for one purpose

    @classmethod
    def from_settings(cls, key_base64: str, key_file: Path) -> AesGcmVault:
        """The vault with the key that the setting gives; where that is empty with the one in ``key_file``.

        The file is made, once and for its owner alone, where it is missing. Raises ConfigurationError where there is no good key.
        """
        if key_base64:
            return cls(_decoded(key_base64, "KANTOR_SECRET_KEY"))
        if not key_file.exists():
            _make_key(key_file)
        return cls(_decoded(key_file.read_text(encoding="ascii", errors="replace"), str(key_file)))

    def seal(self, secret: Secret, row_id: str) -> bytes:
        """The sealed form of ``secret``, for the row ``row_id`` only: version, nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, secret.reveal_text().encode(), row_id.encode())

    def unseal(self, sealed: bytes, row_id: str) -> Secret:
        """The secret again. Raises ConfigurationError where the key or the row does not fit."""
        version, nonce, ciphertext = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if version != VERSION or not ciphertext:
            message = "A sealed password was written by another version of Kantor: use that version."
            raise ConfigurationError(message)
        try:
            return Secret(self._cipher.decrypt(nonce, ciphertext, row_id.encode()).decode())
        except InvalidTag:
            message = "The secret key does not open a sealed password. Set KANTOR_SECRET_KEY to the key that sealed it."
            raise ConfigurationError(message) from None

    def mark(self, text: str) -> str:
        """HMAC-SHA256 of the text, in hexadecimal digits."""
        return hmac.digest(self._marking, text.encode(), "sha256").hex()


def _decoded(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        message = f"{place} does not hold a key. It must be {_HOW}."
        raise ConfigurationError(message) from None


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
