"""The table of the faults: each run writes its own rows, and no fault is without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.book import Count
from tests.faults.table import BEGIN, END, POSTGRES, SQLITE, Line, merged, rows_of, write

if TYPE_CHECKING:
    from pathlib import Path

ORDER = ("a kill", "a cut")
EMPTY = f"Before.\n{BEGIN}\n{END}\nAfter.\n"


def test_a_row_takes_the_place_of_its_own_alone() -> None:
    """By fault and database; however many of its steps were tried."""
    once = Line("a kill", SQLITE, times=12, of="of 56 steps")
    text = merged(EMPTY, [once, Line("a kill", POSTGRES), Line("a cut", SQLITE)], ORDER)
    again = merged(text, [Line("a kill", SQLITE, times=56)], ORDER)
    assert "12 of 56 steps" in text
    assert "12 of 56 steps" not in again
    rows = rows_of(again)
    assert [("a kill", SQLITE), ("a kill", POSTGRES), ("a cut", SQLITE)] == list(rows)
    assert rows["a kill", POSTGRES] == rows_of(text)["a kill", POSTGRES]
    assert again.startswith("Before.\n")
    assert again.endswith("\nAfter.\n")


def test_faults_that_are_injected_no_more_go() -> None:
    """With the next row that is written."""
    text = merged(EMPTY, [Line("a kill", SQLITE), Line("a flood", SQLITE)], (*ORDER, "a flood"))
    assert [("a kill", SQLITE), ("a cut", SQLITE)] == list(rows_of(merged(text, [Line("a cut", SQLITE)], ORDER)))


def test_a_row_says_what_was_wrong() -> None:
    """How much was lost and doubled, how long it took, and which promise was broken."""
    line = Line("a cut", SQLITE, "nothing")
    line.add(Count(("a letter",), ()), 2.0)
    line.add(Count((), ("a card",)), 4.0)
    line.must(None, "well again")
    assert ["lost: a letter", "doubled: a card", "well again"] == line.failures
    assert line.row().startswith("| a cut | SQLite | 2 | 1 | 1 | nothing **Broken: well again.** | 3.0, 4.0 | ")


def test_what_cannot_be_says_why() -> None:
    """In the column of what people are told."""
    assert "| none | | | there is no server | |" in Line("a kill", SQLITE, why_not="there is no server").row()


def test_a_document_without_a_table_stays_as_it_is(tmp_path: Path) -> None:
    """And whoever wanted to write learns of it."""
    file = tmp_path / "other.md"
    file.write_text("No table.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no table"):
        write(file, [Line("a kill", SQLITE)], ORDER)
    assert file.read_text(encoding="utf-8") == "No table.\n"
