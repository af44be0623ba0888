"""Tables as files that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime
from types import NoneType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001 - the full-width ones begin a formula, too
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold: the same data give the same bytes."""


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows below a line of column names, as spreadsheets take them (RFC 4180). No cell of words begins a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    by_column = (_cells([row.get(column) for row in rows]) for column in columns)
    writer.writerows(zip(*by_column, strict=True))
    return text.getvalue()


def json_text(value: object) -> str:
    """The value as JSON; moments as ISO words."""
    return json.dumps(value, default=_plain, ensure_ascii=False, indent=1)


def json_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a JSON array, one a line; moments as ISO words."""
    # Not indented: Python's encoder in C does not indent, and the other one takes ten times as long.
    lines = ",\n".join(map(_ROW.encode, rows))
    return f"[\n{lines}\n]" if rows else "[]"


def zipped(files: Mapping[str, str]) -> bytes:
    """The texts, in UTF-8, by their names in one zip."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # A byte order mark: without one Excel reads UTF-8 as something else.
            mark = "\ufeff" if name.endswith(".csv") else ""
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (mark + text).encode())
    return data.getvalue()


def _cells(column: Sequence[object]) -> Iterable[object]:
    """The cells of a column: numbers need no look, and words that stand in many rows need one."""
    kinds = set(map(type, column)) - {NoneType}
    if kinds <= {int, float}:
        return column
    if kinds <= {str}:
        cells = {value: _cell(value) for value in set(column)}
        return map(cells.__getitem__, column)
    return map(_cell, column)


def _cell(value: object) -> object:
    if value is None or (isinstance(value, str) and value[:1].isalnum()):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else _plain(value)
    # A spreadsheet would run what begins like a formula, whoever wrote it; the apostrophe makes it words.
    dangerous = text.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if dangerous else text


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return _ROW.encode(value)
    return str(value)


_ROW = json.JSONEncoder(default=_plain, ensure_ascii=False)
