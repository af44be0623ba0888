"""The vault: what it seals opens with the same key for the same row, and in no other way."""

from __future__ import annotations

import base64
import threading
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.vault import AesGcmVault
from bot.errors import ConfigurationError
from bot.ports import Binding
from bot.rules.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
SETTING = base64.b64encode(KEY).decode()


@given(secret=st.text(), row=st.text())
def test_opens_again(secret: str, row: str) -> None:
    """Whatever was sealed for a row opens for that row."""
    vault = AesGcmVault(KEY)

    assert Secret(secret) == vault.unseal(vault.seal(Secret(secret), Binding(row)), Binding(row))


def test_other_row(tmp_path: Path) -> None:
    """A sealed value that was copied to another row does not open."""
    vault = AesGcmVault(KEY)

    with pytest.raises(ConfigurationError, match="does not open"):
        vault.unseal(vault.seal(Secret("hunter2"), Binding("row-1")), Binding("row-2"))


BOUND = Binding("row-1", "contest-1", "U1")


@pytest.mark.parametrize(
    "other",
    [
        Binding("row-2", "contest-1", "U1"),
        Binding("row-1", "contest-2", "U1"),
        Binding("row-1", "contest-1", "U2"),
        Binding("row-1", "contest-1"),
        Binding("row-1", "contest-1", "null"),
        Binding("row-1", 'contest-1", "U1'),
    ],
)
def test_other_binding(other: Binding) -> None:
    """Sealed for one person of one contest it opens for no other, and not for nobody either."""
    vault = AesGcmVault(KEY)
    sealed = vault.seal(Secret("hunter2"), BOUND)

    assert Secret("hunter2") == vault.unseal(sealed, BOUND)
    with pytest.raises(ConfigurationError, match="does not open"):
        vault.unseal(sealed, other)
    with pytest.raises(ConfigurationError, match="does not open"):
        vault.unseal(vault.seal(Secret("hunter2"), other), BOUND)


def test_what_the_first_way_sealed_still_opens() -> None:
    """Version 1 knew the row alone; it opens for its row, and is told to be of yesterday."""
    vault, nonce = AesGcmVault(KEY), bytes(12)
    sealed = b"\x01" + nonce + AESGCM(KEY).encrypt(nonce, b"hunter2", b"row-1")

    assert Secret("hunter2") == vault.unseal(sealed, BOUND)
    assert not vault.is_current(sealed)
    with pytest.raises(ConfigurationError, match="does not open"):
        vault.unseal(sealed, Binding("row-2"))


def test_a_new_seal_cannot_be_made_an_old_one() -> None:
    """Version and name of the key are sealed with it: who changes the first byte cannot loosen what it is bound to."""
    vault = AesGcmVault(KEY)
    sealed = vault.seal(Secret("hunter2"), BOUND)

    for forged in (b"\x01" + sealed[1:], b"\x01" + sealed[9:]):
        with pytest.raises(ConfigurationError, match="does not open"):
            vault.unseal(forged, BOUND)


def test_the_key_of_a_seal_is_known_by_its_name() -> None:
    """Each knows its own; and the name is nothing of the key."""
    own, other = AesGcmVault(KEY), AesGcmVault(bytes(32))
    sealed = own.seal(Secret("hunter2"), BOUND)

    assert [True, False] == [vault.is_current(sealed) for vault in (own, other)]
    assert sealed[1:9] not in KEY


def test_other_key() -> None:
    """A sealed value does not open with another key; the operator reads which setting to change."""
    sealed = AesGcmVault(KEY).seal(Secret("hunter2"), Binding("row-1"))

    with pytest.raises(ConfigurationError, match="KANTOR_SECRET_KEY"):
        AesGcmVault(bytes(32)).unseal(sealed, Binding("row-1"))


