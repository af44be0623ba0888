"""Reads the list of accounts that ``kantor accounts import`` gets. No message of this module shows a cell: it could be a password."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.usecases.accounts.pools import COLUMNS, row_of

if TYPE_CHECKING:
    from pathlib import Path

    from bot.usecases.accounts.pools import PoolRow


def read_pool(path: Path) -> list[PoolRow]:
    """The rows of a CSV file with the columns ``COLUMNS`` (any order, others are left out).

    Raises Refusal where it is no such file; what is in the rows is checked by whoever takes them in.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Refusal(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{path} cannot be read as text in UTF-8. Save it as CSV (UTF-8) and try again.") from None
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise Refusal(f"The first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}.")
    rows = [row_of(cells, reader.line_num) for cells in reader]
    if not rows:
        raise Refusal(f"{path} holds no accounts: one line each, below the line of column names.")
    return rows
