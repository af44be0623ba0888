"""The verdict: what the judge thinks of small pieces made here, and what must not change its mind."""

import io
import json
import time

import mido
import numpy as np
import pytest

from judge.assess import assess, model_info
from judge.midi import MidiRefusal
from judge.refusals import RefusalCode
from tests.makers.midi_files import midi, note, track

Note = tuple[float, float, int]

_NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# Eight bars in the manner of a chorale, written for this test: note, length in quarters.
_CHORALE = (
    (
        "C5 1 D5 1 E5 .5 D5 .5 C5 1 D5 1 B4 1 C5 2 E5 1 D5 1 C5 1 B4 1 A4 1 A4 1 G4 2 "
        "B4 1 C5 1 D5 .5 E5 .5 F5 1 E5 1 C5 1 C5 .5 B4 .5 C5 1 C5 1 D5 1 E5 1 D5 .5 C5 .5 B4 1 C5 3"
    ),
    (
        "G4 1 G4 1 G4 1 A4 .5 G4 .5 A4 1 G4 .5 F4 .5 E4 2 G4 1 G4 1 E4 1 E4 1 E4 1 G4 .5 F#4 .5 D4 2 "
        "G4 1 E4 1 G4 1 F4 1 G4 1 A4 1 G4 1 G4 1 E4 1 F4 1 G4 1 A4 1 G4 1 G4 3"
    ),
    (
        "E4 1 D4 .5 F4 .5 E4 1 E4 1 D4 1 D4 1 G3 2 C4 1 D4 .5 B3 .5 A3 1 G3 1 C4 1 D4 .5 C4 .5 B3 2 "
        "D4 1 C4 1 D4 1 A3 1 C4 1 F4 1 D4 .5 F4 .5 E4 1 A3 1 A3 1 C4 1 A3 1 D4 .5 F4 .5 E4 3"
    ),
    (
        "C3 1 B2 1 C3 1 A2 1 F3 1 G3 .5 G2 .5 C3 2 C3 .5 A2 .5 B2 .5 G2 .5 A2 1 E3 1 C3 1 D3 1 G2 2 "
        "G2 1 A2 1 B2 1 D3 1 E3 1 F3 1 G3 .5 G2 .5 C3 .5 B2 .5 A2 .5 G2 .5 F2 1 C3 1 F3 1 G3 .5 G2 .5 C3 3"
    ),
)


def _chorale() -> list[Note]:
    notes: list[Note] = []
    for voice in _CHORALE:
        at, words = 0.0, voice.split()
        for name, length in zip(words[::2], words[1::2], strict=True):
            pitch = 12 * (int(name[-1]) + 1) + _NAMES[name[0]] + ("#" in name)
            notes.append((at, float(length), pitch))
            at += float(length)
    return notes


def _scale(above: int = 0) -> list[Note]:
    degrees = [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2]
    tenth = [16, 17, 19, 21, 23, 24, 26, 28, 26, 24, 23, 21, 19, 17]
    tones = [(i * 0.5, 0.5, 60 + degrees[i % 14]) for i in range(64)]
    return tones + ([(i * 0.5, 0.5, 60 + tenth[i % 14]) for i in range(64)] if above else [])


def _noise() -> list[Note]:
    rng = np.random.default_rng(5)
    return [(i * 0.5, 0.5, int(p)) for i in range(64) for p in rng.integers(40, 80, 3)]


def _blocks() -> list[Note]:
    chords = ((48, 60, 64, 67), (53, 60, 65, 69), (55, 59, 62, 67), (48, 60, 64, 67))
    return [(float(i), 1.0, p) for i in range(32) for p in chords[i // 2 % 4]]


def _repeated() -> list[Note]:
    return [(i * 0.5, 0.5, 60) for i in range(64)]


def _midi(notes: list[Note], *, bpm: float = 120, shift: int = 0, ppq: int = 480) -> bytes:
    events = [(round(on * ppq), 1, pitch + shift) for on, _, pitch in notes]
    events += [(round((on + length) * ppq), 0, pitch + shift) for on, length, pitch in notes]
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))])
    now = 0
    for tick, kind, pitch in sorted(events):
        track.append(mido.Message("note_on" if kind else "note_off", note=pitch, velocity=80, time=tick - now))
        now = tick
    out = io.BytesIO()
    mido.MidiFile(type=0, ticks_per_beat=ppq, tracks=[track]).save(file=out)
    return out.getvalue()


def _humanised(notes: list[Note], bpm: float) -> list[Note]:
    rng = np.random.default_rng(11)
    most = 0.03 * bpm / 60
    moved = [(max(0.0, on + float(rng.uniform(-most, most))), length, pitch) for on, length, pitch in notes]
    return [(on, min(length, 31.99 - on), pitch) for on, length, pitch in moved]


@pytest.mark.parametrize(
    "pattern",
    [_scale(), _scale(10), _noise(), _blocks(), _repeated()],
    ids=["scale", "tenths", "noise", "blocks", "repeated"],
)
def test_a_chorale_stands_far_above_cheap_patterns(pattern: list[Note]) -> None:
    """Eight bars in Bach's manner score at least 25 points more than each cheap pattern."""
    assert assess(_midi(_chorale())).score > assess(_midi(pattern)).score + 25


