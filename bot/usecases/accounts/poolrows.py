"""Lines of the organizers' list of accounts, read and checked. No sentence of this module shows a cell: it could be a password."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("account_id", "user_name", "password", "sign_in_url")
"""What each line of the organizers' list must give."""

PASTED = 3000
"""So many characters go into an input of Slack's."""

_TOLD = 5
"""So many wrong lines are told at once."""


@dataclass(frozen=True)
class PoolRow:
    """One line of the organizers' list."""

    account_id: str
    user_name: str
    password: str = field(repr=False)
    sign_in_url: str
    line: int = field(default=0, compare=False)
    """Where it stands in the organizers' list; 0 where it came from none."""


def checked(rows: Iterable[PoolRow]) -> Sequence[PoolRow]:
    """The rows, where each is whole. Raises Refusal with the first few lines that are not."""
    pool = tuple(rows)
    wrong = _wrong(pool)
    if wrong:
        raise _refusal(wrong)
    return pool


def pasted_rows(text: str) -> Sequence[PoolRow]:
    """The rows of a pasted list: commas, semicolons or tabs between the cells, with or without a line of column names.

    Raises Refusal (field ``pool_passwords``) with the lines that are wrong.
    """
    head, cells = _cells(text)
    if not cells:
        raise Refusal("I see no account there: one line each, as in the example.", field="pool_passwords")
    if len(text) >= PASTED:
        whole = len(cells) - 1
        raise Refusal(
            f"A window takes {PASTED} characters, so the end was cut off. Paste {whole} lines at a time, the rest afterwards; "
            "for long lists there is `kantor accounts import` on the machine where I run.",
            field="pool_passwords",
        )
    crowded = {line: len(row) for line, row in cells if len(row) > len(head)}
    # Of a line with too many cells nobody knows which is which.
    pool = tuple(_row(head, line, row) for line, row in cells if line not in crowded)
    wrong = [
        f"Line {line}: {number} cells in place of {len(head)}. Put double quotes around a cell with a comma."
        for line, number in crowded.items()
    ]
    wrong += [*_wrong(pool), *_repeated(pool)]
    if wrong:
        raise _refusal(wrong, field="pool_passwords")
    return pool


def _cells(text: str) -> tuple[Sequence[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and each line's number and cells; empty lines are left out."""
    reader = csv.reader(io.StringIO(text.strip("\n")), delimiter=_delimiter(text), skipinitialspace=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error:
        raise Refusal(
            f"Line {reader.line_num} is no line of cells. Nothing was imported.",
            field="pool_passwords",
        ) from None
    first = [cell.casefold() for cell in lines[0][1]] if lines else []
    if set(COLUMNS) <= set(first):
        return first, lines[1:]
    return COLUMNS, lines


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    # A spreadsheet copies its cells with tabs; a European one saves them with semicolons.
    if "\t" in first:
        return "\t"
    return ";" if first.count(";") >= len(COLUMNS) - 1 and first.count(",") < len(COLUMNS) - 1 else ","


def _row(head: Sequence[str], line: int, cells: Sequence[str]) -> PoolRow:
    named = dict(zip(head, cells, strict=False))
    return PoolRow(**{column: named.get(column, "") for column in COLUMNS}, line=line)


def _wrong(pool: Sequence[PoolRow]) -> list[str]:
    wrong = []
    for number, row in enumerate(pool, start=1):
        line = row.line or number
        missing = [column for column in COLUMNS if not getattr(row, column).strip()]
        if missing:
            wrong.append(f"Line {line}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty.")
        if "sign_in_url" not in missing and not row.sign_in_url.startswith("https://"):
            wrong.append(f"Line {line}: sign_in_url must start with https://, as in https://example.com/console.")
    return wrong


def _repeated(pool: Sequence[PoolRow]) -> list[str]:
    first: dict[tuple[str, str], int] = {}
    return [
        f"Line {row.line} is about the same account and user as line {first[row.account_id, row.user_name]}."
        for row in pool
        if first.setdefault((row.account_id, row.user_name), row.line) != row.line
    ]


def _refusal(wrong: Sequence[str], field: str | None = None) -> Refusal:
    more = [f"{len(wrong) - _TOLD} more lines are wrong."] if len(wrong) > _TOLD else []
    return Refusal(" ".join([*wrong[:_TOLD], *more, "Nothing was imported."]), field=field)