@given(place=st.integers(0, 43), bit=st.integers(0, 7))
def test_changed_bit(place: int, bit: int) -> None:
    """A sealed value with any bit changed does not open."""
    sealed = bytearray(AesGcmVault(KEY).seal(Secret("hunter2"), Binding("row-1")))
    sealed[place] ^= 1 << bit

    with pytest.raises(ConfigurationError):
        AesGcmVault(KEY).unseal(bytes(sealed), Binding("row-1"))


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"\x01",
        b"\x01" + bytes(12),
        b"\x01" + bytes(13),
        b"\x02" + bytes(40),
        b"\x03" + bytes(40),
        b"\x02" + bytes(20),
    ],
)
def test_what_was_never_sealed(sealed: bytes) -> None:
    """Bytes that are too short, or of another version, are told to the operator and do nothing worse."""
    with pytest.raises(ConfigurationError):
        AesGcmVault(KEY).unseal(sealed, Binding("row-1"))


def test_seals_differ() -> None:
    """The same secret for the same row is sealed differently each time, and is not to be seen in it."""
    vault = AesGcmVault(KEY)
    first, second = vault.seal(Secret("hunter2"), Binding("row-1")), vault.seal(Secret("hunter2"), Binding("row-1"))

    assert first != second
    assert b"hunter2" not in first


def test_key_from_setting(tmp_path: Path) -> None:
    """With a key in the settings no file is made."""
    vault = AesGcmVault.from_settings(SETTING, tmp_path / "secret.key")

    assert Secret("x") == AesGcmVault(KEY).unseal(vault.seal(Secret("x"), Binding("1")), Binding("1"))
    assert not (tmp_path / "secret.key").exists()


def test_key_file_is_made_once(tmp_path: Path) -> None:
    """Without a setting the key is made once, readable by its owner alone, and used again."""
    path = tmp_path / "var" / "secret.key"
    sealed = AesGcmVault.from_settings("", path).seal(Secret("hunter2"), Binding("1"))

    assert Secret("hunter2") == AesGcmVault.from_settings("", path).unseal(sealed, Binding("1"))
    assert (0o600, [path]) == (path.stat().st_mode & 0o777, list(path.parent.iterdir()))


def test_key_file_made_by_two_at_once(tmp_path: Path) -> None:
    """Processes that start together end up with the same key."""
    path, vaults, gate = tmp_path / "secret.key", list[AesGcmVault](), threading.Barrier(8)

    def start() -> None:
        gate.wait()
        vaults.append(AesGcmVault.from_settings("", path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sealed = vaults[0].seal(Secret("x"), Binding("1"))
    assert [Secret("x")] * 8 == [vault.unseal(sealed, Binding("1")) for vault in vaults]


@pytest.mark.parametrize("text", ["not base64!", base64.b64encode(b"short").decode(), "é" * 44])
def test_bad_key(text: str, tmp_path: Path) -> None:
    """A key that is none, in the settings or in the file, is told to the operator without showing it."""
    path = tmp_path / "secret.key"
    path.write_text(text, encoding="utf-8")

    for setting in (text, ""):
        with pytest.raises(ConfigurationError, match="32 random bytes") as caught:
            AesGcmVault.from_settings(setting, path)
        assert text not in str(caught.value)


def test_marks_by_each_key() -> None:
    """Whoever looks for what an earlier key marked finds it, the present key's first."""
    old, new = AesGcmVault(bytes(32)), AesGcmVault(KEY, [bytes(32)])

    assert (new.mark("U1"), old.mark("U1")) == new.marks("U1")
    assert new.keys == (*AesGcmVault(KEY).keys, *old.keys)


def test_an_old_key_still_opens_the_first_way() -> None:
    """Which key it was is not written down there: each is tried."""
    sealed = b"\x01" + bytes(12) + AESGCM(bytes(32)).encrypt(bytes(12), b"hunter2", b"row-1")

    assert Secret("hunter2") == AesGcmVault(KEY, [bytes(32)]).unseal(sealed, BOUND)