@pytest.mark.parametrize(
    "pattern",
    [_scale(), _scale(10), _noise(), _blocks(), _repeated()],
    ids=["scale", "tenths", "noise", "blocks", "repeated"],
)
def test_cheap_patterns_are_hardly_bach(pattern: list[Note]) -> None:
    """No cheap pattern is given a probability of .2."""
    assert assess(_midi(pattern)).probability < 0.2


def test_same_bytes_same_verdict() -> None:
    """A verdict is a function of the bytes, to the last bit."""
    data = _midi(_chorale())
    assert assess(data) == assess(data)


def test_other_pieces_in_between_change_nothing() -> None:
    """A verdict does not depend on what was judged before it."""
    data = _midi(_chorale())
    first = assess(data)
    assess(_midi(_noise()))
    assert first == assess(data)


@pytest.mark.parametrize("shift", [-12, -5, 1, 7, 12])
def test_transposed_pieces_score_the_same(shift: int) -> None:
    """The same music in another key or octave has the same probability within .01."""
    expected = assess(_midi(_chorale())).probability
    assert abs(expected - assess(_midi(_chorale(), shift=shift)).probability) <= 0.01


@pytest.mark.parametrize(("bpm", "ppq"), [(40, 480), (200, 480), (120, 96), (120, 1024)])
def test_tempo_and_resolution_do_not_matter(bpm: float, ppq: int) -> None:
    """The same notes at another speed or resolution have the same score."""
    expected = assess(_midi(_chorale())).score
    assert expected == assess(_midi(_chorale(), bpm=bpm, ppq=ppq)).score


@pytest.mark.parametrize("bpm", [70, 100, 120])
def test_loose_timing_moves_the_score_little(bpm: float) -> None:
    """Onsets up to 30 ms off the grid change the probability by at most .05."""
    expected = assess(_midi(_chorale())).probability
    assert abs(expected - assess(_midi(_humanised(_chorale(), bpm), bpm=bpm)).probability) <= 0.05


def test_a_verdict_knows_the_facts() -> None:
    """Key, bars, meter, number of notes and length are read from the file."""
    verdict = assess(_midi(_chorale()))
    assert ("C major", 8, "4/4", len(_chorale()), 16.0) == (
        verdict.key,
        verdict.bars,
        verdict.meter,
        verdict.notes,
        verdict.seconds,
    )


def test_the_score_is_made_of_its_parts() -> None:
    """Eight tenths of the score are the network's, two tenths the pitch classes'."""
    verdict = assess(_midi(_chorale()))
    assert abs(100 * (0.8 * verdict.probability + 0.2 * verdict.pitch_similarity) - verdict.score) < 0.001


def test_pitch_classes_are_shares_from_c() -> None:
    """A piece of nothing but G has all its weight on the eighth pitch class."""
    verdict = assess(_midi([(0, 1, 55), (1, 1, 67)]))
    assert tuple(float(i == 7) for i in range(12)) == verdict.pitch_classes


def test_a_verdict_survives_json() -> None:
    """A verdict's dictionary is plain JSON."""
    verdict = assess(_midi(_chorale())).as_dict()
    assert verdict == json.loads(json.dumps(verdict))


def test_a_verdict_names_its_model() -> None:
    """The version and hash of the weights go with each verdict."""
    verdict = assess(_midi(_chorale()))
    assert (model_info().version, model_info().sha256) == (verdict.model_version, verdict.weights_sha256)


def test_parallels_are_named_with_their_bars() -> None:
    """Fifths that run in parallel over the second bar line are found in the bar where they begin."""
    basses = (48, 48, 48, 48, 48, 48, 48, 50)
    hands = [track(*(note(bass + up) for bass in basses)) for up in (0, 7)]
    verdict = assess(midi(*hands, kind=1))
    assert ((2,), ()) == (verdict.parallel_fifths, verdict.parallel_octaves)


def test_a_scale_is_told_what_it_lacks() -> None:
    """A low score comes with at least one sentence on what pulled it down."""
    assert assess(_midi(_blocks())).reasons_down


def test_a_chorale_is_told_what_it_has() -> None:
    """A high score comes with at least two sentences on what pulled it up."""
    assert len(assess(_midi(_chorale())).reasons_up) >= 2


@pytest.mark.parametrize(
    "notes", [[(0.0, 1.0, 60)], [(0.0, 1.0, 60), (0.0, 1.0, 64)], [(3.5, 0.25, 21), (3.75, 0.25, 108)]]
)
def test_the_shortest_pieces_are_judged(notes: list[Note]) -> None:
    """One note is enough for a score between 0 and 100."""
    assert 0 <= assess(_midi(notes)).score <= 100


def test_a_file_that_is_no_midi_is_refused() -> None:
    """What cannot be read has no verdict but a refusal."""
    with pytest.raises(MidiRefusal) as refusal:
        assess(b"not a MIDI file at all")
    assert RefusalCode.NOT_MIDI == refusal.value.code


def test_judging_is_fast() -> None:
    """A piece takes 60 ms at most even on a busy machine; the bench holds the real figure."""
    data = _midi(_chorale())
    assess(data)
    began = time.perf_counter()
    for _ in range(10):
        assess(data)
    assert time.perf_counter() - began < 0.6
