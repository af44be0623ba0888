"""Pickup or tail: what the notes say of a piece that is a little longer than eight bars."""

import pytest

from judge.assess import assess
from judge.midi import read
from judge.words import meter_words
from tests.makers.midi_files import meter, midi, note, number, scale, tempo, track

QUARTER = 480
CHORDS = ((48, 55, 64), (53, 57, 65), (55, 59, 67), (48, 52, 67))


def chord(pitches: tuple[int, ...], length: int) -> bytes:
    """Notes that begin and end together."""
    begins = b"\x00".join(bytes((0x90, pitch, 80)) for pitch in pitches)
    ends = b"\x00".join(bytes((0x80, pitch, 0)) for pitch in pitches)
    return b"\x00" + begins + number(length) + ends


def bars_with_chords(first: int) -> list[bytes]:
    """Eight bars of a chord of two beats and two light notes, the chord being on beat ``first`` of each bar of the file."""
    music = [chord(CHORDS[bar % 4], 2 * QUARTER) + note(72) + note(74) for bar in range(8)]
    return [note(67, QUARTER)] * first + music


def test_a_beat_before_bars_with_strong_beginnings_is_a_pickup() -> None:
    """As LilyPond, abc2midi, music21 and others write it: 4/4 from tick 0, and 33 beats."""
    performance = read(midi(track(tempo(), meter(4), *bars_with_chords(1))))
    assert (8, True) == (performance.bars, performance.pickup)
    assert [0.0, 1.0, 5.0] == list(performance.bar_starts[:3])
    assert 33.0 == performance.bars_end
    assert "4/4" == meter_words(performance)
    assert "a pickup of a quarter note" in performance.warnings[0]


def test_the_same_length_with_other_accents_is_a_tail() -> None:
    """Here the chords stand on the bar lines of the file, and the last beat comes after them."""
    performance = read(midi(track(tempo(), meter(4), *bars_with_chords(0), note(60, QUARTER))))
    assert (8, False) == (performance.bars, performance.pickup)
    assert [0.0, 4.0, 8.0] == list(performance.bar_starts[:3])
    assert 33.0 == performance.bars_end
    assert "taken as the end of bar 8" in performance.warnings[0]


@pytest.mark.parametrize(("over", "taken"), [(1.9, True), (2.1, False)])
def test_less_than_half_a_bar_too_much_is_taken(*, over: float, taken: bool) -> None:
    """More is a ninth bar."""
    data = midi(track(*scale(31), note(60, round((1 + over) * QUARTER))))
    if taken:
        assert 8 == read(data).bars
    else:
        with pytest.raises(Exception, match="9 bars"):
            read(data)


def test_notes_that_end_a_tick_early_change_nothing() -> None:
    """Verovio and MuseScore write them so."""
    early = [*bars_with_chords(1)[:-1], chord(CHORDS[3], 2 * QUARTER) + note(72) + note(74, QUARTER - 1)]
    assert read(midi(track(meter(4), *early))).pickup


def test_a_pickup_under_its_own_signature_is_not_the_meter_of_the_piece() -> None:
    """MuseScore writes 1/4, then 4/4, and 3/4 for the bar that it shortens for the pickup."""
    data = midi(
        track(
            meter(1),
            note(67),
            meter(4),
            *scale(28),
            meter(3),
            *scale(3),
        )
    )
    performance = read(data)
    assert (8, True) == (performance.bars, performance.pickup)
    assert "4/4" == meter_words(performance)
    assert "4/4" == assess(data).meter
