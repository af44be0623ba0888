"""The copy check: copies are found whatever a copyist does, other music is left in peace, and nothing can be played from what is kept."""

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from judge.assess import assess, assess_performance
from judge.copycheck import Index, bar_runs, index_of, keep, load_index, nearest, shipped_index
from judge.fingerprint import KEPT, fingerprint
from judge.midi import Performance, read
from judge.network import WEIGHTS, BrokenWeightsError
from judge.writer import Score, write

# The first eight bars of the prelude of Bach's first suite for violoncello.
PRELUDE = """G2:0.25 D3 B3 A3 B3 D3 B3 D3 G2 D3 B3 A3 B3 D3 B3 D3 | G2 E3 C4 B3 C4 E3 C4 E3 G2 E3 C4 B3 C4 E3 C4 E3 |
G2 F#3 C4 B3 C4 F#3 C4 F#3 G2 F#3 C4 B3 C4 F#3 C4 F#3 | G2 G3 B3 A3 B3 G3 B3 G3 G2 G3 B3 A3 B3 G3 B3 F#3 |
G2 E3 B3 A3 B3 G3 F#3 G3 E3 G3 F#3 G3 B2 D3 C#3 B2 | C#3 G3 A3 G3 A3 G3 A3 G3 C#3 G3 A3 G3 A3 G3 A3 G3 |
F#3 A3 D4 C#4 D4 A3 G3 A3 F#3 A3 G3 A3 D3 F#3 E3 D3 | E2 B2 G3 F#3 G3 B2 G3 B2 E2 B2 G3 F#3 G3 B2 G3 B2"""

Column = NDArray[np.integer] | NDArray[np.floating]


def prelude() -> Performance:
    return read(write(Score("Prelude", (4, 4), 70, (PRELUDE,))))


