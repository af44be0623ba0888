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
    from bot.ports import Binding

KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 8
ROW_ALONE, VERSION = b"\x01", b"\x02"
"""First bytes of what is sealed, so that another way of sealing can come later."""

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
        self._name = hmac.digest(key, b"kantor name of the key", "sha256")[:NAME_BYTES]
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

    def seal(self, secret: Secret, binding: Binding) -> bytes:
        """The sealed form of ``secret``, for that binding only: version, name of the key, nonce, ciphertext and tag."""
        head, nonce = VERSION + self._name, os.urandom(NONCE_BYTES)
        return head + nonce + self._cipher.encrypt(nonce, secret.reveal_text().encode(), head + _associated(binding))

    def unseal(self, sealed: bytes, binding: Binding) -> Secret:
        """The secret again. Raises ConfigurationError where the key or the binding does not fit."""
        head = sealed[: 1 if sealed[:1] == ROW_ALONE else 1 + NAME_BYTES]
        nonce, ciphertext = sealed[len(head) : len(head) + NONCE_BYTES], sealed[len(head) + NONCE_BYTES :]
        if head[:1] not in {ROW_ALONE, VERSION} or not ciphertext:
            message = "A sealed password was written by another version of Kantor: use that version."
            raise ConfigurationError(message)
        associated = binding.row_id.encode() if head == ROW_ALONE else head + _associated(binding)
        try:
            return Secret(self._cipher.decrypt(nonce, ciphertext, associated).decode())
        except InvalidTag:
            message = "The secret key does not open a sealed password. Set KANTOR_SECRET_KEY to the key that sealed it."
            raise ConfigurationError(message) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is sealed in today's way, by this key."""
        return sealed.startswith(VERSION + self._name)

    def mark(self, text: str) -> str:
        """HMAC-SHA256 of the text, in hexadecimal digits."""
        return hmac.digest(self._marking, text.encode(), "sha256").hex()


def _associated(binding: Binding) -> bytes:
    # As JSON: no two bindings are the same bytes, whatever is in an id, and nobody is not a person called so.
    return json.dumps([binding.row_id, binding.contest_id, binding.person]).encode()


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
