"""Looks for secrets in whatever was written: as they are, and in each dress in which a log, a form, a header or a file could carry them."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from sqlalchemy import inspect, text

from tests.makers.databases import looked_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEAST = 12
"""So many bytes a secret needs here: of fewer, base64 would be found by chance."""


def forms(secret: str | bytes) -> frozenset[bytes]:
    """The secret as bytes: plain, escaped for JSON (once and twice), for HTML and Slack, for URLs, as Python writes it, in hex and in base64 at any place."""
    raw = secret.encode() if isinstance(secret, str) else secret
    assert len(raw) >= LEAST, "a secret that is too short to be looked for"
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), *_in_base64(raw)}
    if isinstance(secret, str):
        for word in {secret, html.escape(secret, quote=False), html.escape(secret)}:
            once = {json.dumps(word, ensure_ascii=ascii_)[1:-1] for ascii_ in (True, False)}
            twice = {json.dumps(each, ensure_ascii=ascii_)[1:-1] for each in once for ascii_ in (True, False)}
            urls = {quote(word, safe=""), quote(word), quote_plus(word)}
            found |= {each.encode() for each in {word, repr(word)[1:-1], *once, *twice, *urls}}
            found |= {part for each in once for part in _in_base64(each.encode())}
    return frozenset(found)


def found_in(places: Mapping[str, bytes], secrets: Mapping[str, str | bytes]) -> list[tuple[str, str]]:
    """Place and name of each secret that stands there, in any form; neither the secret nor what is around it."""
    dresses = {name: forms(secret) for name, secret in secrets.items()}
    return [
        (place, name)
        for place, written in sorted(places.items())
        for name, known in dresses.items()
        if any(form in written for form in known)
    ]


def tables(url: str) -> dict[str, bytes]:
    """All rows of all tables by name: a long value in SQLite's own file may be cut by the end of a page."""
    with looked_at(url) as connection:
        names = inspect(connection).get_table_names()
        rows = {name: connection.execute(text(f'SELECT * FROM "{name}"')).fetchall() for name in names}
    return {f"table {name}": b"\n".join(_cells(row) for row in each) for name, each in rows.items()}


def _cells(row: Iterable[object]) -> bytes:
    return b"\t".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)


def _in_base64(raw: bytes) -> set[bytes]:
    """What is the same wherever it begins among other bytes that are encoded together, in both alphabets."""
    found = set()
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        end = -4 if (before + len(raw)) % 3 else None
        middle = whole[(4 if before else 0) : end]
        found |= {middle, middle.translate(bytes.maketrans(b"+/", b"-_"))}
    return found
