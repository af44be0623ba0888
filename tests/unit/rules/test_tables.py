"""Tables as files."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.tables import csv_text, json_text, zipped

AT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def cell(value: object) -> str:
    """How the value comes out of the file again."""
    (row,) = csv.DictReader(io.StringIO(csv_text(["it"], [{"it": value}])))
    return row["it"]


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'],
)
def test_no_cell_of_words_is_a_formula(words: str) -> None:
    """A title could be one, and a spreadsheet would run it."""
    assert f"'{words}" == cell(words)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-3, "-3"),
        (4.5, "4.5"),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (AT, "2026-11-22T17:00:00+00:00"),
        ("a,b", "a,b"),
    ],
)
def test_values_stay_what_they_are(value: object, shown: str) -> None:
    """Numbers below zero are numbers."""
    assert shown == cell(value)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from([0.0, 1.0, -1.5]),
    st.sampled_from(["", "=1", "a", "1", "-1"]),
    st.just(AT),
)


@given(st.lists(CELLS, min_size=2))
def test_a_cell_is_the_same_in_any_company(column: list[object]) -> None:
    """A column may mix everything: 1, True, 1.0 and the word 1 stay apart, and each word is looked at for formulas."""
    rows = csv.DictReader(io.StringIO(csv_text(["a", "it"], [{"a": "x", "it": value} for value in column])))
    assert [cell(value) for value in column] == [row["it"] for row in rows]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_words_come_back_whole(words: str) -> None:
    """Quotes, commas and lines are kept; no first character makes a formula."""
    shown = cell(words)
    assert words in {shown, shown.removeprefix("'")}
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_same_data_are_the_same_bytes() -> None:
    """A zip holds no moment of its making; CSV begins with a mark that spreadsheets know UTF-8 by."""
    files = {"a.csv": csv_text(["x"], [{"x": "ü"}]), "a.json": json_text({"at": AT})}
    assert zipped(files) == zipped(files)
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        assert "\ufeffx\r\nü\r\n" == archive.read("a.csv").decode()
        assert '{\n "at": "2026-11-22T17:00:00+00:00"\n}' == archive.read("a.json").decode()
