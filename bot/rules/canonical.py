"""JSON of which there is one way only to write it, so that equal documents have equal hashes, whoever made them, on whatever machine."""

from __future__ import annotations

import json
from hashlib import sha256


def canonical(value: object) -> str:
    """A JSON value as text: keys in order, no space between, nothing but ASCII. Raises ValueError for a number that JSON has not.

    A float in it is written as Python does (the shortest digits that mean it); whoever wants other languages to write the same puts words in
    its place (``exactly``).
    """
    return _ENCODER.encode(value)


def sha256_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def exactly(number: float) -> str:
    """A number in words that lose nothing of it: ``1.5``, and ``2`` where it is whole."""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
