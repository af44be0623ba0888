"""Reading the list of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.pool_csv import read_pool
from bot.rules.secret import Secret
from bot.usecases.accounts.pools import PoolRow

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "account_id,user_name,password,sign_in_url\n"


def written(folder: Path, text: str) -> Path:
    """A file with that text."""
    path = folder / "pool.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_read_in_any_order_of_columns(tmp_path: Path) -> None:
    """Spreadsheets move columns about and begin with a byte order mark."""
    path = written(
        tmp_path, "\ufeffpassword,user_name,note,account_id,sign_in_url\ns3cret,ada,x,1,https://a.example.com\n"
    )
    assert [PoolRow("1", "ada", Secret("s3cret"), "https://a.example.com")] == read_pool(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "columns"),
        (HEAD, "no accounts"),
        ("account_id,user_name,sign_in_url\n1,ada,https://a.example.com\n", "missing: password"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """The sentence says what is missing."""
    with pytest.raises(Refusal, match=words):
        read_pool(written(tmp_path, text))


def test_each_row_knows_its_line(tmp_path: Path) -> None:
    """Whoever takes the rows in can say which one is wrong; a cell that is not there is empty."""
    rows = read_pool(written(tmp_path, HEAD + "1,ada,s3cret,https://a.example.com\n\n2,ben,s3cret\n"))
    assert [(2, "https://a.example.com"), (4, "")] == [(row.line, row.sign_in_url) for row in rows]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    """No traceback for a typing error."""
    with pytest.raises(Refusal, match="There is no file"):
        read_pool(tmp_path / "nothing.csv")


def test_no_repr_shows_a_password() -> None:
    """Rows end up in tracebacks and logs."""
    assert "s3cret" not in repr(PoolRow("1", "ada", Secret("s3cret"), "https://a.example.com"))
