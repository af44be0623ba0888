"""A tiny rehearsal from its first command to its report, with real processes and real kills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rehearsal.play import rehearse
from bot.rehearsal.record import Record

if TYPE_CHECKING:
    from pathlib import Path

    from bot.rehearsal.place import Place


@pytest.mark.processes
@pytest.mark.slow
def test_a_rehearsal_says_no_to_results_that_somebody_has_changed(tmp_path: Path) -> None:
    """One byte of the file that the bot handed out is another one: all else holds, and the answer is no."""

    def tampered(_place: Place, file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)

    record = Record(6, 2, 1, lambda _words: None)
    assert not rehearse(record, tmp_path / "report.md", tmp_path / "kept", meddle=tampered)
    broken = [each.promise for each in record.checks if not each.kept]
    assert ["kantor verify says yes to the results", "Every rating is in the results"] == broken, record.checks
    assert "**No: not like this." in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert {"No file was lost", "kantor audit verify says yes to the trail"} <= {
        each.promise for each in record.checks if each.kept
    }


@pytest.mark.processes
def test_a_rehearsal_says_no_where_a_step_never_answers(tmp_path: Path) -> None:
    """Nobody waits here for a window to come: as if none came. The report says where it stopped."""
    record = Record(6, 2, 1, lambda _words: None)
    assert not rehearse(record, tmp_path / "report.md", tmp_path / "kept", patience=0)
    said = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "**No: not like this." in said
    assert "it stopped after: the beginning. Waited 0 s in vain" in said
