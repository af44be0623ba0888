"""Batches of files: ranked without keeping every verdict in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.judge_command import BATCH, Pile, judge_files, midi_files, ranked, watched
from judge.verdict import from_dict
from tests.makers.pieces import melody
from tests.makers.random_pieces import broken, random_piece

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes

_BATCH = """
import sys
from itertools import islice
from pathlib import Path
import psutil
from bot.judge_command import Pile, judge_files, json_lines, ranked

def now() -> int:
    return psutil.Process().memory_info().rss // 1024

paths = [Path(sys.argv[1], f"{number % 40}.mid") for number in range(int(sys.argv[2]))]
with Pile(whole=True) as pile:
    judged = judge_files(paths)
    rows = [pile.put(each) for each in islice(judged, 200)]
    before = now()
    rows += map(pile.put, judged)
    after = now()
    lines = sum(1 for _ in json_lines(ranked(rows), pile))
print(after - before, lines)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty pieces."""
    for number in range(40):
        (tmp_path / f"{number}.mid").write_bytes(melody(number, bars=2 + number % 7))
    return tmp_path


def test_a_long_batch_takes_no_more_memory_than_a_short_one(folder: Path) -> None:
    """After the first 200 files a thousand more add less than 3 MB, with every verdict kept for --json (they are 3 kB each on disk)."""
    command = (sys.executable, "-c", _BATCH, str(folder), "1200")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    grown, lines = map(int, done.stdout.split())
    assert 1200 == lines
    assert grown < 3000


def test_what_was_put_aside_comes_back_whole(folder: Path) -> None:
    """In any order, to the last digit."""
    judged = list(judge_files([folder / f"{number}.mid" for number in range(5)], works=True))
    with Pile(whole=True) as pile:
        rows = [pile.put(each) for each in judged]
        for row, each in reversed(list(zip(rows, judged, strict=True))):
            assert each.verdict == from_dict(json.loads(pile.line(row)))
            assert each.as_dict() == json.loads(pile.line(row))


def test_a_pile_of_rows_only_says_so(folder: Path) -> None:
    """The table alone needs no verdict."""
    with Pile(whole=False) as pile:
        row = pile.put(next(judge_files([folder / "1.mid"])))
        with pytest.raises(ValueError, match="rows only"):
            pile.line(row)


def test_the_best_comes_first_and_what_was_refused_last(folder: Path) -> None:
    """By score, then by name."""
    (folder / "a broken.mid").write_bytes(b"no")
    with Pile(whole=False) as pile:
        rows = ranked(map(pile.put, judge_files(midi_files([folder]))))
    scores = [row.score for row in rows if row.score is not None]
    assert sorted(scores, reverse=True) == scores
    assert ["a broken.mid"] == [row.name for row in rows[len(scores) :]]
    assert 40 == len(scores)


def test_nothing_but_files_is_looked_for_in_a_folder(folder: Path) -> None:
    """A folder that is called like a MIDI file, and a file of another kind, are passed over."""
    (folder / "album.mid").mkdir()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert 40 == len(midi_files([folder]))


def test_a_huge_file_is_read_no_further_than_needed(tmp_path: Path) -> None:
    """Four gigabytes of nothing are refused at once."""
    huge = tmp_path / "huge.mid"
    with huge.open("wb") as stream:
        stream.write(melody(1))
        stream.truncate(4 << 30)
    assert "too_large" == next(judge_files([huge])).refusal


def test_a_file_is_judged_among_others_as_it_is_alone(tmp_path: Path) -> None:
    """To the last digit, whatever the others are: broken ones, others' meters and lengths, more than fit into one batch."""
    made = [random_piece(seed) for seed in range(BATCH)] + [broken(random_piece(seed), seed) for seed in range(BATCH)]
    paths = [tmp_path / f"{number}.mid" for number in range(len(made))]
    for path, data in zip(paths, made, strict=True):
        path.write_bytes(data)
    alone = [each.as_dict() for path in paths for each in judge_files([path])]
    assert alone == [each.as_dict() for each in judge_files(paths)]
    assert alone[::-1] == [each.as_dict() for each in judge_files(paths[::-1])]
    refused = sum(each["score"] is None for each in alone)
    assert BATCH // 4 < refused < BATCH + BATCH // 4


def test_without_a_terminal_there_is_no_progress_bar(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Logs stay clean."""
    files = midi_files([folder])[:3]
    assert 3 == len(list(watched(judge_files(files), len(files))))
    assert ("", "") == tuple(capsys.readouterr())