def made_up(seed: int, voices: int = 4) -> Performance:
    """Eight bars by nobody: each voice walks at random in a scale, in its own rhythm."""
    rng = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    notes: list[tuple[float, float, int]] = []
    for voice in range(voices):
        at, degree = 0.0, 0
        while at < 32:
            length = float(rng.choice([0.5, 0.5, 1, 1, 2]))
            degree = int(np.clip(degree + rng.choice([-3, -2, -1, 1, 2, 3]), -5, 9))
            notes.append((at, min(length, 32 - at), 43 + 9 * voice + 12 * (degree // 7) + int(scale[degree % 7])))
            at += length
    onset, duration, pitch = np.array(sorted(notes)).T
    return with_notes(prelude(), onset, duration, pitch)


def with_notes(piece: Performance, onset: Column, duration: Column, pitch: Column) -> Performance:
    order = np.lexsort((pitch, onset))
    times, lengths = (column[order].astype(np.float64) for column in (onset, duration))
    return replace(piece, onset=times, duration=lengths, pitch=pitch[order].astype(np.int16))


def deleted(piece: Performance) -> Performance:
    rng = np.random.default_rng(1)
    kept = rng.permutation(len(piece.onset))[len(piece.onset) // 10 :]
    return with_notes(piece, piece.onset[kept], piece.duration[kept], piece.pitch[kept])


def added(piece: Performance) -> Performance:
    rng = np.random.default_rng(2)
    near = rng.permutation(len(piece.onset))[: len(piece.onset) // 10]
    onset = np.concatenate([piece.onset, piece.onset[near] + 0.25])
    pitch = np.concatenate([piece.pitch, piece.pitch[near] + rng.integers(-9, 10, len(near))])
    return with_notes(piece, onset, np.concatenate([piece.duration, piece.duration[near]]), pitch)


def altered(piece: Performance) -> Performance:
    rng = np.random.default_rng(3)
    pitch = piece.pitch.copy()
    pitch[rng.permutation(len(pitch))[: len(pitch) // 10]] += 5
    return with_notes(piece, piece.onset, piece.duration, pitch)


def loose(piece: Performance) -> Performance:
    rng = np.random.default_rng(4)
    onset = np.maximum(0, piece.onset + rng.uniform(-0.05, 0.05, len(piece.onset)))
    return with_notes(piece, onset, piece.duration, piece.pitch)


def transposed(piece: Performance) -> Performance:
    return with_notes(piece, piece.onset, piece.duration, piece.pitch + 7)


def at_speed(piece: Performance, factor: float) -> Performance:
    starts = tuple(start * factor for start in piece.bar_starts)
    slow = with_notes(piece, piece.onset * factor, piece.duration * factor, piece.pitch)
    return replace(slow, bar_starts=starts)


CHANGES: dict[str, Callable[[Performance], Performance]] = {
    "as it is": lambda piece: piece,
    "transposed": transposed,
    "10 % deleted": deleted,
    "10 % added": added,
    "10 % altered": altered,
    "all of these": lambda piece: transposed(altered(added(deleted(piece)))),
    "loose timing": loose,
    "twice as slow": lambda piece: at_speed(piece, 2),
    "twice as fast": lambda piece: at_speed(piece, 0.5),
    "at 120 for 97": lambda piece: at_speed(piece, 120 / 97),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_of_bach_is_named_with_its_bars(change: str) -> None:
    """Whatever was done to it, the work comes first and is flagged, with the bars here and there."""
    found = nearest(CHANGES[change](prelude()), shipped_index())[0]
    assert ("BWV 1007 [1]", True) == (found.work, found.copied)
    assert (1, 8) == found.bars_here
    assert (1, 8) == found.bars_there


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_of_another_submission_is_found(change: str) -> None:
    """The fingerprint that is kept of a submission is enough to find what was made of it."""
    kept = {f"piece {seed}": keep(made_up(seed)) for seed in range(12)}
    found = nearest(CHANGES[change](made_up(7)), index_of(kept, shipped_index().weight))
    assert ("piece 7", True) == (found[0].work, found[0].copied)
    assert [False] * (len(found) - 1) == [other.copied for other in found[1:]]


def test_a_copy_without_some_of_its_voices_is_found() -> None:
    """Soprano and bass alone are still somebody's."""
    piece = made_up(7)
    kept = {f"piece {seed}": keep(made_up(seed)) for seed in range(12)}
    outer = (piece.pitch >= 67) | (piece.pitch <= 55)
    fewer = with_notes(piece, piece.onset[outer], piece.duration[outer], piece.pitch[outer])
    found = nearest(fewer, index_of(kept, shipped_index().weight))
    assert ("piece 7", True) == (found[0].work, found[0].copied)


@pytest.mark.parametrize("seed", range(8))
def test_other_music_is_not_flagged(seed: int) -> None:
    """Nobody's music shares no long passage with Bach, nor with other music of its kind."""
    others = index_of(
        {str(other): keep(made_up(other)) for other in range(20) if other != seed}, shipped_index().weight
    )
    found = [*nearest(made_up(seed), shipped_index()), *nearest(made_up(seed), others)]
    assert [] == [work for work in found if work.copied]


@pytest.mark.parametrize("steps", [(0, 2, 4, 5, 7, 9, 11, 12), (0, 4, 7, 4), (0, 12), (0,)])
def test_everybodys_patterns_are_nobodys(steps: tuple[int, ...]) -> None:
    """A scale, broken chords, an octave to and fro, one note again and again."""
    pitch = np.array([60 + steps[i % len(steps)] for i in range(128)], dtype=float)
    piece = with_notes(prelude(), np.arange(128) / 4, np.full(128, 0.25), pitch)
    assert [] == [work for work in nearest(piece, shipped_index()) if work.copied]


def test_bars_are_those_of_the_passage() -> None:
    """Four bars of Bach after four of one's own: bars 5 to 8 here, 1 to 4 there."""
    own, bach = made_up(3, voices=1), prelude()
    mine, his = own.onset < 16, bach.onset < 16
    onset = np.concatenate([own.onset[mine], bach.onset[his] + 16])
    duration = np.concatenate([own.duration[mine], bach.duration[his]])
    piece = with_notes(bach, onset, duration, np.concatenate([own.pitch[mine], bach.pitch[his]]).astype(float))
    found = nearest(piece, shipped_index())[0]
    assert ("BWV 1007 [1]", (5, 8), (1, 4)) == (found.work, found.bars_here, found.bars_there)


def test_a_pickup_is_bar_zero() -> None:
    """Bars are counted as the verdict counts them."""
    assert ((0.0, 2.0, 0), (2.0, 8.0, 1)) == bar_runs((0.0, 1.0, 5.0, 9.0), pickup=True)


def test_the_same_piece_gets_the_same_answer() -> None:
    """Bits and bars depend on nothing but the notes."""
    assert nearest(altered(prelude()), shipped_index()) == nearest(altered(prelude()), shipped_index())


def test_what_is_kept_holds_no_pitch_and_no_length() -> None:
    """Two pieces in different keys, with other note lengths, keep the very same bytes."""
    piece = made_up(5)
    other = with_notes(piece, piece.onset, piece.duration * 0.5, piece.pitch + 3)
    assert keep(piece) == keep(other)


def test_the_shipped_index_holds_hashes_only() -> None:
    """At most a few hashes a note, each of 16 bits: the many chains that share one cannot be told apart."""
    with np.load(io.BytesIO((WEIGHTS / "copies-1.npz").read_bytes())) as columns:
        assert {"counts", "codes"} == set(columns.files)
        assert np.uint16 == columns["codes"].dtype
    assert (WEIGHTS / "copies-1.npz").stat().st_size < 2_000_000


def test_a_fingerprint_has_a_few_chains_a_note() -> None:
    """Every chain has five notes, later and later."""
    piece = prelude()
    found = fingerprint(piece.onset, piece.duration, piece.pitch, KEPT)
    assert len(piece.onset) < len(found.code) <= KEPT * len(piece.onset)
    assert (np.diff(found.onset[found.notes], axis=1) > 0).all()


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_the_shortest_pieces_share_nothing(count: int) -> None:
    """Too few notes for a chain, or for a passage."""
    piece = with_notes(prelude(), np.arange(count) * 1.0, np.ones(count), 60.0 + np.arange(count))
    assert [] == [work for work in nearest(piece, shipped_index()) if work.copied]
    assert () == nearest(piece, index_of({}, shipped_index().weight))


def test_fingerprints_of_another_version_are_left_out() -> None:
    """What an older Kantor kept is compared with nothing rather than wrongly."""
    old = json.dumps({"version": "copies-0", "bars": [[0, 8, 1]], "position": [0], "code": [1]}).encode()
    assert () == nearest(prelude(), index_of({"old": old}, shipped_index().weight))


def test_an_index_that_was_changed_is_refused(tmp_path: Path) -> None:
    """The index on disk is the one that training wrote, to the byte."""
    for name in ("copies-1.npz", "copies-1.json"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    assert isinstance(load_index(tmp_path), Index)
    with (tmp_path / "copies-1.npz").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(BrokenWeightsError):
        load_index(tmp_path)


def test_a_verdict_names_the_nearest_works_where_it_is_asked() -> None:
    """They are for information: the score is the same, and JSON takes them."""
    data = write(Score("Prelude", (4, 4), 70, (PRELUDE,)))
    plain, asked = assess(data), assess(data, works=True)
    assert () == plain.nearest_works
    assert plain == replace(asked, nearest_works=())
    stored = json.loads(json.dumps(asked.as_dict()))["nearest_works"][0]
    assert ("BWV 1007 [1]", [1, 8], True) == (stored["work"], stored["bars_there"], stored["copied"])


def test_the_works_are_found_in_a_piece_that_was_read_already() -> None:
    """The bot reads once, and draws and judges what it read."""
    assert "BWV 1007 [1]" == assess_performance(prelude(), works=True).nearest_works[0].work
