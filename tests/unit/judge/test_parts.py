"""The voices that a file names itself, and how little an ornament, a chord or another program may change."""

from collections.abc import Callable

import pytest

from judge.assess import assess
from judge.midi import read
from judge.parts import sung
from tests.makers.midi_files import meter, midi, number, scale, track

Line = list[tuple[int, int, int]]  # onset and length in ticks (480 a quarter), pitch

SOPRANO = (67, 71, 69, 67, 66, 67, 69, 71, 72, 71, 69, 67, 66, 64, 66, 67) * 2
ALTO = (62, 62, 66, 64, 62, 62, 66, 67, 67, 67, 66, 64, 62, 60, 62, 62) * 2
TENOR = (59, 55, 57, 59, 57, 59, 62, 62, 64, 62, 62, 59, 57, 57, 57, 59) * 2
BASS = [43, 55, 50, 52, 50, 55, 54, 55, 48, 50, 50, 52, 54, 57, 50, 43] * 2
BASS[20], BASS[21] = 54, 55  # with the soprano, in bar 6


def lines() -> list[Line]:
    """Eight bars of four voices in quarters."""
    voices = (SOPRANO, ALTO, TENOR, tuple(BASS))
    return [[(480 * place, 480, pitch) for place, pitch in enumerate(voice)] for voice in voices]


def written(line: Line, channel: int) -> bytes:
    """A track of one voice."""
    sounds = [(onset, 1, pitch) for onset, _, pitch in line] + [(onset + long, 0, pitch) for onset, long, pitch in line]
    events, before = [], 0
    for tick, begins, pitch in sorted(sounds):
        events.append(number(tick - before) + bytes(((0x90 if begins else 0x80) | channel, pitch, 80)))
        before = tick
    return track(*events)


def file(voices: list[Line], *, channels: bool = True) -> bytes:
    """A file with a track for the meter and one for each voice."""
    parts = [written(line, place if channels else 0) for place, line in enumerate(voices)]
    return midi(track(meter(4)), *parts, kind=1)


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


CHANGES = (with_chord, with_grace_note, a_tick_short)


@pytest.mark.parametrize("change", CHANGES)
def test_an_ornament_or_a_chord_more_moves_the_score_little_and_adds_no_fault(
    change: Callable[[list[Line]], list[Line]],
) -> None:
    """It made five voices of four: authors were told of parallels that are not there, and lost up to 9 points."""
    plain, changed = assess(file(lines())), assess(file(change(lines())))
    assert plain.parallel_octaves
    assert (plain.parallel_fifths, plain.parallel_octaves) == (changed.parallel_fifths, changed.parallel_octaves)
    assert abs(plain.score - changed.score) <= 3


def test_tracks_on_one_channel_and_one_track_with_channels_are_voices_alike() -> None:
    """Programs write a score in both ways."""
    by_track, by_channel = file(lines(), channels=False), file(lines())
    assert assess(by_track).parallel_octaves == assess(by_channel).parallel_octaves
    for data in (by_track, by_channel):
        found = sung(read(data))
        assert found is not None
        assert 4 == found.pitch.shape[1]


def test_a_track_of_chords_is_no_voice() -> None:
    """A piano's two hands are not two singers."""
    chords = [(onset, long, pitch + 4) for onset, long, pitch in lines()[1]]
    assert sung(read(file([[*lines()[0], *chords], lines()[3]], channels=False))) is None
    assert sung(read(midi(track(*scale(32))))) is None
