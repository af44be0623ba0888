"""Reading the list of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.pool_csv import read_pool
from bot.usecases.accounts import PoolRow

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
    assert [PoolRow("1", "ada", "s3cret", "https://a.example.com")] == read_pool(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "columns"),
        (HEAD, "no accounts"),
        ("account_id,user_name,sign_in_url\n1,ada,https://a.example.com\n", "missing: password"),
        (HEAD + "1,ada,,https://a.example.com\n", "Line 2: password is empty"),
        (HEAD + "1,ada,s3cret,http://a.example.com\n", "Line 2: sign_in_url must start with https://"),
        (HEAD + "1,ada,s3cret\n", "Line 2: sign_in_url is empty"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_without_its_cells(tmp_path: Path, text: str, words: str) -> None:
    """The sentence names the line, and never shows what could be a password."""
    with pytest.raises(Refusal, match=words) as caught:
        read_pool(written(tmp_path, text))
    assert "s3cret" not in caught.value.sentence


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    """No traceback for a typing error."""
    with pytest.raises(Refusal, match="There is no file"):
        read_pool(tmp_path / "nothing.csv")


def test_no_repr_shows_a_password() -> None:
    """Rows end up in tracebacks and logs."""
    assert "s3cret" not in repr(PoolRow("1", "ada", "s3cret", "https://a.example.com"))
