"""Two pieces, one above the other: which notes they share, and how that is drawn."""

import io

import numpy as np
import pytest
from PIL import Image

from judge.copycheck import index_of, keep, nearest, shared_with, shipped_index
from judge.midi import Performance, read
from judge.overlap import overlap
from judge.refusals import Limits
from judge.sidebyside import WIDTH, beside_bach, two_pieces
from judge.verdict import NearestWork
from judge.writer import Score, write
from tests.makers.golden import looks_golden
from tests.makers.midi_files import midi, note, tempo, track

UPPER = "E5:1 G5:.5 F5:.5 E5:.5 D5:.5 C5:1 | A5:1.5 G5:.5 F5:1 E5:1 | D5:.5 F5:.5 B4:1 G5:.5 E5:.5 C5:1 | B4:1 A4:.5 B4:.5 C5:2"
LOWER = "C3:1 E3:1 G3:.5 F3:.5 E3:1 | F3:1 A3:1 D3:.5 E3:.5 C3:1 | G3:1 G2:1 E3:1 A3:1 | D3:1 G3:1 C3:2"


def piece(before: str = "", *, factor: float = 1.0, semitones: int = 0) -> Performance:
    """The little duet, perhaps after something else, slower and higher."""
    upper, lower = (f"{before} {line}" for line in (UPPER, LOWER))
    found = read(write(Score("Dawn", (4, 4), 100, (upper, lower))), Limits(max_bars=64))
    events = [
        note_bytes(round(onset * factor * 480), round(length * factor * 480), int(pitch) + semitones)
        for onset, length, pitch in zip(found.onset, found.duration, found.pitch, strict=True)
    ]
    return read(midi(*(track(tempo(), event) for event in events), kind=1), Limits(max_bars=64))


def note_bytes(onset: int, length: int, pitch: int) -> bytes:
    return note(pitch, length, after=onset)


@pytest.mark.parametrize("semitones", [0, 5, -7])
def test_a_transposed_piece_lies_upon_itself(semitones: int) -> None:
    """Every note has a partner; the distance in pitch is found."""
    found = overlap(piece(), piece(semitones=semitones))
    assert (semitones, 1.0, 0.0) == (found.semitones, found.scale, round(found.shift, 6))
    assert found.here.all()
    assert found.there.all()


def test_a_later_and_slower_copy_lies_upon_it() -> None:
    """Twice as slow, four quarters of something else before it."""
    found = overlap(piece(), piece("C4:4 |", factor=2.0))
    assert (2.0, 8.0) == (found.scale, round(found.shift, 6))
    assert found.here.all()
    assert [False] * 2 == found.there.tolist()[:2]


def test_what_was_changed_has_no_partner() -> None:
    """One note of the copy was altered: it alone stands out."""
    here = piece()
    changed = here.pitch.copy()
    changed[5] += 1
    there = Performance(**{**vars(here), "pitch": changed})
    found = overlap(here, there)
    assert [5] == np.flatnonzero(~found.here).tolist()
    assert [5] == np.flatnonzero(~found.there).tolist()


def test_two_rolls_look_like_the_golden_ones() -> None:
    """Aligned in time, with bars here and there, names, and what is shared solid."""
    here, there = piece("C4:4 |", semitones=5), piece()
    (shared,) = nearest(here, index_of({"#jam-ada-Dawn": keep(there)}, shipped_index().weight))
    drawn = two_pieces(here, there, shared, ("#jam-ben-Mine", "#jam-ada-Dawn"))
    assert looks_golden("two_pieces.png", drawn.png)
    assert drawn.alt_text.startswith(
        "Two piano rolls, one above the other: bars 2 to 5 of #jam-ben-Mine and bars 1 to 4 of #jam-ada-Dawn. "
    )
    assert drawn.alt_text.endswith("have a partner in the second, here 5 semitones higher.")


def test_bachs_work_is_a_line_of_bars() -> None:
    """No note of Bach's is kept: the piece alone has a roll, and below it are marks where the same steps begin."""
    here = piece("C4:4 |", semitones=5)
    index = index_of({"BWV 0": keep(piece())}, shipped_index().weight)
    (shared,) = nearest(here, index)
    drawn = beside_bach(here, shared, ("#jam-ben-Mine", "Bach, BWV 0"), index)
    assert looks_golden("beside_bach.png", drawn.png)
    assert drawn.alt_text.startswith("Piano roll of #jam-ben-Mine. ")
    assert drawn.alt_text.endswith("take the same steps as Bach, BWV 0: bars 2 to 5 here, bars 1 to 4 there.")


def test_the_shipped_index_can_be_asked_too() -> None:
    """Whatever a piece shares with a work of Bach's, it can be drawn."""
    here = piece()
    found = NearestWork(next(iter(_works_near(here))), 0.2, (1, 2), (3, 4), 50.0, copied=False)
    assert WIDTH == Image.open(io.BytesIO(beside_bach(here, found, ("here", "Bach")).png)).width


def _works_near(here: Performance) -> list[str]:
    """Works that share at least something."""
    found = []
    for work in shipped_index().works:
        try:
            shared_with(here, shipped_index(), work.name)
        except KeyError:
            continue
        found.append(work.name)
        break
    return found
