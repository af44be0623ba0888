"""The voices that a file names itself, and how little an ornament, a chord or another program may change."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from judge.articulation import written as as_written
from judge.assess import assess
from judge.features import analyse, names
from judge.midi import read
from judge.network import Network, shipped
from judge.ornaments import plain
from judge.parts import sung, together
from judge.traits import hear
from judge.verdict import Known, Verdict
from tests.makers.midi_files import meter, midi, number, scale, track

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Line = list[tuple[int, int, int]]  # onset and length in ticks (480 a quarter), pitch
QUARTER = 480
G_MAJOR = frozenset({0, 2, 4, 6, 7, 9, 11})

SOPRANO = (67, 71, 69, 67, 66, 67, 69, 71, 72, 71, 69, 67, 66, 64, 66, 67) * 2
ALTO = (62, 62, 66, 64, 62, 62, 66, 67, 67, 67, 66, 64, 62, 60, 62, 62) * 2
TENOR = (59, 55, 57, 59, 57, 59, 62, 62, 64, 62, 62, 59, 57, 57, 57, 59) * 2
BASS = [43, 55, 50, 52, 50, 55, 54, 55, 48, 50, 50, 52, 54, 57, 50, 43] * 2
BASS[20], BASS[21] = 54, 55  # with the soprano, in bar 6


def lines() -> list[Line]:
    """Eight bars of four voices in quarters, the tenor with passing notes: half Bach, so that the judge wavers at little."""
    soprano, alto, tenor, bass = (
        [(QUARTER * place, QUARTER, pitch) for place, pitch in enumerate(voice)]
        for voice in (SOPRANO, ALTO, TENOR, tuple(BASS))
    )
    return [soprano, alto, flowing(tenor), bass]


def flowing(line: Line) -> Line:
    """Thirds filled and repeated notes left for their lower neighbour, in eighths."""
    found: Line = []
    for (onset, long, pitch), (_, _, following) in pairwise([*line, (0, 0, 0)]):
        passing = [tone for tone in range(min(pitch, following) + 1, max(pitch, following)) if tone % 12 in G_MAJOR]
        if following == pitch:
            passing = [tone for tone in (pitch - 1, pitch - 2) if tone % 12 in G_MAJOR][-1:]
        if len(passing) == 1:
            found += [(onset, long // 2, pitch), (onset + long // 2, long // 2, passing[0])]
        else:
            found.append((onset, long, pitch))
    return found


def written(parts: list[tuple[Line, int]], start: int = 0) -> bytes:
    """A track of voices, each with its channel."""
    sounds = [
        (start + tick, begins, channel, pitch)
        for line, channel in parts
        for onset, long, pitch in line
        for tick, begins in ((onset, 1), (onset + long, 0))
    ]
    events, before = [], 0
    for tick, begins, channel, pitch in sorted(sounds):
        events.append(number(tick - before) + bytes(((0x90 if begins else 0x80) | channel, pitch, 80)))
        before = tick
    return track(*events)


def file(voices: list[Line], *, channels: bool = True, start: int = 0) -> bytes:
    """A file with a track for the meter and one for each voice."""
    parts = [written([(line, place if channels else 0)], start) for place, line in enumerate(voices)]
    return midi(track(meter(4)), *parts, kind=1)


def one_track(voices: list[Line], *, channels: bool) -> bytes:
    """The same as format 0."""
    return midi(written([(line, place if channels else 0) for place, line in enumerate(voices)]))


def with_chord(voices: list[Line]) -> list[Line]:
    """One tone more in the upbeat chord of the alto."""
    return [voices[0], [*voices[1], (0, 480, 64)], *voices[2:]]


def with_grace_note(voices: list[Line]) -> list[Line]:
    """A short note before the first one of the soprano, which all others wait for, as LilyPond writes it."""
    later = [[(onset + 26, long, pitch) for onset, long, pitch in line] for line in voices]
    return [[(0, 26, 69), *later[0]], *later[1:]]


def a_tick_short(voices: list[Line]) -> list[Line]:
    """As MuseScore and verovio end their notes."""
    return [[(onset, long - 1, pitch) for onset, long, pitch in line] for line in voices]


def detached(voices: list[Line]) -> list[Line]:
    """As LilyPond's articulate.ly ends them."""
    return [[(onset, long * 7 // 8, pitch) for onset, long, pitch in line] for line in voices]


def bars(found: Verdict) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return found.parallel_fifths, found.parallel_octaves


PLAIN = assess(file(lines()))


@pytest.mark.parametrize("change", [with_chord, with_grace_note, a_tick_short, detached])
def test_a_chord_more_or_another_program_moves_the_score_little_and_changes_no_fault(
    change: Callable[[list[Line]], list[Line]],
) -> None:
    """It made five voices of four: authors were told of parallels that are not there, and lost up to 9 points."""
    changed = assess(file(change(lines())))
    assert PLAIN.parallel_octaves
    assert bars(PLAIN) == bars(changed)
    assert abs(PLAIN.score - changed.score) <= 3


@pytest.mark.parametrize(
    "data",
    [
        file(lines(), channels=False),
        one_track(lines(), channels=True),
        file(lines(), start=1),
        file(a_tick_short(lines()), channels=False, start=1),
        file(detached(lines())),
        one_track(detached(lines()), channels=True),
    ],
)
def test_tracks_on_one_channel_and_one_track_with_channels_are_voices_alike(data: bytes) -> None:
    """Programs write a score in all these ways."""
    assert bars(PLAIN) == bars(assess(data))
    assert PLAIN.score == pytest.approx(assess(data).score, abs=0.1)
    found = sung(read(data))
    assert found.known is Known.ALL
    assert 4 == together([found]).pitch.shape[1]


def grace(before: bool, length: int, step: int) -> Callable[[int, int, int], Line]:
    """A note before the main one, taken from the note before, or from itself."""

    def played(onset: int, long: int, pitch: int) -> Line:
        if before:
            return [(onset - length, length, pitch + step), (onset, long, pitch)]
        return [(onset, length, pitch + step), (onset + length, long - length, pitch)]

    return played


def figure(length: int, *steps: int) -> Callable[[int, int, int], Line]:
    """Short notes on the beat, then the main note."""

    def played(onset: int, long: int, pitch: int) -> Line:
        short = [(onset + place * length, length, pitch + step) for place, step in enumerate(steps)]
        return [*short, (onset + len(steps) * length, long - len(steps) * length, pitch)]

    return played


def trill(length: int) -> Callable[[int, int, int], Line]:
    """From the upper note, as long as the main one."""

    def played(onset: int, long: int, pitch: int) -> Line:
        return [(onset + place * length, length, pitch + 2 * (place % 2 == 0)) for place in range(long // length)]

    return played


ORNAMENTS = {
    "grace note of LilyPond": grace(before=True, length=27, step=2),
    "slashed grace note of LilyPond": grace(before=True, length=54, step=-2),
    "grace note by the clock": grace(before=False, length=50, step=2),
    "grace note a third away": grace(before=False, length=31, step=-3),
    "mordent in 32nds": figure(60, 0, -2),
    "mordent in 64ths": figure(30, 0, -2),
    "mordent by the clock": figure(43, 0, -1),
    "turn in 64ths": figure(30, 2, 0, -2),
    "turn in 32nds": figure(60, 1, 0, -1),
    "trill in 64ths": trill(30),
    "trill in 32nds": trill(60),
    "trill by the clock": trill(48),
}


def adorned(voices: list[Line], kind: str, voice: int, place: int) -> list[Line]:
    """One note of one voice played with an ornament; the note before ends where it begins."""
    line = voices[voice]
    played = ORNAMENTS[kind](*line[place])
    onset, long, pitch = line[place - 1]
    before = (onset, min(long, played[0][0] - onset), pitch)
    changed = [*line[: place - 1], before, *played, *line[place + 1 :]]
    return [*voices[:voice], changed, *voices[voice + 1 :]]


QUARTERS = [
    (voice, place)
    for voice, line in enumerate(lines())
    for place, note in enumerate(line)
    if place and note[1] == QUARTER
]


@settings(max_examples=60)
@given(st.sampled_from(sorted(ORNAMENTS)), st.sampled_from(QUARTERS), st.booleans())
def test_an_ornament_moves_the_score_little_and_changes_no_fault(
    kind: str,
    where: tuple[int, int],
    detach: bool,
) -> None:
    """Whichever note of whichever voice has it, and however a program plays it; it cost up to 30 points."""
    voices = adorned(lines(), kind, *where)
    changed = assess(file(detached(voices) if detach else voices))
    assert abs(PLAIN.score - changed.score) <= 3
    assert bars(PLAIN) == bars(changed)


@pytest.mark.parametrize("voice", range(4))
@pytest.mark.parametrize("pitch", [47, 50, 55])
def test_a_tone_more_in_the_upbeat_chord_moves_the_score_little_and_adds_no_fault(voice: int, pitch: int) -> None:
    """Whichever track it stands in; the first chord's tones were all told apart anew, and a fifth voice heard."""
    voices = lines()
    voices[voice].append((0, QUARTER, pitch))
    changed = assess(file(voices))
    assert abs(PLAIN.score - changed.score) <= 3
    for sure, told in zip(bars(PLAIN), bars(changed), strict=True):
        assert set(told) <= set(sure)


def test_a_tone_more_in_any_chord_adds_no_fault_and_seldom_moves_the_score_much() -> None:
    """Where voices cross or meet nobody can say which tone is one too many: of a hundred 85 stay within 3 points."""
    little = []
    for place in range(32):
        voices = lines()
        chord = {line[place][2] for line in (voices[0], voices[1], voices[3])} | {TENOR[place]}
        for pitch in range(min(chord) + 1, max(chord)):
            if pitch not in chord and pitch % 12 in {tone % 12 for tone in chord}:
                more = [voices[0], [*voices[1], (QUARTER * place, QUARTER, pitch)], *voices[2:]]
                changed = assess(file(more))
                little.append(abs(PLAIN.score - changed.score) <= 3)
                assert set(changed.parallel_octaves) <= set(PLAIN.parallel_octaves)
                assert set(changed.parallel_fifths) <= set(PLAIN.parallel_fifths)
    assert len(little) > 30
    assert np.mean(little) > 0.85


def test_a_type_0_file_on_one_channel_is_told_no_parallels() -> None:
    """Nobody knows its voices: the guessed ones had octaves that nobody wrote, in the bars and in the reasons."""
    soprano, _, tenor, bass = lines()
    three = [soprano, tenor, flowing(bass)]
    sure, unsure = assess(file(three)), assess(one_track(three, channels=False))
    assert {"octaves", "fifths"} == {
        kind for kind in ("octaves", "fifths") if f"Two voices run in parallel {kind}" in " ".join(sure.reasons_down)
    }
    assert unsure.voices_known is Known.NONE
    assert bars(unsure) == ((), ())
    assert not [reason for reason in (*unsure.reasons_up, *unsure.reasons_down) if "parallel" in reason]
    assert sure.score == pytest.approx(unsure.score, abs=0.1)


class OnlyOctaves:
    """A network that hears nothing but parallel octaves: as many as Bach has at most, or it likes it less."""

    def run(self, _: None, feeds: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float64]]:
        """Log-odds of each row."""
        place = names().index("motion.octaves")
        return [-1000 * np.abs(feeds["features"][:, [place]] - shipped().facts.high[place])]


def test_reasons_agree_with_the_bars() -> None:
    """What the network thinks of guessed voices is told where the file's own say the same, praise and blame."""
    network = Network(shipped().facts, cast("InferenceSession", OnlyOctaves()))
    performance = read(file(lines()))
    seen = analyse(performance.onset, performance.duration, performance.pitch).readings[0]
    for values, none, some in (
        (0.99 * shipped().facts.high, "hardly any parallel octaves", ""),
        (shipped().facts.high + 1, "", "Two voices run in parallel octaves"),
    ):
        reading = replace(seen, values=values.astype(np.float32))
        for told, expected in (({"octaves": ()}, none), ({"octaves": (6,)}, some), ({}, "")):
            heard = hear(network, reading, told)
            said = " ".join((*heard.up, *heard.down))
            assert expected in said
            assert bool(expected) == ("parallel octaves" in said)


def test_a_track_of_chords_is_no_voice_and_leaves_the_others_theirs() -> None:
    """A piano's two hands are not two singers; what is sure of the others is told."""
    soprano, alto, _, bass = lines()
    hands = [*alto, *((onset, long, pitch + 4) for onset, long, pitch in alto)]
    assert sung(read(file([hands, bass], channels=False))).known is Known.NONE
    some = assess(file([soprano, hands, bass], channels=False))
    assert some.voices_known is Known.SOME
    assert bars(some) == bars(assess(file([soprano, bass])))


def test_a_single_line_has_no_parallels_and_that_is_sure() -> None:
    """One track, one note at a time."""
    found = assess(midi(track(*scale(32))))
    assert found.voices_known is Known.ALL
    assert bars(found) == ((), ())


@given(
    st.lists(st.sampled_from([0.25, 1 / 3, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0]), min_size=1, max_size=40),
    st.floats(0.82, 0.96),
)
def test_what_a_program_shortens_is_as_long_as_it_was_written(lengths: list[float], share: float) -> None:
    """Or stays, where another share would do as well; what was written so, or is as long as a person held it, stays, too."""
    whole = np.array([*lengths, 0.25, 0.25, 0.5, 0.5, 1.0, 1.0])
    assert whole.tolist() == as_written(whole).tolist()
    assert np.allclose(whole, as_written(whole * 7 / 8))
    found = as_written(whole * share)
    assert np.allclose(found, whole) or found.tolist() == (whole * share).tolist()
    held = whole * np.random.default_rng(len(lengths)).uniform(0.6, 1.0, len(whole))
    assert held.tolist() == as_written(held).tolist()


def test_written_32nds_stay() -> None:
    """A run, a dotted rhythm and a piece that is made of trills are music, not ornaments."""
    run = np.arange(16) / 8
    for onset, length, pitch in (
        (run, np.full(16, 0.125), np.arange(60, 76)),
        (np.array([0, 0.75, 0.875, 1, 2]), np.array([0.75, 0.125, 0.125, 1, 1]), np.array([67, 69, 71, 72, 67])),
        (run, np.full(16, 0.125), np.array([60, 62] * 8)),
    ):
        assert [list(each) for each in (onset, length, pitch)] == [list(each) for each in plain(onset, length, pitch)]
