"""The container of a results bundle: a zip of which there is one way only to write it, so that every byte of it can be checked.

Its members are those of ``MEMBERS``, stored as they are and not compressed: nothing unfolds when somebody opens one that was made to do harm. The first is the
manifest, with the SHA-256 of all others.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from bot.rules.canonical import canonical, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT = "kantor bundle 1"
MANIFEST = "manifest.json"
CHAIN = "chain.json"
README = "README.txt"
MEMBERS = (
    README,
    "allocation.json",
    "board.json",
    CHAIN,
    "contest.json",
    "entries.json",
    "judges.json",
    "ratings.json",
    "rules.json",
)
"""But for the manifest."""
MOST = 256 * 1024 * 1024
"""Bytes of a bundle: ten times what one of 5,000 compositions with ten ratings each takes."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


class NotABundleError(Exception):
    """What it is instead, or where it is damaged, in a sentence."""


def manifest_of(files: Mapping[str, str]) -> dict[str, Any]:
    """What the manifest says of these texts."""
    return {"format": FORMAT, "files": {name: sha256_of(text) for name, text in files.items()}}


def results_hash(files: Mapping[str, str]) -> str:
    """SHA-256 of all that was decided: of everything but the trail, which goes on, and the words that explain."""
    decided = {name: sha256_of(files[name]) for name in MEMBERS if name not in {CHAIN, README}}
    return sha256_of(canonical(decided))


def packed(files: Mapping[str, str]) -> bytes:
    """The bundle of these texts, one for each of ``MEMBERS``: equal texts make equal bytes, on whatever machine."""
    manifest = canonical(manifest_of({name: files[name] for name in MEMBERS}))
    return _written([(MANIFEST, manifest.encode()), *((name, files[name].encode()) for name in MEMBERS)])


def unpacked(data: bytes) -> dict[str, str]:
    """The texts in a bundle, whoever made it. Raises NotABundleError where one byte is not as it should be."""
    if len(data) > MOST:
        raise NotABundleError(f"It has more than {MOST // 1024**2} MB, and no bundle is so large.")
    try:
        found = _members(data)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OverflowError) as error:
        raise NotABundleError(f"It is no zip, or a damaged one: {error}") from None
    files = {name: _text(name, raw) for name, raw in found.items()}
    stated = read(MANIFEST, files.pop(MANIFEST))
    if stated != manifest_of(files):
        hashes = stated.get("files") if isinstance(stated, dict) else None
        known = hashes if isinstance(hashes, dict) else {}
        other = next((name for name in MEMBERS if known.get(name) != sha256_of(files[name])), MANIFEST)
        raise NotABundleError(f"{other} is not what the manifest says: its SHA-256 is another one.")
    if canonical(stated) != found[MANIFEST].decode():
        raise NotABundleError("The manifest is written in another way than Kantor writes it.")
    again = packed(files)
    if again != data:
        at = next(
            (at for at, (one, other) in enumerate(zip(again, data, strict=False)) if one != other),
            min(len(again), len(data)),
        )
        raise NotABundleError(f"Byte {at} of the file, outside of what its members say, is not as Kantor writes it.")
    return files


def read(name: str, text: str) -> Any:
    """A member's JSON. Raises NotABundleError for what is none."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotABundleError(f"{name} is no JSON that Kantor writes.") from None


def _no_constant(word: str) -> None:
    raise ValueError(word)  # NaN and the like are no JSON


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.infolist()
        names = [each.filename for each in listed]
        if names != [MANIFEST, *MEMBERS]:
            strange = next((name for name in names if name not in {MANIFEST, *MEMBERS}), "")
            why = (
                f"it has {strange[:80]!r}, which no bundle has"
                if strange
                else "some of its members are missing, or are there twice"
            )
            raise NotABundleError(f"It is a zip, and no bundle: {why}.")
        for each in listed:
            if each.compress_type != zipfile.ZIP_STORED or each.flag_bits or each.file_size > len(data):
                raise NotABundleError(
                    f"{each.filename} is compressed or encrypted, and a bundle's members are stored as they are."
                )
        return {each.filename: archive.read(each) for each in listed}


def _text(name: str, raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise NotABundleError(f"{name} is no text.") from None


def _written(members: Iterable[tuple[str, bytes]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in members:
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system, entry.external_attr = _UNIX, 0o644 << 16
            archive.writestr(entry, raw)
    return data.getvalue()
